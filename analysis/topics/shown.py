"""Which papers of a large corpus are shown where all would be too many: an even draw from every topic."""

import numpy as np
import pandas as pd

# papers that one page or map holds
MOST_SHOWN = 20_000
# a topic shows at least so many, or all it has
_FEWEST = 30


def shown_papers(topics: pd.Series, always: pd.Index | None = None, most: int = MOST_SHOWN) -> np.ndarray:
    """Return the positions of the papers to show: all where they are no more than `most`.

    Each topic shows in proportion to its size, at equal steps in the order of ids, which are as good as random.

    Parameters
    ----------
    topics : Series of int, index paper_id, sorted
        Topic of each paper.
    always : Index of paper_id, optional
        Papers that are shown whatever their turn.
    most : int

    Returns
    -------
    ndarray of int
        Sorted positions, about `most` of them.
    """
    if len(topics) <= most:
        return np.arange(len(topics))
    labels = topics.to_numpy()
    chosen = []
    for topic in np.unique(labels).tolist():
        members = np.flatnonzero(labels == topic)
        count = min(len(members), max(_FEWEST, round(most * len(members) / len(labels))))
        chosen.append(members[np.linspace(0, len(members) - 1, count).astype(int)])
    if always is not None:
        chosen.append(topics.index.get_indexer(always))
    return np.unique(np.concatenate(chosen))
