"""One family of tests: estimates, intervals, verdicts and fitted shares of groups that can be assessed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from analysis.trends.bends import read_bends
from analysis.trends.carried import carried_by
from analysis.trends.cells import Cells
from analysis.trends.course import courses
from analysis.trends.detectable import Contrasts, detectable_ratios
from analysis.trends.dispersion import Dispersion, period_dispersion
from analysis.trends.ends import Ends
from analysis.trends.false_discovery import q_values
from analysis.trends.influence import Influence, find_influence
from analysis.trends.onset import Onset, beats_turn, find_onset
from analysis.trends.pooling import Readings, pooled_shares, stretch_by_draws
from analysis.trends.redrawn import Redrawn
from analysis.trends.shape import Turn, TurnSearch
from analysis.trends.slopes import Slopes, fit_slopes_of_each
from analysis.trends.verdict import Course, Evidence, Rules, Verdict, judge

LEVEL = 0.95


@dataclass(frozen=True)
class TestSettings:
    """What a family of tests is judged by.

    Attributes
    ----------
    alpha : float
        False-discovery rate of a family.
    equivalence_change : float
        Above 1: a change of a topic's odds over the whole window is small within [1 / this, this]. A direction in there is
        a small rise or fall; a topic is steady when its whole interval lies in there.
    robustness : float
        Share of redrawn clusterings that must agree with a verdict, 0 to 1.
    n_permutations : int
    seed : int
    """

    alpha: float = 0.1
    equivalence_change: float = 1.33
    robustness: float = 0.8
    n_permutations: int = 9999
    seed: int = 0

    __test__ = False

    @property
    def rules(self) -> Rules:
        """The rules for verdicts."""
        return Rules(self.alpha, self.equivalence_change, self.robustness)


@dataclass(frozen=True)
class Family:
    """The dated papers of one family.

    Attributes
    ----------
    time, strata : ndarray, shape (n,)
    members : ndarray of bool, shape (n, k)
        Every group holds some of the papers, not all, and dates vary within a stratum.
    p : ndarray of float, shape (k,)
        Permutation p values.
    draws : sequence of ndarray of float, shape (c, k)
        Papers of each cell in each group, by redrawn clustering.
    draw_p : sequence of ndarray of float, shape (k,)
    ends : Ends
    """

    time: np.ndarray
    strata: np.ndarray
    members: np.ndarray
    p: np.ndarray
    draws: Sequence[np.ndarray]
    draw_p: Sequence[np.ndarray]
    ends: Ends


@dataclass(frozen=True)
class Estimates:
    """Slopes of k groups with their uncertainty.

    Attributes
    ----------
    slopes : Slopes
    drawn : list of Slopes
        By redrawn clustering.
    dispersions : list of Dispersion
    spread : ndarray of float, shape (k,)
        By how much overdispersion stretches standard errors.
    stretch : ndarray of float, shape (k,)
        By how much overdispersion and redrawn clusterings stretch them together.
    low, high : ndarray of float, shape (k,)
        Stretched ends of the slopes' intervals.
    """

    slopes: Slopes
    drawn: list[Slopes]
    dispersions: list[Dispersion]
    spread: np.ndarray
    stretch: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, cells: Cells, successes: np.ndarray, draws: Sequence[np.ndarray]) -> "Estimates":
        """Fit every group, and every group of every redrawn clustering; successes have shape (c, k)."""
        slopes, *drawn = fit_slopes_of_each(cells, [successes, *draws], LEVEL)
        shares = slopes.shares()
        dispersions = [
            period_dispersion(cells, inside, share) for inside, share in zip(successes.T, shares.T, strict=True)
        ]
        spread = np.array([dispersion.stretch for dispersion in dispersions])
        stretch = spread * stretch_by_draws(slopes, drawn)
        ends = slopes.intervals()
        with np.errstate(invalid="ignore"):
            low, high = (slopes.values + (end - slopes.values) * stretch for end in ends.T)
        return cls(slopes, drawn, dispersions, spread, stretch, low, high)


@dataclass(frozen=True)
class Judged:
    """The verdict on each of k groups and what it rests on, lists of length k.

    ``turn_q`` holds the q values of turns, `reasons` what took a direction away; `courses` are those of all `onsets`.
    """

    verdicts: list[Verdict]
    reasons: list[tuple[str, ...]]
    evidence: list[Evidence]
    turns: list[Turn]
    turn_q: np.ndarray
    onsets: list[Onset]
    courses: list[Course]
    influences: list[Influence]


@dataclass(frozen=True)
class Found:
    """What the tests of a family found.

    Attributes
    ----------
    n : ndarray of int, shape (k,)
    q : ndarray of float, shape (k,)
    estimates : Estimates
    judged : Judged
    rises, falls : ndarray of float, shape (k,)
        Smallest detectable odds ratios per year.
    at_ends : tuple of ndarray of float, each of shape (2, k)
        Fitted shares at both ends of the window, and their intervals' ends.
    curves : tuple of ndarray of float, each of shape (r, k)
        The same in the periods that were asked for, of their own papers' dates and strata; bent where a line does not
        follow the shares.
    """

    n: np.ndarray
    q: np.ndarray
    estimates: Estimates
    judged: Judged
    rises: np.ndarray
    falls: np.ndarray
    at_ends: tuple[np.ndarray, np.ndarray, np.ndarray]
    curves: tuple[np.ndarray, np.ndarray, np.ndarray]


def find_trends(
    family: Family, settings: TestSettings, periods: np.ndarray, middles: np.ndarray, *, power: bool = True
) -> Found:
    """Test every group of a family.

    Parameters
    ----------
    family : Family
        n papers, k groups.
    settings : TestSettings
    periods : ndarray of int, shape (n,)
        Period of each paper, 0 to r - 1; -1 for none.
    middles : ndarray of float, shape (r,)
        Decimal years of the periods whose fitted shares are asked for.
    power : bool
        Whether the smallest detectable trends are asked for; NaN without.
    """
    cells = Cells.of(family.time, family.strata)
    successes = cells.successes(family.members)
    estimates = Estimates.of(cells, successes, family.draws)
    q = q_values(family.p)
    judged = _judged(family, cells, successes, estimates, q, settings)
    level = min(settings.alpha / len(q), 1 - LEVEL)
    # q and the widened interval must both tell a trend from none
    critical = np.maximum(stats.norm.isf(level / 2), stats.norm.isf((1 - LEVEL) / 2) * estimates.stretch)
    rises = falls = np.full(len(q), np.nan)
    if power:
        rises, falls = detectable_ratios(Contrasts.of(cells, successes), critical, estimates.stretch)
    at_times, in_periods = Readings.of(cells, family.ends.times), Readings.of_periods(cells, periods, middles)
    bent = read_bends(family.time, family.strata, family.members, in_periods, estimates.spread)
    pooled = (estimates.slopes, estimates.drawn)
    at_ends = pooled_shares(*pooled, at_times, estimates.spread, LEVEL)
    curves = pooled_shares(*pooled, in_periods, estimates.spread, LEVEL, bent)
    return Found(family.members.sum(axis=0), q, estimates, judged, rises, falls, at_ends, curves)


def _judged(
    family: Family, cells: Cells, successes: np.ndarray, estimates: Estimates, q: np.ndarray, settings: TestSettings
) -> Judged:
    rules, years, slopes = settings.rules, family.ends.years, estimates.slopes
    turns, turn_q = _turns(cells, successes, settings)
    onsets = [
        replace(onset, clear=False)
        if onset.clear and turn.shape != "none" and not beats_turn(cells, column, onset, turn.year)
        else onset
        for onset, turn, column in zip(_onsets(cells, successes, settings), turns, successes.T, strict=True)
    ]
    redrawn = Redrawn.of(cells, family.draws, estimates.drawn, q_values(np.array(family.draw_p)), years)
    shares = slopes.shares()
    influences = [
        find_influence(cells, successes[:, group], shares[:, group], float(slopes.values[group]))
        for group in range(len(q))
    ]
    evidence = []
    for group in range(len(q)):
        with np.errstate(over="ignore"):
            change, low, high = (
                float(np.exp(ends[group] * years)) for ends in (slopes.values, estimates.low, estimates.high)
            )
        known = Evidence(float(q[group]), change, low, high, float("nan"))
        known = redrawn.with_robustness(group, known, onsets[group], turns[group], rules)
        if rules.direction(known.q, change) is not None:
            papers = (family.time, family.strata, family.members)
            alone = carried_by(
                cells,
                papers,
                group,
                family.p,
                influences[group],
                settings.alpha,
                settings.n_permutations,
                settings.seed,
            )
            known = replace(known, carried=alone)
        evidence.append(known)
    verdicts = [judge(rules, known) for known in evidence]
    since = courses(family.time, family.strata, family.members, onsets, rules, settings.n_permutations, settings.seed)
    return Judged(
        [verdict for verdict, _ in verdicts],
        [reasons for _, reasons in verdicts],
        evidence,
        turns,
        turn_q,
        onsets,
        since,
        influences,
    )


def _turns(cells: Cells, successes: np.ndarray, settings: TestSettings) -> tuple[list[Turn], np.ndarray]:
    """Return the turns that are beyond chance and, on both sides, larger than what is small; and all q values."""
    search = TurnSearch(cells)
    turns = [search.turn(column) for column in successes.T]
    turn_q = q_values(np.array([turn.p for turn in turns]))
    reach = np.log(settings.equivalence_change)
    real = [
        turn if known < settings.alpha and turn.change > reach else Turn()
        for turn, known in zip(turns, turn_q, strict=True)
    ]
    return real, turn_q


def _onsets(cells: Cells, successes: np.ndarray, settings: TestSettings) -> list[Onset]:
    """Return the appearances and ends that are beyond chance, at half of alpha: directions have their own."""
    onsets = [find_onset(cells, column) for column in successes.T]
    q = q_values(np.array([onset.p for onset in onsets]))
    return [onset if known < settings.alpha / 2 else Onset() for onset, known in zip(onsets, q, strict=True)]
