"""Which group each paper is in: its countries, venue, sources, type, or whatever else a reader tells them apart by."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.alignment import aligned_to
from analysis.corpus.languages import spoken_language
from analysis.corpus.paper import Corpus
from analysis.corpus.places import country_code, country_name
from analysis.corpus.schema import PAPER_COLUMNS
from analysis.corpus.text import title_key
from analysis.errors import TrendsError

Counting = Literal["full", "fraction"]
# smaller groups, and those past so many, are gathered
FEWEST, MOST = 10, 12
_COLUMN_OF = {"source": "sources", "country": "countries"}
# what of a paper tells no groups
_NO_GROUPS = frozenset({"title", "abstract", "comments", "date_inferred"})


@dataclass(frozen=True)
class PaperGroups:
    """Papers by group; a paper may be in several.

    Attributes
    ----------
    names : tuple of str, length g
        By falling size; gathered small ones last.
    weights : ndarray of float, shape (n, g)
        How much each paper counts for each group: in full, or by fraction.
    known : ndarray of bool, shape (n,)
        Papers of which a group is known; the others are compared with nobody.
    gathered : int
        How many small groups are gathered in the last one; 0 where none are.
    """

    names: tuple[str, ...]
    weights: np.ndarray
    known: np.ndarray
    gathered: int

    @property
    def inside(self) -> np.ndarray:
        """Which paper is in which group, bool, shape (n, g)."""
        return np.asarray(self.weights > 0)


def read_groups(
    corpus: Corpus, ids: pd.Index, by: Any, counting: Counting = "full", fewest: int = FEWEST, most: int = MOST
) -> PaperGroups:
    """Read the groups of some papers.

    Parameters
    ----------
    corpus : Corpus
    ids : Index of paper_id, length n
    by : str, Series or array
        "source", "country", "venue", "type", "language", another column of `Corpus.papers`, or a value a paper.
    counting : {"full", "fraction"}
        Whether a paper of several groups counts wholly for each, or in parts that add up to one.
    fewest, most : int
        Groups of fewer papers, and those past the largest, are gathered in one.

    Raises
    ------
    TrendsError
        There is no such column.
    """
    return gathered_groups(read_values(corpus, ids, by), counting, fewest, most, name_of_groups(by))


def name_of_groups(by: Any) -> str:
    """Return what papers are grouped by, in one word."""
    return by if isinstance(by, str) else str(getattr(by, "name", None) or "group")


def gathered_groups(
    values: Sequence[Sequence[str]], counting: Counting, fewest: int, most: int, name: str
) -> PaperGroups:
    """Group papers by the values of each, small groups gathered.

    Examples
    --------
    >>> groups = gathered_groups([["a"], ["a", "b"], ["b"], ["c"], []], "fraction", 2, 5, "letter")
    >>> groups.names, groups.weights[1].tolist(), groups.known.tolist()
    (('a', 'b', 'other letter: c'), [0.5, 0.5, 0.0], [True, True, True, True, False])
    """
    sizes = Counter(value for paper in values for value in set(paper))
    ranked = sorted(sizes, key=lambda value: (-sizes[value], value))
    large = [value for value in ranked if sizes[value] >= fewest][:most]
    if len(ranked) == len(large) + 1 and len(large) < most and large and sizes[ranked[-1]] > 1:
        large = ranked  # a gathering of one is no gathering
    small = len(ranked) - len(large)
    names = [*large, *([_gathering(name, ranked[len(large) :])] if small else [])]
    column = {value: min(number, len(large)) for number, value in enumerate(ranked)}
    weights = np.zeros((len(values), len(names)))
    for row, paper in enumerate(values):
        own = sorted({column[value] for value in paper})
        weights[row, own] = 1 / len(own) if counting == "fraction" and own else 1.0
    return PaperGroups(tuple(names), weights, np.asarray(weights.sum(axis=1) > 0), small)


def _gathering(name: str, values: Sequence[str]) -> str:
    return f"other {name}: {values[0]}" if len(values) == 1 else f"other ({len(values):,})"


def check_grouping(by: str) -> str:
    """Return the column that tells groups; raises TrendsError where there is none of that name."""
    wanted = _COLUMN_OF.get(by, by)
    if wanted not in PAPER_COLUMNS or wanted in _NO_GROUPS:
        known = ", ".join(["source", "country", *(name for name in PAPER_COLUMNS if name not in _NO_GROUPS)])
        raise TrendsError(
            f"papers cannot be grouped by {by!r}; name one of {known}, or give a value a paper, such as a Series by id"
        )
    return wanted


def read_values(corpus: Corpus, ids: pd.Index, by: Any) -> list[list[str]]:
    """Return the values of each paper that groups are told by; see `read_groups`."""
    if not isinstance(by, str) and not hasattr(by, "__len__"):
        raise TrendsError(f"by must be the name of a column, or one value a paper, not {by!r}")
    if not isinstance(by, str):
        given = aligned_to(by, corpus.ids, "groups", TrendsError, rows=corpus.table_rows)
        column = pd.Series(np.asarray(given, dtype=object), index=corpus.ids).loc[ids]
        return [_texts(value) for value in column]
    wanted = check_grouping(by)
    if by == "language":
        facts = corpus.facts("language_detected", "language").loc[ids]
        return [_texts(spoken_language(*codes)) for codes in facts.itertuples(index=False, name=None)]
    column = corpus.facts(wanted).loc[ids, wanted]
    if by == "source":
        named = _source_names(corpus, column)
        return [sorted({named[file] for file in _files(sources)}) for sources in column]
    if by == "country":
        return [[country_name(country_code(code) or code) for code in _texts(value)] for value in column]
    if by == "venue":
        return _in_one_spelling([_texts(value) for value in column])
    return [_texts(value) for value in column]


def _texts(value: Any) -> list[str]:
    """Return a cell's values as texts; none where it is unknown or empty."""
    if isinstance(value, (list, tuple, set, np.ndarray)):
        return list(dict.fromkeys(text for one in value for text in _texts(one)))
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return []
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    text = " ".join(str(value).split())
    return [text] if text else []


def _files(sources: list[str]) -> list[str]:
    return [source.rpartition("#")[0] for source in sources]


def _source_names(corpus: Corpus, column: pd.Series) -> dict[str, str]:
    files = sorted({file for sources in column for file in _files(sources)})
    return dict(zip(files, corpus.source_of(pd.Series(files, dtype="str")), strict=True))


def _in_one_spelling(papers: list[list[str]]) -> list[list[str]]:
    """Return names that differ by case, marks, "and" or "the" in their commonest spelling."""
    uses = Counter(name for names in papers for name in names)
    spelling: dict[str, str] = {}
    for name in sorted(uses, key=lambda one: (-uses[one], one)):
        spelling.setdefault(_key(name), name)
    return [list(dict.fromkeys(spelling[_key(name)] for name in names)) for names in papers]


def _key(name: str) -> str:
    # what stands behind a colon or in another language is not always written
    head = re.split(r"\s[:=/]\s|:\s", name.casefold())[0]
    return title_key(re.sub(r"^the\s+|\band\b|&(?:amp;)?", " ", head)) or name
