"""Did a share turn? A natural spline in time, for what one odds ratio cannot say: rose, then fell.

Restricted cubic splines as in Harrell (2015), Regression Modeling Strategies, 2nd ed., section
2.4.5; the likelihood is Firth's or the conditional one, as for the straight line.
"""

import functools
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.conditional import SmallStrata, conditional_curve
from analysis.trends.design import Design
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


@dataclass(frozen=True)
class TurnSearch:
    """Looks for turns in the shares of topics; what hangs on the papers alone is computed once for all of them.

    Attributes
    ----------
    cells : Cells
        c cells.
    """

    cells: Cells
    _legs: dict[int, tuple["_Leg", "_Leg"]] = field(default_factory=dict, repr=False, compare=False)

    def turn(self, successes: np.ndarray) -> Turn:
        """Look for a turn in the share of one topic, stratum effects taken out.

        Where strata are too many and small for effects of their own the likelihood is the conditional one.

        Parameters
        ----------
        successes : ndarray, shape (c,)
            The topic's papers in each cell.
        """
        inside = successes.sum()
        if min(inside, self.cells.trials.sum() - inside) < FEWEST_FOR_A_TURN or self._basis is None:
            return Turn()
        fitted = self._conditional_curve(successes) if self._sparse else self._own_effects_curve(successes)
        if fitted is None:
            return Turn()
        coefficients, drop = fitted
        curvature = float(stats.chi2.sf(2 * drop, self._basis.shape[1] - 1))
        turns = [
            self._turn_at(successes, shape, position)
            for shape, position in _inner_extremes(self._curves @ coefficients)
        ]
        best = min(turns, key=lambda turn: turn.p, default=Turn())
        return replace(best, p=max(best.p, curvature))

    @functools.cached_property
    def _knots(self) -> np.ndarray:
        return np.unique(_quantiles(self.cells, _KNOTS))

    @functools.cached_property
    def _middle(self) -> float:
        return float(np.average(self.cells.time, weights=self.cells.trials))

    @functools.cached_property
    def _basis(self) -> np.ndarray | None:
        """The spline at each cell; None where there are too few dates for one."""
        knots = self._knots
        if len(knots) < 3 or len(np.unique(self.cells.time)) <= len(knots):
            return None
        return natural_spline(self.cells.time - self._middle, knots - self._middle)

    @functools.cached_property
    def _grid(self) -> np.ndarray:
        start, end = _quantiles(self.cells, _READ)
        return np.linspace(start, end, _GRID)

    @functools.cached_property
    def _curves(self) -> np.ndarray:
        """The spline along the grid."""
        return natural_spline(self._grid - self._middle, self._knots - self._middle)

    @functools.cached_property
    def _sparse(self) -> bool:
        return sparse_strata(self.cells)

    @functools.cached_property
    def _rows(self) -> Design | None:
        """The spline beside the strata's indicators; None where its columns are alike."""
        assert self._basis is not None
        if np.linalg.cond(_centred(self.cells, self._basis)) > _ALIKE:
            return None
        return Design.of(np.column_stack([self._basis, self.cells.indicators]))

    def _own_effects_curve(self, successes: np.ndarray) -> tuple[np.ndarray, float] | None:
        """Return the spline's coefficients and by how much the likelihood drops without its bends; None if they are alike."""
        cells, rows = self.cells, self._rows
        if rows is None:
            return None
        width = len(self._knots) - 1
        fit = fit_firth(rows, successes, cells.trials, cells.level_start(successes, width))
        return fit.coefficients[:width], drop_in_loglik(rows, successes, fit, list(range(1, width)), cells.trials)

    @functools.cached_property
    def _strata(self) -> tuple[SmallStrata, np.ndarray, bool]:
        """The strata's papers along the spline, the stratum of each cell, and whether the spline's columns are alike."""
        strata = SmallStrata.of(self.cells, self._basis)
        codes = np.unique(self.cells.strata, return_inverse=True)[1]
        return strata, codes, bool(np.linalg.cond(strata.values) > _ALIKE)

    def _conditional_curve(self, successes: np.ndarray) -> tuple[np.ndarray, float] | None:
        strata, codes, alike = self._strata
        if alike or self._basis is None:
            return None
        inside = np.bincount(codes, weights=successes).astype(int)
        totals = successes @ (self._basis - strata.means[codes])
        coefficients, loglik = conditional_curve(strata, inside, totals)
        return coefficients, max(0.0, loglik - conditional_curve(strata.first(1), inside, totals[:1])[1])

    def _turn_at(self, successes: np.ndarray, shape: Shape, position: int) -> Turn:
        """Return a turn with the slopes on either side of it, each from its own papers alone.

        The spline says only where to look: next to a step it overshoots, and its own slopes would
        take that for a turn.
        """
        year = float(self._grid[position])
        if position not in self._legs:
            self._legs[position] = (
                _Leg.of(self.cells, self.cells.time <= year),
                _Leg.of(self.cells, self.cells.time > year),
            )
        signs = (1, -1) if shape == "peak" else (-1, 1)
        slopes, p_values, changes = [], [], []
        for sign, leg in zip(signs, self._legs[position], strict=True):
            own = successes[leg.part]
            if not leg.moves or not 0 < own.sum() < leg.cells.trials.sum():
                return Turn()
            fit = fit_slopes(leg.cells, own[:, None], 0.95)
            slope, variance = float(fit.values[0]), float(fit.variances[0])
            if not np.isfinite(slope):
                return Turn()
            slopes.append(slope)
            p_values.append(float(stats.norm.sf(sign * slope / np.sqrt(variance))))
            changes.append(sign * slope * float(np.ptp(leg.cells.time)))
        return Turn(shape, year, max(p_values), float(np.exp(slopes[0])), float(np.exp(slopes[1])), min(changes))


@dataclass(frozen=True)
class _Leg:
    """The papers on one side of a turn: which cells, and whether dates differ within a stratum."""

    part: np.ndarray
    cells: Cells
    moves: bool

    @classmethod
    def of(cls, cells: Cells, part: np.ndarray) -> "_Leg":
        leg = cells.at(part)
        moves = bool(part.any()) and bool(np.abs(within_strata(leg.time, leg.strata)).max(initial=0.0) > 1e-9)
        return cls(part, leg, moves)


def _centred(cells: Cells, basis: np.ndarray) -> np.ndarray:
    """Return a basis less its means by stratum: what effects of strata leave of it."""
    codes = np.unique(cells.strata, return_inverse=True)[1]
    sizes = np.bincount(codes, weights=cells.trials)
    means = np.stack([np.bincount(codes, weights=cells.trials * column) / sizes for column in basis.T], axis=1)
    return np.asarray(basis - means[codes])


def _inner_extremes(curve: np.ndarray) -> list[tuple[Shape, int]]:
    """Return where a curve is highest and lowest, if that is not at its ends."""
    extremes: list[tuple[Shape, int]] = [("peak", int(np.argmax(curve))), ("trough", int(np.argmin(curve)))]
    return [(shape, position) for shape, position in extremes if 0 < position < len(curve) - 1]


def _quantiles(cells: Cells, levels: tuple[float, ...]) -> np.ndarray:
    """Return quantiles of the papers' dates."""
    order = np.argsort(cells.time, kind="stable")
    reached = np.cumsum(cells.trials[order]) / cells.trials.sum()
    positions = np.minimum(np.searchsorted(reached, levels), len(order) - 1)
    return np.asarray(cells.time[order][positions])
