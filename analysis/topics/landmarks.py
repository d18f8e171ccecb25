"""Landmarks: the papers that stand for a large corpus while its topics are found."""

import numpy as np

# a period keeps at least this many papers, or all it has, as long as such periods are half of the landmarks at most
_FEWEST_A_PERIOD = 60


def choose_landmarks(
    periods: np.ndarray, sources: np.ndarray, count: int, seed: int, required: np.ndarray | None = None
) -> np.ndarray:
    """Draw papers so that every period and, within it, every source is there in proportion.

    Rare periods keep sixty papers (or all they have), so that what only early or late papers speak
    of can be seen. Within a period papers are taken at equal steps from an order by source in which
    the papers of one source are shuffled: systematic sampling (Madow and Madow 1944, Annals of
    Mathematical Statistics 15(1), 1-24).

    Parameters
    ----------
    periods : ndarray of int, shape (n,)
        Period of each paper; papers without a date make one of their own.
    sources : ndarray of int, shape (n,)
    count : int
        Papers to draw; all are taken where there are no more.
    seed : int
    required : ndarray of int, optional
        Positions that must be among them, such as papers that a reader's edits name.

    Returns
    -------
    ndarray of int
        Sorted positions; `count` of them, or a few more where there are many rare periods or required papers.
    """
    n_papers = len(periods)
    if n_papers <= count:
        return np.arange(n_papers)
    rng = np.random.default_rng([seed, 3])
    _, codes, sizes = np.unique(periods, return_inverse=True, return_counts=True)
    fewest = min(_FEWEST_A_PERIOD, count // (2 * len(sizes)))
    quotas = np.maximum(np.minimum(sizes, fewest), np.floor(count * sizes / n_papers)).astype(int)
    shuffled = rng.permutation(n_papers)
    order = shuffled[np.lexsort((sources[shuffled], codes[shuffled]))]
    starts = np.cumsum(sizes) - sizes
    chosen = [
        order[start + np.floor((np.arange(quota) + rng.random()) * size / quota).astype(int)]
        for start, size, quota in zip(starts.tolist(), sizes.tolist(), quotas.tolist(), strict=True)
        if quota
    ]
    wanted = np.zeros(0, dtype=int) if required is None else required
    return np.unique(np.concatenate([*chosen, wanted]))
