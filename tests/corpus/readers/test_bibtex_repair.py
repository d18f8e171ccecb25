"""BibTeX as people leave it: what is mended is told, what was whole stays."""

import pytest

from analysis.corpus.formats import read_content
from analysis.corpus.readers.bibtex_repair import mend
from analysis.corpus.records import ReadFile

SECOND = "@article{b,\n title = {Wasps},\n year = {2021}\n}\n"


def read(text: str) -> ReadFile:
    found = read_content((text + SECOND).encode(), "a.bib")
    assert isinstance(found, ReadFile)
    assert found.records[-1].title == "Wasps"
    return found


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("@article{a,\n title = {Bees}\n year = {2020},\n doi = {10.1234/a}\n}\n", "1 comma(s) left out"),
        ('@article{a,\n title = "Bees"\n year = 2020\n doi = {10.1234/a}\n}\n', "2 comma(s) left out"),
        ("@article{a,\n title = {Bees},\n year = {2020},\n doi = {10.1234/a}\n\n", "without its last brace"),
        ("article{a,\n title = {Bees},\n year = {2020},\n doi = {10.1234/a}\n}\n", "without its @"),
        ("@article{a,\n title = {Bees}, % checked\n year = {2020}, % twice, it's {fine\n doi = {10.1234/a}\n}\n", ""),
        ("@article{Ode et al. 2020,\n title = {Bees},\n year = {2020},\n doi = {10.1234/a}\n}\n", ""),
        ("@Article{a,\n TITLE = {{Bees}},\n Year = 2020,\n doi = {10.1234/a},\n}\n", ""),
        ("@article(a,\n title = {Bees},\n year = {2020},\n doi = {10.1234/a}\n)\n", ""),
    ],
)
def test_an_entry_that_is_not_whole_gives_its_paper_and_spoils_no_other(entry: str, told: str) -> None:
    found = read(entry)
    bees = found.records[0]
    assert (bees.title, bees.doi, bees.published and bees.published.date.year) == ("Bees", "10.1234/a", 2020)
    assert len(found.records) == 2
    assert [told in item.reason for item in found.rejects] == ([True] if told else [])


def test_a_percent_sign_in_a_text_is_text() -> None:
    abstract = r"Prices rose 20\% and 5% more; a % sign, {braces} and 3 @ a place"
    found = read(f"@article{{a,\n title = {{Bees}},\n abstract = {{{abstract}}},\n year = {{2020}}\n}}\n")
    assert found.records[0].abstract == "Prices rose 20% and 5% more; a % sign, braces and 3 @ a place"


def test_lines_stay_where_they_are() -> None:
    text = "% head\n\narticle{a,\n title = {Bees}\n year = {2020}\n}\n" + SECOND
    assert mend(text).text.count("\n") == text.count("\n")
    found = read_content(text.encode(), "a.bib")
    assert isinstance(found, ReadFile)
    assert [record.line_start for record in found.records] == [3, 7]


def test_institutions_keep_their_and() -> None:
    found = read(
        "@book{a,\n title = {Bees},\n author = {{Centers for Bees and Wasps} and Ode, Pat and others},\n year = 2020\n}\n"
    )
    assert found.records[0].authors == ("Centers for Bees and Wasps", "Ode, Pat")
