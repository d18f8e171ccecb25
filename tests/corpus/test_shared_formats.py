"""Real exports of other tools, read where they lie: the counts to be reached."""

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

import analysis as at
from analysis.corpus.formats import read_file
from analysis.corpus.identifiers import is_preprint
from analysis.corpus.records import ReadFile
from tests.conftest import ROOT, SHARED

FORMATS = SHARED / "formats"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of real exports is not here"),
]


def expected() -> list[tuple[str, list[int | None]]]:
    """Return file, and records, abstracts and dated, as the exports' README tells them."""
    if not FORMATS.is_dir():
        return []
    rows = [line.strip("|").split("|") for line in (FORMATS / "README.md").read_text(encoding="utf-8").splitlines()]
    return [
        (cells[0].strip(), [int(cell.replace(",", "")) if cell.strip() else None for cell in cells[1:4]])
        for cells in rows
        if len(cells) > 4 and re.fullmatch(r"\w+/\S+", cells[0].strip())
    ]


@pytest.mark.parametrize(("name", "counts"), expected(), ids=[name for name, _ in expected()])
def test_every_record_abstract_and_date_is_found(name: str, counts: list[int | None]) -> None:
    found = read_file(FORMATS / name, name)
    assert isinstance(found, ReadFile)
    rejected = sum(reject.scope == "record" for reject in found.rejects)
    reached = [
        len(found.records) + rejected,
        sum(record.abstract != "" for record in found.records),
        sum(record.published is not None for record in found.records),
    ]
    assert rejected == 0
    assert [mine for mine, wanted in zip(reached, counts, strict=True) if wanted is not None] == [
        wanted for wanted in counts if wanted is not None
    ]


def test_a_damaged_file_is_told_of_and_loses_nothing_else() -> None:
    found = read_file(FORMATS / "wos" / "badFile.isi", "badFile.isi")
    assert isinstance(found, ReadFile)
    assert [reject.scope for reject in found.rejects] == ["damage"]


def test_five_databases_merge_to_every_doi_once() -> None:
    files = [FORMATS / name for name, _ in expected() if "hospitales" in name]
    corpus = at.load_corpus(files)
    assert len(files) == 5
    assert corpus.counts["records_read"] == 2290
    assert corpus.counts["papers"] + corpus.counts["records_merged"] == 2290
    dois = corpus.papers["doi"].dropna()
    # abstracts of one supplement share its DOI; they stay apart, and that is told
    several = set(dois[dois.duplicated(keep=False)])
    told = corpus.conflicts.loc[corpus.conflicts["field"] == "same paper?", "other"]
    assert several == {doi for doi in several if told.str.contains(doi, regex=False).any()}
    assert len(several) == 3
    told = f"{len(corpus):,} papers with each of {dois.nunique():,} DOIs once"
    assert told in " ".join((ROOT / "notebooks" / "guide" / "formats.md").read_text(encoding="utf-8").split())
    # a preprint's DOI gives way to its publication's
    listed = set(corpus.occurrences["doi"].dropna())
    assert {doi for doi in listed if not is_preprint(doi)} == {doi for doi in dois if not is_preprint(doi)}
    assert listed >= set(dois)
    assert len(corpus.merges) == corpus.counts["records_merged"]
    assert (corpus.merges["reason"] != "").all()


def test_one_library_in_three_formats_is_one_library() -> None:
    files = [FORMATS / name for name, _ in expected() if "khalid" in name]
    corpus = at.load_corpus(files)
    assert corpus.counts["papers"] == 467


def test_a_source_without_any_abstract_says_so() -> None:
    corpus = at.load_corpus([FORMATS / "other" / "springer_link.csv"])
    assert corpus.counts["papers_without_abstract"] == len(corpus)
    with warnings.catch_warnings(), pytest.raises(at.errors.TopicsError, match="papers has an abstract"):
        warnings.simplefilter("error")
        at.fit_topics(corpus)


def test_doubtful_pairs_are_judged_as_a_reader_judged_them() -> None:
    """The most doubtful merges of all these files, and the papers that look most alike and are two, read by hand."""
    pairs = pd.read_csv(Path(__file__).parent / "doubtful_pairs.csv")
    files = [path for path in FORMATS.rglob("*") if path.is_file() and path.name != "README.md"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        occurrences = at.load_corpus(files).occurrences
    owner = pd.Series(
        occurrences["paper_id"].to_numpy(),
        index=[f"{file}#{ordinal}" for file, ordinal in zip(occurrences["file"], occurrences["ordinal"], strict=True)],
    )
    merged = owner[pairs["one"]].to_numpy() == owner[pairs["other"]].to_numpy()
    same = (pairs["judgement"] == "same").to_numpy()
    assert not (merged & ~same).any(), "a wrong merge"
    # those have two publishers' DOIs, another title, or a poster's number before it
    assert (same & ~merged).sum() <= 6
    assert len(pairs) == 165
