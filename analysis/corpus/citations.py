"""What papers cite, found again within the corpus: by identifier, then by author, year and title."""

import re
from collections.abc import Iterator

import pandas as pd

from analysis.corpus.identifiers import normal_arxiv, normal_doi, work_doi
from analysis.corpus.names import surname_keys
from analysis.corpus.text import title_key

_YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")
_PMID = re.compile(r"^(?:PMID:?\s*)(\d+)$", re.IGNORECASE)
# letters of a title that a citation must hold whole
_SHORTEST_TITLE = 20
COLUMNS = ["paper_id", "reference", "cited", "by"]


def resolved_references(papers: pd.DataFrame, occurrences: pd.DataFrame) -> pd.DataFrame:
    """Return one row per reference of each paper, and which paper of the corpus it is.

    Parameters
    ----------
    papers : DataFrame, index paper_id
        title, authors, date, doi, arxiv_id, references.
    occurrences : DataFrame
        paper_id, doi, arxiv_id, pmid, record_id.

    Returns
    -------
    DataFrame
        paper_id, reference (as the record gives it), cited (paper_id; NA where the corpus does not hold it), by ("identifier",
        "title", "itself" for a paper that lists itself, or empty).
    """
    citing = papers["references"].dropna()
    if citing.empty:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    known = _identifiers(papers, occurrences)
    titles = _titles(papers)
    rows = []
    for paper, references in citing.items():
        for reference in references:
            cited, by = known.get(_identifier(reference)), "identifier"
            if cited is None:
                cited, by = _by_title(reference, titles), "title"
            if cited == paper:
                cited, by = None, "itself"
            elif cited is None:
                by = ""
            rows.append((paper, reference, cited, by))
    # beside unknown ones, ids that are numbers would become fractions
    return pd.DataFrame({name: pd.Series(list(column), dtype=kind) for name, kind, column in _columns(rows)})


def _columns(rows: list[tuple[object, str, object, str]]) -> Iterator[tuple[str, str | None, tuple[object, ...]]]:
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    for name, column in zip(COLUMNS, columns, strict=True):
        yield name, "object" if name == "cited" else None, column


def reference_key(reference: str) -> str:
    """Return what references to one work have in common: its identifier, else its letters and digits.

    Examples
    --------
    >>> reference_key("https://doi.org/10.1234/AB")
    '10.1234/ab'
    >>> reference_key("Roe J., 2009, BEES, P1") == reference_key("Roe J, 2009, Bees, P1")
    True
    """
    identifier = _identifier(reference)
    return title_key(reference) if " " in identifier else identifier


def _identifier(reference: str) -> str:
    doi = normal_doi(reference)
    if doi is not None:
        return work_doi(doi)
    arxiv = normal_arxiv(reference) if "arxiv" in reference.lower() else None
    pmid = _PMID.match(reference)
    return arxiv or (f"pmid:{pmid[1]}" if pmid is not None else reference.rpartition("/")[2].casefold())


def _identifiers(papers: pd.DataFrame, occurrences: pd.DataFrame) -> dict[str, object]:
    known: dict[str, object] = {}
    for frame, owners in ((papers, papers.index), (occurrences, occurrences["paper_id"])):
        for name in ("doi", "arxiv_id", "pmid", "record_id"):
            if name not in frame:
                continue
            for owner, value in zip(owners, frame[name], strict=True):
                if isinstance(value, str):
                    key = (
                        work_doi(value)
                        if name == "doi"
                        else f"pmid:{value}"
                        if name == "pmid"
                        else value.rpartition("/")[2].casefold()
                    )
                    known.setdefault(key, owner)
    return known


def _titles(papers: pd.DataFrame) -> dict[tuple[str, int], list[tuple[str, object]]]:
    """Return titles and papers by each author's surname and the year."""
    found: dict[tuple[str, int], list[tuple[str, object]]] = {}
    for paper, title, names, date in zip(papers.index, papers["title"], papers["authors"], papers["date"], strict=True):
        key = title_key(title)
        if not isinstance(names, list) or pd.isna(date) or len(key) < _SHORTEST_TITLE:
            continue
        for surname in surname_keys(names[0]):
            found.setdefault((surname, date.year), []).append((key, paper))
    return found


def _by_title(reference: str, titles: dict[tuple[str, int], list[tuple[str, object]]]) -> object | None:
    """Return the paper whose first author, year and whole title a citation holds."""
    letters = title_key(reference)
    words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", reference)[:6]
    for year in dict.fromkeys(_YEAR.findall(reference)):
        for word in words:
            for surname in surname_keys(word):
                for key, paper in titles.get((surname, int(year)), ()):
                    if key in letters:
                        return paper
    return None
