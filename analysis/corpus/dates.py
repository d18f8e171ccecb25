"""Dates as exports write them: the grammar of page dates, and ISO dates with their precision."""

import calendar
import datetime as dt
import numbers
import re
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

Precision = Literal["day", "month", "year", "none"]

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_PAGE_DATE = re.compile(r"^([A-Z][a-z]{2})\s+(\d{1,2})(?:,\s*(\d{4}))?(?:\s+(\d+))?$")
_ISO = re.compile(r"^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ].*)?)?)?$")
# a year's middle day, and the day on which a month-precise date is put
MIDDLE_OF_YEAR = (7, 2)
MIDDLE_OF_MONTH = 15


class DateError(ValueError):
    """A date that the calendar does not have, or that no known grammar reads."""


@dataclass(frozen=True)
class PageDate:
    """A date line of a Daily Papers page: ``Mon D[, YYYY][ comments]``."""

    month: int
    day: int
    year: int | None
    comments: int | None

    def on(self, year: int) -> dt.date:
        """Return the calendar date in `year`; raises DateError where there is none (Feb 29)."""
        try:
            return dt.date(year, self.month, self.day)
        except ValueError as error:
            raise DateError(f"{calendar.month_abbr[self.month]} {self.day} does not exist in {year}") from error


def looks_like_page_date(line: str) -> bool:
    """Return whether `line` has the shape of a page's date line, possible or not."""
    match = _PAGE_DATE.match(line.strip())
    return match is not None and match.group(1) in _MONTHS


def parse_page_date(line: str) -> PageDate:
    """Read a page's date line.

    ``Aug 14 2`` is 14 August with two comments: a number behind the day is never a year,
    for a year stands behind a comma.

    Raises
    ------
    DateError
        The line has another shape, or names a day that its month never has.
    """
    match = _PAGE_DATE.match(line.strip())
    if match is None or match.group(1) not in _MONTHS:
        raise DateError(f"not a date line: {line.strip()[:60]!r}")
    month, day = _MONTHS[match.group(1)], int(match.group(2))
    year = int(match.group(3)) if match.group(3) else None
    # a leap year stands in for the unknown one, so that Feb 29 is possible and Feb 30 is not
    longest = calendar.monthrange(year if year is not None and year > 0 else 2000, month)[1]
    if not 1 <= day <= longest or year == 0:
        raise DateError(f"{line.strip()!r} is not a day of the calendar")
    return PageDate(month, day, year, int(match.group(4)) if match.group(4) else None)


def parse_iso_date(value: Any) -> tuple[pd.Timestamp, Precision]:
    """Read an ISO date known to the day, the month or the year.

    Parameters
    ----------
    value : str, int, float, date, datetime, Timestamp or missing
        ``2024-05-06``, ``2024-05``, ``2024``, or a date object. A missing value is no date.

    Returns
    -------
    date : Timestamp
        Without time or zone. The month's 15th for a month, 2 July for a year, NaT for none.
    precision : {"day", "month", "year", "none"}

    Raises
    ------
    DateError
        The value is neither missing nor a date.
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value is pd.NA:
        return pd.NaT, "none"
    if isinstance(value, dt.date):
        return pd.Timestamp(value.year, value.month, value.day).as_unit("us"), "day"
    if hasattr(value, "astype") and str(getattr(value, "dtype", "")).startswith("datetime64"):
        return parse_iso_date(pd.Timestamp(value))
    if isinstance(value, numbers.Real):
        number = float(value)
        if not number.is_integer():
            raise DateError(f"{value!r} is not a year")
        value = str(int(number))
    text = str(value).strip()
    if not text:
        return pd.NaT, "none"
    match = _ISO.match(text)
    if match is None:
        raise DateError(f"{text[:60]!r} is not an ISO date (YYYY, YYYY-MM or YYYY-MM-DD)")
    year, month, day = int(match.group(1)), match.group(2), match.group(3)
    precision: Precision = "day" if day else "month" if month else "year"
    default_month, default_day = MIDDLE_OF_YEAR if precision == "year" else (int(month), MIDDLE_OF_MONTH)
    try:
        return pd.Timestamp(year, default_month, int(day) if day else default_day).as_unit("us"), precision
    except ValueError as error:
        raise DateError(f"{text[:60]!r} is not a day of the calendar") from error
