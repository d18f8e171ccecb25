"""Families of trend tests: labels and dates in, one row per topic out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.alignment import same_rows
from analysis.corpus.dates import read_dates, read_decimal_years
from analysis.errors import TrendsError
from analysis.trends.family import TestSettings as TestSettings
from analysis.trends.heaps import at_mid_year, year_heaps
from analysis.trends.periods import decimal_year
from analysis.trends.rows import TEST_COLUMNS as TEST_COLUMNS
from analysis.trends.tested import Papers, tested_family
from analysis.validation import expect, expect_seed, expect_share, read_labels, renamed_arguments


@renamed_arguments(topic="labels")
def trend_tests(
    labels: Any,
    date: Any,
    strata: Any = None,
    alpha: float = 0.1,
    seed: int = 0,
    *,
    draws: Any = None,
    series: Any = None,
    settings: TestSettings | None = None,
) -> pd.DataFrame:
    """Test each topic for a trend of its share.

    Logistic regression of membership on decimal date with stratum effects, Firth-penalised, with
    profile intervals; p from exchanging dates within strata; false-discovery control over the topics.
    A natural spline asks whether the share turned: a peak is neither rising nor falling; a topic that had all but
    no paper at first is new. Dates heaped on the first or last day of a year by their source stand at the year's middle.

    Parameters
    ----------
    labels : array of int or str, or categories, shape (n,)
        Topic of each paper. -1 (an outlier), None, NaN and an empty text count among the papers but are not tested.
    date : array of dates or decimal years, shape (n,)
        Dates with or without a time zone (days count as they are written), periods, ISO texts, or years as numbers from
        1400 to 2200. Papers without a date (NaT, NaN) are left out. Series with one index may stand in other orders.
    strata : array, shape (n,), optional
        Stratum of each paper, such as the query that found it; one stratum by default.
    alpha : float
        False-discovery rate, in (0, 1).
    seed : int
        Seed of the permutations.
    draws : array of int, shape (b, n), optional
        Resampled clusterings with the same topic numbers; they widen the intervals by the
        between-draw variance (Rubin 1987) and give the robustness. Without them labels are
        taken as certain and robustness is unknown (NaN).
    series : array, shape (n,), optional
        The author group of each paper, or whatever else makes papers dependent; equal values go together, and papers without one
        stand alone. Verdicts are given a second p value, by group.
    settings : TestSettings, optional
        Everything else; its alpha and seed are overruled by the arguments.

    Returns
    -------
    DataFrame, index topic
        n (papers with a date), odds_ratio (per year), low, high (95 %, clustering uncertainty and
        overdispersion included), p, q (adaptive Benjamini-Hochberg), robustness (0-1), verdict (rising | falling |
        small rise | small fall | steady | peak | trough | new | ended | inconclusive), course (of a new or ended topic
        in its own time: rising | falling | level | unclear), share_first, share_last (fitted shares at the ends of the
        window, its first and last full year, 0-1, each with _low and _high at 95 %), detectable_rise, detectable_fall
        (odds ratios per year that are found with 80 % power; inf and 0 where none would be), odds_ratio_shrunken (drawn toward
        the family's mean by as much as it is uncertain, `analysis.trends.shrinkage`: rank by it), wandering_p and
        beyond_wandering (whether it moved more than its own steps from year to year explain; unknown with fewer than eight
        years), influence (largest change of the slope without one paper or thin year, in standard errors), p_series, q_series,
        series_holds (by group of dependent papers, and whether q_series is below alpha; NaN and NA without groups), since (month
        in which it appeared or ended, or empty), q_by (Benjamini-Yekutieli), dispersion and dispersion_p (between periods; 1 is
        chance alone, NaN where it cannot be asked), shape (none | peak | trough), turning_point ("2021-04" or empty),
        q_turn, set_aside (what took away a direction that q alone would give, or empty), note (a sentence). A topic that
        cannot be assessed has odds ratio 1 with interval 0 to infinity, p = q = 1, and says why.

    Raises
    ------
    TrendsError
        The arrays differ in length, a date cannot be read, or alpha is not in (0, 1).

    Examples
    --------
    >>> import analysis as at
    >>> labels = ["ice"] * 20 + ["bees"] * 20
    >>> years = [2018 + i / 10 for i in range(40)]
    >>> at.trend_tests(labels, years)["verdict"].to_dict()
    {'bees': 'rising', 'ice': 'falling'}
    """
    judged = judged_by(settings, alpha, seed)
    strata = same_rows(date, strata, "date and strata", TrendsError)
    series = same_rows(date, series, "date and series", TrendsError)
    date, strata, series = (
        same_rows(labels, given, "labels, date, strata and series", TrendsError) for given in (date, strata, series)
    )
    codes, groups = read_labels(labels, TrendsError)
    columns = np.arange(len(groups))
    resampled = _drawn(draws, groups, len(codes))
    return _tests(groups, _columns(codes, columns), date, strata, resampled, judged, series)


def _drawn(draws: Any, groups: pd.Index, n_papers: int) -> np.ndarray:
    """Return resampled clusterings by the number of each label, shape (b, n); -1 where it is none of the labels."""
    if draws is None:
        return np.empty((0, n_papers), dtype=int)
    try:
        rows = np.atleast_2d(np.asarray(draws))
    except ValueError as error:
        raise TrendsError(f"draws must have one row per clustering, each as long as labels ({error})") from error
    if rows.ndim != 2 or rows.shape[1] != n_papers:
        raise TrendsError(
            f"labels and draws must speak of the same papers: draws have one row per clustering and one column per paper, here "
            f"{rows.shape} for {n_papers} labels"
        )
    known = {str(name): number for number, name in enumerate(groups)}
    names, codes = np.unique(rows.astype(str), return_inverse=True)
    return np.array([known.get(name.removesuffix(".0"), -1) for name in names])[codes.reshape(rows.shape)]


def mention_tests(
    members: Any,
    date: Any,
    strata: Any = None,
    alpha: float = 0.1,
    seed: int = 0,
    *,
    settings: TestSettings | None = None,
) -> pd.DataFrame:
    """Test groups that may overlap, such as the papers that mention a concept.

    Parameters
    ----------
    members : array of bool, shape (n, k)
        Which paper is in which group; the columns of a DataFrame name the groups.
    date, strata, alpha, seed, settings
        As in `trend_tests`.

    Returns
    -------
    DataFrame, index topic
        As `trend_tests` returns it; the index holds the groups.
    """
    frame = members if isinstance(members, pd.DataFrame) else pd.DataFrame(np.asarray(members))
    return _tests(
        frame.columns.to_numpy(),
        frame.to_numpy(dtype=bool),
        date,
        strata,
        np.empty((0, len(frame)), dtype=int),
        judged_by(settings, alpha, seed),
    )


def judged_by(settings: TestSettings | None, alpha: float, seed: int) -> TestSettings:
    """Return settings with the alpha and seed of a call; raises TrendsError where one of them cannot be."""
    chosen = TestSettings() if settings is None else settings
    expect(chosen, TestSettings, "settings", "at.TestSettings(...) makes one", TrendsError)
    return replace(chosen, alpha=expect_share(alpha, "alpha", TrendsError), seed=expect_seed(seed, TrendsError))


def _columns(labels: np.ndarray, groups: np.ndarray) -> np.ndarray:
    return np.asarray(labels[:, None] == groups[None, :])


def _decimal(date: Any) -> np.ndarray:
    if date is None or np.ndim(date) != 1:
        raise TrendsError("date must be an array of dates, or of decimal years: one a paper")
    years = read_decimal_years(date, TrendsError)
    return decimal_year(read_dates(date, TrendsError)[0]) if years is None else years


def _strata(strata: Any) -> np.ndarray:
    """Return the stratum of each paper as a number; papers without one make one of their own."""
    if np.ndim(strata) != 1:
        raise TrendsError(f"strata must have one dimension, one a paper; their shape is {np.shape(strata)}")
    column = pd.Series(strata).astype(object)
    if any(isinstance(value, (list, dict, set)) for value in column):
        raise TrendsError("strata must be texts or numbers, one a paper")
    return np.asarray(pd.factorize(column.where(column.notna(), "").astype(str), sort=True)[0])


def _series(series: Any, count: int) -> np.ndarray | None:
    """Return the number of each paper's group; those of no group are groups of their own."""
    if series is None:
        return None
    codes = np.asarray(pd.factorize(_strata_like(series, count))[0], dtype=np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes


def _strata_like(values: Any, count: int) -> pd.Series:
    if np.ndim(values) != 1 or len(values) != count:
        raise TrendsError(f"series must have one value a paper, {count} in all; their shape is {np.shape(values)}")
    column = pd.Series(values).astype(object)
    if any(isinstance(value, (list, dict, set)) for value in column):
        raise TrendsError("series must be texts or numbers, one a paper")
    return column.where(column.notna() & (column.astype(str).str.strip() != ""), None)


def _tests(
    groups: Any,
    members: np.ndarray,
    date: Any,
    strata: Any,
    redrawn: np.ndarray,
    settings: TestSettings,
    series: Any = None,
) -> pd.DataFrame:
    time = _decimal(date)
    stratum = np.zeros(len(members), dtype=int) if strata is None else _strata(strata)
    if not len(members) == len(time) == len(stratum):
        raise TrendsError(
            f"topic, date and strata must speak of the same papers; they have {len(members)}, {len(time)} and {len(stratum)}"
        )
    time = at_mid_year(time, year_heaps(time, stratum))
    papers = Papers(time, stratum, np.full(len(time), -1), np.empty(0), series=_series(series, len(time)))
    return tested_family(groups, members, papers, redrawn, settings).tests
