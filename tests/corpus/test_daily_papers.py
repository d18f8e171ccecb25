"""The page grammar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.readers import daily_papers
from analysis.corpus.records import ReadFile
from tests.generators import HEADER, PageEntry, page


def read(text: str) -> ReadFile:
    return daily_papers.read(text, "page.txt")


def test_an_entry_has_its_title_abstract_byline_and_date() -> None:
    found = read(page([PageEntry("A Title", "An abstract. " * 30, "  • 12 authors", "Aug 14 2")]))
    (record,) = found.records
    assert (record.title, record.n_authors, record.organisation, record.ordinal) == ("A Title", 12, None, 1)
    assert record.abstract == ("An abstract. " * 30).strip()
    assert record.page_date is not None
    assert (record.page_date.month, record.page_date.day, record.page_date.year, record.page_date.comments) == (
        8,
        14,
        None,
        2,
    )
    assert not found.rejects


def test_a_single_author_is_one_author() -> None:
    (record,) = read(page([PageEntry("A Title", byline="  • 1 author", date="Aug 14, 2024")])).records
    assert record.n_authors == 1


def test_lines_are_counted_from_one_and_inclusive() -> None:
    text = page([PageEntry("First", date="Aug 14"), PageEntry("Second", date="Aug 15, 2023 7")])
    lines = text.split("\n")
    first, second = read(text).records
    assert lines[first.line_start - 1] == "First"
    assert lines[first.line_end - 1] == "Aug 14"
    assert lines[second.line_start - 1] == "Second"
    assert lines[second.line_end - 1] == "Aug 15, 2023 7"


def test_an_organisation_belongs_to_the_entry_above_it_alone() -> None:
    entries = [
        PageEntry("No byline at all"),
        PageEntry("From an organisation", byline="General-Medical-AI General Medical AI", date="Oct 17, 2025 3"),
    ]
    without, with_one = read(page(entries)).records
    assert (without.organisation, without.page_date, without.n_authors) == (None, None, None)
    assert with_one.organisation == "General Medical AI"


def test_an_organisation_that_looks_like_a_title_is_no_title() -> None:
    entries = [
        PageEntry("First", byline="deep-learning Deep Learning for Everyone: A Laboratory", date="May 1, 2024"),
        PageEntry("Second"),
    ]
    assert [record.title for record in read(page(entries)).records] == ["First", "Second"]


def test_a_page_without_bylines_is_read_in_pairs() -> None:
    found = read(page([PageEntry(f"Title {i}") for i in range(5)]))
    assert [record.title for record in found.records] == [f"Title {i}" for i in range(5)]
    assert not found.source.has_bylines


@pytest.mark.parametrize("ending", ["ends here", "see https://example.org/code", "A Title"])
def test_an_abstract_may_end_without_a_full_stop(ending: str) -> None:
    entries = [PageEntry("A Title", "Words and more words. " * 20 + ending), PageEntry("Next", date="May 1, 2024")]
    assert read(page(entries)).records[0].abstract.endswith(ending)


def test_windows_line_ends_read_the_same() -> None:
    text = page([PageEntry("First", date="Aug 14"), PageEntry("Second", date="Aug 15, 2023")])
    assert read(text.replace("\n", "\r\n")) == read(text)


def test_a_page_cut_inside_a_title_rejects_it_with_its_line() -> None:
    text = page([PageEntry("First", date="Aug 14, 2024"), PageEntry("Second", date="Aug 15, 2023")])
    cut = text[: text.index("Second") + 3]
    found = read(cut)
    assert [record.title for record in found.records] == ["First"]
    (reject,) = found.rejects
    assert (reject.line, reject.reason, reject.excerpt) == (cut.count("\n") + 1, "a title without an abstract", "Sec")


def test_a_page_cut_inside_an_abstract_rejects_the_entry() -> None:
    text = page([PageEntry("First", date="Aug 14, 2024"), PageEntry("Second", date="Aug 15, 2023")])
    found = read(text[: text.index("Second") + 200])
    assert [record.title for record in found.records] == ["First"]
    assert [reject.reason for reject in found.rejects] == ["the page ends inside this entry's abstract"]


@pytest.mark.parametrize(
    "tail", ["\n\n  • 3 auth", "\n\n  • 3 authors", "\n\n  • 3 authors\n·", "\n\n  • 3 authors\n·\nSe"]
)
def test_a_page_cut_inside_a_byline_rejects_the_entry(tail: str) -> None:
    text = page([PageEntry("First", date="Aug 14, 2024"), PageEntry("Second")]) + tail
    found = read(text)
    assert [record.title for record in found.records] == ["First"]
    assert len(found.rejects) == 1


def test_an_impossible_date_is_a_reject_of_the_date_alone() -> None:
    found = read(page([PageEntry("First", date="Feb 30, 2024")]))
    assert [record.page_date for record in found.records] == [None]
    (reject,) = found.rejects
    assert reject.scope == "date"
    assert "Feb 30" in reject.reason


def test_a_page_without_its_date_line_keeps_its_entries_and_says_so() -> None:
    found = read(page([PageEntry("First", date="Aug 14, 2024")], date=None))
    assert [record.title for record in found.records] == ["First"]
    assert found.source.date is None
    assert "no date line" in found.rejects[0].reason


def test_a_missing_abstract_costs_one_entry_and_no_other() -> None:
    text = page([PageEntry("First", date="Aug 14, 2024"), PageEntry("Second"), PageEntry("Third", date="Aug 15, 2023")])
    second = PageEntry("Second").text
    found = read(text.replace(second, "Second"))
    assert [record.title for record in found.records] == ["First", "Third"]
    assert [reject.excerpt for reject in found.rejects] == ["Second"]


def test_a_bullet_list_in_an_abstract_is_no_byline() -> None:
    abstract = "We do things that matter here, and each is new.\n• first, a data set of many images\n• second, a model"
    (record,) = read(page([PageEntry("First", abstract, "  • 5 authors", "Aug 14, 2024")])).records
    assert record.n_authors == 5
    assert "second, a model" in record.abstract


def test_text_of_another_kind_is_not_recognised() -> None:
    assert not daily_papers.recognises("Dear diary,\n\ntoday nothing happened.\n")
    assert daily_papers.recognises(HEADER)


_titles = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=3, max_size=60),
    min_size=1,
    max_size=8,
    unique=True,
)
_dates = st.one_of(st.none(), st.sampled_from(["Jan 1", "Feb 29, 2024", "Dec 31, 2020 12", "Jul 4 3"]))


@given(titles=_titles, dates=st.lists(_dates, min_size=8, max_size=8))
def test_what_is_written_on_a_page_is_read_from_it(titles: list[str], dates: list[str | None]) -> None:
    entries = [PageEntry(title, date=date) for title, date in zip(titles, dates, strict=False)]
    found = read(page(entries))
    assert len(found.records) == len(entries)
    assert [record.date_raw for record in found.records] == [entry.date for entry in entries]


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = read(text)
    assert all(reject.line >= 1 and reject.reason for reject in found.rejects)


@given(st.integers(0, 1500))
def test_a_page_cut_anywhere_loses_nothing_in_silence(length: int) -> None:
    entries = [PageEntry(f"Title {i}", date=f"May {i + 1}, 2023") for i in range(4)]
    text = page(entries)[: len(HEADER) + 7 + length]
    begun = sum(text.count(f"Title {i}\n") > 0 or text.endswith(f"Title {i}") for i in range(4))
    found = read(text)
    assert len(found.records) + sum(reject.scope == "record" for reject in found.rejects) >= begun
