"""How many redrawn clusterings bear a verdict out."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.onset import Onset
from analysis.trends.shape import Turn, TurnSearch
from analysis.trends.slopes import Slopes
from analysis.trends.verdict import UP, Evidence, Rules

# a redrawn clustering turns, too, where its own turn has this p
_TURN_LEVEL = 0.05
_WIDE = stats.norm.isf(0.025)


@dataclass(frozen=True)
class Redrawn:
    """The groups of a family in b redrawn clusterings.

    Attributes
    ----------
    cells : Cells
    successes : sequence of ndarray, shape (c, k)
    values, variances, q : ndarray of float, shape (b, k)
        Slopes, NaN where a group dissolved, with variances and q values.
    years : float
        Length of the window.
    """

    cells: Cells
    successes: Sequence[np.ndarray]
    values: np.ndarray
    variances: np.ndarray
    q: np.ndarray
    years: float

    @classmethod
    def of(
        cls, cells: Cells, successes: Sequence[np.ndarray], slopes: Sequence[Slopes], q: np.ndarray, years: float
    ) -> "Redrawn":
        """Gather the slopes of every clustering."""
        values, variances = (np.array([getattr(slope, name) for slope in slopes]) for name in ("values", "variances"))
        return cls(cells, successes, values, variances, q, years)

    @functools.cached_property
    def _turns(self) -> TurnSearch:
        return TurnSearch(self.cells)

    def with_robustness(self, group: int, known: Evidence, onset: Onset, turn: Turn, rules: Rules) -> Evidence:
        """Return the evidence of one group with its appearance or turn, and the share of clusterings that have its verdict too.

        An appearance that they do not bear out is left aside: the rest of the evidence is judged without it.

        Parameters
        ----------
        group : int
        known : Evidence
            Of the reference, without robustness.
        onset, turn : Onset, Turn
            Those of the reference that are beyond chance.
        rules : Rules
        """
        columns = [successes[:, group] for successes in self.successes]
        if onset.clear:
            held = _share([column.sum() > 0 and onset.holds(self.cells, column) for column in columns])
            if rules.borne_out(held):
                return replace(known, onset=onset.kind, robustness=held)
        if turn.shape != "none":
            turns = (self._turns.turn(column) for column in columns)
            agreeing = [other.shape == turn.shape and other.p < _TURN_LEVEL for other in turns]
            return replace(known, shape=turn.shape, robustness=_share(agreeing))
        reference = _way(rules, known.q, (known.change, known.change_low, known.change_high))
        return replace(
            known, robustness=_share([self._way(draw, group, rules) == reference for draw in range(len(columns))])
        )

    def _way(self, draw: int, group: int, rules: Rules) -> str:
        """Return the verdict's way in one clustering; intervals are Wald's, which cost no search."""
        slope, spread = self.values[draw, group], _WIDE * np.sqrt(self.variances[draw, group])
        if not np.isfinite(slope):
            return "dissolved"
        change, low, high = (float(np.exp(self.years * value)) for value in (slope, slope - spread, slope + spread))
        return _way(rules, float(self.q[draw, group]), (change, low, high))


def _share(agreeing: list[bool]) -> float:
    return float(np.mean(agreeing)) if agreeing else float("nan")


def _way(rules: Rules, q: float, change: tuple[float, float, float]) -> str:
    """Return up or down for what q tells from chance, small changes too; steady or inconclusive for the rest."""
    direction = rules.direction(q, change[0])
    if direction is not None:
        return "up" if direction in UP else "down"
    return "steady" if rules.is_steady(change[1], change[2]) else "inconclusive"
