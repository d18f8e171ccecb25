"""Which records are the same paper: by identifier, by title, by nearly the same title.

Never by comparing all pairs: identifiers and titles are looked up, and nearly equal titles are sought
among those that begin or end alike. Every merge has its reason.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

# a preprint appears up to so many years before its publication
_YEARS_APART = 2
# titles that nearly agree: similarity in per cent, least length of the key, letters at either end that must agree
_ALIKE, _SHORTEST, _END = 96.0, 30, 12
# neighbours in the order of titles that begin (or end) alike
_WINDOW = 8
_PREPRINT = ("10.48550/", "10.1101/", "10.21203/", "10.2139/ssrn", "10.20944/", "10.31234/", "10.31219/", "10.36227/")
# titles that many papers share
_GENERIC = frozenset(
    "editorial preface introduction foreword erratum corrigendum correction reply contents index obituary commentary "
    "abstracts abstract authorindex authorreply lettertotheeditor tableofcontents bookreview bookreviews frontmatter "
    "backmatter acknowledgements acknowledgments retraction untitled notitle".split()
)


@dataclass(frozen=True)
class Identity:
    """What tells a paper from others.

    Attributes
    ----------
    key : str
        Title key; see `analysis.corpus.text.title_key`.
    doi, arxiv_id, pmid : str or None
        In one form.
    year : int or None
    surnames : frozenset of str
        Folded surnames; empty where authors are unknown.
    """

    key: str
    doi: str | None = None
    arxiv_id: str | None = None
    pmid: str | None = None
    year: int | None = None
    surnames: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Groups:
    """Which records fall together.

    Attributes
    ----------
    first : ndarray of int, shape (n,)
        For each record the position of its group's first record.
    reasons : tuple of str, length n
        Why a record joined its group; empty for a group's first.
    """

    first: np.ndarray
    reasons: tuple[str, ...]


@dataclass
class _Cluster:
    """What a group of records knows together."""

    dois: set[str]
    arxiv_ids: set[str]
    pmids: set[str]
    years: set[int]
    surnames: set[str]

    @classmethod
    def of(cls, item: Identity) -> "_Cluster":
        doi = item.doi if item.doi and not is_preprint(item.doi) else None
        return cls(
            {doi} if doi else set(),
            {item.arxiv_id} if item.arxiv_id else set(),
            {item.pmid} if item.pmid else set(),
            {item.year} if item.year else set(),
            set(item.surnames),
        )

    def take(self, other: "_Cluster") -> None:
        for name in ("dois", "arxiv_ids", "pmids", "years", "surnames"):
            getattr(self, name).update(getattr(other, name))

    def contradicts(self, other: "_Cluster") -> bool:
        """Return whether identifiers, years or authors say that two clusters are two papers."""
        for mine, theirs in ((self.dois, other.dois), (self.arxiv_ids, other.arxiv_ids), (self.pmids, other.pmids)):
            if mine and theirs and mine.isdisjoint(theirs):
                return True
        if self.years and other.years:
            apart = min(abs(one - two) for one in self.years for two in other.years)
            if apart > _YEARS_APART:
                return True
        return bool(self.surnames and other.surnames and self.surnames.isdisjoint(other.surnames))


def group_records(items: Sequence[Identity]) -> Groups:
    """Group records of the same paper.

    1. The same DOI, arXiv id or PubMed id.
    2. The same title, unless identifiers, years (more than two apart) or authors contradict; a
       title that many papers share ("Editorial") also needs a shared author.
    3. Nearly the same title, with the same digits, and a shared author or the same year.

    Parameters
    ----------
    items : sequence of Identity
        In the order of the files.
    """
    union = _Union(items)
    for name in ("doi", "arxiv_id", "pmid"):
        _by_identifier(union, items, name)
    _by_title(union, items)
    _by_likeness(union, items)
    first = np.array([union.root(position) for position in range(len(items))], dtype=np.int64)
    return Groups(first, tuple(union.reasons))


def is_preprint(doi: str) -> bool:
    """Return whether a DOI is that of a preprint server, whose paper may have another one when published."""
    return doi.startswith(_PREPRINT)


class _Union:
    """Groups that grow; a group's root is its first record."""

    def __init__(self, items: Sequence[Identity]) -> None:
        self.parent = list(range(len(items)))
        self.clusters = [_Cluster.of(item) for item in items]
        self.reasons = [""] * len(items)

    def root(self, position: int) -> int:
        while self.parent[position] != position:
            self.parent[position] = self.parent[self.parent[position]]
            position = self.parent[position]
        return position

    def join(self, one: int, other: int, reason: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return
        self.parent[second] = first
        self.clusters[first].take(self.clusters[second])
        self.reasons[second] = reason


def _by_identifier(union: _Union, items: Sequence[Identity], name: str) -> None:
    seen: dict[str, int] = {}
    label = {"doi": "DOI", "arxiv_id": "arXiv id", "pmid": "PubMed id"}[name]
    for position, item in enumerate(items):
        value = getattr(item, name)
        if value:
            union.join(seen.setdefault(value, position), position, f"the same {label} {value}")


def _by_title(union: _Union, items: Sequence[Identity]) -> None:
    roots_of: dict[str, list[int]] = {}
    for position, item in enumerate(items):
        root = union.root(position)
        listed = roots_of.setdefault(item.key, [])
        if root in (union.root(known) for known in listed):
            continue
        cluster = union.clusters[root]
        for known in listed:
            other = union.clusters[union.root(known)]
            if cluster.contradicts(other) or (item.key in _GENERIC and cluster.surnames.isdisjoint(other.surnames)):
                continue
            union.join(known, root, "the same title")
            break
        else:
            listed.append(root)


def _by_likeness(union: _Union, items: Sequence[Identity]) -> None:
    keys: dict[str, int] = {}
    for position, item in enumerate(items):
        if len(item.key) >= _SHORTEST and union.root(position) == position:
            keys.setdefault(item.key, position)
    for step in (1, -1):
        # titles that begin alike stand together in their order, those that end alike in the order of the reversed
        order = sorted((key[::step], key) for key in keys)
        for position, (turned, key) in enumerate(order):
            for other_turned, other in order[position + 1 : position + 1 + _WINDOW]:
                if other_turned[:_END] != turned[:_END]:
                    break
                _join_if_alike(union, keys[key], keys[other], key, other)


def _join_if_alike(union: _Union, one: int, two: int, key: str, other: str) -> None:
    if abs(len(key) - len(other)) > 0.1 * len(key) or re.findall(r"\d+", key) != re.findall(r"\d+", other):
        return
    alike = fuzz.ratio(key, other, score_cutoff=_ALIKE)
    if not alike:
        return
    first, second = union.clusters[union.root(one)], union.clusters[union.root(two)]
    known = bool(first.surnames & second.surnames) or (
        not (first.surnames and second.surnames) and bool(first.years & second.years)
    )
    if known and not first.contradicts(second):
        union.join(one, two, f"nearly the same title ({alike:.0f} % alike)")
