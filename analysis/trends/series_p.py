"""Whether a trend is beyond chance where papers come in series: by author group instead of by paper.

Groups publish several papers on one matter within a short time; exchanging their dates one by one takes each for a witness of
its own. Here every group's part in the score keeps or changes its sign as a whole, a wild bootstrap of scores (Kline and
Santos 2012, Journal of Econometric Methods 1(1), 23-41).
"""

import numpy as np
from scipy import stats

from analysis.trends.permutation import MANY_PAPERS, within_strata

_NO_VARIANCE = 1e-12
# draws that are held at once, in signs
_BLOCK = 20_000_000


def series_p(
    members: np.ndarray, time: np.ndarray, strata: np.ndarray, series: np.ndarray, n_draws: int, seed: int
) -> np.ndarray:
    """Return two-sided p values of the within-stratum score, by group of dependent papers.

    Parameters
    ----------
    members : ndarray of bool, shape (n, k)
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray, shape (n,)
    series : ndarray of int, shape (n,)
        Papers of one number are dependent, across strata too.
    n_draws : int
        Of signs; past 20,000 papers the normal approximation is taken.
    seed : int

    Returns
    -------
    ndarray of float64, shape (k,)
        Within (0, 1]; 1 where nothing can vary.

    Examples
    --------
    >>> members, years = np.arange(40)[:, None] % 20 >= 10, np.arange(40) % 20 / 2.0
    >>> one_by_one = series_p(members, years, np.zeros(40), np.arange(40), 999, 0)
    >>> by_two = series_p(members, years, np.zeros(40), np.arange(40) // 20, 999, 0)
    >>> bool(one_by_one[0] < 0.01), bool(by_two[0] > 0.2)
    (True, True)
    """
    codes = np.unique(strata, return_inverse=True)[1]
    sizes = np.bincount(codes)
    shares = np.zeros((len(sizes), members.shape[1]))
    np.add.at(shares, codes, members)
    centred = within_strata(time, strata)
    scores = centred[:, None] * (members - (shares / sizes[:, None])[codes])
    # numbered as they come: signs do not hang on what groups are called
    _, first, codes = np.unique(series, return_index=True, return_inverse=True)
    parts = np.zeros((len(first), members.shape[1]))
    np.add.at(parts, np.argsort(np.argsort(first))[codes], scores)
    total, variance = np.abs(parts.sum(axis=0)), (parts**2).sum(axis=0)
    p_values = np.ones(members.shape[1])
    moves = variance > _NO_VARIANCE
    if len(time) > MANY_PAPERS:
        p_values[moves] = 2 * stats.norm.sf(total[moves] / np.sqrt(variance[moves]))
        return np.asarray(np.clip(p_values, np.finfo(float).tiny, 1.0))
    reached = _reached(parts[:, moves].astype(np.float32), total[moves], n_draws, seed)
    p_values[moves] = (1 + reached) / (1 + n_draws)
    return p_values


def _reached(parts: np.ndarray, total: np.ndarray, n_draws: int, seed: int) -> np.ndarray:
    """Return in how many draws of signs each sum of parts is as far from zero as it was found."""
    rng = np.random.default_rng(seed)
    enough = total * (1 - 1e-5)
    reached = np.zeros(parts.shape[1], dtype=np.int64)
    chunk, done = max(1, min(n_draws, _BLOCK // max(len(parts), 1))), 0
    while done < n_draws:
        size = min(chunk, n_draws - done)
        signs = rng.integers(0, 2, (size, len(parts)), dtype=np.int8).astype(np.float32) * 2 - 1
        reached += (np.abs(signs @ parts) >= enough).sum(axis=0)
        done += size
    return reached
