"""Dates as databases write them, each with what is known of it and no more."""

import pytest

from analysis.corpus.dates import DateError
from analysis.corpus.loose_dates import month_number, read_date


@pytest.mark.parametrize(
    ("text", "date", "precision"),
    [
        ("2021-03-05", "2021-03-05", "day"),
        ("2021/03/05/", "2021-03-05", "day"),
        ("20210305", "2021-03-05", "day"),
        ("2021/03//", "2021-03-15", "month"),
        ("2021///", "2021-07-02", "year"),
        ("2021", "2021-07-02", "year"),
        ("2021-03", "2021-03-15", "month"),
        ("2021 Mar 5", "2021-03-05", "day"),
        ("5 March 2021", "2021-03-05", "day"),
        ("MAR 5 2021", "2021-03-05", "day"),
        ("2021 Mar", "2021-03-15", "month"),
        ("2021 Apr-Jun", "2021-07-02", "year"),
        ("2021 Mar 5-12", "2021-03-15", "month"),
        ("Spring 2021", "2021-07-02", "year"),
        ("2020 Dec-2021 Jan", "2020-07-02", "year"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02", "day"),
        ("2021-03-05T10:00:00.000Z", "2021-03-05", "day"),
        ("5 mars 2021", "2021-03-05", "day"),
        ("5 de marzo de 2021", "2021-03-05", "day"),
        ("März 2021", "2021-03-15", "month"),
        ("5 août 2021", "2021-08-05", "day"),
        ("dicembre 2021", "2021-12-15", "month"),
        ("25/03/2021", "2021-03-25", "day"),
        ("03/25/2021", "2021-03-25", "day"),
        ("03/04/2021", "2021-07-02", "year"),
        ("{2021}", "2021-07-02", "year"),
        ("28 Jul 2020", "2020-07-28", "day"),
    ],
)
def test_a_date_is_known_as_far_as_it_is_written(text: str, date: str, precision: str) -> None:
    found, known = read_date(text)
    assert str(found.date()) == date
    assert known == precision


@pytest.mark.parametrize("text", ["2021-02-30", "2021-13-01", "in press", "0999", "31 Feb 2020"])
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        read_date(text)


def test_nothing_is_no_date() -> None:
    assert read_date("  ")[1] == "none"


@pytest.mark.parametrize(
    ("name", "number"),
    [("juin", 6), ("juillet", 7), ("Dez", 12), ("enero", 1), ("marzo", 3), ("Mai", 5), ("x", 0), ("13", 0)],
)
def test_months_are_known_in_six_languages(name: str, number: int) -> None:
    assert month_number(name) == number
