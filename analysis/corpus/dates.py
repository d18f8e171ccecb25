"""Dates as exports and tables write them: the grammar of page dates, ISO dates with their precision, and numbers of years."""

import calendar
import datetime as dt
import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.validation import Fault

Precision = Literal["day", "month", "year", "none"]

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_PAGE_DATE = re.compile(r"^([A-Z][a-z]{2})\s+(\d{1,2})(?:,\s*(\d{4}))?(?:\s+(\d+))?$")
_ISO = re.compile(r"^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ].*)?)?)?$")
_NO_DATE = ("", "nan", "nat", "none", "null", "<na>")
# a year that was read as a number, and written as one
_WHOLE = re.compile(r"\d{4}\.0")
_QUARTER = re.compile(r"^(\d{4})[-/ ]?Q([1-4])$", re.IGNORECASE)
# a year that no paper can have is a typing error, a placeholder, or a number that counts something else
EARLIEST, LATEST = 1400, 2200
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
    """Read a date known to the day, the month, the quarter or the year.

    Parameters
    ----------
    value : str, int, float, date, datetime, Timestamp, Period or missing
        ``2024-05-06``, ``2024-05``, ``2024Q2``, ``2024``, or a date object. A missing value is no date.

    Returns
    -------
    date : Timestamp
        As written, without time or zone. The month's 15th for a month, 2 July for a year, NaT for none. A quarter
        stands at the 15th of its middle month.
    precision : {"day", "month", "year", "none"}
        A quarter is known to the year.

    Raises
    ------
    DateError
        The value is neither missing nor a date, or of a year outside 1400 to 2200.
    """
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return pd.NaT, "none"
    if isinstance(value, np.datetime64):
        unit = np.datetime_data(value.dtype)[0]
        value = str(value) if unit in ("Y", "M") and not np.isnat(value) else pd.Timestamp(value)
        if value is pd.NaT:
            return pd.NaT, "none"
    if isinstance(value, dt.date):
        return _calendar_day(str(value), value.year, value.month, value.day), "day"
    if isinstance(value, pd.Period):
        return _in_period(value)
    if isinstance(value, bool):
        raise DateError(f"{value!r} is not a date")
    if isinstance(value, numbers.Real):
        return _calendar_day(str(value), _whole_year(float(value)), *MIDDLE_OF_YEAR), "year"
    text = str(value).strip()
    if text.casefold() in _NO_DATE:
        return pd.NaT, "none"
    if _WHOLE.fullmatch(text):
        text = text.removesuffix(".0")
    quarter = _QUARTER.match(text)
    if quarter is not None:
        return _calendar_day(text, int(quarter[1]), 3 * int(quarter[2]) - 1, MIDDLE_OF_MONTH), "year"
    match = _ISO.match(text)
    if match is None:
        raise DateError(f"{text[:60]!r} is not an ISO date (YYYY, YYYY-MM, YYYY-MM-DD or YYYYQn){_hint_of_text(text)}")
    year, month, day = int(match[1]), match[2], match[3]
    if month is None:
        return _calendar_day(text, year, *MIDDLE_OF_YEAR), "year"
    return _calendar_day(text, year, int(month), int(day or MIDDLE_OF_MONTH)), "day" if day else "month"


