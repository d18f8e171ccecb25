"""How many topics? As many as stay apart when papers of a topic must be together often enough."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score, silhouette_score

from analysis.topics.consensus import Consensus, cut

# groups merge while their papers are together in at least this share of the base clusterings
THRESHOLDS = {"coarse": 0.15, "balanced": 0.28, "fine": 0.42}


def smallest_topic(n_papers: int) -> int:
    """Return the least number of papers that make a topic: four, or fewer in a tiny corpus."""
    return max(1, min(4, n_papers // 5))


def choose_count(consensus: Consensus, granularity: str | int) -> tuple[int, str]:
    """Return the number of topics and why.

    Parameters
    ----------
    consensus : Consensus
    granularity : {"coarse", "balanced", "fine"} or int

    Returns
    -------
    count : int
    reason : str
        A clause, for tables and prose.
    """
    if isinstance(granularity, int):
        return granularity, f"{granularity} were asked for"
    threshold = THRESHOLDS[granularity]
    return (
        consensus.count_at(threshold),
        f"papers of one topic are together in at least {threshold:.0%} of the base clusterings on average",
    )


def granularity_curve(consensus: Consensus, redrawn: Sequence[Consensus], chosen: int, reason: str) -> pd.DataFrame:
    """Weigh other numbers of topics beside the chosen one.

    Parameters
    ----------
    consensus : Consensus
    redrawn : sequence of Consensus
        Of redrawn ensembles.
    chosen : int
    reason : str

    Returns
    -------
    DataFrame
        topics (asked for), stability (mean adjusted mutual information of the cut with the
        redrawn consensuses' cuts; 1 is identical, 0 is chance), silhouette (mean, in the
        consensus distance), together (co-association at which the hierarchy has that many
        groups), chosen (bool), reason.
    """
    n_papers = len(consensus.similarity)
    most = max(2, min(3 * chosen, n_papers // 4))
    counts = sorted({*np.unique(np.round(np.geomspace(2, most, 12)).astype(int)).tolist(), max(chosen, 1)})
    smallest = smallest_topic(n_papers)
    rows = []
    for count in counts:
        labels = cut(consensus, count, smallest)
        agreement = [adjusted_mutual_info_score(labels, cut(other, count, smallest)) for other in redrawn]
        together = 1 - float(consensus.tree[-(count - 1), 2]) if count > 1 else 0.0
        rows.append((count, float(np.mean(agreement)), consensus_silhouette(consensus.similarity, labels), together))
    frame = pd.DataFrame(rows, columns=["topics", "stability", "silhouette", "together"])
    frame["chosen"] = frame["topics"] == chosen
    frame["reason"] = np.where(frame["chosen"], reason, "")
    return frame


def consensus_silhouette(similarity: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean silhouette width in the distance 1 - similarity (Rousseeuw 1987), 0 for one group."""
    if not 2 <= len(np.unique(labels)) < len(labels):
        return 0.0
    distance = 1 - similarity.astype(np.float64)
    np.fill_diagonal(distance, 0)
    return float(silhouette_score(distance, labels, metric="precomputed"))
