"""In which order topics stand in every figure, which sources are told apart, and what these are called."""

import re
from collections.abc import Iterable

import pandas as pd

# what sources beyond the largest are called together
OTHERS = "other sources"
# formats whose dates are first submissions, and those that do not say what theirs are
_PREPRINTS = frozenset({"daily_papers", "daily_papers_api", "arxiv", "arxiv_atom"})
_UNTOLD = frozenset({"table", "json_table"})
_SUFFIX = re.compile(r"\.(?:[A-Za-z]{2,7}|bib|ris)(?:\.(?:gz|bz2|xz|zip))?$")


def topic_order(table: pd.DataFrame, themes: pd.DataFrame) -> list[int]:
    """Return topics in the order of every figure: by theme, then by size; outliers last."""
    listed = [topic for topics in themes["topics"] for topic in topics]
    return [*listed, *(topic for topic in table.index if topic not in set(listed))]


def largest_sources(sources: pd.Series, most: int) -> pd.Series:
    """Return each paper's source, or `OTHERS` where it is not among the `most` largest ones."""
    common = sources.value_counts().sort_values(ascending=False, kind="stable").index
    return sources.where(sources.isin(common[:most]), OTHERS)


def source_names(sources: Iterable[str]) -> dict[str, str]:
    """Return what figures call each source: a file's name without its folder and its ending, words apart.

    Names that would fall together stay as they are.

    Examples
    --------
    >>> source_names(["raw/lung_scopus.bib", "Web of Science"])
    {'raw/lung_scopus.bib': 'Lung scopus', 'Web of Science': 'Web of Science'}
    """
    known = list(dict.fromkeys(str(source) for source in sources))
    named = {source: _readable(source) for source in known}
    taken = pd.Series(list(named.values()), dtype="str").value_counts()
    return {source: name if taken[name] == 1 else source for source, name in named.items()}


def date_kind(pages: pd.DataFrame) -> str:
    """Return what the dates of files are, " of first submission" or " of publication"; "" where that is not known of all."""
    formats = set(pages["format"].dropna()) if len(pages) and "format" in pages else set()
    if formats and formats <= _PREPRINTS:
        return " of first submission"
    return " of publication" if formats and not formats & (_PREPRINTS | _UNTOLD) else ""


def _readable(source: str) -> str:
    stem = _SUFFIX.sub("", source.rpartition("/")[2])
    if stem == source:
        return source
    words = re.sub(r"[_\s]+", " ", stem).strip()
    return words[:1].upper() + words[1:] if words else source
