"""Did a topic appear, or end, within the window? One odds ratio a year says neither.

A topic is new where it had all but no paper in the first part of the corpus, more papers would have been there by chance had
its dates been exchanged within sources, and an appearance explains its dates better than a rise over the whole window, or a
turn, does (by the Bayesian information criterion; Schwarz 1978, Annals of Statistics 6(2), 461-464). Ended is the same with
time reversed.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import optimize, stats
from scipy.special import gammaln, xlog1py, xlogy

from analysis.trends.cells import Cells
from analysis.trends.levels import shares_along

# papers before the appearance, over those of the later share and over all papers there, at most; one where twelve would be
_ALL_BUT_NONE, _OF_ALL, _ONE_OF = 0.05, 0.005, 12
# share of a topic's papers that may lie astray on the wrong side
_ASTRAY = 0.05
# share of the corpus that lies on the empty side, at least, and its length in years or as part of the window
_EMPTY_SIDE, _EMPTY_YEARS, _EMPTY_PART = 0.1, 1.0, 0.2
_FEWEST = 5
_STEEPEST = 12.0
# shares are held within this, so that a likelihood stays finite
_LEAST = 1e-12
# log likelihood by which an appearance must explain more than a rise does, the price of its parameters paid
_MARGIN = 0.5


@dataclass(frozen=True)
class Onset:
    """When a topic appeared or ended.

    Attributes
    ----------
    kind : {"new", "ended", "none"}
    time : float
        Decimal year of its first paper, strays apart; of its last where it ended.
    p : float
        Chance of so few papers on one side if dates meant nothing.
    clear : bool
        Whether an appearance explains the dates better than one slope over the whole window.
    """

    kind: str = "none"
    time: float = 0.0
    p: float = 1.0
    clear: bool = False

    def holds(self, cells: Cells, successes: np.ndarray) -> bool:
        """Return whether the empty side is all but empty for other papers of the topic, such as those of a redrawn clustering."""
        empty = cells.time < self.time if self.kind == "new" else cells.time > self.time
        expected, _ = _expected(cells, successes, empty)
        return bool(
            successes[empty].sum() <= max(_most(expected, cells.trials[empty].sum()), _ASTRAY * successes.sum())
        )


def find_onset(cells: Cells, successes: np.ndarray) -> Onset:
    """Return whether one side of the window is all but empty of a topic; successes have shape (c,)."""
    if successes.sum() < _FEWEST:
        return Onset()
    turned = replace(cells, time=-cells.time)
    new, ended = _appearance(cells, successes), _appearance(turned, successes)
    # both sides were looked at
    if new is not None and (ended is None or new[1] <= ended[1]):
        return Onset("new", new[0], min(1.0, 2 * new[1]), new[2])
    return Onset() if ended is None else Onset("ended", -ended[0], min(1.0, 2 * ended[1]), ended[2])


def _appearance(cells: Cells, successes: np.ndarray) -> tuple[float, float, bool] | None:
    """Return when a topic appeared, the chance of that, and whether a rise explains it less well; None where it did not."""
    order = np.argsort(cells.time, kind="stable")
    held = order[successes[order] > 0]
    papers = np.cumsum(successes[held])
    # strays are passed over one by one, then in steps
    allowed = _growing(int(_ASTRAY * papers[-1]))
    found = []
    for strays in allowed:
        at = float(cells.time[held[np.searchsorted(papers, strays, side="right")]])
        empty = cells.time < at
        before = float(successes[empty].sum())
        if before > strays or not _long_enough(cells, empty, at):
            continue
        since, chance = _expected(cells, successes, empty)
        if before <= _most(since, float(cells.trials[empty].sum())):
            found.append((min(1.0, chance * len(allowed)), at))
    if not found:
        return None
    p, at = min(found)
    return at, p, _better_than_a_rise(cells, successes, at)


def _most(expected: float, papers: float) -> float:
    """Return how many papers of a topic leave a side of the window all but empty of it."""
    return max(1.0 if expected >= _ONE_OF else 0.0, min(_ALL_BUT_NONE * expected, _OF_ALL * papers))


def _growing(most: int) -> list[int]:
    steps = [0, 1, 2, 3]
    while steps[-1] < most:
        steps.append(int(np.ceil(steps[-1] * 1.6)))
    return [step for step in steps if step <= most]


def _long_enough(cells: Cells, empty: np.ndarray, at: float) -> bool:
    span = float(np.ptp(cells.time))
    length = at - float(cells.time.min())
    share = cells.trials[empty].sum() / cells.trials.sum()
    return bool(share >= _EMPTY_SIDE and length >= min(_EMPTY_YEARS, _EMPTY_PART * span))


def _expected(cells: Cells, successes: np.ndarray, empty: np.ndarray) -> tuple[float, float]:
    """Return the papers that the later share puts on the empty side, and the chance of as few as there are by chance alone."""
    _, codes = np.unique(cells.strata, return_inverse=True)
    count = int(codes.max()) + 1
    size, early = (np.bincount(codes, weights=cells.trials * part, minlength=count) for part in (1.0, empty))
    inside, astray = (np.bincount(codes, weights=successes * part, minlength=count) for part in (1.0, empty))
    later = size - early
    since = float((early * np.divide(inside - astray, later, out=np.zeros(count), where=later > 0)).sum())
    if astray.sum() == 0:
        ways = gammaln(later + 1) - gammaln(np.maximum(later - inside, 0) + 1)
        all_ways = gammaln(size + 1) - gammaln(size - inside + 1)
        return since, float(np.exp((ways - all_ways).sum()))
    return since, float(stats.poisson.cdf(astray.sum(), float((early * inside / size).sum())))


def beats_turn(cells: Cells, successes: np.ndarray, onset: Onset, year: float) -> bool:
    """Return whether an appearance or end explains a topic's dates better than two slopes that meet in decimal year `year`."""
    turned = replace(cells, time=-cells.time) if onset.kind == "ended" else cells
    at, corner = (-onset.time, -year) if onset.kind == "ended" else (onset.time, year)
    sides = np.column_stack([np.minimum(turned.time - corner, 0), np.maximum(turned.time - corner, 0)])
    price = 0.5 * np.log(successes.sum())
    return bool(_appeared(turned, successes, at) > _loglik(turned, successes, sides) - 3 * price)


