"""Rows of a table as text, kept in step: quotation marks that mean nothing, never close, or stand in a file without quoting."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.corpus.identifiers import normal_doi
from analysis.corpus.records import Reject

# characters of a cell; more in one is a file out of step
_LONGEST_CELL = 1_000_000
# lines that one cell may go over
_MOST_LINES = 500
_YEAR = re.compile(r"^\s*(?:1[4-9]|20|21)\d\d(?:\.0)?\s*$")
_NUMBER = re.compile(r"^\s*[\d,]*(?:\.0)?\s*$")
# what stands for no identifier
_NONE = ("-", "na", "n/a", "none", "nan", "null", "no doi", "not available")


@dataclass(frozen=True)
class Table:
    """A table's columns.

    Attributes
    ----------
    names : sequence of str
    positions : mapping of field to list of int
        See `analysis.corpus.readers.columns.map_columns`.
    separator : str
    heading : int
        Line of the names, from 1.
    """

    names: Sequence[str]
    positions: Mapping[str, Sequence[int]]
    separator: str
    heading: int

    def fits(self, cells: Sequence[str]) -> bool:
        """Return whether years, identifiers and counts stand where the heading has them; a row too short or too long may not."""
        return all(
            position >= len(cells) or not cells[position].strip() or looks_right(cells[position])
            for field, looks_right in _LOOKS.items()
            for position in self.positions.get(field, ())
        )

    def filled(self, cells: Sequence[str]) -> int:
        """Return how many years, identifiers and counts stand in their places."""
        places = (position for field in _LOOKS for position in self.positions.get(field, ()))
        return sum(position < len(cells) and bool(cells[position].strip()) for position in places)

    def typed(self, cells: Sequence[str]) -> bool:
        """Return whether a line of its own has a row's cells, with a year or an identifier in its place."""
        if len(cells) != len(self.names) or not self.fits(cells):
            return False
        return self.filled(cells) > 0


_LOOKS: dict[str, Callable[[str], bool]] = {
    "year": lambda cell: _YEAR.match(cell) is not None,
    "doi": lambda cell: normal_doi(cell) is not None or cell.strip().lower() in _NONE,
    "n_cited": lambda cell: _NUMBER.match(cell) is not None,
    "pmid": lambda cell: _NUMBER.match(cell) is not None,
}


def rows_of(text: str, table: Table, file: str) -> Iterator[tuple[int, list[str], int] | Reject]:
    """Yield (first line, cells, last line) of each filled row, and what is to be told.

    A row whose quotation mark never closes gives the row that its line holds, and the next row begins on the next line. A row
    with a cell too few or too many is put right where years and identifiers say how.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines = text.split("\n")
    width = len(table.names)
    long: list[int] = []
    raw = table.separator == "\t" and _is_unquoted(lines[table.heading - 1 :], width)
    number = table.heading
    while number < len(lines):
        start = number + 1
        cells, number, told = _row(lines, number, table, raw)
        if told:
            yield Reject.at(file, start, told, lines[start - 1], "damage")
        if not any(cell.strip() for cell in cells):
            continue
        # trailing separators name no cells
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            mended = _in_step(cells, table)
            if mended is None:
                reason = f"a row of {len(cells)} cells under a header of {width}, out of step with it"
                yield Reject.at(file, start, reason, " ".join(cells[:2]))
                continue
            if len(cells) > width:
                long.append(start)
            elif mended != cells:
                yield Reject.at(
                    file, start, "a row that lacks a cell; it was read in step", " ".join(cells[:2]), "damage"
                )
            cells = mended
        yield start, cells, number
    if long:
        reason = f"{len(long)} row(s) with more cells than the header of {width}: left out, or put together"
        yield Reject.at(file, long[0], reason, lines[long[0] - 1], "damage")


def _row(lines: Sequence[str], number: int, table: Table, raw: bool) -> tuple[list[str], int, str]:
    """Return a row that begins at a line, counted from 0, the number of lines that it ends with, and what is to be told."""
    line = lines[number]
    if raw:
        return [_unquoted(cell) for cell in line.split(table.separator)], number + 1, ""
    if '"' not in line:
        return line.split(table.separator), number + 1, ""
    end, opened = number, _is_open(line, table.separator)
    while opened and end + 1 < len(lines) and end - number < _MOST_LINES:
        end += 1
        opened = _closes(lines[end], table.separator)
    if not opened:
        cells = _parsed("\n".join(lines[number : end + 1]), table.separator)
        if cells is not None and not (end > number and _swallowed(lines[number + 1 : end + 1], table)):
            return cells, end + 1, ""
    plain = line.split(table.separator)
    return [cell.strip().strip('"') for cell in plain], number + 1, "a quotation mark that is never closed"


def _swallowed(inner: Sequence[str], table: Table) -> bool:
    """Return whether lines within a quoted cell are rows of their own."""
    for line in inner:
        # a line with the closing mark alone ends the cell
        alone = _parsed(line, table.separator) if line.count('"') % 2 == 0 else None
        if alone is not None and not _is_open(line, table.separator) and table.typed(alone):
            return True
    return False


def _parsed(text: str, separator: str) -> list[str] | None:
    try:
        # not by splitlines, which ends lines at signs that csv does not
        rows = list(csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=separator))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _is_open(line: str, separator: str) -> bool:
    """Return whether a row's first line ends inside of a quoted cell."""
    return _ends_quoted(line, separator, False)


def _closes(line: str, separator: str) -> bool:
    """Return whether a quoted cell that a line goes on with is still open at its end."""
    return _ends_quoted(line, separator, True)


def _ends_quoted(line: str, separator: str, inside: bool) -> bool:
    position, begins = 0, not inside
    while position < len(line):
        char = line[position]
        if inside:
            position = line.find('"', position)
            if position < 0:
                return True
            if line[position + 1 : position + 2] == '"':
                position += 2
                continue
            inside, begins = False, False
        elif char == '"' and begins:
            inside = True
        elif char == separator:
            begins = True
        else:
            begins = False
        position += 1
    return inside


def _is_unquoted(lines: Sequence[str], width: int) -> bool:
    """Return whether every filled line has the heading's number of cells as it stands: quotation marks are text then."""
    filled = [line for line in lines if line.strip()]
    return all(line.count("\t") + 1 <= width for line in filled) and sum(
        line.count("\t") + 1 == width for line in filled
    ) >= 0.9 * len(filled)


def _unquoted(cell: str) -> str:
    whole = cell.strip()
    inner = whole[1:-1]
    quoted = len(whole) > 1 and whole[0] == whole[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if quoted else cell


def _in_step(cells: list[str], table: Table) -> list[str] | None:
    """Return a row of another length with each cell under its name; None where none of its readings is in step."""
    width = len(table.names)
    if table.fits(cells):
        # what is missing at the end is empty, what is too much has no name
        return cells[:width] if len(cells) > width else cells
    if len(cells) < width:
        lacking = width - len(cells)
        readings = [cells[:at] + [""] * lacking + cells[at:] for at in range(len(cells), -1, -1)]
    else:
        over = len(cells) - width
        readings = [
            [*cells[:at], table.separator.join(cells[at : at + over + 1]), *cells[at + over + 1 :]]
            for at in range(width)
        ]
    fitting = [reading for reading in readings if table.fits(reading)]
    # of several readings that fit, the one with most years and identifiers in their places
    return max(fitting, key=table.filled, default=None)
