"""How many topics? Every cut of the consensus hierarchy is weighed by how well it holds still."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from analysis.topics.consensus import cut_tree

# how many more, or fewer, topics "fine" and "coarse" ask for
_SCALE = {"coarse": 0.5, "balanced": 1.0, "fine": 2.0}


def smallest_topic(n_papers: int) -> int:
    """Return the least number of papers that make a topic: four, or fewer in a tiny corpus."""
    return max(1, min(4, n_papers // 5))


def candidate_counts(n_papers: int) -> list[int]:
    """Return the numbers of topics that are weighed: about a tenth apart, at most one a six papers."""
    most = max(2, min(60, n_papers // 6))
    counts = np.unique(np.round(np.geomspace(2, most, 24)).astype(int))
    return [int(count) for count in counts]


def stability_curve(
    tree: np.ndarray, similarity: np.ndarray, redrawn: Sequence[tuple[np.ndarray, np.ndarray]], counts: Sequence[int]
) -> pd.DataFrame:
    """Measure, for each number of topics, how alike the cuts of redrawn consensuses are.

    Parameters
    ----------
    tree, similarity : ndarray
        The consensus hierarchy and the co-association it comes from.
    redrawn : sequence of (tree, similarity)
        Of redrawn ensembles.
    counts : sequence of int

    Returns
    -------
    DataFrame
        topics, stability (mean adjusted Rand index to the consensus' own cut, 1 is identical),
        silhouette (mean, in the consensus distance).
    """
    smallest = smallest_topic(len(similarity))
    rows = []
    for count in counts:
        labels = cut_tree(tree, similarity, count, smallest)
        again = [cut_tree(other_tree, other, count, smallest) for other_tree, other in redrawn]
        agreement = [adjusted_rand_score(labels, other) for other in again]
        rows.append((count, float(np.mean(agreement)), consensus_silhouette(similarity, labels)))
    return pd.DataFrame(rows, columns=["topics", "stability", "silhouette"])


def consensus_silhouette(similarity: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean silhouette width in the distance 1 - similarity (Rousseeuw 1987), 0 for one cluster."""
    from sklearn.metrics import silhouette_score

    if len(np.unique(labels)) < 2 or len(np.unique(labels)) >= len(labels):
        return 0.0
    distance = 1 - similarity.astype(np.float64)
    np.fill_diagonal(distance, 0)
    return float(silhouette_score(distance, labels, metric="precomputed"))


def choose_count(curve: pd.DataFrame, granularity: str | int) -> tuple[int, str]:
    """Choose the number of topics and say why.

    "balanced" takes the cut with the largest mean silhouette in the consensus distance; "coarse" and "fine" the
    most stable cut near half and twice of it; a number is taken as it is.

    Returns
    -------
    count : int
    reason : str
    """
    if isinstance(granularity, int):
        return granularity, f"{granularity} topics were asked for"
    best = int(curve.loc[curve["silhouette"].idxmax(), "topics"])
    if granularity == "balanced":
        return best, "the cut whose topics are best separated in the consensus"
    target = _SCALE[granularity] * best
    near = curve[(curve["topics"] >= target / 1.3) & (curve["topics"] <= target * 1.3)]
    near = near if len(near) else curve.iloc[[(curve["topics"] - target).abs().argmin()]]
    count = int(near.loc[near["stability"].idxmax(), "topics"])
    return count, f"the most stable cut near {target:.0f} topics, {_SCALE[granularity]:g} times the balanced number"
