"""Themes: the consensus hierarchy above the topics."""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis.topics.clustering.granularity import silhouette_widths

_MOST_THEMES = 8


def mean_closeness(closeness: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the mean coassociation of each topic's papers with those of each topic, shape (K, K).

    Parameters
    ----------
    closeness : ndarray, shape (n, K)
        Mean coassociation of each paper with the other papers of each topic.
    labels : ndarray of int, shape (n,)
        0..K-1; -1 for papers without a topic.
    """
    return np.stack([closeness[labels == topic].mean(axis=0) for topic in range(closeness.shape[1])])


def topic_tree(mean: np.ndarray) -> np.ndarray:
    """Return the average-linkage hierarchy of topics.

    Parameters
    ----------
    mean : ndarray, shape (K, K)
        From `mean_closeness`.

    Returns
    -------
    ndarray, shape (K - 1, 4)
        scipy's linkage; heights within [0, 1].
    """
    if len(mean) < 2:
        return np.empty((0, 4))
    distance = np.clip(1 - (mean + mean.T) / 2, 0, 1)
    np.fill_diagonal(distance, 0)
    return np.asarray(linkage(squareform(distance, checks=False), "average"))


def group_topics(tree: np.ndarray, similarity: np.ndarray, atoms: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Group topics into themes at the best-separated cut of their hierarchy.

    At most eight themes, and at least two where there are three topics or more; two topics
    or one stand alone.

    Parameters
    ----------
    tree : ndarray, shape (K - 1, 4)
    similarity : ndarray, shape (m, m)
        Coassociation of atoms.
    atoms : ndarray of int, shape (m,)
        Topic of each atom, -1 for none.
    labels : ndarray of int, shape (n,)
        Topic of each paper, -1 for none.

    Returns
    -------
    ndarray of int, shape (K,)
        Theme of each topic, 0..T-1 by falling number of papers.
    """
    count = len(tree) + 1
    if count <= 2:
        return np.arange(count)
    known = atoms >= 0
    similarity, atoms = similarity[np.ix_(known, known)], atoms[known]
    best, themes = -np.inf, np.zeros(count, dtype=int)
    for pieces in range(2, min(_MOST_THEMES, count - 1) + 1):
        grouped = fcluster(tree, pieces, "maxclust") - 1
        separation = float(silhouette_widths(similarity, grouped[atoms]).mean())
        if separation > best:
            best, themes = separation, grouped
    papers = np.bincount(themes[labels[labels >= 0]], minlength=int(themes.max()) + 1)
    first = np.array([np.flatnonzero(themes == theme)[0] for theme in range(len(papers))])
    rank = np.empty(len(papers), dtype=int)
    rank[np.lexsort((first, -papers))] = np.arange(len(papers))
    return rank[themes]
