"""From files to a corpus."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.corpus.load import load_corpus
from analysis.corpus.paper import Corpus
from analysis.corpus.schema import PAPER_COLUMNS
from analysis.errors import CorpusError, CorpusWarning, SupplementError
from tests.conftest import PAGES, SUPPLEMENT
from tests.generators import PageEntry, page

Write = Callable[..., Path]


def test_the_shipped_pages_give_the_published_counts() -> None:
    corpus = load_corpus(PAGES)
    counts = corpus.counts
    assert counts["records_read"] == 347
    assert counts["papers"] == 279
    assert counts["records_merged"] == 68
    assert counts["records_rejected"] == 0
    assert counts["papers_dated"] == 201
    assert corpus.pages["dated"].sum() == 228
    assert corpus.pages["yearless"].sum() == 37
    assert corpus.pages["taken"].tolist() == ["2025-11-04", "2025-06-26", "2026-04-17", "2026-04-21"]


def test_the_supplement_dates_every_paper_and_gives_it_an_identifier(shipped_corpus: Corpus) -> None:
    papers = shipped_corpus.papers
    assert papers["date"].notna().all()
    assert papers["arxiv_id"].notna().all()
    assert (papers["date_precision"] == "month").sum() > 0
    assert set(papers.loc[papers["date_precision"] == "month", "date"].dt.day) == {15}


def test_the_pages_own_date_wins_and_the_disagreement_is_reported(shipped_corpus: Corpus) -> None:
    (conflict,) = shipped_corpus.conflicts.query("field == 'date'").itertuples()
    assert shipped_corpus.papers.loc[conflict.paper_id, "title"].startswith("MedVLM-R1")
    assert (conflict.kept, conflict.other) == ("2025-03-18", "2025-02-26")


def test_columns_have_their_documented_types(shipped_corpus: Corpus) -> None:
    papers = shipped_corpus.papers
    assert list(papers.columns) == PAPER_COLUMNS
    assert papers["date"].dtype == "datetime64[us]"
    assert str(papers["n_authors"].dtype) == str(papers["comments"].dtype) == "Int64"
    assert papers["date_inferred"].dtype == bool
    assert papers.index.is_monotonic_increasing
    assert papers.index.is_unique


def test_names_and_order_of_files_change_neither_ids_nor_texts(tmp_path: Path, shipped_corpus: Corpus) -> None:
    for number, source in enumerate(sorted(PAGES.iterdir(), reverse=True)):
        (tmp_path / f"{number}.txt").write_bytes(source.read_bytes())
    other = load_corpus(tmp_path, SUPPLEMENT).papers
    columns = ["title", "abstract", "date", "arxiv_id"]
    pd.testing.assert_frame_equal(other[columns], shipped_corpus.papers[columns])


def test_a_later_occurrence_fills_what_an_earlier_one_lacks(write_pages: Write) -> None:
    folder = write_pages(
        a=page([PageEntry("Shared"), PageEntry("Old", date="May 1, 2023")], "Jun 1"),
        b=page([PageEntry("Shared", byline="  • 4 authors", date="Mar 2, 2022 5")], "Jun 2"),
    )
    corpus = load_corpus(folder)
    paper = corpus.papers.set_index("title").loc["Shared"]
    assert paper["date"] == pd.Timestamp("2022-03-02")
    assert (paper["n_authors"], paper["comments"]) == (4, 5)
    assert paper["sources"] == ["a.txt#1", "b.txt#1"]
    assert corpus.strata[corpus.papers["title"] == "Shared"].tolist() == ["a.txt"]


def test_facts_that_disagree_are_reported(write_pages: Write) -> None:
    folder = write_pages(
        a=page([PageEntry("Shared", byline="  • 4 authors", date="Mar 2, 2022")], "Jun 1"),
        b=page([PageEntry("Shared", byline="  • 5 authors", date="Mar 3, 2022")], "Jun 2"),
    )
    conflicts = load_corpus(folder).conflicts.set_index("field")
    assert conflicts.loc["n_authors", ["kept", "other"]].tolist() == ["4", "5"]
    assert conflicts.loc["date", ["kept_from", "other_from"]].tolist() == ["a.txt#1", "b.txt#1"]


def test_a_date_after_the_pages_own_is_refused_and_the_paper_kept(write_pages: Write) -> None:
    folder = write_pages(a=page([PageEntry("Early", date="Mar 2, 2022"), PageEntry("Late", date="Jul 1")], "Jun 1"))
    with pytest.warns(CorpusWarning, match="1 of scope date"):
        corpus = load_corpus(folder)
    late = corpus.papers.set_index("title").loc["Late"]
    assert pd.isna(late["date"])
    assert late["date_precision"] == "none"
    assert "after the page's own date" in corpus.rejects.iloc[0]["reason"]


def test_a_byte_order_mark_changes_nothing(write_pages: Write) -> None:
    text = page([PageEntry("First", date="Mar 2, 2022")])
    corpus = load_corpus(write_pages(a=b"\xef\xbb\xbf" + text.encode()))
    assert corpus.papers["title"].tolist() == ["First"]
    assert corpus.rejects.empty


def test_files_that_cannot_be_read_are_rejects_beside_those_that_can(write_pages: Write) -> None:
    folder = write_pages(
        a=page([PageEntry("First", date="Mar 2, 2022")]),
        b=b"\x00\x01binary",
        c="Dear diary,\nnothing.",
        d=b"caf\xe9 \x81",
        e=b"",
    )
    with pytest.warns(CorpusWarning, match=r"4 of scope file. b\.txt, line 1: a binary file.*and 1 more"):
        corpus = load_corpus(folder)
    assert len(corpus) == 1
    found = corpus.rejects.set_index("file")["reason"]
    assert set(found.index) == {"b.txt", "c.txt", "d.txt", "e.txt"}
    assert "binary" in found["b.txt"]
    assert "no known format" in found["c.txt"]
    assert "no known format" in found["d.txt"]
    assert "empty" in found["e.txt"]


def test_only_duplicates_are_one_paper(write_pages: Write) -> None:
    entry = PageEntry("Same", date="Mar 2, 2022")
    corpus = load_corpus(write_pages(a=page([entry, entry]), b=page([entry])))
    assert corpus.counts[["records_read", "papers", "records_merged"]].tolist() == [3, 1, 2]


def test_a_missing_or_empty_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        load_corpus(tmp_path / "nowhere")
    with pytest.raises(CorpusError, match="holds no files"):
        load_corpus(tmp_path)


def test_a_folder_without_any_record_is_an_error_that_names_the_file(write_pages: Write) -> None:
    with pytest.raises(CorpusError, match=r"a\.txt, line 1: no known format"):
        load_corpus(write_pages(a="Dear diary"))


def test_a_supplement_without_its_columns_is_an_error(write_pages: Write, tmp_path: Path) -> None:
    folder = write_pages(a=page([PageEntry("First", date="Mar 2, 2022")]))
    supplement = tmp_path / "extra.csv"
    supplement.write_text("name,when\nFirst,2020\n", encoding="utf-8")
    with pytest.raises(SupplementError, match="title, date"):
        load_corpus(folder, supplement)


def test_rows_of_a_supplement_that_cannot_be_used_are_rejects(write_pages: Write, tmp_path: Path) -> None:
    folder = write_pages(a=page([PageEntry("First"), PageEntry("Second", date="May 1, 2020")]))
    supplement = tmp_path / "extra.csv"
    supplement.write_text("title,date\nFirst,2020-13\nUnknown,2020\nSecond,2021\nSecond,2022\n", encoding="utf-8")
    with pytest.warns(CorpusWarning, match="2 of scope supplement, 1 of scope date"):
        rejects = load_corpus(folder, supplement).rejects
    assert rejects["line"].tolist() == [2, 5, 3]
    assert set(rejects["scope"]) == {"date", "supplement"}


def test_a_table_becomes_a_corpus() -> None:
    frame = pd.DataFrame(
        {"title": ["A", "B"], "abstract": ["x", None], "date": ["2020-03", None], "source": ["s", "t"]}
    )
    corpus = Corpus.from_frame(frame)
    by_title = corpus.papers.set_index("title")
    assert by_title.loc["A", "date_precision"] == "month"
    assert by_title.loc["B", "abstract"] == ""
    assert pd.isna(by_title.loc["B", "date"])
    assert corpus.strata.rename(corpus.papers["title"]).to_dict() == {"A": "s", "B": "t"}
    assert corpus.counts["records_read"] == 2


def test_a_table_of_an_empty_corpus_is_a_corpus() -> None:
    assert len(Corpus.from_frame(pd.DataFrame({"title": [], "abstract": []}))) == 0


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"headline": ["A"], "abstract": ["x"]}), "lacks the column"),
        (pd.DataFrame({"title": ["A", "B"], "abstract": ["x", "y"], "id": ["1", "1"]}), "unique"),
        (pd.DataFrame({"title": ["A"], "abstract": ["x"], "date": ["soon"]}), "row 1"),
    ],
)
def test_a_wrong_table_is_a_clear_error(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        Corpus.from_frame(frame)


def test_a_year_less_date_of_a_page_without_its_own_date_stays_unknown(write_pages: Write) -> None:
    folder = write_pages(a=page([PageEntry("Old", date="Mar 2, 2022"), PageEntry("New", date="Jul 1")], date=None))
    with pytest.warns(CorpusWarning, match="no date line of its own"):
        corpus = load_corpus(folder)
    assert pd.isna(corpus.papers.set_index("title").loc["New", "date"])


def test_a_file_named_twice_is_read_once(write_pages: Write) -> None:
    folder = write_pages(a=page([PageEntry("First", date="Mar 2, 2022")]))
    assert load_corpus([folder / "a.txt", folder / ".." / "raw" / "a.txt"]).counts["records_read"] == 1
