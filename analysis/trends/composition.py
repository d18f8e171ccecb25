"""Is it this topic that moves, or all the others? Slopes against the middle of all slopes.

Shares add up to one, so a booming topic lowers all others alike. What sets a topic apart is its slope less that of the middle
topic; the median, since one boom would pull a mean along.
"""

import numpy as np
from scipy import stats

_FEWEST_TOPICS = 3


def relative_trends(
    slopes: np.ndarray, low: np.ndarray, high: np.ndarray, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each topic's yearly odds ratio over that of the middle topic, with its interval.

    The variance of the median is that of normal estimates with standard errors of their own (Laplace's formula for the
    density at the middle), and its covariance with each slope is taken off.

    Parameters
    ----------
    slopes, low, high : ndarray of float, shape (k,)
        Log odds ratios per year with 95 % intervals, clustering uncertainty included; NaN and infinite where unknown.
    level : float
        Coverage.

    Returns
    -------
    ratio, low, high : ndarray of float, shape (k,)
        1, 0 and inf for topics that cannot be assessed, and for all where fewer than three can be.

    Examples
    --------
    >>> slopes = np.array([0.5, 0.0, 0.0, -0.01, 0.01])
    >>> relative_trends(slopes, slopes - 0.1, slopes + 0.1)[0].round(2).tolist()
    [1.65, 1.0, 1.0, 0.99, 1.01]
    """
    spread = (high - low) / (2 * stats.norm.isf(0.025))
    known = np.isfinite(slopes) & np.isfinite(spread) & (spread > 0)
    ratio, lower, upper = np.ones(len(slopes)), np.zeros(len(slopes)), np.full(len(slopes), np.inf)
    count = int(known.sum())
    if count < _FEWEST_TOPICS:
        return ratio, lower, upper
    own = spread[known]
    density = float(stats.norm.pdf(0) / own @ np.ones(count)) / count
    middle = float(np.median(slopes[known]))
    variance = own**2 + 1 / (4 * count * density**2) - own * np.sqrt(2 / np.pi) / (count * density)
    reach = stats.norm.isf((1 - level) / 2) * np.sqrt(np.maximum(variance, 0.0))
    away = slopes[known] - middle
    ratio[known], lower[known], upper[known] = np.exp(away), np.exp(away - reach), np.exp(away + reach)
    return ratio, lower, upper
