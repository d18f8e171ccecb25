"""Base clusterings: many cheap looks at the same papers, over views, methods, seeds and granularities."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans

from analysis.embedding.views import View

# granularities are drawn between these multiples of the square root of the number of papers
_COARSEST, _FINEST = 0.5, 2.0
_UMAP_DIMENSIONS = 5
_UMAP_NEIGHBOURS = 15
# fewer papers than this have no neighbourhood for UMAP to draw
_SMALLEST_FOR_UMAP = 40
# cluster sizes tried by HDBSCAN, as shares of the corpus
_HDBSCAN_SHARES = (0.01, 0.02)


@dataclass(frozen=True)
class Ensemble:
    """Base clusterings of n papers.

    Attributes
    ----------
    labels : ndarray of int32, shape (runs, n)
        Cluster of each paper; -1 where HDBSCAN left it out.
    view : ndarray of int, shape (runs,)
        Which view each run saw.
    kind : list of str, length runs
        The kind of that view.
    method : list of str, length runs
        "kmeans", "umap-kmeans" or "umap-hdbscan".
    """

    labels: np.ndarray
    view: np.ndarray
    kind: list[str]
    method: list[str]


def base_clusterings(views: Sequence[View], n_kmeans: int = 20, n_umap: int = 2, seed: int = 0) -> Ensemble:
    """Cluster the papers many times.

    Parameters
    ----------
    views : sequence of View
        Of the same n papers in the same order.
    n_kmeans : int
        k-means runs a view, each with its own number of clusters and seed.
    n_umap : int
        UMAP embeddings a view, each with its own seed; each gives as many k-means runs as a
        quarter of `n_kmeans` and one HDBSCAN a cluster size.
    seed : int

    Returns
    -------
    Ensemble
    """
    rng = np.random.default_rng(seed)
    runs: list[tuple[int, str, np.ndarray]] = []
    for number, view in enumerate(views):
        vectors = view.vectors
        for n_clusters in _granularities(len(vectors), n_kmeans, rng):
            runs.append((number, "kmeans", _kmeans(vectors, n_clusters, rng)))
        if len(vectors) < _SMALLEST_FOR_UMAP:
            continue
        for _ in range(n_umap):
            flat = umap_layout(vectors, _UMAP_DIMENSIONS, int(rng.integers(2**31)))
            for n_clusters in _granularities(len(vectors), max(1, n_kmeans // 4), rng):
                runs.append((number, "umap-kmeans", _kmeans(flat, n_clusters, rng)))
            for share in _HDBSCAN_SHARES:
                runs.append((number, "umap-hdbscan", _hdbscan(flat, max(4, round(share * len(vectors))))))
    return Ensemble(
        np.array([labels for _, _, labels in runs], dtype=np.int32),
        np.array([number for number, _, _ in runs]),
        [views[number].kind for number, _, _ in runs],
        [method for _, method, _ in runs],
    )


def umap_layout(vectors: np.ndarray, dimensions: int, seed: int, metric: str = "cosine") -> np.ndarray:
    """Return a UMAP embedding (McInnes et al. 2018), shape (n, dimensions), float32.

    Parameters
    ----------
    vectors : ndarray, shape (n, d); or (n, n) distances where `metric` is "precomputed"
    dimensions : int
    seed : int
        A fixed seed makes UMAP run on one core.
    metric : str
    """
    with warnings.catch_warnings():
        # umap tells that a seed rules out parallel work, and imports optional packages noisily
        warnings.simplefilter("ignore")
        from umap import UMAP

        reducer = UMAP(
            n_components=dimensions, n_neighbors=min(_UMAP_NEIGHBOURS, len(vectors) - 1),
            min_dist=0.0 if dimensions > 2 else 0.3, metric=metric, random_state=seed,
        )  # fmt: skip
        return np.asarray(reducer.fit_transform(vectors), dtype=np.float32)


def _granularities(n_papers: int, count: int, rng: np.random.Generator) -> list[int]:
    """Draw numbers of clusters, log-uniform around the square root of the number of papers."""
    root = np.sqrt(n_papers)
    drawn = np.exp(rng.uniform(np.log(_COARSEST * root), np.log(_FINEST * root), count))
    return [int(value) for value in np.clip(np.round(drawn), 2, max(2, n_papers // 3))]


def _kmeans(vectors: np.ndarray, n_clusters: int, rng: np.random.Generator) -> np.ndarray:
    distinct = min(n_clusters, len(np.unique(vectors, axis=0)))
    seed = int(rng.integers(2**31))
    return np.asarray(KMeans(distinct, n_init=1, random_state=seed).fit_predict(vectors))


def _hdbscan(vectors: np.ndarray, smallest: int) -> np.ndarray:
    return np.asarray(HDBSCAN(min_cluster_size=smallest, min_samples=1, copy=True).fit_predict(vectors))
