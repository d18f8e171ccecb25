"""Do periods differ by more than a trend and chance? Overdispersion between them widens the interval.

McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., section 4.5.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.levels import shares_at_slope
from analysis.trends.slopes import sparse_strata

# cells with fewer expected papers, in or out of the topic, make Pearson's statistic erratic
_LEAST_EXPECTED = 1.0
_FEWEST_CELLS = 3
_BALANCING = 30
# overdispersion is taken as real below this p, so that chance alone seldom widens an interval
_LEVEL = 0.05


@dataclass(frozen=True)
class Dispersion:
    """A chi-squared statistic over its degrees of freedom: 1 where periods differ by chance alone.

    Attributes
    ----------
    factor : float
        NaN where too few periods can be compared.
    p : float
        Of a factor as large without overdispersion; NaN with it.
    """

    factor: float = float("nan")
    p: float = float("nan")

    @property
    def stretch(self) -> float:
        """By how much standard errors grow: the root of a significant factor, else 1."""
        return float(np.sqrt(self.factor)) if self.p < _LEVEL and self.factor > 1 else 1.0


def period_dispersion(cells: Cells, successes: np.ndarray, shares: np.ndarray) -> Dispersion:
    """Compare a topic's papers with those that a fitted trend expects, by year (by quarter in a short corpus).

    By stratum as well, with Pearson's statistic; over all strata where they are too many and small, with the covariance of
    the years' totals given each stratum's own total and the slope.

    Parameters
    ----------
    cells : Cells
        c cells.
    successes, shares : ndarray, shape (c,)
        The topic's papers in each cell, and its fitted share.
    """
    width = 1.0 if np.ptp(cells.time) >= 5 else 0.25
    stretch = np.floor(cells.time / width)
    compare = _over_strata if sparse_strata(cells) else _by_stratum
    return compare(cells, successes, shares, stretch)


def _by_stratum(cells: Cells, successes: np.ndarray, shares: np.ndarray, stretch: np.ndarray) -> Dispersion:
    keys = np.column_stack([cells.strata, stretch])
    _, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.ravel()
    papers, observed, fitted = (
        np.bincount(group, weights=values) for values in (cells.trials, successes, cells.trials * shares)
    )
    kept = (fitted >= _LEAST_EXPECTED) & (papers - fitted >= _LEAST_EXPECTED)
    strata = np.unique(keys[np.unique(group, return_index=True)[1]][kept, 0])
    freedom = int(kept.sum()) - 1 - len(strata)
    if freedom < _FEWEST_CELLS:
        return Dispersion()
    share = fitted[kept] / papers[kept]
    pearson = float(((observed[kept] - fitted[kept]) ** 2 / (papers[kept] * share * (1 - share))).sum())
    return Dispersion(pearson / freedom, float(stats.chi2.sf(pearson, freedom)))


def _over_strata(cells: Cells, successes: np.ndarray, shares: np.ndarray, stretch: np.ndarray) -> Dispersion:
    _, period = np.unique(stretch, return_inverse=True)
    _, codes = np.unique(cells.strata, return_inverse=True)
    shares = _balanced(cells, codes, successes, shares)
    fitted = np.bincount(period, weights=cells.trials * shares)
    papers = np.bincount(period, weights=cells.trials)
    kept = (fitted >= _LEAST_EXPECTED) & (papers - fitted >= _LEAST_EXPECTED)
    if kept.sum() - 2 < _FEWEST_CELLS:
        return Dispersion()
    count = len(kept)
    sizes = np.bincount(codes, weights=cells.trials)
    # given its total a small stratum varies a little more than its papers alone would
    weight = cells.trials * shares * (1 - shares) * (sizes / np.maximum(sizes - 1, 1))[codes]
    covariance = _given_totals(np.column_stack([np.eye(count)[period], cells.time - cells.time.mean()]), weight, codes)
    slope = covariance[:-1, -1]
    periods = covariance[:-1, :-1] - np.outer(slope, slope) / max(float(covariance[-1, -1]), 1e-12)
    residual = (np.bincount(period, weights=successes) - fitted)[kept]
    periods = periods[np.ix_(kept, kept)]
    freedom = int(np.linalg.matrix_rank(periods, tol=1e-8 * max(float(np.trace(periods)), 1e-12)))
    if freedom < _FEWEST_CELLS:
        return Dispersion()
    statistic = float(residual @ np.linalg.pinv(periods, rcond=1e-8, hermitian=True) @ residual)
    return Dispersion(statistic / freedom, float(stats.chi2.sf(statistic, freedom)))


def _given_totals(columns: np.ndarray, weight: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the covariance of sums of columns, shape (p, p), given each stratum's total."""
    total = np.maximum(np.bincount(codes, weights=weight), 1e-12)
    sums = np.stack([np.bincount(codes, weights=weight * column) for column in columns.T], axis=1)
    return np.asarray((columns * weight[:, None]).T @ columns - (sums / total[:, None]).T @ sums)


def _balanced(cells: Cells, codes: np.ndarray, successes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return shares with the papers' own mean date: a conditional slope leaves them a little flatter in small strata."""
    inside = np.bincount(codes, weights=successes)[:, None]
    slope = 0.0
    for _ in range(_BALANCING):
        shares = shares_at_slope(cells.time, codes, cells.trials, inside, np.array([slope]))[:, 0]
        missing = float(cells.time @ (successes - cells.trials * shares))
        weight = cells.trials * shares * (1 - shares)
        information = float(_given_totals(cells.time[:, None] - cells.time.mean(), weight, codes)[0, 0])
        if information < 1e-9 or abs(missing) < 1e-6:
            break
        slope += float(np.clip(missing / information, -1.0, 1.0))
    return shares
