"""The slope of a topic's log odds on time, stratum effects taken out in the way that fits the strata."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.trends.cells import Cells
from analysis.trends.conditional import SmallStrata, fit_conditional
from analysis.trends.regression import fit_firth, profile_interval

# strata have effects of their own while there are few, or while each has this many papers
_FEW_STRATA, _MOST_STRATA = 12, 100
_PAPERS_A_STRATUM = 50


@dataclass(frozen=True)
class Slope:
    """Log odds ratio per year of one topic.

    Attributes
    ----------
    value, variance : float
    interval : callable
        Returns the ends of the 95 % interval; it is asked for only where it is shown.
    expected : ndarray, shape (c,), or None
        Fitted number of the topic's papers in each cell; None from a conditional likelihood.
    """

    value: float
    variance: float
    interval: Callable[[], tuple[float, float]]
    expected: np.ndarray | None


def sparse_strata(cells: Cells) -> bool:
    """Return whether the strata are too many and small for effects of their own."""
    count = len(np.unique(cells.strata))
    return count > _MOST_STRATA or (count > _FEW_STRATA and cells.trials.sum() / count < _PAPERS_A_STRATUM)


def fit_slopes(cells: Cells, successes: np.ndarray, level: float) -> list[Slope | None]:
    """Fit each of k groups; successes have shape (c, k). None where a group's slope cannot be fitted."""
    if sparse_strata(cells):
        return _conditional(cells, successes, level)
    total = cells.trials.sum()
    return [_own_effects(cells, column, level) if 0 < column.sum() < total else None for column in successes.T]


def _own_effects(cells: Cells, successes: np.ndarray, level: float) -> Slope:
    design = cells.design
    fit = fit_firth(design, successes, cells.trials, cells.level_start(successes, 1))
    share = 1 / (1 + np.exp(-np.clip(design @ fit.coefficients, -50, 50)))
    return Slope(
        float(fit.coefficients[0]),
        float(fit.covariance[0, 0]),
        lambda: profile_interval(design, successes, fit, 0, level, cells.trials),
        cells.trials * share,
    )


def _conditional(cells: Cells, successes: np.ndarray, level: float) -> list[Slope | None]:
    strata = SmallStrata.of(cells)
    codes = np.unique(cells.strata, return_inverse=True)[1]
    centred = cells.time - strata.means[codes]
    slopes: list[Slope | None] = []
    for column in successes.T:
        inside = np.bincount(codes, weights=column).astype(int)
        fit = fit_conditional(strata, inside, float(centred @ column), level)
        slopes.append(None if fit is None else Slope(fit.slope, fit.variance, _ends(fit.low, fit.high), None))
    return slopes


def _ends(low: float, high: float) -> Callable[[], tuple[float, float]]:
    return lambda: (low, high)
