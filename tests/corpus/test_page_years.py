"""In which year was a page taken?"""

import datetime as dt

from analysis.corpus.page_years import PageYear, infer_page_years
from analysis.corpus.readers import daily_papers
from analysis.corpus.text import title_key
from tests.generators import PageEntry, page


def infer(known: dict[str, dt.date] | None = None, **pages: str) -> dict[str, PageYear]:
    read = [daily_papers.read(text, name) for name, text in pages.items()]
    records = [record for found in read for record in found.records]
    keys = [title_key(record.title) for record in records]
    dates = {title_key(title): date for title, date in (known or {}).items()}
    return infer_page_years([found.source for found in read], records, keys, dates)


def test_a_shared_paper_that_another_page_dates_in_full_proves_the_year() -> None:
    years = infer(
        first=page([PageEntry("Shared", date="May 3")], "Nov 4"),
        second=page([PageEntry("Shared", date="May 3, 2021")], "Jan 9"),
    )
    assert (years["first"].year, years["first"].status) == (2021, "proved")
    assert (years["second"].year, years["second"].status) == (2022, "bounded")


def test_explicit_years_lie_before_the_year_of_the_page() -> None:
    years = infer(only=page([PageEntry("Old", date="May 3, 2023"), PageEntry("New", date="Feb 1")], "Mar 1"))
    assert (years["only"].year, years["only"].status) == (2024, "bounded")


def test_a_page_without_bylines_is_bounded_by_its_papers_on_other_pages() -> None:
    years = infer(
        bare=page([PageEntry("Shared")], "Jun 26"),
        dated=page([PageEntry("Shared", date="Sep 3, 2023"), PageEntry("Other", date="May 1, 2024")], "Jan 9"),
    )
    assert years["bare"].year == 2024


def test_a_known_date_from_outside_bounds_a_page() -> None:
    years = infer({"Shared": dt.date(2022, 3, 1)}, bare=page([PageEntry("Shared")], "Jun 26"))
    assert years["bare"].year == 2022


def test_without_any_evidence_the_year_is_unknown() -> None:
    years = infer(only=page([PageEntry("New", date="Feb 1")], "Mar 1"))
    assert (years["only"].year, years["only"].status) == (None, "unknown")


def test_a_printed_year_is_taken() -> None:
    assert infer(only=page([PageEntry("New", date="Feb 1")], "Mar 1, 2020"))["only"].year == 2020


def test_a_page_taken_on_a_leap_day_waits_for_a_leap_year() -> None:
    years = infer(only=page([PageEntry("Old", date="May 3, 2024")], "Feb 29"))
    assert years["only"].year == 2028
