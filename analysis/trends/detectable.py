"""The smallest trend that this corpus could have shown."""

import numpy as np
from scipy import stats


def minimum_detectable_odds_ratio(
    members: np.ndarray,
    time: np.ndarray,
    strata: np.ndarray,
    level: float,
    power: float = 0.8,
    trials: np.ndarray | None = None,
) -> float:
    """Return the smallest odds ratio per year that a test at `level` finds with `power`.

    From the information on the slope when there is no trend: each stratum's p(1 - p) times its
    sum of squared dates about their mean.

    Parameters
    ----------
    members : ndarray, shape (n,)
        Whether a paper is in the topic, or with `trials` how many of a cell are.
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray, shape (n,)
    level : float
        Two-sided size of the single test; alpha over the size of the family asks what even the
        only trend of its family must reach.
    power : float
    trials : ndarray, shape (n,), optional
        Papers in each cell, 1 by default.

    Returns
    -------
    float
        Above 1; inf where the dates or the memberships do not vary within any stratum.
    """
    _, codes = np.unique(strata, return_inverse=True)
    papers = np.ones(len(time)) if trials is None else trials
    sizes = np.bincount(codes, weights=papers)
    shares = np.bincount(codes, weights=members.astype(float)) / sizes
    means = np.bincount(codes, weights=papers * time) / sizes
    squares = np.bincount(codes, weights=papers * (time - means[codes]) ** 2)
    information = float((shares * (1 - shares) * squares).sum())
    if information <= 0:
        return float("inf")
    reach = stats.norm.isf(level / 2) + stats.norm.ppf(power)
    log_ratio = reach / np.sqrt(information)
    return float(np.exp(log_ratio)) if log_ratio < 50 else float("inf")
