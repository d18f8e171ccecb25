"""The consensus of many clusterings: who is how often together, and the hierarchy of that.

Evidence accumulation after Fred and Jain (2005), IEEE TPAMI 27(6), 835-850.
"""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import squareform

_POLISH_ROUNDS = 20


def coassociation(labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted share of clusterings in which two papers are together.

    Parameters
    ----------
    labels : ndarray of int, shape (runs, n)
        -1 where a run left the paper out; such a run says nothing of its pairs.
    weights : ndarray of float, shape (runs,)
        Not negative.

    Returns
    -------
    ndarray of float32, shape (n, n)
        Symmetric, within [0, 1], ones on the diagonal; 0 for pairs that no run speaks of.
    """
    n_papers = labels.shape[1]
    together = np.zeros((n_papers, n_papers), dtype=np.float32)
    spoken = np.zeros((n_papers, n_papers), dtype=np.float32)
    for run, weight in zip(labels, weights, strict=True):
        if weight <= 0:
            continue
        known = (run >= 0).astype(np.float32)
        together += np.float32(weight) * ((run[:, None] == run[None, :]) & (run >= 0)[:, None])
        spoken += np.float32(weight) * np.outer(known, known)
    similarity = np.divide(together, spoken, out=np.zeros_like(together), where=spoken > 0)
    np.fill_diagonal(similarity, 1)
    return np.minimum(similarity, 1)


def run_weights(kinds: Sequence[str], methods: Sequence[str]) -> np.ndarray:
    """Return weights that give each kind of view, and within it each method, the same say; they sum to 1."""
    pairs = list(zip(kinds, methods, strict=True))
    sizes = {pair: pairs.count(pair) for pair in set(pairs)}
    methods_of = {kind: sum(1 for other, _ in sizes if other == kind) for kind, _ in sizes}
    return np.array([1 / (len(methods_of) * methods_of[pair[0]] * sizes[pair]) for pair in pairs])


def consensus_tree(similarity: np.ndarray) -> np.ndarray:
    """Return the average-linkage hierarchy of 1 - similarity, scipy's linkage format."""
    return np.asarray(linkage(squareform(1 - similarity.astype(np.float64), checks=False), "average"))


def cut_tree(tree: np.ndarray, similarity: np.ndarray, n_topics: int, smallest: int) -> np.ndarray:
    """Cut a hierarchy into `n_topics` clusters that have at least `smallest` papers, then polish.

    The cut goes down until enough clusters are large enough; papers of smaller ones, and papers
    that are on average closer to another cluster, move to where they are most together.

    Returns
    -------
    ndarray of int, shape (n,)
        0..K-1, K at most `n_topics`.
    """
    n_papers = len(similarity)
    labels = np.zeros(n_papers, dtype=int)
    for pieces in range(n_topics, n_papers + 1):
        labels = fcluster(tree, pieces, "maxclust") - 1
        if (np.bincount(labels) >= smallest).sum() >= n_topics:
            break
    return polished(similarity, labels, smallest)


def polished(similarity: np.ndarray, labels: np.ndarray, smallest: int) -> np.ndarray:
    """Move each paper to the cluster it is most together with, until nothing moves.

    Clusters below `smallest` are dissolved first; one alone is always kept.
    """
    sizes = np.bincount(labels)
    kept = np.flatnonzero(sizes >= smallest) if (sizes >= smallest).any() else np.array([int(sizes.argmax())])
    renumbered = np.full(len(sizes), -1)
    renumbered[kept] = np.arange(len(kept))
    current = renumbered[labels]
    for _ in range(_POLISH_ROUNDS):
        moved = mean_similarity(similarity, current).argmax(axis=1)
        if (moved == current).all():
            break
        current = moved
        if np.bincount(current, minlength=len(kept)).min() < smallest:
            return polished(similarity, current, smallest)
    return np.unique(current, return_inverse=True)[1]


def mean_similarity(similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return each paper's mean similarity to the other papers of each cluster, shape (n, K)."""
    count = int(labels.max()) + 1
    member = (labels[:, None] == np.arange(count)[None, :]).astype(np.float32)
    others = member.sum(axis=0)[None, :] - member
    totals = similarity @ member - member
    return np.asarray(np.divide(totals, others, out=np.zeros_like(totals), where=others > 0))


def by_size(labels: np.ndarray) -> np.ndarray:
    """Renumber clusters by falling size; ties by their first paper."""
    values, first, codes = np.unique(labels, return_index=True, return_inverse=True)
    sizes = np.bincount(codes)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(values), dtype=int)
    rank[order] = np.arange(len(values))
    return rank[codes]


def aligned(labels: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Renumber `labels` so that clusters carry the number of the reference cluster they share most papers with.

    The matching is one to one (Hungarian); a cluster beyond the reference's number is given, paper
    by paper, to the reference cluster that holds most of it.
    """
    rows, columns = int(labels.max()) + 1, int(reference.max()) + 1
    shared = np.zeros((rows, columns))
    np.add.at(shared, (labels, reference), 1)
    matched, targets = linear_sum_assignment(-shared)
    mapping = shared.argmax(axis=1)
    mapping[matched] = targets
    return np.asarray(mapping[labels])


def redrawn_weights(weights: np.ndarray, view: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Redraw an ensemble: views with replacement, then the runs of each drawn view with replacement.

    Returns
    -------
    ndarray of float, shape (runs,)
        The weights of the redrawn ensemble, summing to one.
    """
    views = np.unique(view)
    drawn = np.zeros_like(weights)
    for number in rng.choice(views, len(views)):
        runs = np.flatnonzero(view == number)
        picked = rng.choice(runs, len(runs))
        np.add.at(drawn, picked, weights[picked])
    return np.asarray(drawn / drawn.sum())
