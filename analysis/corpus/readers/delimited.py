"""Tables parted by comma, semicolon or tab: those of Scopus, IEEE Xplore, SpringerLink, Zotero, OpenAlex, and any other."""

import csv
import io
from collections.abc import Iterator, Mapping

from analysis.corpus.fields import Location, to_record
from analysis.corpus.readers.columns import fields_of_row, is_table, map_columns
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "table"
HINT = "a table has a first line that names a title, and an abstract, a date, authors or a DOI"
# an abstract in a cell may be long; more than this in one cell is a file out of step
_LONGEST_CELL = 1_000_000
_SEPARATORS = ",\t;"


def recognises(text: str, columns: Mapping[str, str] | None = None) -> bool:
    """Return whether the first line of `text` names the columns of a table of papers."""
    return _separator(text, columns) is not None


def read(text: str, file: str, columns: Mapping[str, str] | None = None) -> ReadFile:
    """Read a table; a row that is longer than the header is told of."""
    rows = _rows(text, _separator(text, columns) or ",", file)
    header = next(rows)
    if isinstance(header, Reject):
        return ReadFile(Source(file, format=FORMAT), [], [header])
    names = header[1]
    positions = map_columns(names, columns)
    records: list[Record] = []
    rejects: list[Reject] = []
    ordinal = 0
    for row in rows:
        ordinal += 1
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        start, cells, end = row
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            reason = f"a row of {len(cells)} cells under a header of {len(names)}: the last were not read"
            rejects.append(Reject.at(file, start, reason, " ".join(cells[:2]), "damage"))
        record, refused = to_record(fields_of_row(cells, positions), Location(file, ordinal, start, end))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=FORMAT), records, rejects)


def _separator(text: str, columns: Mapping[str, str] | None) -> str | None:
    """Return the separator under which the first filled line names columns."""
    lines = (line for line in text[:100_000].splitlines() if line.strip())
    head = next(lines, "")
    for separator in _SEPARATORS:
        try:
            header = next(csv.reader([head], delimiter=separator, strict=False), [])
        except csv.Error:
            continue
        if len(header) > 1 and is_table(header, columns):
            return separator
    return None


def _rows(text: str, separator: str, file: str) -> Iterator[tuple[int, list[str], int] | Reject]:
    """Yield (first line, cells, last line) of each filled row, and a reject where the reader lost its step."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject.at(file, start, f"a row that cannot be read ({error})", "")
            continue
        if any(cell.strip() for cell in cells):
            yield start, cells, reader.line_num
