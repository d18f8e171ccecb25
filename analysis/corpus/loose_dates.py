"""Publication dates as databases and reference managers write them, each with its precision.

Month names are known in English, Spanish, French, German, Portuguese, Italian and Russian, and numbers in Chinese, Japanese and
Korean dates. What names no single month is known to the year: a season, a quarter, an academic year, a range over several months.
"""

import functools
import re
import unicodedata

import pandas as pd

from analysis.corpus.dates import EARLIEST, LATEST, MIDDLE_OF_MONTH, MIDDLE_OF_YEAR, DateError, Precision

# three letters tell the months of most languages; where they do not, more are given
_MONTHS = {
    "jan": 1,
    "ene": 1,
    "gen": 1,
    "feb": 2,
    "fev": 2,
    "mar": 3,
    "mrz": 3,
    "marz": 3,
    "apr": 4,
    "abr": 4,
    "avr": 4,
    "may": 5,
    "mai": 5,
    "mag": 5,
    "jun": 6,
    "juin": 6,
    "giu": 6,
    "jul": 7,
    "juil": 7,
    "lug": 7,
    "aug": 8,
    "ago": 8,
    "aou": 8,
    "aout": 8,
    "sep": 9,
    "set": 9,
    "oct": 10,
    "okt": 10,
    "out": 10,
    "ott": 10,
    "nov": 11,
    "dec": 12,
    "dic": 12,
    "dez": 12,
    "янв": 1,
    "фев": 2,
    "мар": 3,
    "апр": 4,
    "маи": 5,
    "мая": 5,
    "июн": 6,
    "июл": 7,
    "авг": 8,
    "сен": 9,
    "окт": 10,
    "ноя": 11,
    "дек": 12,
    # autumn in Portuguese
    "outo": 0,
}
# "2019-21" is spring 2019 for libraries (EDTF), "2014-15" an academic year
_SEASONS = range(21, 42)
_EAST_ASIAN = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和)?\s*(?P<year>\d{1,4}|元|[〇零一二三四五六七八九十]{1,5})\s*[年년]"
    r"(?:\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[月월](?:\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号일])?)?"
)
# the year before each era's first
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_NUMERALS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
# year, month and day as three fields of a record are joined
_SPACED = re.compile(r"^(\d{4})\s+(\d{1,2})(?:\s+(\d{1,2}))?$")
# marks of a date that is about right, and of a cataloguer's own
_UNSURE = re.compile(r"[?~%\[\]©]|(?:^|\b)(?:c(?:irca|a)?\.?|copyright)\s*(?=\d{4})", re.IGNORECASE)
_NUMERIC = re.compile(r"^(\d{4})[-/.](\d{1,2})?(?:[-/.](\d{1,2})?)?/*(?:[T ].*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?\b.*$")


@functools.lru_cache(maxsize=10_000)
def read_date(text: str) -> tuple[pd.Timestamp, Precision]:
    """Read a date in any of the usual notations.

    Parameters
    ----------
    text : str
        Such as ``2021-03-05``, ``2021/03//``, ``20210305``, ``2021 Mar 5``, ``5 mars 2021``,
        ``2021 Apr-Jun``, ``Spring 2021``, ``Mon, 2 Apr 2007 19:18:42 GMT`` or ``2021``.

    Returns
    -------
    date : Timestamp
        A month stands at its middle, a year at its middle; NaT for an empty text.
    precision : {"day", "month", "year", "none"}

    Raises
    ------
    DateError
        The text holds no date, or one that the calendar does not have.
    """
    text = _UNSURE.sub("", unicodedata.normalize("NFKC", text).strip().strip("{}\"'")).strip()
    if not text:
        return pd.NaT, "none"
    match = _COMPACT.match(text) or _NUMERIC.match(text) or _SPACED.match(text)
    if match is not None:
        year, month = int(match[1]), int(match[2] or 0)
        if not match[3] and (month in _SEASONS or month == (year + 1) % 100 > 12):
            return _dated(text, year, 0, 0)
        return _dated(text, year, month, int(match[3] or 0))
    east_asian = _EAST_ASIAN.search(text)
    if east_asian is not None:
        era, parts = east_asian["era"], (east_asian["year"], east_asian["month"], east_asian["day"])
        year, month, day = (_number(part) for part in parts)
        return _dated(text, year + _ERAS.get(era, 0), month, day)
    match = _DAY_FIRST.match(text)
    if match is not None:
        return _day_or_month_first(text, int(match[1]), int(match[2]), int(match[3]))
    return _in_words(text)


def month_number(name: str) -> int:
    """Return the month, 1 to 12, that a number or a name in one of seven languages means; 0 for none."""
    folded = _folded(name).strip(" .")
    if folded.isdigit():
        return int(folded) if 1 <= int(folded) <= 12 else 0
    for length in (4, 3):
        if folded[:length] in _MONTHS and len(folded) >= 3:
            return _MONTHS[folded[:length]]
    return 0


def _number(text: str | None) -> int:
    """Return a number in digits or Chinese numerals, 二〇一九 as well as 十二; 0 for none, 1 for an era's first year."""
    if not text:
        return 0
    if text == "元":
        return 1
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)
    return int("".join(str(_NUMERALS[char]) for char in text))


def _in_words(text: str) -> tuple[pd.Timestamp, Precision]:
    words = re.findall(r"[^\W\d_]+|\d+", _folded(_TIME.sub("", text)))
    years = [int(word) for word in words if len(word) == 4 and word.isdigit()]
    if not years:
        raise DateError(f"{text[:60]!r} holds no year")
    months = list(dict.fromkeys(number for word in words if not word.isdigit() and (number := month_number(word))))
    days = [int(word) for word in words if word.isdigit() and len(word) <= 2]
    if len(months) != 1 or len(set(years)) > 1:
        return _dated(text, years[0], 0, 0)
    # "Mar 5-12" is a stretch of days within one month
    return _dated(text, years[0], months[0], days[0] if len(days) == 1 else 0)


def _day_or_month_first(text: str, first: int, second: int, year: int) -> tuple[pd.Timestamp, Precision]:
    """Read 05/03/2021: only where one of the two cannot be a month is it clear which is the day."""
    if first > 12:
        return _dated(text, year, second, first)
    if second > 12 or first == second:
        return _dated(text, year, first, second)
    return _dated(text, year, 0, 0)


def _dated(text: str, year: int, month: int, day: int) -> tuple[pd.Timestamp, Precision]:
    if not EARLIEST <= year <= LATEST:
        raise DateError(f"{text[:60]!r} has an impossible year")
    precision: Precision = "day" if month and day else "month" if month else "year"
    default_month, default_day = (month, MIDDLE_OF_MONTH) if month else MIDDLE_OF_YEAR
    try:
        return pd.Timestamp(year, default_month, day if month and day else default_day).as_unit("us"), precision
    except ValueError as error:
        raise DateError(f"{text[:60]!r} is not a day of the calendar") from error


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
