"""One family of trend tests: labels and dates in, one row a topic out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import TrendsError
from analysis.trends.detectable import minimum_detectable_odds_ratio
from analysis.trends.multiplicity import benjamini_hochberg
from analysis.trends.periods import decimal_year
from analysis.trends.permutation import permutation_p, within_strata
from analysis.trends.regression import FirthFit, fit_firth, profile_interval
from analysis.trends.verdict import final_verdict, first_verdict, sentence

TEST_COLUMNS = [
    "n", "odds_ratio", "low", "high", "p", "q", "robustness", "verdict", "minimum_detectable_odds_ratio", "note",
]  # fmt: skip
_LEVEL = 0.95


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
        Share of redrawn clusterings that must agree with a direction, 0 to 1.
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
class _Estimates:
    """Per group: log odds ratio a year, its variance, and the fit behind it (None: not assessable)."""

    slope: np.ndarray
    variance: np.ndarray
    fits: list[FirthFit | None]


def trend_tests(
    topic: Any,
    date: Any,
    strata: Any = None,
    alpha: float = 0.1,
    seed: int = 0,
    *,
    draws: Any = None,
    settings: TestSettings | None = None,
) -> pd.DataFrame:
    """Test each topic for a trend of its share.

    Logistic regression of membership on decimal date with stratum effects, Firth-penalised, with
    profile intervals; p from exchanging dates within strata; Benjamini-Hochberg over the topics.

    Parameters
    ----------
    topic : array of int, shape (n,)
        Topic of each paper; -1 (an outlier) counts among the papers but is not tested.
    date : array of datetime64 or float, shape (n,)
        Dates, or decimal years. Papers without a date (NaT, NaN) are left out.
    strata : array, shape (n,), optional
        Stratum of each paper, such as the query that found it; one stratum by default.
    alpha : float
        False-discovery rate, in (0, 1).
    seed : int
        Seed of the permutations.
    draws : array of int, shape (b, n), optional
        Redrawn clusterings with the same topic numbers; they widen the intervals by the
        between-draw variance (Rubin 1987) and give the robustness. Without them labels are
        taken as certain and robustness is 1.
    settings : TestSettings, optional
        Everything else; its alpha and seed are overruled by the arguments.

    Returns
    -------
    DataFrame, index topic
        n (papers with a date), odds_ratio (per year), low, high (95 %), p, q, robustness (0-1),
        verdict (rising | falling | steady | inconclusive), minimum_detectable_odds_ratio (80 %
        power at alpha over the number of tests, clustering uncertainty included), note (a sentence). A topic that cannot be
        assessed has odds ratio 1 with interval 0 to infinity, p = q = 1, and says why.

    Raises
    ------
    TrendsError
        The arrays differ in length, or alpha is not in (0, 1).
    """
    base = settings or TestSettings()
    judged = TestSettings(alpha, base.equivalence_odds_ratio, base.robustness, base.n_permutations, seed)
    labels, time = np.asarray(topic), _decimal(date)
    stratum = np.zeros(len(labels), dtype=int) if strata is None else pd.factorize(np.asarray(strata))[0]
    redrawn = np.empty((0, len(labels)), dtype=int) if draws is None else np.atleast_2d(np.asarray(draws))
    if not len(labels) == len(time) == len(stratum) == redrawn.shape[1]:
        raise TrendsError(
            f"topic, date, strata and draws must speak of the same papers; they have {len(labels)}, {len(time)}, "
            f"{len(stratum)} and {redrawn.shape[1]}"
        )
    if not 0 < alpha < 1:
        raise TrendsError(f"alpha must lie between 0 and 1, not {alpha}")
    groups = np.unique(labels[labels >= 0]).astype(int)
    dated = np.isfinite(time)
    return _test(groups, labels[dated], time[dated], stratum[dated], redrawn[:, dated], judged)


def _decimal(date: Any) -> np.ndarray:
    values = pd.Series(np.asarray(date))
    if pd.api.types.is_numeric_dtype(values):
        return np.asarray(values, dtype=float)
    return decimal_year(pd.to_datetime(values))


def _test(
    groups: np.ndarray,
    labels: np.ndarray,
    time: np.ndarray,
    strata: np.ndarray,
    draws: np.ndarray,
    settings: TestSettings,
) -> pd.DataFrame:
    reasons = {group: _why_not(labels == group, time, strata) for group in groups}
    tested = np.array([group for group in groups if not reasons[group]], dtype=int)
    rows = {group: _not_assessable(int((labels == group).sum()), reasons[group]) for group in groups if reasons[group]}
    if len(tested):
        rows |= _tested_rows(tested, labels, time, strata, draws, settings)
    frame = pd.DataFrame([rows[group] for group in groups], columns=TEST_COLUMNS, index=pd.Index(groups, name="topic"))
    return frame.astype(
        {name: "float64" for name in TEST_COLUMNS if name not in ("n", "verdict", "note")} | {"n": "int64"}
    )


def _tested_rows(
    tested: np.ndarray,
    labels: np.ndarray,
    time: np.ndarray,
    strata: np.ndarray,
    draws: np.ndarray,
    settings: TestSettings,
) -> dict[int, tuple[Any, ...]]:
    design = _design(time, strata)
    clusterings = np.vstack([labels[None, :], draws])
    members = clusterings[:, :, None] == tested[None, None, :]
    flat = members.transpose(1, 0, 2).reshape(len(labels), -1)
    p_values = permutation_p(flat, time, strata, settings.n_permutations, settings.seed).reshape(len(clusterings), -1)
    q_values = np.vstack([benjamini_hochberg(row) for row in p_values])
    estimates = [_estimate(design, clustering_members) for clustering_members in members]
    reference = estimates[0]
    firsts = [
        [_draw_verdict(estimate, column, q_values[draw, column], settings) for column in range(len(tested))]
        for draw, estimate in enumerate(estimates[1:], start=1)
    ]
    rows = {}
    for column, group in enumerate(tested):
        in_group = members[0, :, column]
        fit = reference.fits[column]
        assert fit is not None
        low, high = profile_interval(design, in_group, fit, 0, _LEVEL)
        slope = float(reference.slope[column])
        stretch = _stretch(float(reference.variance[column]), [e.slope[column] for e in estimates[1:]])
        low, high = slope - (slope - low) * stretch, slope + (high - slope) * stretch
        ratio, low, high = float(np.exp(slope)), float(np.exp(low)), float(np.exp(high))
        q = float(q_values[0, column])
        first = first_verdict(ratio, low, high, q, settings.alpha, settings.equivalence_odds_ratio)
        agreeing = [row[column] == first for row in firsts]
        robustness = float(np.mean(agreeing)) if agreeing else 1.0
        band = settings.equivalence_odds_ratio
        verdict = final_verdict(first, low, high, robustness, settings.robustness, band)
        detectable = minimum_detectable_odds_ratio(in_group, time, strata, settings.alpha / len(tested)) ** stretch
        note = sentence(verdict, first, ratio, low, high, q, robustness, detectable)
        rows[int(group)] = (
            int(in_group.sum()), ratio, low, high, float(p_values[0, column]), q, robustness, verdict, detectable, note,
        )  # fmt: skip
    return rows


def _design(time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return the date, centred, beside one indicator a stratum, shape (n, 1 + strata)."""
    indicators = (strata[:, None] == np.unique(strata)[None, :]).astype(float)
    return np.column_stack([time - time.mean(), indicators])


