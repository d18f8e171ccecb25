"""The rows of one family of tests: estimates, intervals, turns and verdicts of groups that can be assessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from scipy.stats import false_discovery_control

from analysis.errors import TrendsError
from analysis.trends.cells import Cells
from analysis.trends.detectable import minimum_detectable_odds_ratio
from analysis.trends.dispersion import Dispersion, period_dispersion
from analysis.trends.periods import month_of
from analysis.trends.shape import Turn, find_turn
from analysis.trends.slopes import Slope, fit_slopes, sparse_strata
from analysis.trends.verdict import Evidence, final_verdict, first_verdict, sentence

LEVEL = 0.95


@dataclass(frozen=True)
class TestSettings:
    """What a family of tests is judged by.

    Attributes
    ----------
    alpha : float
        False-discovery rate of a family.
    equivalence_odds_ratio : float
        Above 1: a trend is steady when its whole interval lies within [1 / this, this].
    robustness : float
        Share of resampled clusterings that must agree with a direction, 0 to 1.
    n_permutations : int
    seed : int
    """

    alpha: float = 0.1
    equivalence_odds_ratio: float = 1.1
    robustness: float = 0.8
    n_permutations: int = 9999
    seed: int = 0

    __test__ = False


@dataclass(frozen=True)
class Drawn:
    """One clustering, the reference or a resampled one, of k groups.

    Attributes
    ----------
    successes : ndarray, shape (c, k)
        Papers of each cell in each group.
    p : ndarray, shape (k,)
        Permutation p values.
    """

    successes: np.ndarray
    p: np.ndarray


def family_rows(
    cells: Cells, reference: Drawn, resampled: Sequence[Drawn], settings: TestSettings
) -> list[tuple[Any, ...]]:
    """Return one row per group, in the order of `analysis.trends.tests.TEST_COLUMNS`.

    Every group holds some of the papers, not all, and dates vary within a stratum.
    """
    count = len(reference.p)
    q_values, q_by = false_discovery_control(reference.p), false_discovery_control(reference.p, method="by")
    sparse = sparse_strata(cells)
    turns = [Turn() if sparse else find_turn(cells, column) for column in reference.successes.T]
    q_turns = false_discovery_control(np.array([turn.p for turn in turns]))
    slopes = fit_slopes(cells, reference.successes, LEVEL)
    drawn_slopes = [fit_slopes(cells, draw.successes, LEVEL) for draw in resampled]
    drawn_verdicts = [
        _draw_verdicts(draw_slopes, false_discovery_control(draw.p), settings)
        for draw, draw_slopes in zip(resampled, drawn_slopes, strict=True)
    ]
    rows = []
    for column in range(count):
        successes, fit = reference.successes[:, column], slopes[column]
        if fit is None:
            raise TrendsError("a group without a slope was to be tested; leave out what cannot be assessed")
        dispersion = Dispersion() if fit.expected is None else period_dispersion(cells, successes, fit.expected)
        stretch = dispersion.stretch * _stretch(fit.variance, [drawn[column] for drawn in drawn_slopes])
        slope, (low, high) = fit.value, fit.interval()
        ratio, low, high = (
            float(np.exp(end)) for end in (slope, slope - (slope - low) * stretch, slope + (high - slope) * stretch)
        )
        q = float(q_values[column])
        turn = _significant(turns[column], float(q_turns[column]), settings)
        first = first_verdict(ratio, low, high, q, settings.alpha, settings.equivalence_odds_ratio)
        agreeing = [verdicts[column] == first for verdicts in drawn_verdicts]
        robustness = float(np.mean(agreeing)) if agreeing else float("nan")
        band = settings.equivalence_odds_ratio
        verdict = final_verdict(first, low, high, robustness, settings.robustness, band, turn.shape)
        level = settings.alpha / count
        detectable = minimum_detectable_odds_ratio(successes, cells.time, cells.strata, level, trials=cells.trials)
        detectable **= stretch
        year = month_of(turn.year) if turn.shape != "none" else ""
        evidence = Evidence(ratio, low, high, q, robustness, detectable, turn.shape, year, turn.before, turn.after)
        rows.append(
            (
                int(successes.sum()),
                ratio,
                low,
                high,
                float(reference.p[column]),
                q,
                robustness,
                verdict,
                detectable,
                float(q_by[column]),
                dispersion.factor,
                dispersion.p,
                turn.shape,
                year,
                float(q_turns[column]),
                sentence(verdict, first, evidence),
            )
        )
    return rows


def _significant(turn: Turn, q: float, settings: TestSettings) -> Turn:
    """Return a turn that is real and, on both sides, larger than what counts as steady; else none."""
    reach = np.log(settings.equivalence_odds_ratio)
    large = min(abs(np.log(turn.before)), abs(np.log(turn.after))) > reach
    return turn if turn.shape != "none" and q < settings.alpha and large else Turn()


def _draw_verdicts(slopes: Sequence[Slope | None], q_values: np.ndarray, settings: TestSettings) -> list[str]:
    """Return the verdicts that a resampled clustering gives; its intervals are Wald's, which cost no search."""
    wide = stats.norm.isf((1 - LEVEL) / 2)
    verdicts = []
    for fit, q in zip(slopes, q_values, strict=True):
        if fit is None:
            verdicts.append("inconclusive")
            continue
        low, ratio, high = (float(np.exp(fit.value + side * wide * np.sqrt(fit.variance))) for side in (-1, 0, 1))
        verdicts.append(first_verdict(ratio, low, high, float(q), settings.alpha, settings.equivalence_odds_ratio))
    return verdicts


def _stretch(within: float, drawn: Sequence[Slope | None]) -> float:
    """Return by how much resampled clusterings stretch a standard error.

    After Rubin's rules: the variance between draws, times 1 + 1/B, joins that of the reference
    fit. Draws in which the topic dissolved have no slope; where they are half or more of all,
    nothing bounds the trend and the stretch is infinite.
    """
    if not drawn:
        return 1.0
    known = np.array([fit.value for fit in drawn if fit is not None])
    if len(known) <= len(drawn) / 2:
        return float("inf")
    if len(known) < 2:
        return 1.0
    return float(np.sqrt(1 + (1 + 1 / len(known)) * known.var(ddof=1) / within))
