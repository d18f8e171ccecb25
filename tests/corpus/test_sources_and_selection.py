"""Sources by name, papers by type and language, a reader's decisions on merges, and what papers cite."""

from pathlib import Path

import pytest

import analysis as at
from analysis.corpus.kinds import normal_language, normal_type
from analysis.corpus.named_sources import thin_sources
from analysis.corpus.places import countries_of, country_code
from analysis.corpus.selection import Selection
from analysis.errors import CorpusError


def ris(*papers: str) -> str:
    return "".join(f"TY  - JOUR\n{paper}\nPY  - 2020\nER  - \n\n" for paper in papers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "week1.ris").write_text(ris("TI  - Bees\nAB  - We look.\nLA  - eng", "TI  - Erratum: Bees\nAB  - We err."))
    (raw / "week2.ris").write_text(ris("TI  - Wasps\nAB  - We look, too.\nLA  - Spanish"))
    (raw / "other.ris").write_text(ris("TI  - Ants\nAB  - We dig."))
    return raw


def test_files_of_one_source_are_one_stratum(folder: Path) -> None:
    corpus = at.load_corpus(folder, sources={"Weekly": "week*.ris"})
    assert corpus.strata.groupby(corpus.papers["title"]).first().to_dict() == {
        "Ants": "other.ris",
        "Bees": "Weekly",
        "Erratum: Bees": "Weekly",
        "Wasps": "Weekly",
    }
    assert corpus.pages.set_index("file")["source"].to_dict() == {
        "other.ris": "other.ris",
        "week1.ris": "Weekly",
        "week2.ris": "Weekly",
    }


def test_a_source_without_a_file_is_refused(folder: Path) -> None:
    with pytest.raises(CorpusError, match=r"'Gone' names gone\*, and no file is called so"):
        at.load_corpus(folder, sources={"Gone": "gone*"})


def test_files_that_tell_one_query_are_one_source(tmp_path: Path) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>ArXiv Query: search_query=all:bees&amp;start={0}&amp;max_results=1</title>"
        "<entry><id>http://arxiv.org/abs/2101.0000{0}v1</id><title>Bees {0}</title><summary>We look.</summary>"
        "<published>2021-01-01T00:00:00Z</published></entry></feed>"
    )
    for number in (1, 2):
        (tmp_path / f"{number}.xml").write_text(feed.format(number))
    corpus = at.load_corpus(tmp_path)
    assert set(corpus.strata) == {"arxiv_atom: search_query=all:bees"}


