"""How many topics? As many as stay apart when papers of a topic must be together often enough."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from analysis.topics.clustering.consensus import Consensus

# groups merge while their papers are together in at least this share of the base clusterings; sentence vectors agree more often
# on who belongs together, so where they alone are seen the share is larger by so much
THRESHOLDS = {"coarse": 0.15, "balanced": 0.25, "fine": 0.40}
_OF_SENTENCES = 0.10
# a number of groups that outlasts a rise of the threshold by this much is clear-cut, and is taken instead
_LONG_LIFETIME = 0.08
_PLATEAU_WITHIN = (0.15, 0.28)
# how many times the chosen number of topics the curve looks at, and how many points it has
_CURVE_UP_TO, _CURVE_POINTS = 3, 12


def smallest_topic(n_papers: int) -> int:
    """Return the least number of papers that make a topic: four, or fewer in a tiny corpus."""
    return max(1, min(4, n_papers // 5))


def count_at(levels: np.ndarray, threshold: float) -> int:
    """Return how many groups stay apart when groups merge only while together in `threshold` of the clusterings."""
    return int((levels < threshold).sum()) + 1


def clear_cut(levels: np.ndarray) -> int | None:
    """Return the number of groups that outlasts the widest range of thresholds, if it is wide enough.

    The longest lifetime of Fred and Jain (2005), looked for between the coarse and the balanced
    number of groups; None where groups come apart one by one.
    """
    low, high = (count_at(levels, threshold) for threshold in _PLATEAU_WITHIN)
    counts = np.arange(max(low, 2), min(high, len(levels)) + 1)
    if not len(counts):
        return None
    lifetimes = levels[counts - 1] - levels[counts - 2]
    longest = int(lifetimes.argmax())
    return int(counts[longest]) if lifetimes[longest] >= _LONG_LIFETIME else None


def choose_count(levels: np.ndarray, granularity: str | int, sentences: float = 0.0) -> tuple[int, str]:
    """Return the number of topics and why.

    Parameters
    ----------
    levels : ndarray of float
        From `merge_levels`.
    granularity : {"coarse", "balanced", "fine"} or int
    sentences : float
        Which share of the views' weight is that of sentence vectors.

    Returns
    -------
    count : int
    reason : str
        A clause, for tables and prose.
    """
    if isinstance(granularity, int):
        return granularity, f"{granularity} were asked for"
    plateau = clear_cut(levels) if granularity == "balanced" else None
    if plateau is not None:
        lasts = f"{max(levels[plateau - 2], 0):.0%} to {levels[plateau - 1]:.0%}"
        return plateau, f"these groups stay the same whether papers must be together in {lasts} of the base clusterings"
    threshold = THRESHOLDS[granularity] + _OF_SENTENCES * sentences
    return (
        count_at(levels, threshold),
        f"papers of one topic are together in at least {threshold:.0%} of the base clusterings on average",
    )


def _curve_counts(chosen: int, n_atoms: int) -> list[int]:
    most = max(2, min(_CURVE_UP_TO * chosen, n_atoms // 4))
    spaced = np.round(np.geomspace(2, most, _CURVE_POINTS)).astype(int)
    return sorted({*spaced.tolist(), max(chosen, 1)})


def granularity_curve(
    consensus: Consensus, resampled: Sequence[Consensus], levels: np.ndarray, chosen: int, reason: str, smallest: int
) -> pd.DataFrame:
    """Weigh other numbers of topics beside the chosen one.

    Parameters
    ----------
    consensus : Consensus
    resampled : sequence of Consensus
        Of resampled ensembles.
    levels : ndarray of float
        From `merge_levels`.
    chosen : int
    reason : str
    smallest : int
        Papers that a topic has at least.

    Returns
    -------
    DataFrame
        topics (asked for), stability (mean adjusted mutual information of the cut with the
        resampled consensuses' cuts; 1 is identical, 0 is chance), silhouette (mean, in the
        consensus distance), together (coassociation below which the hierarchy has that many
        groups), chosen (bool), reason.
    """
    rows = []
    for count in _curve_counts(chosen, len(consensus.similarity)):
        labels = consensus.cut(count, smallest)
        agreement = [adjusted_mutual_info_score(labels, other.cut(count, smallest)) for other in resampled]
        widths = silhouette_widths(consensus.similarity, labels)
        together = float(levels[count - 2]) if count > 1 else 0.0
        rows.append((count, float(np.mean(agreement)), float(np.average(widths, weights=consensus.sizes)), together))
    frame = pd.DataFrame(rows, columns=["topics", "stability", "silhouette", "together"])
    frame["chosen"] = frame["topics"] == chosen
    frame["reason"] = np.where(frame["chosen"], reason, "")
    return frame


def silhouette_widths(similarity: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return each row's silhouette width in the distance 1 - similarity (Rousseeuw 1987), zeros for one group."""
    if not 2 <= len(np.unique(labels)) < len(labels):
        return np.zeros(len(labels))
    groups = np.unique(labels, return_inverse=True)[1]
    member = (groups[:, None] == np.arange(groups.max() + 1)[None, :]).astype(np.float64)
    distance = np.maximum(1 - similarity.astype(np.float64), 0)
    np.fill_diagonal(distance, 0)
    totals, sizes, rows = distance @ member, member.sum(axis=0), np.arange(len(labels))
    own = totals[rows, groups] / np.maximum(sizes[groups] - 1, 1)
    means = totals / sizes
    means[rows, groups] = np.inf
    nearest = means.min(axis=1)
    # a row alone in its group has no width, nor has one that is at no distance from anything
    known = (sizes[groups] > 1) & (np.maximum(own, nearest) > 0)
    widths = np.divide(nearest - own, np.maximum(own, nearest), out=np.zeros(len(labels)), where=known)
    return np.asarray(widths)
