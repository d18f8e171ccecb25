"""What each kind of view adds to topics."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.embedding.recorded import RecordedKind
from analysis.embedding.views import View
from analysis.topics.clustering.cluster import Clustering


def no_views() -> pd.DataFrame:
    """Return the table of no views."""
    return pd.DataFrame(
        {
            "views": np.zeros(0, dtype=np.int64),
            "weight": np.zeros(0),
            "papers": np.zeros(0, dtype=np.int64),
            "agreement": np.zeros(0),
            "alone": np.zeros(0),
            "moved": np.zeros(0),
        },
        index=pd.Index([], dtype="str", name="view"),
    )


def view_table(views: Sequence[View], kinds: Sequence[RecordedKind], clustering: Clustering) -> pd.DataFrame:
    """Return what each family of views weighs, sees alone, and adds to the others.

    Parameters
    ----------
    views : sequence of View
        Those that were clustered, of n papers.
    kinds : sequence of RecordedKind
        Used and unused.
    clustering : Clustering
        By these views.

    Returns
    -------
    DataFrame, index view
        views (how many), weight (share of all, 0-1), papers (those that it says something of), agreement (0-1; NaN for texts),
        alone (share of papers whose own topic is their nearest by these views alone), moved (share of papers that without
        these views would be nearest to another topic than with them).
    """
    told = {kind.name: kind for kind in kinds}
    total = sum(view.weight for view in views)
    rows = []
    for family in dict.fromkeys([*(view.family for view in views), *told]):
        own = [number for number, view in enumerate(views) if view.family == family]
        kind = told.get(family)
        alone, moved = _seen(clustering, own)
        rows.append(
            {
                "view": family,
                "views": len(own),
                "weight": sum(views[number].weight for number in own) / total,
                "papers": len(clustering.labels) if kind is None else kind.papers,
                "agreement": float("nan") if kind is None else kind.agreement,
                "alone": alone,
                "moved": moved,
            }
        )
    return pd.DataFrame(rows).set_index("view").astype(no_views().dtypes.to_dict())


def _seen(clustering: Clustering, own: Sequence[int]) -> tuple[float, float]:
    """Return which share of papers some views alone put nearest to their topic, and which they keep from another."""
    together, labels = clustering.coassociation, clustering.labels
    is_own = np.isin(together.view_of_block, own)
    if not is_own.any():
        return float("nan"), 0.0
    inside = labels >= 0
    of_own = together.closeness(labels, together.weight * is_own).argmax(axis=1)
    alone = float((of_own == labels)[inside].mean())
    if is_own.all():
        return alone, float("nan")
    without = together.closeness(labels, together.weight * ~is_own).argmax(axis=1)
    return alone, float((without != clustering.closeness.argmax(axis=1))[inside].mean())
