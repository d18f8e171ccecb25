"""The families of a trend analysis, topics, themes and concepts: series, tests, curves and events of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.trends.events import event_table
from analysis.trends.family import TestSettings
from analysis.trends.periods import decimal_year
from analysis.trends.series import share_series
from analysis.trends.tested import Papers, Tested, positions, tested_family
from analysis.trends.timeline import Calendar

CURVE_COLUMNS = ["family", "group", "period", "fitted", "low", "high"]


@dataclass(frozen=True)
class Timeline:
    """When papers are dated.

    Attributes
    ----------
    time : ndarray of float, shape (n,)
        Decimal years; NaN where unknown.
    strata : ndarray of int, shape (n,)
    calendar : Calendar
    covered : pair of Timestamp
        First and last day that the corpus can speak of; NaT without any date.
    series : ndarray of int, shape (n,), optional
        Papers of one number are of one author group; nothing where authors are unknown.
    """

    time: np.ndarray
    strata: np.ndarray
    calendar: Calendar
    covered: tuple[pd.Timestamp, pd.Timestamp]
    series: np.ndarray | None = None

    @property
    def papers(self) -> Papers:
        """What a family's tests are asked of: fitted shares in every period, a window within what is covered."""
        covered = None
        if pd.notna(self.covered[0]):
            first, last = decimal_year(pd.Series(list(self.covered)))
            covered = float(first), float(last) + 1 / 366
        return Papers(self.time, self.strata, self.calendar.numbers, self.calendar.middles, covered, series=self.series)


@dataclass(frozen=True)
class FamilyTrends:
    """What was found of one family.

    Attributes
    ----------
    series : DataFrame
        As `share_series` returns it, by group.
    tests : DataFrame, index topic
    curves : DataFrame
        family, group, period, fitted, low, high.
    events : DataFrame
    ends : tuple of str
        Names of both ends of the window; empty texts where nothing could be assessed.
    """

    series: pd.DataFrame
    tests: pd.DataFrame
    curves: pd.DataFrame
    events: pd.DataFrame
    ends: tuple[str, str]


def family_trends(
    family: str,
    groups: np.ndarray,
    labels: np.ndarray,
    redrawn: np.ndarray,
    when: Timeline,
    events: dict[str, pd.Timestamp],
    settings: TestSettings,
) -> FamilyTrends:
    """Test groups that share no paper.

    Parameters
    ----------
    family : str
    groups : ndarray of int, shape (k,)
    labels : ndarray of int, shape (n,)
    redrawn : ndarray of int, shape (b, n)
        Redrawn clusterings, numbered alike.
    when : Timeline
    events : dict of str to Timestamp
    settings : TestSettings
    """
    members = labels[:, None] == groups[None, :]
    draws = positions(redrawn, groups)
    return _found(family, members, tested_family(groups, members, when.papers, draws, settings), when, events)


def overlapping_trends(
    family: str,
    mentions: pd.DataFrame,
    when: Timeline,
    events: dict[str, pd.Timestamp],
    settings: TestSettings,
    redrawn: Sequence[np.ndarray] = (),
) -> FamilyTrends:
    """Test groups that may share papers: the columns of `mentions`, bool, one row a paper; `redrawn` are such tables, too."""
    members = mentions.to_numpy(dtype=bool)
    tested = tested_family(mentions.columns.to_numpy(), members, when.papers, redrawn, settings)
    return _found(family, members, tested, when, events)


def _found(
    family: str, members: np.ndarray, tested: Tested, when: Timeline, events: dict[str, pd.Timestamp]
) -> FamilyTrends:
    groups = tested.tests.index
    return FamilyTrends(
        share_series(members, groups, when.calendar),
        tested.tests,
        _curves(family, groups, when.calendar, tested.curves),
        event_table(events, members, groups, when.time, when.strata, family),
        tested.ends,
    )


def _curves(family: str, groups: pd.Index, calendar: Calendar, curves: tuple[Any, ...]) -> pd.DataFrame:
    """Return the fitted share of every group among the papers of every period, with its interval."""
    periods = calendar.periods["period"].to_numpy()
    frame = pd.DataFrame(
        {
            "family": family,
            "group": np.repeat(groups.astype(str).to_numpy(), len(periods)),
            "period": np.tile(periods, len(groups)),
            **{name: curve.T.ravel() for name, curve in zip(("fitted", "low", "high"), curves, strict=True)},
        }
    )
    texts = dict.fromkeys(("family", "group", "period"), "str")
    return frame[CURVE_COLUMNS].astype(texts | dict.fromkeys(("fitted", "low", "high"), "float64"))
