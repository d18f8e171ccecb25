"""Themes: the consensus hierarchy above the topics."""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.topics.consensus import by_size
from analysis.topics.granularity import consensus_silhouette

_MOST_THEMES = 8


def topic_tree(similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the average-linkage hierarchy of topics, by their papers' mean co-association.

    Parameters
    ----------
    similarity : ndarray, shape (n, n)
    labels : ndarray of int, shape (n,)
        0..K-1.

    Returns
    -------
    ndarray, shape (K - 1, 4)
        scipy's linkage; heights within [0, 1].
    """
    count = int(labels.max()) + 1
    if count < 2:
        return np.empty((0, 4))
    member = (labels[:, None] == np.arange(count)[None, :]).astype(np.float64)
    sizes = member.sum(axis=0)
    distance = 1 - (member.T @ similarity @ member) / np.outer(sizes, sizes)
    distance = np.clip((distance + distance.T) / 2, 0, 1)
    np.fill_diagonal(distance, 0)
    return np.asarray(linkage(squareform(distance, checks=False), "average"))


def group_topics(tree: np.ndarray, similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Group topics into themes at the best-separated cut of their hierarchy.

    At most eight themes, and at least two where there are three topics or more; two topics
    or one stand alone.

    Returns
    -------
    ndarray of int, shape (K,)
        Theme of each topic, 0..T-1 by falling number of papers.
    """
    count = int(labels.max()) + 1
    if count <= 2:
        return np.arange(count)
    best, themes = -np.inf, np.zeros(count, dtype=int)
    for pieces in range(2, min(_MOST_THEMES, count - 1) + 1):
        grouped = fcluster(tree, pieces, "maxclust") - 1
        separation = consensus_silhouette(similarity, grouped[labels])
        if separation > best:
            best, themes = separation, grouped
    per_paper = by_size(themes[labels])
    return np.array([per_paper[np.flatnonzero(labels == topic)[0]] for topic in range(count)])
