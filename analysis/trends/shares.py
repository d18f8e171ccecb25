"""A topic's share of the papers of a period, with Jeffreys intervals."""

import numpy as np
from scipy import stats


def jeffreys_interval(successes: np.ndarray, totals: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Return Jeffreys intervals of binomial proportions.

    The equal-tailed posterior interval under the Beta(1/2, 1/2) prior, with the lower end at 0
    where nothing and the upper end at 1 where everything was a success (Brown, Cai and DasGupta
    2001, Statistical Science 16(2), 101-133).

    Parameters
    ----------
    successes, totals : ndarray of int
        Of one shape; 0 <= successes <= totals.
    level : float
        Coverage, in (0, 1).

    Returns
    -------
    low, high : ndarray of float64
        Within [0, 1]; (0, 1) where the total is zero.
    """
    successes, totals = np.asarray(successes, dtype=float), np.asarray(totals, dtype=float)
    tail = (1 - level) / 2
    low = stats.beta.ppf(tail, successes + 0.5, totals - successes + 0.5)
    high = stats.beta.ppf(1 - tail, successes + 0.5, totals - successes + 0.5)
    return np.where(successes == 0, 0.0, low), np.where(successes == totals, 1.0, high)


def count_by_period(members: np.ndarray, periods: np.ndarray, n_periods: int) -> np.ndarray:
    """Count papers by group and period, zeros included.

    Parameters
    ----------
    members : ndarray of bool, shape (n, k)
        Which paper is in which group.
    periods : ndarray of int, shape (n,)
        0-based period of each paper; negative where it has none.
    n_periods : int

    Returns
    -------
    ndarray of int64, shape (k, n_periods)
    """
    counts = np.zeros((members.shape[1], n_periods), dtype=np.int64)
    rows, columns = np.nonzero(members & (periods >= 0)[:, None])
    np.add.at(counts, (columns, periods[rows]), 1)
    return counts
