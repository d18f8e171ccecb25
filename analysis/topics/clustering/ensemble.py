"""Base clusterings: many cheap looks at the same papers, over views, seeds and granularities."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from analysis.embedding.views import View
from analysis.io.threads import each_in_a_thread
from analysis.topics.clustering.lloyd import kmeans, nearest_centres

# runs per view: as many as this many papers' worth of work allow, within bounds
_WORK, _FEWEST_RUNS, _MOST_RUNS = 100_000, 24, 40
# granularities run between these multiples of the eighth root of the number of papers: 4 to 35
# clusters of 300 papers, 6 to 54 of 10,000
_COARSEST, _FINEST = 2.0, 17.0
# a run finds its centres among at most this many papers, drawn at random, and gives each other paper the nearest
_FITTED = 3_000
# runs over so many papers outlast the start of a thread: they are compiled, and leave the interpreter to each other
_WORTH_A_THREAD = 200


@dataclass(frozen=True)
class Ensemble:
    """Base clusterings of n papers.

    Attributes
    ----------
    labels : ndarray of int32, shape (runs, n)
        Cluster of each paper, 0 upwards.
    view : ndarray of int, shape (runs,)
        Which view each run saw.
    centres : tuple of ndarray of float32, one per run, shape (clusters, d)
        By which other papers find their cluster; empty where runs were not made by `base_clusterings`.
    weight : ndarray of float, shape (views,)
        How much each view counts; empty where all count alike.
    """

    labels: np.ndarray
    view: np.ndarray
    centres: tuple[np.ndarray, ...] = ()
    weight: np.ndarray = field(default_factory=lambda: np.ones(0))


def base_clusterings(
    views: Sequence[View], seed: int = 0, n_runs: int | None = None, population: int | None = None
) -> Ensemble:
    """Cluster the papers many times: k-means from random centres, on every view, at many granularities.

    Cheap and diverse runs are what a consensus lives on; better ones (several starts, UMAP,
    HDBSCAN) cost more and change nothing (tests/benchmarks/RESULTS.md).

    Parameters
    ----------
    views : sequence of View
        Of the same n papers in the same order.
    seed : int
    n_runs : int, optional
        Runs a view; by default 40 up to 2,500 papers, falling to 24 from 4,167 on.
    population : int, optional
        How many papers these stand for: the granularities are those of so many. By default they stand for themselves.

    Returns
    -------
    Ensemble
    """
    rng = np.random.default_rng(seed)
    n_papers = len(views[0].vectors)
    n_runs = n_runs or int(np.clip(_WORK // n_papers, _FEWEST_RUNS, _MOST_RUNS))
    counts = granularities(population or n_papers, n_runs, n_papers)
    # every run has its seed before the first begins, so that they may run side by side
    jobs = [(view.vectors, count, int(rng.integers(2**31))) for view in views for count in counts]
    with warnings.catch_warnings():
        # fewer distinct papers than clusters is an answer, not a fault
        warnings.simplefilter("ignore", ConvergenceWarning)
        runs = each_in_a_thread(lambda job: _kmeans(*job), jobs, n_papers >= _WORTH_A_THREAD)
    return Ensemble(
        np.array([labels for labels, _ in runs], dtype=np.int32),
        np.repeat(np.arange(len(views)), len(counts)),
        tuple(centres for _, centres in runs),
        np.array([view.weight for view in views]),
    )


def granularities(population: int, count: int, n_papers: int) -> list[int]:
    """Return `count` numbers of clusters for `n_papers`, evenly spaced on a log scale from the coarsest to the finest."""
    scale = population**0.125
    spaced = np.exp(np.linspace(np.log(_COARSEST * scale), np.log(_FINEST * scale), count))
    return [int(value) for value in np.clip(np.round(spaced), 2, max(2, n_papers // 3))]


def _kmeans(vectors: np.ndarray, n_clusters: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster of each paper, and the clusters' centres."""
    if len(vectors) <= _FITTED:
        return kmeans(vectors, n_clusters, seed)
    drawn = np.sort(np.random.default_rng([seed, 1]).choice(len(vectors), _FITTED, replace=False))
    _, centres = kmeans(vectors[drawn], n_clusters, seed)
    return nearest_centres(vectors, centres), centres
