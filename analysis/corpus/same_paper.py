"""Which records are the same paper: by identifier, by title, by nearly the same title.

Never by comparing all pairs: identifiers and titles are looked up, and nearly equal titles are sought among those that begin or
end alike. What two records must share to be one is told in `analysis.corpus.evidence`; every merge has its reason and its doubt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from analysis.corpus.evidence import Cluster, Comparison, Identity, Judgement, by_identifier, by_likeness, by_title
from analysis.corpus.identifiers import work_doi
from analysis.corpus.title_words import spelling_key

# titles that nearly agree: similarity in per cent, least length of the key, letters at either end that must agree
_ALIKE, _SHORTEST, _END = 88.0, 24, 12
# neighbours in the order of titles that begin (or end) alike
_WINDOW = 8
# records under one identifier or title that a record is compared with; a title of more is one of many papers
_MOST_COMPARED = 12
_LABELS = {"doi": "DOI", "arxiv_id": "arXiv id", "pmid": "PubMed id"}


@dataclass(frozen=True)
class Groups:
    """Which records fall together.

    Attributes
    ----------
    first : ndarray of int, shape (n,)
        For each record the position of its group's first record.
    reasons, evidence : tuple of str, length n
        Why a record joined its group, and what spoke for and against; empty for a group's first.
    doubts : ndarray of float, shape (n,)
        How doubtful that is, 0 to 1.
    kept_apart : list of (int, int, str)
        Records that share an identifier and are not one paper, and why.
    """

    first: np.ndarray
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    doubts: np.ndarray
    kept_apart: list[tuple[int, int, str]]


def group_records(
    items: Sequence[Identity], together: Sequence[tuple[int, int]] = (), parted: Sequence[tuple[int, int]] = ()
) -> Groups:
    """Group records of the same paper.

    Parameters
    ----------
    items : sequence of Identity
        In the order of the files.
    together, parted : sequence of (int, int)
        Pairs that a reader keeps together or apart, whatever the evidence.
    """
    union = _Union(items, parted)
    for one, other in together:
        union.join(one, other, Judgement(True, "merge_edits.toml", 0.0, "a reader's decision"))
    for name, label in _LABELS.items():
        _by_identifier(union, name, label)
    _by_title(union)
    _by_spelling(union)
    _by_likeness(union)
    first = np.array([union.root(position) for position in range(len(items))], dtype=np.int64)
    reasons, evidence = (tuple(getattr(one, name) for one in union.judgements) for name in ("reason", "evidence"))
    apart = [pair for pair in union.kept_apart if first[pair[0]] != first[pair[1]]]
    return Groups(first, reasons, evidence, np.array([one.doubt for one in union.judgements]), apart)


class _Union:
    """Groups that grow; a group's root is its first record."""

    def __init__(self, items: Sequence[Identity], parted: Sequence[tuple[int, int]]) -> None:
        self.items = items
        self.parent = list(range(len(items)))
        self.clusters = [Cluster.of(item) for item in items]
        self.judgements = [Judgement(False)] * len(items)
        self.kept_apart: list[tuple[int, int, str]] = []
        self.parted: dict[int, set[int]] = {}
        for one, other in parted:
            self.parted.setdefault(one, set()).add(other)
            self.parted.setdefault(other, set()).add(one)

    def root(self, position: int) -> int:
        while self.parent[position] != position:
            self.parent[position] = self.parent[self.parent[position]]
            position = self.parent[position]
        return position

    def judge(self, one: int, other: int, rule: Callable[[Identity, Identity, Comparison], Judgement]) -> bool:
        """Join two records' groups where a rule says that they are one paper; return whether they are now."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return True
        found = rule(self.items[one], self.items[other], Comparison(self.clusters[first], self.clusters[second]))
        if not found.joined:
            if found.reason:
                self.kept_apart.append((one, other, f"{found.reason}, kept apart: {found.evidence}"))
            return False
        return self.join(one, other, found)

    def join(self, one: int, other: int, found: Judgement) -> bool:
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        if self.parted and self._is_parted(first, second):
            return False
        self.parent[second] = first
        self.clusters[first].take(self.clusters[second])
        self.judgements[second] = found
        for root in (first, second):
            if root in self.parted:
                self.parted.setdefault(first, set()).update(self.parted[root])
        return True

    def _is_parted(self, one: int, other: int) -> bool:
        mine = {self.root(position) for position in self.parted.get(one, ())}
        return other in mine or one in {self.root(position) for position in self.parted.get(other, ())}


def _by_identifier(union: _Union, name: str, label: str) -> None:
    seen: dict[str, list[int]] = {}
    for position, item in enumerate(union.items):
        value = getattr(item, name)
        if not value:
            continue
        listed = seen.setdefault(work_doi(value) if name == "doi" else value, [])

        def rule(one: Identity, other: Identity, compared: Comparison, told: str = f"{label} {value}") -> Judgement:
            return by_identifier(one, other, compared, told)

        if not any(union.judge(known, position, rule) for known in listed[:_MOST_COMPARED]):
            listed.append(position)


def _by_title(union: _Union) -> None:
    listed_of: dict[str, list[int]] = {}
    # titles of many papers are compared within a journal's year, or under one author
    for position, item in enumerate(union.items):
        key = item.compared_key
        if union.root(position) != position and key == union.items[union.root(position)].compared_key:
            continue
        listed = listed_of.setdefault(key, [])
        known = listed[-_MOST_COMPARED:]
        if len(listed) >= _MOST_COMPARED or (listed and item.words.serial):
            # the first under a title stand under the title alone
            listed = listed_of.setdefault(f"{key}|{item.venue}|{item.year}", [])
            known = [*known, *listed[-_MOST_COMPARED:]]
        if not any(union.judge(other, position, by_title) for other in known):
            listed.append(position)


def _by_spelling(union: _Union) -> None:
    """Look up titles in one spelling: among a million, neighbours in the order of titles may lie too far apart."""
    listed_of: dict[str, list[int]] = {}
    for position, item in enumerate(union.items):
        if union.root(position) != position:
            continue
        key = spelling_key(item.title or item.key)
        if len(key) >= _SHORTEST:
            listed = listed_of.setdefault(key, [])
            if not any(union.judge(known, position, by_likeness) for known in listed[-_MOST_COMPARED:]):
                listed.append(position)


def _by_likeness(union: _Union) -> None:
    keys: dict[str, int] = {}
    for position, item in enumerate(union.items):
        if union.root(position) == position:
            joined = item.compared_key
            if len(joined) >= _SHORTEST:
                keys.setdefault(joined, position)
    for step in (1, -1):
        # titles that begin alike stand together in their order, those that end alike in the order of the reversed
        order = sorted((key[::step], key) for key in keys)
        for position, (turned, key) in enumerate(order):
            for other_turned, other in order[position + 1 : position + 1 + _WINDOW]:
                if other_turned[:_END] != turned[:_END]:
                    break
                if _may_be_one(key, other):
                    union.judge(min(keys[key], keys[other]), max(keys[key], keys[other]), by_likeness)


def _may_be_one(key: str, other: str) -> bool:
    """Return whether two titles are alike, or one begins the other."""
    return other.startswith(key) or key.startswith(other) or bool(fuzz.ratio(key, other, score_cutoff=_ALIKE))
