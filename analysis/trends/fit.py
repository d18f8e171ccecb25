"""From a corpus and its topics to series, tests and notes."""

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.topics.result import Topics
from analysis.trends.periods import Granularity, calendar_periods, period_of
from analysis.trends.result import SERIES_COLUMNS, Trends
from analysis.trends.shares import count_by_period, jeffreys_interval
from analysis.trends.tests import TestSettings, trend_tests


def fit_trends(
    corpus: Corpus,
    topics: Topics,
    *,
    granularity: Granularity = "year",
    alpha: float = 0.1,
    seed: int = 0,
    settings: TestSettings | None = None,
) -> Trends:
    """Measure each topic's and theme's share over time and test it for a trend.

    A paper is eligible in the period of its date; papers without a date are left out and
    counted in the notes. Where no paper has one, the series is empty and every test says that
    it cannot be assessed. The first page that lists a paper is its stratum.

    Parameters
    ----------
    corpus : Corpus
    topics : Topics
        Fitted to this corpus.
    granularity : {"year", "half", "quarter", "month"}
        Width of the periods of the series; the tests do not bin.
    alpha : float
        False-discovery rate, for each family on its own.
    seed : int
    settings : TestSettings, optional

    Returns
    -------
    Trends

    Raises
    ------
    TrendsError
        A setting is out of range.
    """
    papers = corpus.papers.loc[topics.assignments.index]
    labels = topics.assignments["topic"].to_numpy()
    theme_of = topics.theme_of_topic
    themes = np.array([theme_of.get(int(label), -1) for label in labels])
    redrawn = topics.draws.to_numpy().T if topics.draws.shape[1] else None
    redrawn_themes = None
    if redrawn is not None:
        lookup = np.array([theme_of.get(topic, -1) for topic in range(-1, len(topics.table))])
        redrawn_themes = lookup[redrawn + 1]
    strata = corpus.strata.loc[papers.index].to_numpy()
    covered = coverage(corpus)
    if papers["date"].notna().any():
        periods = calendar_periods(papers["date"], granularity, covered)
        numbers = period_of(papers["date"], granularity, papers["date"].min())
    else:
        periods = pd.DataFrame({"period": [], "start": [], "end": [], "partial": []})
        numbers = np.full(len(papers), -1)

    def family(groups: np.ndarray, draws: np.ndarray | None) -> tuple[pd.DataFrame, pd.DataFrame]:
        tests = trend_tests(groups, papers["date"], strata, alpha, seed, draws=draws, settings=settings)
        return share_series(groups, numbers, periods), tests

    series, tests = family(labels, redrawn)
    theme_series, theme_tests = family(themes, redrawn_themes)
    return Trends(
        series, tests, theme_series, theme_tests, topics.themes,
        _notes(corpus, papers, strata, covered, granularity, alpha, settings or TestSettings(), topics.draws.shape[1]),
    )  # fmt: skip


def share_series(labels: np.ndarray, numbers: np.ndarray, periods: pd.DataFrame) -> pd.DataFrame:
    """Return one row a group and period, explicit zeros included, with Jeffreys intervals.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Group of each paper; -1 counts in the totals alone.
    numbers : ndarray of int, shape (n,)
        0-based period of each paper, -1 where it has no date.
    periods : DataFrame
        As `calendar_periods` returns them.
    """
    groups = np.unique(labels[labels >= 0])
    counts = count_by_period(labels, numbers, groups, len(periods))
    totals = np.broadcast_to(np.bincount(numbers[numbers >= 0], minlength=len(periods)), counts.shape)
    low, high = jeffreys_interval(counts, totals)
    frame = periods.loc[np.tile(periods.index, len(groups))].reset_index(drop=True)
    frame["topic"] = np.repeat(groups, len(periods)).astype("int64")
    frame["n_topic"], frame["n_total"] = counts.ravel(), totals.ravel()
    with np.errstate(invalid="ignore"):
        frame["share"] = frame["n_topic"] / frame["n_total"]
    frame["low"], frame["high"] = low.ravel(), high.ravel()
    return frame[SERIES_COLUMNS]


def coverage(corpus: Corpus) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day that the corpus can speak of.

    A paper known to the month or year covers all of it; a page covers up to the day it was taken.
    """
    dated = corpus.papers.dropna(subset="date")
    month = dated["date_precision"].to_numpy() == "month"
    year = dated["date_precision"].to_numpy() == "year"
    dates = dated["date"]
    firsts = dates.where(~month, dates.dt.to_period("M").dt.start_time)
    firsts = firsts.where(~year, dates.dt.to_period("Y").dt.start_time)
    lasts = dates.where(~month, dates.dt.to_period("M").dt.end_time.dt.normalize())
    lasts = lasts.where(~year, dates.dt.to_period("Y").dt.end_time.dt.normalize())
    taken = (
        pd.to_datetime(corpus.pages["taken"].replace("", None))
        if len(corpus.pages)
        else pd.Series(dtype="datetime64[us]")
    )
    # a month-precise date cannot reach past the day on which the last page was taken
    last = taken.max() if taken.notna().any() else lasts.max()
    return firsts.min(), max(last, dates.max()) if not dates.empty else last


def _notes(
    corpus: Corpus, papers: pd.DataFrame, strata: np.ndarray, covered: tuple[pd.Timestamp, pd.Timestamp],
    granularity: str, alpha: float, settings: TestSettings, n_draws: int,
) -> pd.DataFrame:  # fmt: skip
    dated = papers["date"].notna()
    values = {
        "papers": len(papers),
        "papers_dated": int(dated.sum()),
        "papers_month_precise": int((papers["date_precision"] == "month").sum()),
        "papers_year_precise": int((papers["date_precision"] == "year").sum()),
        "strata": len(np.unique(strata[dated.to_numpy()])),
        "first_day": covered[0].date().isoformat() if dated.any() else "none",
        "last_day": covered[1].date().isoformat() if dated.any() else "none",
        "granularity": granularity,
        "alpha": alpha,
        "robustness_required": settings.robustness,
        "equivalence_odds_ratio": settings.equivalence_odds_ratio,
        "permutations": settings.n_permutations,
        "draws": n_draws,
    }
    return pd.DataFrame({"name": list(values), "value": [str(value) for value in values.values()]})
