"""Bursts, change points, emergence and composition as tables: periods counted, cores called, rows labelled."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.trends.bursts import LEVEL, find_bursts
from analysis.trends.changes import find_changes
from analysis.trends.composition import relative_trends
from analysis.trends.emergence import emergence
from analysis.trends.exposure import Exposure
from analysis.trends.periods import MONTHS_IN, Period, calendar_periods, decimal_year, period_of

BURST_COLUMNS = ["topic", "start", "end", "n", "expected", "weight", "p", "q"]
CHANGE_COLUMNS = ["topic", "period", "start", "before", "after", "p"]
COMPOSITION_COLUMNS = ["family", "group", "ratio", "low", "high"]
EMERGENCE_COLUMNS = [
    "n",
    "first_seen",
    "last_seen",
    "persistence",
    "recent_share",
    "growth",
    "growth_low",
    "growth_high",
]
# bursts and change points need this many periods; the widest calendar period that gives them is taken
_ENOUGH_PERIODS = 12


@dataclass(frozen=True)
class Calendar:
    """Periods, and the period of each paper.

    Attributes
    ----------
    periods : DataFrame
        As `calendar_periods` returns them.
    numbers : ndarray of int, shape (n,)
        0-based period of each paper; -1 for those that are not counted.
    """

    periods: pd.DataFrame
    numbers: np.ndarray

    @property
    def middles(self) -> np.ndarray:
        """Decimal year of the middle of each period, shape (t,)."""
        if self.periods.empty:
            return np.empty(0)
        return np.asarray((decimal_year(self.periods["start"]) + decimal_year(self.periods["end"])) / 2)

    @classmethod
    def of(cls, papers: pd.DataFrame, period: Period, covered: tuple[pd.Timestamp, pd.Timestamp]) -> "Calendar":
        """Place papers (columns date, date_precision) into calendar periods."""
        dates = papers["date"]
        if not dates.notna().any():
            return cls(pd.DataFrame({"period": [], "start": [], "end": [], "partial": []}), np.full(len(dates), -1))
        return cls(calendar_periods(dates, period, covered), period_of(dates, period, dates.min()))

    @classmethod
    def fine(cls, papers: pd.DataFrame, covered: tuple[pd.Timestamp, pd.Timestamp]) -> "Calendar":
        """Return the widest periods of which the corpus has twelve, else months; dates less precise than they are left out."""
        known = papers["date"].dropna()
        months = (
            0 if known.empty else (known.max().year - known.min().year) * 12 + known.max().month - known.min().month + 1
        )
        widths: tuple[Period, ...] = ("year", "half", "quarter", "month")
        chosen: Period = next((width for width in widths if months >= _ENOUGH_PERIODS * MONTHS_IN[width]), "month")
        calendar = cls.of(papers, chosen, covered)
        coarse = (papers["date_precision"] == "year").to_numpy() & (chosen != "year")
        return cls(calendar.periods, np.where(coarse, -1, calendar.numbers))


def burst_table(
    labels: np.ndarray, strata: np.ndarray, calendar: Calendar, slopes: pd.Series, seed: int
) -> pd.DataFrame:
    """Return the bursts that neither chance nor a topic's fitted course explains; slopes are log odds ratios per year.

    Returns
    -------
    DataFrame
        topic, start, end (first and last day), n (the topic's papers in it), expected (papers
        of its fitted course), weight, p, q (at most 0.05).
    """
    groups = np.unique(labels[labels >= 0])
    exposure = _exposure(labels, groups, calendar, strata, slopes)
    expected, periods = exposure.expected, calendar.periods
    rows = [
        (
            int(groups[burst.topic]),
            periods["start"].iloc[burst.first],
            periods["end"].iloc[burst.last],
            int(exposure.counts[burst.topic, burst.first : burst.last + 1].sum()),
            float(expected[burst.topic, burst.first : burst.last + 1].sum()),
            burst.weight,
            burst.p,
            burst.q,
        )
        for burst in find_bursts(exposure, seed=seed)
        if burst.q <= LEVEL
    ]
    frame = pd.DataFrame(rows, columns=BURST_COLUMNS)
    times = dict.fromkeys(("start", "end"), "datetime64[us]")
    numbers = dict.fromkeys(("expected", "weight", "p", "q"), "float64")
    return frame.astype({"topic": "int64", "n": "int64"} | times | numbers)


def change_table(
    labels: np.ndarray, strata: np.ndarray, calendar: Calendar, slopes: pd.Series, seed: int
) -> pd.DataFrame:
    """Return where topics left their fitted course; nowhere where the corpus has fewer than twelve periods.

    Returns
    -------
    DataFrame
        topic, period, start (of the first period of the new level), before, after (the topic's
        papers over those of its fitted course), p.
    """
    groups = np.unique(labels[labels >= 0])
    count = len(calendar.periods)
    exposure = _exposure(labels, groups, calendar, strata, slopes)
    kept = calendar.numbers >= 0
    codes = np.unique(strata[kept], return_inverse=True)[1]
    by_stratum = np.zeros((len(groups), len(exposure.totals), count), dtype=np.int64)
    column = np.searchsorted(groups, labels[kept])
    known = labels[kept] >= 0
    np.add.at(by_stratum, (column[known], codes[known], calendar.numbers[kept][known]), 1)
    rows = [
        (
            int(groups[change.topic]),
            calendar.periods["period"].iloc[change.period],
            calendar.periods["start"].iloc[change.period],
            change.before,
            change.after,
            change.p,
        )
        for change in find_changes(exposure, by_stratum, LEVEL, seed=seed)
    ]
    frame = pd.DataFrame(rows, columns=CHANGE_COLUMNS)
    numbers = dict.fromkeys(("before", "after", "p"), "float64")
    return frame.astype({"topic": "int64", "period": "str", "start": "datetime64[us]"} | numbers)


def emergence_table(labels: np.ndarray, dates: pd.Series, calendar: Calendar, tests: pd.DataFrame) -> pd.DataFrame:
    """Return when each topic was first seen, how large it is now, how fast it grows, and whether it stays.

    Returns
    -------
    DataFrame, index topic
        n (dated papers), first_seen, last_seen (days; NaT where no paper has a date),
        persistence (share of the periods since then that hold one of its papers), recent_share
        (among the papers of the fewest last periods that hold a quarter of all), growth (odds ratio per year),
        growth_low, growth_high.
    """
    groups = tests.index.to_numpy()
    exposure = _exposure(labels, groups, calendar, np.zeros(len(labels), dtype=int), pd.Series(0.0, index=tests.index))
    measures = emergence(exposure.counts, exposure.papers)
    seen = pd.Series(dates.to_numpy()).groupby(labels).agg(["min", "max"]).reindex(groups)
    frame = pd.DataFrame(
        {
            "n": tests["n"],
            "first_seen": seen["min"].to_numpy(),
            "last_seen": seen["max"].to_numpy(),
            "persistence": measures.persistence,
            "recent_share": measures.recent,
            "growth": tests["odds_ratio"],
            "growth_low": tests["low"],
            "growth_high": tests["high"],
        },
        index=tests.index,
    )
    return frame[EMERGENCE_COLUMNS].astype(dict.fromkeys(("first_seen", "last_seen"), "datetime64[us]"))


def composition_table(tests: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return each group's yearly ratio to the middle of all groups; see `relative_trends`.

    Returns
    -------
    DataFrame
        family, group, ratio, low, high (95 %).
    """
    with np.errstate(divide="ignore"):
        slope, low, high = (np.log(tests[name].to_numpy()) for name in ("odds_ratio", "low", "high"))
    assessed = tests["p"].to_numpy() < 1
    ratio, low, high = relative_trends(np.where(assessed, slope, np.nan), low, high)
    frame = pd.DataFrame({"family": family, "group": tests.index, "ratio": ratio, "low": low, "high": high})
    return frame[COMPOSITION_COLUMNS].astype({"family": "str", "group": "int64"})


def _exposure(
    labels: np.ndarray, groups: np.ndarray, calendar: Calendar, strata: np.ndarray, slopes: pd.Series
) -> Exposure:
    known = slopes.reindex(groups).fillna(0.0).to_numpy(dtype=float)
    return Exposure.of(labels[:, None] == groups[None, :], calendar.numbers, strata, calendar.middles, known)
