"""From a coassociation to topics: its spectral axes, its hierarchy, and how it is cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.embedding.vectors import spectral_rows, unit_rows

_POLISH_ROUNDS = 20
# of fewer than this share of atoms only what they change is added up
_FEW_MOVERS = 0.3
_FEWEST_AXES = 5
# groups of two clusterings are one topic where they share at least this part of their papers (Jaccard)
SAME_TOPIC = 0.25


@dataclass(frozen=True)
class Consensus:
    """A coassociation of m atoms, ready to be cut.

    Attributes
    ----------
    similarity : ndarray of float32, shape (m, m)
        Weighted share of clusterings in which papers of two atoms are together.
    sizes : ndarray of float64, shape (m,)
        Papers of each atom.
    tree : ndarray, shape (m - 1, 4)
        scipy's Ward linkage of the leading spectral axes of the similarity.
    """

    similarity: np.ndarray
    sizes: np.ndarray
    tree: np.ndarray

    @classmethod
    def of(cls, similarity: np.ndarray, sizes: np.ndarray, n_topics: int) -> "Consensus":
        """Prepare a coassociation to be cut into `n_topics` topics or thereabouts: it has as many axes."""
        if len(similarity) < 3:
            return cls(similarity, sizes, np.empty((0, 4)))
        root = np.sqrt(sizes).astype(np.float32)
        affinity = similarity * root[:, None] * root[None, :]
        axes = spectral_rows(affinity, max(n_topics, _FEWEST_AXES), degrees=sizes * (similarity @ sizes))
        return cls(similarity, sizes, np.asarray(linkage(unit_rows(axes), "ward")))

    def cut(self, n_topics: int, smallest: int) -> np.ndarray:
        """Cut into at most `n_topics` topics of at least `smallest` papers.

        Ward's hierarchy is cut, too small groups are dissolved, and each atom moves to where it is
        most together, until nothing moves.

        Returns
        -------
        ndarray of int, shape (m,)
            Group of each atom, 0 upwards.
        """
        if n_topics < 2 or not len(self.tree):
            return np.zeros(len(self.similarity), dtype=int)
        labels = fcluster(self.tree, n_topics, "maxclust") - 1
        labels = polished(self.similarity, dissolved(self.similarity, labels, smallest, self.sizes), self.sizes)
        return dissolved(self.similarity, labels, smallest, self.sizes)


def merge_levels(similarity: np.ndarray) -> np.ndarray:
    """Return at which coassociation average linkage merges groups, rising, shape (m - 1,).

    The k-th level (from 0) is where k + 2 groups become k + 1.
    """
    distance = squareform(np.maximum(1 - similarity.astype(np.float64), 0), checks=False)
    return np.asarray(1 - linkage(distance, "average")[::-1, 2])


def dissolved(similarity: np.ndarray, labels: np.ndarray, smallest: int, sizes: np.ndarray) -> np.ndarray:
    """Give the atoms of groups below `smallest` papers, the least first, to the groups they are most together with."""
    labels = np.unique(labels, return_inverse=True)[1]
    while True:
        papers = np.bincount(labels, weights=sizes)
        least = int(papers.argmin())
        if papers[least] >= smallest or len(papers) < 2:
            return labels
        moving = np.flatnonzero(labels == least)
        closeness = mean_similarity(similarity, labels, sizes, moving)
        closeness[:, least] = -1
        labels = labels.copy()
        labels[moving] = closeness.argmax(axis=1)
        labels = np.unique(labels, return_inverse=True)[1]


def polished(similarity: np.ndarray, labels: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Move each atom to the group it is most together with, until nothing moves."""
    labels = np.unique(labels, return_inverse=True)[1]
    everyone = np.arange(len(labels))
    members = _members(labels, int(labels.max()) + 1)
    papers = (members * sizes[:, None]).astype(np.float32)
    totals = similarity @ papers
    for _ in range(_POLISH_ROUNDS):
        moved = _means(totals, papers, members).argmax(axis=1)
        movers = np.flatnonzero(moved != labels)
        if not len(movers):
            break
        members[movers] = False
        members[movers, moved[movers]] = True
        before, papers[movers] = papers[movers].copy(), members[movers] * sizes[movers, None]
        if len(movers) < _FEW_MOVERS * len(everyone):
            totals += similarity[:, movers] @ (papers[movers] - before)
        else:
            totals = similarity @ papers
        labels = moved
    return np.asarray(np.unique(labels, return_inverse=True)[1])


