"""Tables parted by comma, semicolon or tab: those of Scopus, IEEE Xplore, SpringerLink, Zotero, OpenAlex, and any other."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.corpus.fields import Location, to_record
from analysis.corpus.readers.columns import fields_of_row, is_table, map_columns
from analysis.corpus.readers.rows import Table, rows_of
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "table"
HINT = "a table has a line that names a title, and an abstract, a date, authors or a DOI"
_SEPARATORS = ",\t;|"
# a database may write who exported what, and when, above the names of the columns
_MOST_ABOVE = 20
_CRITERIA = re.compile(r"(?:criteria|query|search(?:ed)? (?:for|terms?|string)|topic)\s*:?\s+(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """Where a table's columns are named: the line, from 1, how cells are parted, and the names."""

    line: int
    separator: str
    names: list[str]


def recognises(text: str, columns: Mapping[str, str] | None = None) -> bool:
    """Return whether one of the first lines of `text` names the columns of a table of papers."""
    return heading(text, columns) is not None


def heading(text: str, columns: Mapping[str, str] | None = None) -> Heading | None:
    """Return the first line that names columns; None where there is none."""
    filled = 0
    for number, line in enumerate(text[:200_000].split("\n"), start=1):
        if not line.strip():
            continue
        filled += 1
        if filled > _MOST_ABOVE:
            return None
        for separator in _SEPARATORS:
            if separator not in line:
                continue
            try:
                names = next(csv.reader([line], delimiter=separator, strict=False), [])
            except csv.Error:
                continue
            if len(names) > 1 and is_table(names, columns):
                return Heading(number, separator, names)
    return None


def read(text: str, file: str, columns: Mapping[str, str] | None = None) -> ReadFile:
    """Read a table; rows that are longer or shorter than the header, or that lost their step, are told of."""
    found = heading(text, columns)
    if found is None:
        return ReadFile(Source(file, format=FORMAT), [], [Reject.at(file, 1, f"no table: {HINT}", text[:200], "file")])
    positions = map_columns(found.names, columns)
    records: list[Record] = []
    rejects: list[Reject] = []
    ordinal = 0
    table = Table(found.names, positions, found.separator, found.line)
    for row in rows_of(text, table, file):
        if isinstance(row, Reject):
            ordinal += row.scope == "record"
            rejects.append(row)
            continue
        ordinal += 1
        start, cells, end = row
        record, refused = to_record(fields_of_row(cells, positions), Location(file, ordinal, start, end))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=FORMAT, query=_query(text, found.line)), records, rejects)


def _query(text: str, line: int) -> str:
    """Return what the lines above a heading tell of the query."""
    above = " ".join(" ".join(text.split("\n")[: line - 1]).split())
    match = _CRITERIA.search(above)
    return match[1].strip(' ".')[:120] if match is not None else ""