def test_many_thin_files_are_told(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.ris").write_text(ris(f"TI  - Title {number}"))
    corpus = at.load_corpus(tmp_path)
    assert "[[corpus.source]]" in thin_sources(corpus.strata, corpus.pages)
    one = at.load_corpus(tmp_path, sources={"All": "*"})
    assert thin_sources(one.strata, one.pages) == ""


def test_errata_are_out_of_topics_and_counted(folder: Path) -> None:
    corpus = at.load_corpus(folder)
    by_title = corpus.papers.set_index("title")
    assert by_title.loc["Erratum: Bees", ["type", "excluded"]].tolist() == ["erratum", "type: erratum"]
    assert corpus.counts["papers_excluded"] == 1
    assert corpus.in_topics.sum() == 3
    assert "Erratum: Bees" not in set(corpus.described["title"])
    assert at.load_corpus(folder, types=[]).counts["papers_excluded"] == 0


def test_types_and_languages_are_chosen_or_left_out(folder: Path) -> None:
    assert set(at.load_corpus(folder, languages=["-es"]).described["title"]) == {"Bees", "Ants"}
    assert set(at.load_corpus(folder, languages=["en"]).described["title"]) == {"Bees", "Ants"}
    assert Selection(("review",)).excludes("article", None) == "type: article"
    assert Selection(("review",)).excludes("review", None) is None
    assert Selection(("review",)).excludes(None, None) is None
    with pytest.raises(CorpusError, match="there is no type 'essay'"):
        Selection(("essay",))
    with pytest.raises(CorpusError, match="there is no language 'klingonese'"):
        Selection(languages=("klingonese",))


def test_a_reader_parts_and_keeps_pairs(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.ris").write_text(ris("TI  - Bees in towns\nAU  - Ode, P.", "TI  - Wasps of the dunes"))
    (tmp_path / "raw" / "b.ris").write_text(ris("TI  - Bees in towns\nAU  - Ode, P.", "TI  - Dune wasps"))
    edits = tmp_path / "merge_edits.toml"
    assert len(at.load_corpus(tmp_path / "raw")) == 3
    edits.write_text(
        '[[part]]\nrecords = ["a.ris#1", "b.ris#1"]\nwhy = "two editions"\n\n'
        '[[keep]]\nrecords = ["Wasps of the dunes", "b.ris#2"]\n'
    )
    corpus = at.load_corpus(tmp_path / "raw", merge_edits=edits)
    assert sorted(corpus.papers["title"]) == ["Bees in towns", "Bees in towns", "Dune wasps"]
    assert corpus.merges["reason"].tolist() == ["merge_edits.toml"]
    edits.write_text('[[keep]]\nrecords = ["nobody#1", "a.ris#1"]\n')
    with pytest.warns(at.errors.CorpusWarning, match="no record is called 'nobody#1'"):
        at.load_corpus(tmp_path / "raw", merge_edits=edits)
    for wrong in ("[[keep]]\nrecords = [1]\n", "[[burn]]\n", "keep = 3", "not toml"):
        edits.write_text(wrong)
        with pytest.raises(CorpusError, match=r"merge_edits\.toml"):
            at.load_corpus(tmp_path / "raw", merge_edits=edits)


def test_the_most_doubtful_merges_come_first(tmp_path: Path) -> None:
    sure, same = "TI  - Bees in towns\nAU  - Ode, P.\nDO  - 10.1234/a", "TI  - Wasps of the dunes"
    (tmp_path / "a.ris").write_text(ris(sure, same, sure, same))
    merges = at.load_corpus(tmp_path).merges
    assert merges["doubt"].is_monotonic_decreasing
    assert merges["reason"].tolist() == ["the same title", "the same DOI 10.1234/a"]
    assert (merges["evidence"] != "").all()


def test_references_are_found_by_identifier_then_by_author_year_and_title(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text(
        ris("TI  - Bees in meadows of the north\nAU  - Müller, K.\nDO  - 10.1234/a", "TI  - Wasps\nDO  - 10.1234/b")
    )
    (tmp_path / "b.ris").write_text(
        ris(
            "TI  - Insects\nCR  - https://doi.org/10.1234/B\nCR  - Mueller K (2020) Bees in meadows of the north. J Bees 3:1\n"
            "CR  - Nobody N, 1999, NOTHING"
        )
    )
    corpus = at.load_corpus(tmp_path)
    found = corpus.citations.assign(title=corpus.citations["cited"].map(corpus.papers["title"]))
    assert found["by"].tolist() == ["identifier", "title", ""]
    assert found["title"].tolist()[:2] == ["Wasps", "Bees in meadows of the north"]
    assert found["cited"].isna().sum() == 1


@pytest.mark.parametrize(
    ("words", "title", "kind"),
    [
        ("JOUR", "", "article"),
        ("Journal Article; Review", "", "review"),
        ("posted-content", "", "preprint"),
        ("Article; Proceedings Paper", "", "conference paper"),
        ("inproceedings", "", "conference paper"),
        ("book-chapter", "", "chapter"),
        ("Book Review", "", "other"),
        ("Case Reports", "", "article"),
        ("Editorial Material", "", "editorial"),
        ("Correction", "", "erratum"),
        ("article", "Corrigendum to: Bees", "erratum"),
        ("article", "Corrections in gait", "article"),
        ("GEN", "", None),
        ("", "Table of Contents", "contents"),
    ],
)
def test_types(words: str, title: str, kind: str | None) -> None:
    assert normal_type(words, title) == kind


def test_languages_and_countries() -> None:
    given = ["eng", "English; Spanish", "pt-BR", "Español", "中文", "German", ""]
    assert [normal_language(text) for text in given] == ["en", "en", "pt", "es", "zh", "de", None]
    addresses = [
        "Univ. of Lima, Lima, Perú",
        "MIT, Cambridge, MA 02139 USA",
        "Univ Tokyo, Tokyo, Japan. ode@example.org",
        "Tsinghua Univ, Beijing, Peoples R China",
        "Georgia Tech, Atlanta, GA 30332",
        "Somewhere",
    ]
    assert countries_of(addresses) == ["PE", "US", "JP", "CN"]
    assert [country_code(text) for text in ("us", "Deutschland", "Atlantis")] == ["US", "DE", None]
