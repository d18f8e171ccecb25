"""Do periods differ by more than a trend and chance? Overdispersion between them widens the interval.

McCullagh and Nelder (1989), Generalized Linear Models, 2nd ed., section 4.5.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells

# cells with fewer expected papers, in or out of the topic, make Pearson's statistic erratic
_LEAST_EXPECTED = 1.0
_FEWEST_CELLS = 3
# overdispersion is taken as real below this p, so that chance alone seldom widens an interval
_LEVEL = 0.05


@dataclass(frozen=True)
class Dispersion:
    """Pearson's statistic over its degrees of freedom: 1 where periods differ by chance alone.

    Attributes
    ----------
    factor : float
        1 where too few periods can be compared.
    p : float
        Of a factor as large without overdispersion.
    """

    factor: float = 1.0
    p: float = 1.0

    @property
    def stretch(self) -> float:
        """By how much standard errors grow: the root of a significant factor, else 1."""
        return float(np.sqrt(self.factor)) if self.p < _LEVEL and self.factor > 1 else 1.0


def period_dispersion(cells: Cells, successes: np.ndarray, expected: np.ndarray) -> Dispersion:
    """Compare a topic's papers with those that a fitted trend expects, by year (by quarter in a short corpus) and stratum.

    Parameters
    ----------
    cells : Cells
        c cells.
    successes, expected : ndarray, shape (c,)
        The topic's papers in each cell, and the fitted number.
    """
    width = 1.0 if np.ptp(cells.time) >= 5 else 0.25
    keys = np.column_stack([cells.strata, np.floor(cells.time / width)])
    _, group = np.unique(keys, axis=0, return_inverse=True)
    group = group.ravel()
    papers, observed, fitted = (np.bincount(group, weights=values) for values in (cells.trials, successes, expected))
    kept = (fitted >= _LEAST_EXPECTED) & (papers - fitted >= _LEAST_EXPECTED)
    strata = np.unique(keys[np.unique(group, return_index=True)[1]][kept, 0])
    freedom = int(kept.sum()) - 1 - len(strata)
    if freedom < _FEWEST_CELLS:
        return Dispersion()
    share = fitted[kept] / papers[kept]
    pearson = float(((observed[kept] - fitted[kept]) ** 2 / (papers[kept] * share * (1 - share))).sum())
    return Dispersion(pearson / freedom, float(stats.chi2.sf(pearson, freedom)))
