"""In which year was a page taken? The site leaves out the year of dates in the page's own year.

A page's year is bounded and sometimes proved: explicit years lie before it, no date lies after
the page's own date, and a paper that stands without a year on one page and with one on another
proves it. What stays open is settled by the least year that contradicts nothing.
"""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.corpus.dates import DateError, PageDate
from analysis.corpus.records import Record, Source


@dataclass(frozen=True)
class PageYear:
    """The year of a page and how it is known.

    ``year`` is None where nothing bounds it. ``status`` is "shown" (the page prints it),
    "proved" (another page shows a shared paper's year), "bounded" (the least year consistent
    with every other date) or "unknown". ``evidence`` is a sentence.
    """

    year: int | None
    status: str
    evidence: str


def infer_page_years(
    pages: Sequence[Source], records: Sequence[Record], keys: Sequence[str], known: Mapping[str, dt.date] | None = None
) -> dict[str, PageYear]:
    """Infer the year in which each page was taken.

    Parameters
    ----------
    pages : sequence of Source
    records : sequence of Record
        All records of all pages.
    keys : sequence of str, one per record
        The same key for records of the same paper.
    known : mapping of key to date, optional
        Dates from outside the pages; they bound a page from below, as no paper is on a page
        before it exists, and prove nothing.

    Returns
    -------
    dict of file name to PageYear
    """
    by_file = {page.file: page for page in pages}
    years = {page.file: _shown(page) for page in pages}
    shown_dates = _shown_dates(records, keys)
    for file in by_file:
        if years[file].year is None:
            years[file] = _proved(file, records, keys, shown_dates) or years[file]
    lower = _lower_bounds(by_file, years, records, keys, dict(known or {}))
    for file, (year, evidence) in lower.items():
        if years[file].year is None:
            years[file] = PageYear(_year_with(by_file[file].date, year), "bounded", evidence)
    return years


def taken_on(page: Source, page_year: PageYear) -> dt.date | None:
    """Return the day on which `page` was taken; None where it shows none or its year is unknown."""
    if page.date is None or page_year.year is None:
        return None
    try:
        return page.date.on(page_year.year)
    except DateError:
        return None


def entry_date(record: Record, page: Source, page_year: PageYear) -> tuple[dt.date | None, bool]:
    """Return a record's calendar date, and whether its year was inferred.

    Raises
    ------
    DateError
        The date does not exist in the inferred year, or lies after the page's own date.
    """
    shown = record.page_date
    if shown is None:
        return None, False
    inferred = shown.year is None
    year = page_year.year if inferred else shown.year
    # without the page's own day a bound on its year is a guess
    if year is None or (inferred and page.date is None and page_year.status == "bounded"):
        return None, False
    date = shown.on(year)
    taken = taken_on(page, page_year)
    if taken is not None and date > taken:
        raise DateError(f"{date.isoformat()} lies after the page's own date {taken.isoformat()}")
    return date, inferred


def _year_with(day: PageDate | None, year: int) -> int:
    """Return the first year from `year` on that has this day: 29 February waits for a leap year."""
    if day is not None and (day.month, day.day) == (2, 29):
        return next(y for y in range(year, year + 9) if calendar.isleap(y))
    return year


def _shown(page: Source) -> PageYear:
    if page.date is not None and page.date.year is not None:
        return PageYear(page.date.year, "shown", "the page prints its year")
    return PageYear(None, "unknown", "no date on this page or on another one bounds its year")


def _shown_dates(records: Sequence[Record], keys: Sequence[str]) -> dict[str, list[tuple[dt.date, Record]]]:
    """Collect, for each paper, the dates that pages show with their year."""
    dates: dict[str, list[tuple[dt.date, Record]]] = {}
    for record, key in zip(records, keys, strict=True):
        if record.page_date is not None and record.page_date.year is not None:
            dates.setdefault(key, []).append((record.page_date.on(record.page_date.year), record))
    return dates


def _proved(
    file: str, records: Sequence[Record], keys: Sequence[str], shown: Mapping[str, list[tuple[dt.date, Record]]]
) -> PageYear | None:
    """Prove the year of `file` by papers that another page dates in full; the majority wins."""
    votes: dict[int, list[str]] = {}
    for record, key in zip(records, keys, strict=True):
        date = record.page_date
        if record.file != file or date is None or date.year is not None:
            continue
        for other, witness in shown.get(key, []):
            if (other.month, other.day) == (date.month, date.day):
                votes.setdefault(other.year, []).append(f"“{record.title}” on {witness.file}")
    if not votes:
        return None
    year = max(votes, key=lambda y: (len(votes[y]), -y))
    against = sum(len(papers) for other, papers in votes.items() if other != year)
    doubt = f"; {against} shared papers say otherwise" if against else ""
    count = len(votes[year])
    papers = "1 shared paper" if count == 1 else f"{count} shared papers"
    return PageYear(year, "proved", f"proved by {papers}, e.g. {sorted(votes[year])[0]}{doubt}")


def _lower_bounds(
    pages: Mapping[str, Source],
    years: Mapping[str, PageYear],
    records: Sequence[Record],
    keys: Sequence[str],
    known: dict[str, dt.date],
) -> dict[str, tuple[int, str]]:
    """Return the least consistent year of each bounded page, with the date that sets it."""
    bounds: dict[str, tuple[int, str]] = {
        file: (state.year, state.evidence) for file, state in years.items() if state.year is not None
    }
    for _ in range(len(pages) + 1):
        dates = _least_dates(records, keys, bounds, known)
        changed = False
        for record, key in zip(records, keys, strict=True):
            file, page = record.file, pages[record.file]
            if years[file].year is not None:
                continue
            for year, evidence in _bounds_from(record, page, dates.get(key)):
                if year > bounds.get(file, (-1, ""))[0]:
                    bounds[file] = (year, evidence)
                    changed = True
        if not changed:
            break
    return bounds


def _least_dates(
    records: Sequence[Record], keys: Sequence[str], bounds: Mapping[str, tuple[int, str]], known: Mapping[str, dt.date]
) -> dict[str, dt.date]:
    """Return the least date each paper can have, given the pages' bounds so far."""
    least = dict(known)
    for record, key in zip(records, keys, strict=True):
        shown = record.page_date
        if shown is None:
            continue
        year = shown.year if shown.year is not None else bounds.get(record.file, (None, ""))[0]
        if year is None:
            continue
        try:
            date = shown.on(year)
        except DateError:
            continue
        # what a page shows outranks an outside source
        least[key] = max(least[key], date) if key in least and key not in known else date
    return least


def _bounds_from(record: Record, page: Source, date: dt.date | None) -> list[tuple[int, str]]:
    bounds = []
    shown: PageDate | None = record.page_date
    if shown is not None and shown.year is not None:
        bounds.append((shown.year + 1, f"the least year after {shown.year}, the latest that its entries spell out"))
    if date is not None and page.date is not None:
        later = (date.month, date.day) > (page.date.month, page.date.day)
        year = date.year + 1 if later else date.year
        bounds.append((year, f"the least year in which “{record.title}” ({date.isoformat()}) precedes the page's date"))
    return bounds
