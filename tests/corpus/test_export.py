"""What is written is read back the same, and no spreadsheet runs it."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.export import KINDS, export
from analysis.corpus.formats import read_file
from analysis.corpus.paper import Corpus
from analysis.corpus.records import ReadFile
from analysis.corpus.text import title_key
from analysis.errors import CorpusError

words = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"\\{}%&#_$~^,; \n\tabc123éß€漢א🧠<>"),
        st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\u2028\u2029\x85"),
    ),
    max_size=60,
)
LISTS = {
    "countries": ["PE", "US"],
    "affiliations": ["Univ. of Lima; Dept. {A}, Lima, Perú", "MIT, USA"],
    "keywords": ["bees & hives", "50% honey"],
    "index_keywords": ["Apis|mellifera"],
    "references": ["10.1000/a", "Ode, P., 2019, J X; V3"],
    "editor": ["Müller, K."],
}
dates = st.sampled_from(["", "2020", "2020-05", "2020-05-06"])


def corpus_of(rows: list[tuple[str, str, str, list[str]]]) -> Corpus:
    told = [(title, abstract, date or None) for title, abstract, date, _ in rows]
    frame = pd.DataFrame(told, columns=["title", "abstract", "date"])
    corpus = Corpus.from_frame(frame.assign(id=[f"p{i:03d}" for i in range(len(rows))]))
    papers = corpus.papers.copy()
    papers["authors"] = pd.Series([authors or pd.NA for _, _, _, authors in rows], index=papers.index, dtype=object)
    papers["doi"] = [f"10.1000/{i}" if i % 2 else None for i in range(len(rows))]
    papers["arxiv_id"] = [f"2101.{i:05d}" if i % 3 else None for i in range(len(rows))]
    papers["venue"] = [f"Venue & {i}%" for i in range(len(rows))]
    papers["type"] = ["review" if i % 2 else None for i in range(len(rows))]
    papers["language"], papers["volume"], papers["issue"], papers["pages"] = "es", "12", "3 & 4", "e17-e19"
    papers["label"] = "relevant"
    papers["n_cited"] = pd.array(range(len(rows)), dtype="Int64")
    for name, values in LISTS.items():
        papers[name] = pd.Series([values] * len(rows), index=papers.index, dtype=object)
    return Corpus(papers, corpus.occurrences, corpus.rejects)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(words, words, dates, st.just([])), min_size=1, max_size=4))
def test_every_kind_reads_back_the_same(kind: str, rows: list[tuple[str, str, str, list[str]]], tmp_path: Path) -> None:
    corpus = corpus_of([row for row in rows if title_key(row[0])] or [("A title", "", "", [])])
    corpus.papers["title"] = [title.strip() or "A title" for title in corpus.papers["title"]]
    path = tmp_path / "export"
    path.write_bytes(export(corpus, kind))
    found = read_file(path, "export")
    assert isinstance(found, ReadFile)
    assert found.rejects == []
    for record, (_, paper) in zip(found.records, corpus.papers.iterrows(), strict=True):
        assert record.title == paper["title"]
        assert record.abstract == paper["abstract"].strip()
        assert record.doi == (None if pd.isna(paper["doi"]) else paper["doi"])
        assert record.arxiv_id == (None if pd.isna(paper["arxiv_id"]) else paper["arxiv_id"])
        assert record.venue == paper["venue"]
        assert record.type == (None if pd.isna(paper["type"]) else paper["type"])
        assert (record.language, record.volume, record.issue, record.pages, record.label) == tuple(
            paper[["language", "volume", "issue", "pages", "label"]]
        )
        assert record.n_cited == paper["n_cited"]
        assert {name: list(getattr(record, name)) for name in LISTS} == LISTS
        if paper["date_precision"] == "none":
            assert record.published is None
        else:
            assert (record.published.date, record.published.precision) == (paper["date"], paper["date_precision"])


@pytest.mark.parametrize("kind", KINDS)
def test_authors_read_back_the_same(kind: str, tmp_path: Path) -> None:
    corpus = corpus_of([("A title", "Text.", "2020-05-06", ["Anna Berg", "Wei, Li", "Jón Pálsson"])])
    path = tmp_path / "export"
    path.write_bytes(export(corpus, kind))
    found = read_file(path, "export")
    assert isinstance(found, ReadFile)
    assert found.records[0].authors == ("Anna Berg", "Wei, Li", "Jón Pálsson")


def test_no_cell_of_a_csv_is_a_formula() -> None:
    corpus = corpus_of([('=HYPERLINK("x")', "+1", "", []), ("@sum", "-2", "", [])])
    for row in csv.reader(io.StringIO(export(corpus, "csv").decode())):
        assert not any(cell[:1] in ("=", "+", "-", "@") for cell in row)


def test_an_unknown_kind_is_a_clear_error() -> None:
    with pytest.raises(CorpusError, match="there are: csv, jsonl, bib, ris, parquet"):
        export(corpus_of([("A title", "", "", [])]), "doc")