def read_dates(values: Iterable[Any], fault: Fault) -> tuple[pd.Series, np.ndarray]:
    """Return dates, datetime64[us] at midnight, NaT where unknown, and their precisions.

    Parameters
    ----------
    values : array, Series or Index of dates, periods, texts or years
    fault : type
        Raised where a date cannot be read; the message names its row, counted from 1.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "M" and np.datetime_data(values.dtype)[0] in ("Y", "M"):
        # pandas would make first days of years and months
        values = np.where(np.isnat(values), "", values.astype(str))
    column = pd.Series(values).reset_index(drop=True)
    if isinstance(column.dtype, pd.ArrowDtype):
        column = column.astype(object)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        plain = column.dt.tz_localize(None).astype("datetime64[us]").dt.normalize()
        outside = np.flatnonzero(plain.notna() & ~plain.dt.year.between(EARLIEST, LATEST)) + 1
        if len(outside):
            raise fault(f"the date of row {outside[0]}: {_no_year(int(plain.dt.year[outside[0] - 1]))}")
        return plain, np.where(plain.notna(), "day", "none").astype(object)
    known: dict[Any, tuple[pd.Timestamp, Precision]] = {}
    dates, precisions = [], []
    for row, value in enumerate(column.tolist(), start=1):
        key = (type(value), value) if isinstance(value, (str, numbers.Real)) else None
        if key is None or key not in known:
            try:
                read = parse_iso_date(value)
            except DateError as error:
                raise fault(f"the date of row {row}: {error}") from error
            if key is not None:
                known[key] = read
        else:
            read = known[key]
        dates.append(read[0])
        precisions.append(read[1])
    return pd.Series(dates, dtype="datetime64[us]"), np.array(precisions, dtype=object)


def read_decimal_years(values: Any, fault: Fault) -> np.ndarray | None:
    """Return decimal years where `values` are numbers, NaN where unknown; None where they are no numbers.

    Raises
    ------
    fault
        A number lies outside 1400 to 2200; the message says what it may count instead.
    """
    column = pd.Series(values)
    if column.dtype == object and len(column) and column.map(lambda value: isinstance(value, numbers.Real)).all():
        column = column.astype(float)
    if pd.api.types.is_complex_dtype(column.dtype):
        raise fault("dates are complex numbers; give dates, or years as real numbers")
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return None
    years = column.to_numpy(dtype=float, na_value=np.nan)
    outside = np.flatnonzero(~np.isnan(years) & ~((years >= EARLIEST) & (years < LATEST + 1)))
    if len(outside):
        raise fault(f"the date of row {outside[0] + 1}: {_no_year(years[outside[0]])}")
    return np.asarray(years)


def _in_period(value: pd.Period) -> tuple[pd.Timestamp, Precision]:
    start, end = value.start_time, value.end_time
    days = (end - start).days + 1
    if days <= 1:
        return _calendar_day(str(value), start.year, start.month, start.day), "day"
    if days <= 31:
        # a week may lie in two months: its middle day says in which it is counted
        middle = start + pd.Timedelta(days=14 if days >= 28 else days // 2)
        return _calendar_day(str(value), middle.year, middle.month, middle.day), "month"
    if days > 360:
        return _calendar_day(str(value), start.year, *MIDDLE_OF_YEAR), "year"
    middle = start + (end - start) / 2
    return _calendar_day(str(value), middle.year, middle.month, MIDDLE_OF_MONTH), "year"


def _whole_year(number: float) -> int:
    if not number.is_integer():
        if np.isfinite(number) and EARLIEST <= number <= LATEST:
            raise DateError(
                f"{number!r} is a decimal year; give dates or whole years, or at.trend_tests, which takes them"
            )
        raise DateError(_no_year(number))
    return int(number)


def _calendar_day(text: str, year: int, month: int, day: int) -> pd.Timestamp:
    if not EARLIEST <= year <= LATEST:
        raise DateError(_no_year(year))
    try:
        return pd.Timestamp(year, month, day).as_unit("us")
    except ValueError as error:
        raise DateError(f"{text[:60]!r} is not a day of the calendar; mend it, or leave it empty") from error


def _no_year(number: float) -> str:
    """Say that a number is no year, and what it may be instead."""
    shown = f"{number:.10g}" if np.isfinite(number) else str(number)
    size, hint = abs(number), ""
    if number == 9999:
        hint = "; 9999 is a placeholder for no date: set it to NaT"
    elif 10**7 <= size < 10**8:
        hint = "; for numbers like 20210305: pd.to_datetime(dates, format='%Y%m%d')"
    elif size >= 10**8 and np.isfinite(size):
        unit = "s" if size < 10**11 else "ms" if size < 10**14 else "us" if size < 10**17 else "ns"
        hint = f"; for a count since 1970: pd.to_datetime(dates, unit='{unit}')"
    elif np.isfinite(size) and size > LATEST:
        hint = "; for days since 1970: pd.to_datetime(dates, unit='D')"
    return f"{shown} is no year of a paper ({EARLIEST} to {LATEST}){hint}"


def _hint_of_text(text: str) -> str:
    if re.fullmatch(r"\d{8}", text):
        return "; pd.to_datetime(dates, format='%Y%m%d') reads it"
    if any(char.isdigit() for char in text):
        return "; pd.to_datetime(dates, dayfirst=...) reads other notations"
    return "; leave it empty where the date is unknown"