def mean_similarity(
    similarity: np.ndarray, labels: np.ndarray, sizes: np.ndarray, rows: np.ndarray | None = None
) -> np.ndarray:
    """Return the mean similarity of atoms' papers to the other papers of each group, shape (m, K); of some atoms, or of all."""
    members = _members(labels, int(labels.max()) + 1)
    papers = (members * sizes[:, None]).astype(np.float32)
    if rows is None:
        return _means(similarity @ papers, papers, members)
    return _means(similarity[rows] @ papers, papers, members[rows])


def _members(labels: np.ndarray, count: int) -> np.ndarray:
    return np.asarray(labels[:, None] == np.arange(count)[None, :])


def _means(totals: np.ndarray, papers: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return means over the papers of each group, from their sums; a paper is not counted among its own group."""
    others = papers.sum(axis=0)[None, :] - members
    totals = totals - members
    return np.asarray(np.divide(totals, others, out=np.zeros_like(totals), where=others > 0.5))


def share_together(cuts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the share of cuts in which two atoms are together, float32, shape (m, m)."""
    member = np.hstack([labels[:, None] == np.arange(int(labels.max()) + 1)[None, :] for labels in cuts])
    indicator = member.astype(np.float32)
    return np.asarray(indicator @ indicator.T / np.float32(len(cuts)))


def majority_vote(labels: np.ndarray, draws: np.ndarray, smallest: int) -> np.ndarray:
    """Return the topic that most draws, numbered like `labels`, put each paper in; ties stay where they are.

    Where that would leave a topic with fewer than `smallest` papers, nothing moves.
    """
    count = int(labels.max()) + 1
    votes = np.stack([(draws == topic).sum(axis=0) for topic in range(count)], axis=1).astype(float)
    votes[np.arange(len(labels)), labels] += 0.5
    moved = votes.argmax(axis=1)
    return np.asarray(moved if np.bincount(moved, minlength=count).min() >= smallest else labels)


def matched(labels: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return drawn labels by the number of the reference topic that each group is like, one to one; -1 for all others.

    Two are alike where their Jaccard index is at least a quarter: a group that has little in common with a topic,
    though more than with any other, lends it neither papers nor a slope.

    Examples
    --------
    >>> matched(np.array([1, 1, 0, 0, -1]), np.array([0, 0, 1, 1, 1])).tolist()
    [0, 0, 1, 1, -1]
    """
    if labels.max() < 0:
        return np.full(len(labels), -1)
    # the last row and column are those of -1
    rows, columns = int(labels.max()) + 2, int(reference.max()) + 2
    shared = np.bincount(labels % rows * columns + reference % columns, minlength=rows * columns).reshape(rows, columns)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    alike = (shared / np.maximum(either, 1))[:-1, :-1]
    mapping = np.full(len(alike) + 1, -1)
    # the best pairs first: the best sum of all would split one good match into two poor ones
    while alike.size and alike.max() >= SAME_TOPIC:
        group, topic = np.unravel_index(alike.argmax(), alike.shape)
        mapping[group] = topic
        alike[group, :] = alike[:, topic] = 0
    return np.asarray(mapping[labels])


def renumbered(
    labels: np.ndarray, draws: np.ndarray, names: dict[int, str]
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Give topics the numbers 0..K-1 by falling size again, ties by the first paper; those without papers are gone.

    Draws that put a paper into a topic that is gone leave it without one.
    """
    topics, first, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = topics[np.lexsort((first, -sizes))]
    # the last position is that of -1
    number = np.full(int(max(labels.max(), draws.max(initial=-1))) + 2, -1)
    number[order] = np.arange(len(order))
    return (
        number[labels],
        number[draws].astype(np.int32),
        {int(number[old]): name for old, name in names.items() if number[old] >= 0},
    )
