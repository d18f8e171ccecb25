"""One clustering of papers by either method: the consensus, or BERTopic's own pipeline."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.embedding.views import View, informative
from analysis.errors import SmallCorpusWarning, TopicsError, warn
from analysis.io.display import counted
from analysis.topics.clustering.cluster import Clustering, cluster, one_cluster, recast
from analysis.topics.clustering.density import density_clusterings
from analysis.topics.options import FitOptions

# below this many papers no split can be told from chance
SMALLEST_CORPUS = 10


def find_clusters(views: Sequence[View], whole: np.ndarray, options: FitOptions, population: int) -> Clustering:
    """Cluster papers by the method that is asked for.

    Parameters
    ----------
    views : sequence of View
        Of the same n papers.
    whole : ndarray of float32, shape (n, d)
        One vector a paper, which BERTopic's method clusters.
    options : FitOptions
    population : int
        How many papers these stand for.
    """
    if options.method == "consensus":
        return cluster(views, options.granularity, options.seed, population=population)
    labels, draws = density_clusterings(
        whole, options.seed, options.umap, options.hdbscan, assign=not options.keep_outliers
    )
    if labels.max() < 0:
        reason = "HDBSCAN finds no cluster in them; a smaller min_cluster_size may"
        warn(f"one topic only: {reason}.", SmallCorpusWarning)
        return one_cluster(views[0].vectors, reason)
    curve = settled_curve(int(labels.max()) + 1, "HDBSCAN finds so many clusters")
    return recast(views, labels, draws, options.seed, curve.copy, population)


def settle(
    views: Sequence[View],
    labels: np.ndarray,
    draws: np.ndarray,
    seed: int,
    find_curve: Callable[[], pd.DataFrame],
    population: int,
) -> Clustering:
    """Return the clustering of papers whose topics are settled, however few they are; see `recast`.

    Parameters
    ----------
    views : sequence of View
    labels : ndarray of int, shape (n,)
        0..K-1; -1 for none.
    draws : ndarray of int, shape (draws, n)
        None where nothing was redrawn.
    seed : int
    find_curve : callable
    population : int
    """
    if not too_few(views):
        return recast(views, labels, draws, seed, find_curve, population)
    together = one_cluster(views[0].vectors, "")
    weights = np.ones((len(draws), len(together.coassociation.blocks)))
    closeness = together.coassociation.closeness(labels)
    return replace(together, labels=labels, draws=draws, closeness=closeness, weights=weights, find_curve=find_curve)


def too_few(views: Sequence[View]) -> str:
    """Say why papers cannot be split; empty where they can."""
    count = len(views[0].vectors)
    if count < SMALLEST_CORPUS:
        return f"{counted(count, 'paper')} cannot be split: at least {SMALLEST_CORPUS} are needed"
    # a graph of equal papers differs from paper to paper by chance alone
    if not any(view.encodes_others for view in informative(views)):
        return "all papers have the same text, so nothing splits them"
    return ""


def check_method(options: FitOptions) -> None:
    """Raise TopicsError where settings of one method are given to the other."""
    if options.method not in ("consensus", "bertopic"):
        raise TopicsError(f"method must be 'consensus' or 'bertopic', not {options.method!r}")
    if options.method == "consensus" and (options.umap or options.hdbscan):
        raise TopicsError("umap and hdbscan are settings of method='bertopic'; the consensus has granularity")
    if options.method == "bertopic" and options.granularity != "balanced":
        raise TopicsError(
            "granularity is a setting of the consensus; with method='bertopic' hdbscan={'min_cluster_size': ...} makes topics "
            "larger or smaller"
        )


def settled_curve(count: int, reason: str) -> pd.DataFrame:
    """Return the one number of topics that was not chosen from a curve; see `Topics.granularity`."""
    unknown = [float("nan")]
    return pd.DataFrame(
        {
            "topics": [count],
            "stability": unknown,
            "silhouette": unknown,
            "together": unknown,
            "chosen": [True],
            "reason": [reason],
        }
    )
