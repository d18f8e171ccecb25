"""Rows of tables that are out of step, and quotation marks that mean nothing."""

from pathlib import Path

import pytest

from analysis.corpus.formats import read_file
from analysis.corpus.records import ReadFile

HEAD = "Title,Abstract,Year,DOI\n"


def read(folder: Path, text: str, name: str = "a.csv") -> ReadFile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = read_file(path, name)
    assert isinstance(found, ReadFile)
    return found


def test_a_quotation_mark_that_never_closes_swallows_no_row(tmp_path: Path) -> None:
    rows = (
        'First,"An abstract that never closes,2019,10.1234/a\nSecond,Plain,2020,10.1234/b\n'
        'Third,"Closed, well",2021,10.1234/c\n'
    )
    found = read(tmp_path, HEAD + rows)
    assert [(record.title, record.doi) for record in found.records] == [
        ("First", "10.1234/a"),
        ("Second", "10.1234/b"),
        ("Third", "10.1234/c"),
    ]
    [told] = found.rejects
    assert (told.line, told.scope) == (2, "damage")
    assert "never closed" in told.reason


def test_cells_over_several_lines_are_one_cell(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + 'First,"Line one,\nline ""two"",\nline three",2019,10.1234/a\nSecond,x,2020,\n')
    assert found.rejects == []
    assert found.records[0].abstract == 'Line one, line "two", line three'
    assert (found.records[0].line_start, found.records[0].line_end) == (2, 4)
    assert found.records[1].line_start == 5


def test_quotation_marks_of_tab_files_are_text(tmp_path: Path) -> None:
    lines = [
        "PT\tTI\tAB\tPY\tDI",
        'J\tFirst\t"We ask why, said one.\t2019\t10.1234/a',
        'J\tSecond\tA "quoted" word\t2020\t10.1234/b',
    ]
    found = read(tmp_path, "\n".join(lines) + "\n", "savedrecs.txt")
    assert [record.doi for record in found.records] == ["10.1234/a", "10.1234/b"]
    assert found.records[0].abstract == '"We ask why, said one.'


def test_quoted_cells_of_tab_files_lose_their_marks(tmp_path: Path) -> None:
    found = read(tmp_path, 'Title\tAbstract\tYear\n"A ""fine"" title"\t"Words"\t2019\nB\tC\t2020\n', "a.tsv")
    assert (found.records[0].title, found.records[0].abstract) == ('A "fine" title', "Words")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("First,2019,10.1234/a", ("First", "", 2019, "10.1234/a")),
        ("First, with a comma,Words,2019,10.1234/a", ("First, with a comma", "Words", 2019, "10.1234/a")),
    ],
)
def test_a_row_out_of_step_is_put_right_where_its_types_say_how(
    row: str, expected: tuple[str, str, int, str], tmp_path: Path
) -> None:
    found = read(tmp_path, f"{HEAD}{row}\nSecond,Words,2020,10.1234/b\n")
    first = found.records[0]
    assert (first.title, first.abstract, first.published and first.published.date.year, first.doi) == expected
    assert [told.scope for told in found.rejects] == ["damage"]


def test_a_row_that_no_reading_puts_right_is_a_reject_and_no_invention(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD}a,b,c,d,e,f,g,h,i,j\nSecond,Words,2020,10.1234/b\n")
    assert [record.title for record in found.records] == ["Second"]
    assert [(told.line, told.scope) for told in found.rejects] == [(2, "record")]


def test_trailing_separators_are_no_damage_and_cells_without_a_name_are_told_once(tmp_path: Path) -> None:
    quiet = read(tmp_path, HEAD + "A,x,2019,10.1234/a,,\nB,y,2020,10.1234/b,,\n")
    assert quiet.rejects == []
    told = read(tmp_path, HEAD + "".join(f"T{i},x,2019,10.1234/{i},more\n" for i in range(9))).rejects
    assert len(told) == 1
    assert told[0].reason.startswith("9 row(s)")


def test_lines_above_the_heading_and_the_separator_that_a_spreadsheet_asks_for(tmp_path: Path) -> None:
    above = "\"About the data: Exported on Sep 15, 2023. Criteria: 'bees' in title.\"\n"
    found = read(tmp_path, above + HEAD + "A,x,2019,10.1234/a\n")
    assert [record.title for record in found.records] == ["A"]
    assert "bees" in found.source.query
    assert read(tmp_path, "sep=;\nTitle;Abstract;Year\nA;x;2019\n").records[0].abstract == "x"


def test_a_line_of_another_format_inside_of_a_cell_makes_no_other_format(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + 'A,"It says\nPT J\nTY  - JOUR\nand more",2019,10.1234/a\n')
    assert found.source.format == "table"
    assert len(found.records) == 1
