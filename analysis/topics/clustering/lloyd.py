"""k-means from random centres (Lloyd 1982), compiled: a consensus runs it many times over the same few hundred papers.

It starts and ends as scikit-learn's does with the same seed, whose checks take longer than such a run: 1.2 times as long with
3,000 papers, 2.4 times with 300 (tests/benchmarks/RESULTS.md).
"""

import numpy as np
from sklearn import config_context
from sklearn.cluster import KMeans

from analysis.io.compiled import compiled

_MOST_ROUNDS, _TOLERANCE = 300, 1e-4


def kmeans(vectors: np.ndarray, n_clusters: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster of each row and the clusters' centres.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
    n_clusters : int
        At most n.
    seed : int
        Of the rows that are the first centres.

    Returns
    -------
    labels : ndarray of int32, shape (n,)
    centres : ndarray of float32, shape (n_clusters, d)
    """
    count = len(vectors)
    weights = np.ones(count, dtype=vectors.dtype)
    first = np.random.RandomState(seed).choice(count, n_clusters, replace=False, p=weights / weights.sum())
    mean = vectors.mean(axis=0)
    centred = np.ascontiguousarray(vectors - mean)
    tolerance = float(np.mean(np.var(vectors, axis=0)) * _TOLERANCE)
    labels, centres, whole = _lloyd(centred, centred[first], tolerance, _MOST_ROUNDS)
    if not whole:
        # fewer distinct rows than clusters, or an unlucky start: scikit-learn moves centres that have lost their last row
        with config_context(assume_finite=True, skip_parameter_validation=True):
            model = KMeans(n_clusters, init="random", n_init=1, random_state=seed).fit(vectors)
        return np.asarray(model.labels_), np.asarray(model.cluster_centers_, dtype=np.float32)
    return labels, np.asarray(centres + mean, dtype=np.float32)


@compiled
def _nearest(rows: np.ndarray, centres: np.ndarray, labels: np.ndarray) -> bool:
    """Write each row's nearest centre into `labels`; return whether any has changed."""
    products = np.dot(rows, centres.T)
    norms = np.zeros(len(centres), dtype=centres.dtype)
    for cluster in range(len(centres)):
        for column in range(centres.shape[1]):
            norms[cluster] += centres[cluster, column] * centres[cluster, column]
    changed = False
    for row in range(len(rows)):
        best, least = 0, norms[0] - 2 * products[row, 0]
        for cluster in range(1, len(centres)):
            distance = norms[cluster] - 2 * products[row, cluster]
            if distance < least:
                best, least = cluster, distance
        if labels[row] != best:
            labels[row] = best
            changed = True
    return changed


@compiled
def _lloyd(rows: np.ndarray, centres: np.ndarray, tolerance: float, rounds: int) -> tuple[np.ndarray, np.ndarray, bool]:
    """Return labels, centres, and whether every cluster has kept a row."""
    labels = np.full(len(rows), -1, dtype=np.int32)
    for _ in range(rounds):
        if not _nearest(rows, centres, labels):
            return labels, centres, True
        fresh = np.zeros_like(centres)
        counts = np.zeros(len(centres), dtype=np.int64)
        for row in range(len(rows)):
            counts[labels[row]] += 1
            for column in range(rows.shape[1]):
                fresh[labels[row], column] += rows[row, column]
        moved = 0.0
        for cluster in range(len(centres)):
            if counts[cluster] == 0:
                return labels, centres, False
            for column in range(rows.shape[1]):
                fresh[cluster, column] /= counts[cluster]
                moved += (fresh[cluster, column] - centres[cluster, column]) ** 2
        centres = fresh
        if moved <= tolerance:
            break
    # labels are those of the last centres
    _nearest(rows, centres, labels)
    return labels, centres, True


def nearest_centres(vectors: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the nearest centre of each row, int32, shape (n,)."""
    labels = np.full(len(vectors), -1, dtype=np.int32)
    _nearest(np.ascontiguousarray(vectors), np.ascontiguousarray(centres), labels)
    return labels