def _better_than_a_rise(cells: Cells, successes: np.ndarray, at: float) -> bool:
    """Compare one slope over the whole window with a share of strays before `at`, and since then a level or a slope."""
    price = 0.5 * np.log(successes.sum())
    return bool(_appeared(cells, successes, at) > _loglik(cells, successes, cells.time[:, None]) - price + _MARGIN)


def _appeared(cells: Cells, successes: np.ndarray, at: float) -> float:
    """Return the log-likelihood, less the price of its parameters, of strays before `at` and since then a level or a slope."""
    price = 0.5 * np.log(successes.sum())
    empty = cells.time < at
    early, papers = float(successes[empty].sum()), float(cells.trials[empty].sum())
    strays = early * np.log(early / papers) + (papers - early) * np.log1p(-early / papers) if early else 0.0
    own, within = cells.at(~empty), successes[~empty]
    level = _loglik(own, within, np.empty((len(own.time), 0))) - 2 * price
    slope = _loglik(own, within, own.time[:, None]) - 3 * price
    return float(max(level, slope) + strays)


def _loglik(cells: Cells, successes: np.ndarray, columns: np.ndarray) -> float:
    """Return the log-likelihood of a level for each stratum and the best slopes on `columns`, shape (c, p), p at most 2."""
    _, codes = np.unique(cells.strata, return_inverse=True)
    inside = np.bincount(codes, weights=successes)[:, None]
    centred = columns - np.average(columns, axis=0, weights=cells.trials)

    def loss(slopes: np.ndarray) -> float:
        share = np.clip(
            shares_along((centred @ slopes)[:, None], codes, cells.trials, inside)[:, 0], _LEAST, 1 - _LEAST
        )
        return -float((xlogy(successes, share) + xlog1py(cells.trials - successes, -share)).sum())

    if columns.shape[1] == 0:
        return -loss(np.empty(0))
    if columns.shape[1] == 1:
        bounds = (-_STEEPEST, _STEEPEST)
        return -float(
            optimize.minimize_scalar(lambda slope: loss(np.array([slope])), bounds=bounds, method="bounded").fun
        )
    simplex = {"initial_simplex": np.array([[0.0, 0.0], [0.5, -0.5], [-0.5, 0.5]]), "xatol": 1e-3, "fatol": 1e-3}
    return -float(optimize.minimize(loss, np.zeros(2), method="Nelder-Mead", options=simplex).fun)
