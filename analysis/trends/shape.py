"""Did a share turn? A natural spline in time, for what one odds ratio cannot say: rose, then fell.

Restricted cubic splines as in Harrell (2015), Regression Modeling Strategies, 2nd ed., section
2.4.5; the likelihood is Firth's or the conditional one, as for the straight line.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.conditional import SmallStrata, conditional_curve
from analysis.trends.permutation import within_strata
from analysis.trends.regression import drop_in_loglik, fit_firth
from analysis.trends.slopes import fit_slopes, sparse_strata

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
    change : float
        Log odds gained or lost on the lesser side of the turn, over all of its years.
    """

    shape: Shape = "none"
    year: float = 0.0
    p: float = 1.0
    before: float = 1.0
    after: float = 1.0
    change: float = 0.0


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

    Where strata are too many and small for effects of their own the likelihood is the conditional one.

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
    curve_of = _conditional_curve if sparse_strata(cells) else _own_effects_curve
    fitted = curve_of(cells, successes, basis)
    if fitted is None:
        return Turn()
    coefficients, drop = fitted
    curvature = float(stats.chi2.sf(2 * drop, basis.shape[1] - 1))
    start, end = _quantiles(cells, _READ)
    grid = np.linspace(start, end, _GRID)
    curve = natural_spline(grid - middle, knots - middle) @ coefficients
    turns = [_legs(cells, successes, shape, float(grid[at])) for shape, at in _inner_extremes(curve)]
    best = min(turns, key=lambda turn: turn.p, default=Turn())
    return replace(best, p=max(best.p, curvature))


def _own_effects_curve(cells: Cells, successes: np.ndarray, basis: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Return the spline's coefficients and by how much the likelihood drops without its bends; None if they are alike."""
    if np.linalg.cond(_centred(cells, basis)) > _ALIKE:
        return None
    design = np.column_stack([basis, cells.indicators])
    fit = fit_firth(design, successes, cells.trials, cells.level_start(successes, basis.shape[1]))
    bends = list(range(1, basis.shape[1]))
    return fit.coefficients[: basis.shape[1]], drop_in_loglik(design, successes, fit, bends, cells.trials)


def _centred(cells: Cells, basis: np.ndarray) -> np.ndarray:
    """Return a basis less its means by stratum: what effects of strata leave of it."""
    codes = np.unique(cells.strata, return_inverse=True)[1]
    sizes = np.bincount(codes, weights=cells.trials)
    means = np.stack([np.bincount(codes, weights=cells.trials * column) / sizes for column in basis.T], axis=1)
    return np.asarray(basis - means[codes])


def _conditional_curve(cells: Cells, successes: np.ndarray, basis: np.ndarray) -> tuple[np.ndarray, float] | None:
    strata, codes = SmallStrata.of(cells, basis), np.unique(cells.strata, return_inverse=True)[1]
    inside = np.bincount(codes, weights=successes).astype(int)
    totals = successes @ (basis - strata.means[codes])
    if np.linalg.cond(strata.values) > _ALIKE:
        return None
    coefficients, loglik = conditional_curve(strata, inside, totals)
    return coefficients, max(0.0, loglik - conditional_curve(strata.first(1), inside, totals[:1])[1])


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
    slopes, p_values, changes = [], [], []
    for sign, part in zip(signs, (cells.time <= year, cells.time > year), strict=True):
        leg = cells.at(part)
        if not part.any() or not 0 < successes[part].sum() < leg.trials.sum() or not _can_move(leg):
            return Turn()
        fit = fit_slopes(leg, successes[part][:, None], 0.95)
        slope, variance = float(fit.values[0]), float(fit.variances[0])
        if not np.isfinite(slope):
            return Turn()
        slopes.append(slope)
        p_values.append(float(stats.norm.sf(sign * slope / np.sqrt(variance))))
        changes.append(sign * slope * float(np.ptp(leg.time)))
    return Turn(shape, year, max(p_values), float(np.exp(slopes[0])), float(np.exp(slopes[1])), min(changes))


def _can_move(cells: Cells) -> bool:
    """Return whether dates differ within a stratum."""
    return bool(np.abs(within_strata(cells.time, cells.strata)).max(initial=0.0) > 1e-9)


def _quantiles(cells: Cells, levels: tuple[float, ...]) -> np.ndarray:
    """Return quantiles of the papers' dates."""
    order = np.argsort(cells.time, kind="stable")
    reached = np.cumsum(cells.trials[order]) / cells.trials.sum()
    positions = np.minimum(np.searchsorted(reached, levels), len(order) - 1)
    return np.asarray(cells.time[order][positions])
