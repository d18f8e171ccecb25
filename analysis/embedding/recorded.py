"""Views made of what records tell beside the text: keywords, index terms and references."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.embedding.centring import LanguageGroups, sees_past, trust_within
from analysis.embedding.citation_graphs import cocitation_vectors, coupling_vectors
from analysis.embedding.keyword_vectors import keyword_vectors
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import COMPARED, View, graph_of

# a view is made where this share of the papers have what it is made of, and so many
_LEAST_SHARE, _FEWEST = 1 / 3, 20
# how much a kind of record counts beside the fifteen views of words where it is trusted fully, chosen by what other records
# of the same papers bear out (tests/benchmarks/RESULTS.md, beyond words): less gains less, more shuts the words out
_WEIGHT = 8.0
# a kind that agrees less with words says nothing of subjects
_LEAST_TRUST = 0.05
_Vectors = tuple[np.ndarray, np.ndarray]
# papers that a paper without records is filled in from, and the view that they are found in
_FILLED_FROM, _NEAR_BY = 5, "joint-title3-30"


@dataclass(frozen=True)
class Records:
    """What the records of n papers tell beside their texts.

    Attributes
    ----------
    keywords, index_terms : sequence of sequences of str, length n
    papers, works : ndarray of int, shape (references,)
        Who cites, by position, and which work, 0 upwards.
    citing, cited : ndarray of int, shape (citations,)
        Who cites whom of the same papers, by position.
    years : ndarray of int, shape (n,)
        -1 where unknown.
    """

    keywords: Sequence[Sequence[str]]
    index_terms: Sequence[Sequence[str]]
    papers: np.ndarray
    works: np.ndarray
    citing: np.ndarray
    cited: np.ndarray
    years: np.ndarray


@dataclass(frozen=True)
class RecordedKind:
    """One kind of record and the views that it gave.

    Attributes
    ----------
    name : str
    papers : int
        Papers that it says something of.
    agreement : float
        How far its neighbours are those that words and static vectors see, 0 to 1; NaN where too few papers have it.
    views : tuple of View
        None where too few papers have it or it does not agree.
    """

    name: str
    papers: int
    agreement: float
    views: tuple[View, ...]


def recorded_views(records: Records, views: Sequence[View], groups: LanguageGroups) -> list[RecordedKind]:
    """Return what each kind of record gives, with views where enough papers have it and it agrees with their texts.

    Each counts by how far its nearest papers are those that the texts see. A paper without records is filled in from its nearest
    by text, so that lacking them is no topic.

    Parameters
    ----------
    records : Records
    views : sequence of View
        Of the texts of the same papers.
    groups : LanguageGroups
        Keywords are centred, and trusted, within each language.

    Returns
    -------
    list of RecordedKind
        Of the kinds that any record has.
    """
    by_name = {view.name: view.vectors for view in views}
    n_citing = len(np.unique(records.papers))
    kinds: list[tuple[str, int, Callable[[], _Vectors]]] = [
        ("keywords", sum(map(bool, records.keywords)), lambda: keyword_vectors(records.keywords)),
        ("index terms", sum(map(bool, records.index_terms)), lambda: keyword_vectors(records.index_terms)),
        ("coupling", n_citing, lambda: coupling_vectors(records.papers, records.works, records.years)),
        ("co-citation", n_citing, lambda: cocitation_vectors(records.citing, records.cited, records.years)),
    ]
    fewest = max(_FEWEST, _LEAST_SHARE * len(records.years))
    found = []
    for name, listed, make in kinds:
        if not listed:
            continue
        vectors, known = make()
        count = int(known.sum())
        enough = min(listed, count) >= fewest
        found.append(
            _kind(name, vectors, known, by_name, groups) if enough else RecordedKind(name, count, float("nan"), ())
        )
    return found


def _kind(
    name: str, vectors: np.ndarray, known: np.ndarray, by_name: dict[str, np.ndarray], groups: LanguageGroups
) -> RecordedKind:
    is_graph = name in ("coupling", "co-citation")
    words, static = (by_name[other] for other in COMPARED[:2])
    own = groups.rows(np.flatnonzero(known))
    if not is_graph:
        vectors = vectors.copy()
        vectors[known] = unit_rows(own.centred(vectors[known], own.means(vectors[known])))
    trusted = trust_within(own, vectors[known], words[known], static[known])
    if own.several:
        trusted *= sees_past(vectors[known], own)
    count = int(known.sum())
    if trusted < _LEAST_TRUST:
        return RecordedKind(name, count, round(trusted, 4), ())
    plain = View(name, "record", _filled(vectors, known, by_name[_NEAR_BY]))
    seen = [plain] if is_graph else [plain, graph_of(plain)]
    # rounded, since views that were kept must count as those that were just made
    weight = round(_WEIGHT * trusted / len(seen), 3)
    return RecordedKind(
        name, count, round(trusted, 4), tuple(View(view.name, "record", view.vectors, weight) for view in seen)
    )


def _filled(vectors: np.ndarray, known: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Return vectors in which papers without one have the mean of their nearest by text."""
    there, lacking = np.flatnonzero(known), np.flatnonzero(~known)
    if not len(lacking):
        return vectors
    nearness = texts[lacking] @ texts[there].T
    best = np.argpartition(-nearness, _FILLED_FROM - 1, axis=1)[:, :_FILLED_FROM]
    weights = np.maximum(np.take_along_axis(nearness, best, axis=1), 1e-3)
    whole = vectors.copy()
    whole[lacking] = np.einsum("mn,mnd->md", weights, vectors[there][best])
    return unit_rows(whole)
