"""Periods and shares."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import TrendsError
from analysis.trends.periods import calendar_periods, decimal_year, period_of
from analysis.trends.series import share_series
from analysis.trends.shares import count_by_period, jeffreys_interval
from analysis.trends.timeline import Calendar

DATES = pd.Series(pd.to_datetime(["2019-11-03", "2020-02-29", None, "2022-05-01"]))
WHOLE = (pd.Timestamp("2019-01-01"), pd.Timestamp("2022-12-31"))


def test_empty_periods_are_there() -> None:
    assert calendar_periods(DATES, "year", WHOLE)["period"].tolist() == ["2019", "2020", "2021", "2022"]


@pytest.mark.parametrize(
    ("period", "first", "count"), [("half", "2019-H2", 6), ("quarter", "2019-Q4", 11), ("month", "2019-11", 31)]
)
def test_periods_of_every_width(period: str, first: str, count: int) -> None:
    periods = calendar_periods(DATES, period, WHOLE)  # type: ignore[arg-type]
    assert periods["period"].iloc[0] == first
    assert len(periods) == count
    assert (periods["end"] + pd.Timedelta(days=1)).iloc[:-1].tolist() == periods["start"].iloc[1:].tolist()


def test_a_period_is_partial_where_the_corpus_does_not_reach_its_edge() -> None:
    covered = (pd.Timestamp("2019-03-10"), pd.Timestamp("2022-06-30"))
    assert calendar_periods(DATES, "year", covered)["partial"].tolist() == [True, False, False, True]
    assert not calendar_periods(DATES, "year", WHOLE)["partial"].any()


def test_an_unknown_width_and_no_dates_are_clear_errors() -> None:
    with pytest.raises(TrendsError, match="year, half, quarter, month"):
        calendar_periods(DATES, "week", WHOLE)  # type: ignore[arg-type]
    with pytest.raises(TrendsError, match="no paper has a date"):
        calendar_periods(DATES.iloc[[2]], "year", WHOLE)


def test_dates_find_their_period() -> None:
    assert period_of(DATES, "quarter", DATES.min()).tolist() == [0, 1, -1, 10]


def test_decimal_years() -> None:
    found = decimal_year(pd.Series(pd.to_datetime(["2020-01-01", "2020-07-02", None])))
    np.testing.assert_allclose(found, [2020.0, 2020.5, np.nan])


def test_jeffreys_intervals_match_published_values() -> None:
    # Brown, Cai and DasGupta (2001), table of Jeffreys intervals for n = 7
    low, high = jeffreys_interval(np.array([0, 1, 3]), np.array([7, 7, 7]))
    np.testing.assert_allclose(low, [0, 0.016, 0.139], atol=5e-4)
    np.testing.assert_allclose(high, [0.292, 0.501, 0.766], atol=1e-3)


def test_nothing_known_is_the_whole_range() -> None:
    low, high = jeffreys_interval(np.array([0]), np.array([0]))
    assert (low[0], high[0]) == (0.0, 1.0)


def test_counts_include_zeros_and_leave_outliers_out() -> None:
    members = np.array([0, 0, 1, -1])[:, None] == np.array([0, 1])
    counts = count_by_period(members, np.array([0, 2, 2, -1]), 3)
    assert counts.tolist() == [[1, 0, 1], [0, 0, 1]]


def test_a_series_counts_every_dated_paper_in_its_totals() -> None:
    calendar = Calendar(calendar_periods(DATES, "year", WHOLE), period_of(DATES, "year", DATES.min()))
    series = share_series(np.array([[True], [False], [True], [True]]), pd.Index([0]), calendar)
    assert series["n_topic"].tolist() == [1, 0, 0, 1]
    assert series["n_total"].tolist() == [1, 1, 0, 1]
    assert series["share"].isna().tolist() == [False, False, True, False]
