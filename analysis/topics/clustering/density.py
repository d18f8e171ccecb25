"""BERTopic's own pipeline: UMAP, then HDBSCAN, redrawn over seeds so that it tells its own uncertainty.

McInnes, Healy and Melville (2018), arXiv:1802.03426; Campello, Moulavi and Sander (2013), PAKDD, 160-172;
Grootendorst (2022), arXiv:2203.05794.
"""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.embedding.vectors import unit_rows
from analysis.errors import TopicsError
from analysis.io.compiled import import_compiled, keep_compiled
from analysis.topics.clustering.consensus import matched, renumbered

# BERTopic's defaults
UMAP_DEFAULTS: Mapping[str, Any] = {"n_neighbors": 15, "n_components": 5, "min_dist": 0.0, "metric": "cosine"}
HDBSCAN_DEFAULTS: Mapping[str, Any] = {
    "min_cluster_size": 10,
    "metric": "euclidean",
    "cluster_selection_method": "eom",
}
# clusterings with another seed
N_DRAWS = 10


def density_clusterings(
    vectors: np.ndarray, seed: int, umap: Mapping[str, Any], hdbscan: Mapping[str, Any], *, assign: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Cluster papers as BERTopic does, and again with other seeds.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
    seed : int
        Of UMAP; the clusterings beside it have the seeds after it.
    umap, hdbscan : mapping
        Settings other than BERTopic's defaults.
    assign : bool
        Whether outliers join the topic whose mean vector is nearest, as by BERTopic's ``reduce_outliers``.

    Returns
    -------
    labels : ndarray of int, shape (n,)
        0..K-1 by falling size; -1 for outliers. All -1 where HDBSCAN finds no cluster.
    draws : ndarray of int32, shape (10, n)
        Numbered like `labels`; -1, too, where a drawn cluster is like no topic.

    Raises
    ------
    TopicsError
        UMAP or HDBSCAN refuses a setting.
    """
    runs = [_clusters(vectors, seed + number, umap, hdbscan) for number in range(N_DRAWS + 1)]
    if assign:
        runs = [_without_outliers(labels, vectors) for labels in runs]
    first = runs[0]
    if first.max() < 0:
        return first, np.array(runs[1:], dtype=np.int32)
    draws = np.array([matched(labels, first) for labels in runs[1:]])
    labels, numbered, _ = renumbered(first, draws, {})
    return labels, numbered


def _clusters(vectors: np.ndarray, seed: int, mapping: Mapping[str, Any], hdbscan: Mapping[str, Any]) -> np.ndarray:
    settings = {**UMAP_DEFAULTS, **mapping, "random_state": seed}
    # of fewer papers than that UMAP has no neighbours to look at, nor axes to find
    settings["n_neighbors"] = min(settings["n_neighbors"], len(vectors) - 1)
    settings["n_components"] = min(settings["n_components"], len(vectors) - 3)
    with warnings.catch_warnings():
        # importing them warns of what is not installed, and UMAP of its seed
        warnings.simplefilter("ignore")
        umap = import_compiled("umap")
        from hdbscan import HDBSCAN

        keep_compiled(umap.layouts, umap.umap_, umap.utils)
        try:
            points = umap.UMAP(**settings).fit_transform(vectors)
            labels = HDBSCAN(**{**HDBSCAN_DEFAULTS, **hdbscan}).fit_predict(points)
        except (TypeError, ValueError) as error:
            raise TopicsError(f"UMAP or HDBSCAN refuses a setting: {error}") from error
    return np.asarray(labels, dtype=np.int64)


def _without_outliers(labels: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    if labels.max() < 0 or labels.min() >= 0:
        return labels
    centroids = unit_rows(np.stack([vectors[labels == topic].mean(axis=0) for topic in range(int(labels.max()) + 1)]))
    return np.where(labels >= 0, labels, (unit_rows(vectors) @ centroids.T).argmax(axis=1))
