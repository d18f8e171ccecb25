"""The consensus of many clusterings: who is how often together, and how that is cut into topics.

Evidence accumulation after Fred and Jain (2005), IEEE TPAMI 27(6), 835-850.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import squareform

from analysis.embedding.vectors import spectral_rows

_POLISH_ROUNDS = 20
_FEWEST_AXES = 5


@dataclass(frozen=True)
class Consensus:
    """A co-association matrix and the hierarchy above it.

    Attributes
    ----------
    similarity : ndarray of float32, shape (n, n)
        Weighted share of clusterings in which two papers are together; ones on the diagonal.
    tree : ndarray, shape (n - 1, 4)
        scipy's average linkage of 1 - similarity.
    """

    similarity: np.ndarray
    tree: np.ndarray

    @classmethod
    def of(cls, labels: np.ndarray, weights: np.ndarray) -> "Consensus":
        """Build the consensus of base clusterings; see `coassociation`."""
        similarity = coassociation(labels, weights)
        distance = squareform(np.maximum(1 - similarity.astype(np.float64), 0), checks=False)
        return cls(similarity, np.asarray(linkage(distance, "average")))

    def count_at(self, threshold: float) -> int:
        """Return how many groups stay apart when groups merge only while together in `threshold` of the clusterings."""
        return int((self.tree[:, 2] > 1 - threshold).sum()) + 1


def coassociation(labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted share of clusterings in which two papers are together.

    Parameters
    ----------
    labels : ndarray of int, shape (runs, n)
        -1 where a run left the paper out: there it is together with none.
    weights : ndarray of float, shape (runs,)
        Not negative, not all zero.

    Returns
    -------
    ndarray of float32, shape (n, n)
        Symmetric, within [0, 1], ones on the diagonal.
    """
    n_papers = labels.shape[1]
    blocks = []
    for run, weight in zip(labels, weights, strict=True):
        known = np.flatnonzero(run >= 0)
        if weight <= 0 or not len(known):
            continue
        values = np.full(len(known), np.sqrt(weight), dtype=np.float32)
        blocks.append(sparse.csr_matrix((values, (known, run[known])), shape=(n_papers, int(run.max()) + 1)))
    member = sparse.hstack(blocks).tocsr()
    together = (member @ member.T).toarray() / np.float32(weights.sum())
    np.fill_diagonal(together, 1)
    return np.asarray(np.minimum(together, 1), dtype=np.float32)


def cut(consensus: Consensus, n_topics: int, smallest: int) -> np.ndarray:
    """Cut a consensus into at most `n_topics` topics of at least `smallest` papers.

    Ward's hierarchy of the spectral embedding of the co-association is cut, too small groups are
    dissolved, and each paper moves to where it is most together, until nothing moves.

    Returns
    -------
    ndarray of int, shape (n,)
        0..K-1 by falling size, ties by the first paper.
    """
    if n_topics < 2 or len(consensus.similarity) < 3:
        return np.zeros(len(consensus.similarity), dtype=int)
    axes = spectral_rows(consensus.similarity, max(n_topics, _FEWEST_AXES))
    labels = fcluster(linkage(axes, "ward"), n_topics, "maxclust") - 1
    labels = dissolved(consensus.similarity, labels, smallest)
    return by_size(dissolved(consensus.similarity, polished(consensus.similarity, labels), smallest))


def dissolved(similarity: np.ndarray, labels: np.ndarray, smallest: int) -> np.ndarray:
    """Give the papers of groups below `smallest`, the least first, to the groups they are most together with."""
    labels = np.unique(labels, return_inverse=True)[1]
    while True:
        sizes = np.bincount(labels)
        least = int(sizes.argmin())
        if sizes[least] >= smallest or len(sizes) < 2:
            return labels
        closeness = mean_similarity(similarity, labels)
        closeness[:, least] = -1
        moving = labels == least
        labels = labels.copy()
        labels[moving] = closeness[moving].argmax(axis=1)
        labels = np.unique(labels, return_inverse=True)[1]


def polished(similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Move each paper to the group it is most together with, until nothing moves."""
    for _ in range(_POLISH_ROUNDS):
        moved = np.unique(mean_similarity(similarity, labels).argmax(axis=1), return_inverse=True)[1]
        if (moved == labels).all():
            break
        labels = moved
    return labels


def mean_similarity(similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return each paper's mean similarity to the other papers of each group, shape (n, K)."""
    member = (labels[:, None] == np.arange(int(labels.max()) + 1)[None, :]).astype(np.float32)
    others = member.sum(axis=0)[None, :] - member
    totals = similarity @ member - member
    return np.asarray(np.divide(totals, others, out=np.zeros_like(totals), where=others > 0))


def by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber groups by falling size; ties by their first paper."""
    values, first, codes = np.unique(labels, return_index=True, return_inverse=True)
    order = np.lexsort((first, -np.bincount(codes)))
    rank = np.empty(len(values), dtype=int)
    rank[order] = np.arange(len(values))
    return rank[codes]


def aligned(labels: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Renumber `labels` so that groups carry the number of the reference group they share most papers with.

    The matching is one to one (Hungarian); a group beyond the reference's number is given to the
    reference group that holds most of it.
    """
    shared = np.zeros((int(labels.max()) + 1, int(reference.max()) + 1))
    np.add.at(shared, (labels, reference), 1)
    matched, targets = linear_sum_assignment(-shared)
    mapping = shared.argmax(axis=1)
    mapping[matched] = targets
    return np.asarray(mapping[labels])


def redrawn_weights(view: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Redraw an ensemble: views with replacement, then the runs of each drawn view with replacement.

    Parameters
    ----------
    view : ndarray of int, shape (runs,)
        Which view each run saw.
    rng : Generator

    Returns
    -------
    ndarray of float, shape (runs,)
        How often each run was drawn.
    """
    drawn = np.zeros(len(view))
    views = np.unique(view)
    for number in rng.choice(views, len(views)):
        runs = np.flatnonzero(view == number)
        np.add.at(drawn, rng.choice(runs, len(runs)), 1.0)
    return drawn
