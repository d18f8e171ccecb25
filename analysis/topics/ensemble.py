"""Base clusterings: many cheap looks at the same papers, over views, methods, seeds and granularities."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import HDBSCAN, KMeans

from analysis.embedding.views import View

# k-means runs a view: as many as this many papers' worth of work allow, within bounds
_WORK, _FEWEST_RUNS, _MOST_RUNS = 20_000, 12, 60
# granularities run between these multiples of the eighth root of the number of papers: 4 to 35
# clusters of 300 papers, 6 to 54 of 10,000
_COARSEST, _FINEST = 2.0, 17.0
_UMAP_DIMENSIONS, _UMAP_NEIGHBOURS = 5, 15
# the kind of view that UMAP sees, one embedding a view: each of its clusterings costs a hundred of k-means'
_UMAP_KIND = "joint"
# papers below which there is no neighbourhood for UMAP to draw, and above which it is not worth its time
UMAP_FROM, UMAP_TO = 40, 3_000
# smallest clusters that HDBSCAN looks for, as shares of the corpus
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
    method : list of str, length runs
        "kmeans", "umap-kmeans" or "umap-hdbscan".
    """

    labels: np.ndarray
    view: np.ndarray
    method: list[str]


def base_clusterings(views: Sequence[View], seed: int = 0, n_runs: int | None = None) -> Ensemble:
    """Cluster the papers many times: k-means on every view, and UMAP with k-means and HDBSCAN on the joint ones.

    Parameters
    ----------
    views : sequence of View
        Of the same n papers in the same order.
    seed : int
    n_runs : int, optional
        k-means runs a view; by default 60 up to 333 papers, falling to 12 from 1,667 on.

    Returns
    -------
    Ensemble
    """
    rng = np.random.default_rng(seed)
    n_papers = len(views[0].vectors)
    n_runs = n_runs or int(np.clip(_WORK // n_papers, _FEWEST_RUNS, _MOST_RUNS))
    runs: list[tuple[int, str, np.ndarray]] = []
    for number, view in enumerate(views):
        runs += [(number, "kmeans", _kmeans(view.vectors, k, rng)) for k in granularities(n_papers, n_runs)]
    for number, view in enumerate(views):
        if view.kind != _UMAP_KIND or not UMAP_FROM <= n_papers <= UMAP_TO:
            continue
        flat = umap_layout(view.vectors, _UMAP_DIMENSIONS, int(rng.integers(2**31)))
        runs += [(number, "umap-kmeans", _kmeans(flat, k, rng)) for k in granularities(n_papers, n_runs // 2)]
        sizes = [max(4, round(share * n_papers)) for share in _HDBSCAN_SHARES]
        runs += [(number, "umap-hdbscan", _hdbscan(flat, size)) for size in sizes]
    return Ensemble(
        np.array([labels for _, _, labels in runs], dtype=np.int32),
        np.array([number for number, _, _ in runs]),
        [method for _, method, _ in runs],
    )


def granularities(n_papers: int, count: int) -> list[int]:
    """Return `count` numbers of clusters, evenly spaced on a log scale between the coarsest and the finest."""
    scale = n_papers**0.125
    spaced = np.exp(np.linspace(np.log(_COARSEST * scale), np.log(_FINEST * scale), count))
    return [int(value) for value in np.clip(np.round(spaced), 2, max(2, n_papers // 3))]


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


def _kmeans(vectors: np.ndarray, n_clusters: int, rng: np.random.Generator) -> np.ndarray:
    seed = int(rng.integers(2**31))
    with warnings.catch_warnings():
        # fewer distinct papers than clusters is an answer, not a fault
        warnings.simplefilter("ignore")
        return np.asarray(KMeans(n_clusters, n_init=1, random_state=seed).fit_predict(vectors))


def _hdbscan(vectors: np.ndarray, smallest: int) -> np.ndarray:
    return np.asarray(HDBSCAN(min_cluster_size=smallest, min_samples=1, copy=True).fit_predict(vectors))
