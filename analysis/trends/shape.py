"""Did a share turn? A natural spline in time, for what one odds ratio cannot say: rose, then fell.

Restricted cubic splines as in Harrell (2015), Regression Modeling Strategies, 2nd ed., section
2.4.5; the likelihood is Firth's, as for the straight line.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.regression import drop_in_loglik, fit_firth

Shape = Literal["peak", "trough", "none"]
# papers in, and papers out of the topic below which a turn cannot be told from noise
FEWEST_FOR_A_TURN = 20
_KNOTS = (0.05, 0.35, 0.65, 0.95)
# the curve is read between these quantiles of the dates; beyond them a spline extrapolates
_READ = (0.025, 0.975)
_GRID = 81
# condition of a design past which columns cannot be told apart: the information's, its square, uses up all digits
_ALIKE = 1e7


@dataclass(frozen=True)
class Turn:
    """A possible turning point of one topic's share.

    Attributes
    ----------
    shape : {"peak", "trough", "none"}
        What the fitted curve does, significant or not; "none" where it has no turn or the topic
        is too small to be asked.
    year : float
        Decimal year of the turn; 0 where there is none.
    p : float
        The largest of three p values: of curvature, and one-sided of the trends before and
        after the turn; 1 where there is none.
    before, after : float
        Odds ratio per year of the papers up to the turn, and of those after it.
    """

    shape: Shape = "none"
    year: float = 0.0
    p: float = 1.0
    before: float = 1.0
    after: float = 1.0


def natural_spline(time: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Return the restricted cubic spline basis, linear beyond the outer knots.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
    knots : ndarray of float, shape (k,)
        Rising, at least three.

    Returns
    -------
    ndarray of float, shape (n, k - 1)
        The first column is `time` itself.
    """
    last, before = knots[-1], knots[-2]
    scale = (last - knots[0]) ** 2

    def cube(at: float) -> np.ndarray:
        return np.asarray(np.maximum(time - at, 0.0) ** 3)

    bends = [
        (cube(knot) - cube(before) * (last - knot) / (last - before) + cube(last) * (before - knot) / (last - before))
        / scale
        for knot in knots[:-2]
    ]
    return np.column_stack([time, *bends])


def find_turn(cells: Cells, successes: np.ndarray) -> Turn:
    """Look for a turn in the share of one topic, stratum effects taken out.

    Parameters
    ----------
    cells : Cells
        c cells.
    successes : ndarray, shape (c,)
        The topic's papers in each cell.
    """
    inside = successes.sum()
    if min(inside, cells.trials.sum() - inside) < FEWEST_FOR_A_TURN:
        return Turn()
    knots = np.unique(_quantiles(cells, _KNOTS))
    if len(knots) < 3 or len(np.unique(cells.time)) <= len(knots):
        return Turn()
    middle = float(np.average(cells.time, weights=cells.trials))
    basis = natural_spline(cells.time - middle, knots - middle)
    design = np.column_stack([basis, cells.indicators])
    if np.linalg.cond(design) > _ALIKE:
        return Turn()
    fit = fit_firth(design, successes, cells.trials, cells.level_start(successes, basis.shape[1]))
    bends = list(range(1, basis.shape[1]))
    curvature = float(stats.chi2.sf(2 * drop_in_loglik(design, successes, fit, bends, cells.trials), len(bends)))
    start, end = _quantiles(cells, _READ)
    grid = np.linspace(start, end, _GRID)
    curve = natural_spline(grid - middle, knots - middle) @ fit.coefficients[: basis.shape[1]]
    turns = [_legs(cells, successes, shape, float(grid[at])) for shape, at in _inner_extremes(curve)]
    best = min(turns, key=lambda turn: turn.p, default=Turn())
    return replace(best, p=max(best.p, curvature))


def _inner_extremes(curve: np.ndarray) -> list[tuple[Shape, int]]:
    """Return where a curve is highest and lowest, if that is not at its ends."""
    extremes: list[tuple[Shape, int]] = [("peak", int(np.argmax(curve))), ("trough", int(np.argmin(curve)))]
    return [(shape, position) for shape, position in extremes if 0 < position < len(curve) - 1]


def _legs(cells: Cells, successes: np.ndarray, shape: Shape, year: float) -> Turn:
    """Return a turn with the slopes on either side of it, each from its own papers alone.

    The spline says only where to look: next to a step it overshoots, and its own slopes would
    take that for a turn.
    """
    signs = (1, -1) if shape == "peak" else (-1, 1)
    ratios, p_values = [], []
    for sign, part in zip(signs, (cells.time <= year, cells.time > year), strict=True):
        leg = cells.at(part)
        if np.ptp(leg.time) == 0 or np.linalg.matrix_rank(leg.design) < leg.design.shape[1]:
            return Turn()
        fit = fit_firth(leg.design, successes[part], leg.trials, leg.level_start(successes[part], 1))
        slope, spread = float(fit.coefficients[0]), float(np.sqrt(fit.covariance[0, 0]))
        ratios.append(float(np.exp(slope)))
        p_values.append(float(stats.norm.sf(sign * slope / spread)))
    return Turn(shape, year, max(p_values), ratios[0], ratios[1])


def _quantiles(cells: Cells, levels: tuple[float, ...]) -> np.ndarray:
    """Return quantiles of the papers' dates."""
    order = np.argsort(cells.time, kind="stable")
    reached = np.cumsum(cells.trials[order]) / cells.trials.sum()
    positions = np.minimum(np.searchsorted(reached, levels), len(order) - 1)
    return np.asarray(cells.time[order][positions])