def _estimate(design: np.ndarray, members: np.ndarray) -> _Estimates:
    fits: list[FirthFit | None] = [
        fit_firth(design, column) if 0 < column.sum() < len(column) else None for column in members.T
    ]
    slope = np.array([fit.coefficients[0] if fit else np.nan for fit in fits])
    variance = np.array([fit.covariance[0, 0] if fit else np.nan for fit in fits])
    return _Estimates(slope, variance, fits)


def _draw_verdict(estimate: _Estimates, column: int, q: float, settings: TestSettings) -> str:
    """Return the verdict that a redrawn clustering gives; its interval is Wald's, which costs no search."""
    if estimate.fits[column] is None:
        return "inconclusive"
    slope, reach = estimate.slope[column], stats.norm.isf((1 - _LEVEL) / 2) * np.sqrt(estimate.variance[column])
    ratio, low, high = np.exp(slope), np.exp(slope - reach), np.exp(slope + reach)
    return first_verdict(ratio, low, high, q, settings.alpha, settings.equivalence_odds_ratio)


def _stretch(within: float, drawn: list[float]) -> float:
    """Return by how much redrawn clusterings stretch a standard error.

    After Rubin's rules: the variance between draws, times 1 + 1/B, joins that of the reference
    fit. Draws in which the topic dissolved have no slope; where they are half or more of all,
    nothing bounds the trend and the stretch is infinite.
    """
    if not drawn:
        return 1.0
    known = np.array([value for value in drawn if np.isfinite(value)])
    if len(known) <= len(drawn) / 2:
        return float("inf")
    if len(known) < 2:
        return 1.0
    return float(np.sqrt(1 + (1 + 1 / len(known)) * known.var(ddof=1) / within))


def _why_not(members: np.ndarray, time: np.ndarray, strata: np.ndarray) -> str:
    """Say why a trend cannot be assessed; empty where it can."""
    if len(time) == 0:
        return "no paper has a date"
    if not members.any():
        return "none of its papers has a date"
    if members.all():
        return "every dated paper belongs to it"
    if np.abs(within_strata(time, strata)).max() < 1e-9:
        return "all dates are equal" if np.ptp(time) < 1e-9 else "within each stratum all dates are equal"
    return ""


def _not_assessable(count: int, reason: str) -> tuple[Any, ...]:
    infinite = float("inf")
    return (count, 1.0, 0.0, infinite, 1.0, 1.0, 0.0, "inconclusive", infinite, f"Not assessable: {reason}.")
