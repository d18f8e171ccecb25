"""Date grammars."""

import datetime as dt

import pandas as pd
import pytest

from analysis.corpus.dates import DateError, parse_iso_date, parse_page_date


def test_a_number_behind_the_day_is_comments_and_never_a_year() -> None:
    found = parse_page_date("Aug 14 2")
    assert (found.day, found.year, found.comments) == (14, None, 2)


@pytest.mark.parametrize(
    "line", ["Feb 30", "Feb 29, 2023", "Apr 31, 2024", "Jan 0", "Foo 3", "Aug 14,", "August 14, 2024", ""]
)
def test_what_is_no_date_is_refused(line: str) -> None:
    with pytest.raises(DateError):
        parse_page_date(line)


def test_a_leap_day_exists_in_leap_years_alone() -> None:
    leap = parse_page_date("Feb 29")
    assert leap.on(2024) == dt.date(2024, 2, 29)
    with pytest.raises(DateError, match="2023"):
        leap.on(2023)


@pytest.mark.parametrize(
    ("value", "date", "precision"),
    [
        ("2024-05-06", "2024-05-06", "day"),
        ("2024-05", "2024-05-15", "month"),
        ("2024", "2024-07-02", "year"),
        (2024, "2024-07-02", "year"),
        (2024.0, "2024-07-02", "year"),
        (dt.date(2024, 5, 6), "2024-05-06", "day"),
        (pd.Timestamp("2024-05-06 13:00"), "2024-05-06", "day"),
    ],
)
def test_iso_dates_keep_their_precision(value: object, date: str, precision: str) -> None:
    assert parse_iso_date(value) == (pd.Timestamp(date), precision)


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), pd.NaT, pd.NA])
def test_a_missing_date_is_none_and_never_a_guess(value: object) -> None:
    date, precision = parse_iso_date(value)
    assert date is pd.NaT
    assert precision == "none"


@pytest.mark.parametrize("value", ["2024-13", "2024-02-30", "yesterday", "1.5.2024", 2024.5])
def test_an_impossible_iso_date_is_refused(value: object) -> None:
    with pytest.raises(DateError):
        parse_iso_date(value)
