"""Calendar periods, and dates as decimal years."""

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import TrendsError

Period = Literal["year", "half", "quarter", "month"]
MONTHS_IN = {"year": 12, "half": 6, "quarter": 3, "month": 1}
# a first or last period is whole when the corpus reaches within this share of its length of its edge
_EDGE = 0.02


def decimal_year(dates: pd.Series) -> np.ndarray:
    """Return dates as years with a fraction.

    Parameters
    ----------
    dates : Series of datetime64, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)
        2024.0 is the start of 2024; NaN for NaT. Leap years are as long as others.
    """
    dates = pd.to_datetime(dates)
    start = pd.to_datetime({"year": dates.dt.year, "month": 1, "day": 1}).astype(dates.dtype)
    days = np.where(dates.dt.is_leap_year, 366.0, 365.0)
    return np.asarray(dates.dt.year + (dates - start).dt.days / days, dtype=np.float64)


def month_of(year: float) -> str:
    """Return a decimal year as its month, such as "2021-04"."""
    whole = int(np.floor(year))
    return f"{whole}-{min(int((year - whole) * 12), 11) + 1:02d}"


def calendar_periods(dates: pd.Series, period: Period, covered: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    """Return every calendar period from the first to the last date, empty ones included.

    Parameters
    ----------
    dates : Series of datetime64
        NaT is passed over.
    period : {"year", "half", "quarter", "month"}
    covered : pair of Timestamp
        First and last day that the corpus can speak of.

    Returns
    -------
    DataFrame
        period (label such as "2024", "2024-H1", "2024-Q1", "2024-01"), start, end (first and
        last day, datetime64), partial (bool: `covered` does not reach an edge).

    Raises
    ------
    TrendsError
        The period is none of the four, or no date is known.
    """
    if period not in MONTHS_IN:
        raise TrendsError(f"period {period!r} is none of: {', '.join(MONTHS_IN)}")
    known = dates.dropna()
    if known.empty:
        raise TrendsError("no paper has a date, so there are no periods; add dates or a supplement (study.toml, dates)")
    width = MONTHS_IN[period]
    first, last = (_period_number(day, width) for day in (known.min(), known.max()))
    numbers = range(first, last + 1)
    starts = pd.DatetimeIndex([_period_start(number, width) for number in numbers]).as_unit("us")
    following = pd.DatetimeIndex([_period_start(number + 1, width) for number in numbers]).as_unit("us")
    slack = (following - starts) * _EDGE
    partial = (covered[0] > starts + slack) | (covered[1] + pd.Timedelta(days=1) < following - slack)
    return pd.DataFrame(
        {
            "period": [_label(start, width) for start in starts],
            "start": starts,
            "end": following - pd.Timedelta(days=1),
            "partial": np.asarray(partial, dtype=bool),
        }
    )


def period_of(dates: pd.Series, period: Period, first: pd.Timestamp) -> np.ndarray:
    """Return the 0-based number of each date's period, counted from the period of `first`; -1 for NaT."""
    width = MONTHS_IN[period]
    months = dates.dt.year * 12 + dates.dt.month - 1
    numbers = months // width - _period_number(first, width)
    return np.asarray(numbers.fillna(-1), dtype=np.int64)


def _period_number(day: pd.Timestamp, width: int) -> int:
    return int(day.year * 12 + day.month - 1) // width


def _period_start(number: int, width: int) -> pd.Timestamp:
    year, month = divmod(number * width, 12)
    return pd.Timestamp(year, month + 1, 1)


def _label(start: pd.Timestamp, width: int) -> str:
    part = (start.month - 1) // width + 1
    return {
        12: f"{start.year}",
        6: f"{start.year}-H{part}",
        3: f"{start.year}-Q{part}",
        1: f"{start.year}-{start.month:02d}",
    }[width]
