"""Topics that hold: one whose redrawn selves have little in common with it is none, and is dissolved."""

from collections.abc import Callable, Sequence

import numpy as np

from analysis.topics.clustering.consensus import matched

# the mean Jaccard index with its redrawn selves below which a topic does not hold
HOLDS = 0.35
# papers that are placed afterwards are less sure of their topic than landmarks: .36 of those was .27 of 33,000
HOLDS_LANDMARKS = 0.45


def topic_stability(labels: np.ndarray, draws: np.ndarray, count: int | None = None) -> np.ndarray:
    """Return the mean Jaccard index of each topic with its redrawn selves (Hennig 2007), float64, shape (K,).

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        0..K-1; -1 for none.
    draws : ndarray of int, shape (draws, n)
        Numbered like `labels`; without rows every index is NaN.
    count : int, optional
        K, where the last topics may be without papers.

    Examples
    --------
    >>> topic_stability(np.array([0, 0, 1, 1]), np.array([[0, 0, 1, 1], [0, 0, 0, 1]])).round(2).tolist()
    [0.83, 0.75]
    """
    count = int(labels.max(initial=-1)) + 1 if count is None else count
    if not len(draws):
        return np.full(count, np.nan)
    sizes = np.bincount(labels[labels >= 0], minlength=count)[:count]
    jaccard = np.empty((len(draws), count))
    for number, draw in enumerate(draws):
        drawn = np.bincount(draw[(draw >= 0) & (draw < count)], minlength=count)
        both = np.bincount(labels[(labels >= 0) & (draw == labels)], minlength=count)[:count]
        jaccard[number] = both / np.maximum(sizes + drawn - both, 1)
    return np.asarray(jaccard.mean(axis=0))


def dissolve_unheld(
    labels: np.ndarray, cuts: Sequence[np.ndarray], closeness: Callable[[np.ndarray], np.ndarray], least: float = HOLDS
) -> tuple[np.ndarray, np.ndarray]:
    """Dissolve topics that do not hold, the least stable first, until all hold or two are left.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        0..K-1.
    cuts : sequence of ndarray of int, shape (n,)
        Redrawn clusterings, each with numbers of its own.
    closeness : callable
        From labels to each paper's mean coassociation with every topic, shape (n, K).
    least : float
        Stability below which a topic does not hold.

    Returns
    -------
    labels : ndarray of int, shape (n,)
    draws : ndarray of int, shape (draws, n)
        The redrawn clusterings, numbered like `labels`; -1 where a group is like no topic.
    """
    while True:
        draws = np.array([matched(cut, labels) for cut in cuts])
        held = topic_stability(labels, draws)
        worst = int(held.argmin())
        if held[worst] >= least or len(held) <= 2:
            return labels, draws
        near = closeness(labels)
        near[:, worst] = -1
        labels = np.where(labels == worst, near.argmax(axis=1), labels)
        labels = np.unique(labels, return_inverse=True)[1]
