"""Workbooks and parquet: tables that are no text."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.readers.columns import fields_of_row, is_table, map_columns
from analysis.corpus.records import ReadFile, Record, Reject, Source

# the first bytes of each kind, and the member that tells a workbook from other archives
_PARQUET, _ARCHIVE, _OLD_EXCEL = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_LARGEST = 2_000_000_000
# a database may write who exported what, and when, above the names of the columns
_MOST_ABOVE = 20
_LISTS = ("authors", "editor", "affiliations", "countries", "keywords", "index_keywords", "references")


def recognises(content: bytes) -> bool:
    """Return whether a file's bytes are a workbook (xlsx, xlsb, xls, ods) or parquet."""
    return _kind(content) is not None


def _kind(content: bytes) -> str | None:
    if content[:4] == _PARQUET:
        return "parquet"
    if content[:8] == _OLD_EXCEL:
        return "xls"
    if content[:4] != _ARCHIVE:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return next((_WORKBOOKS[name] for name in archive.namelist() if name in _WORKBOOKS), None)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error):
        # an archive that cannot be opened is read no further; it is told of as a binary file
        return None


def read(content: bytes, file: str, columns: Mapping[str, str] | None = None) -> ReadFile:
    """Read the table of a parquet file, or all sheets of a workbook that are tables of papers."""
    name = _kind(content) or "workbook"
    source = Source(file, format=name)
    try:
        tables = [pd.read_parquet(io.BytesIO(content))] if name == "parquet" else _sheets(content)
        # texts are decoded here and not when a row is looked at, so that damage in one shows now
        frames = [frame.astype(object) for frame in tables]
    except Exception as error:
        # their parsers raise whatever damaged bytes make them stumble over; every one of it is told
        return ReadFile(
            source, [], [Reject.at(file, 1, f"a damaged {name} file ({type(error).__name__}: {error})", "", "file")]
        )
    tables_of_papers = [table for frame in frames if (table := _under_heading(frame, columns)) is not None]
    if not tables_of_papers:
        headings = ", ".join(str(column) for column in frames[0].columns[:8]) if frames else "no sheet"
        return ReadFile(
            source, [], [Reject.at(file, 1, f"no column that names a title; there are: {headings}", "", "file")]
        )
    records: list[Record] = []
    rejects: list[Reject] = []
    ordinal = 0
    for above, frame in tables_of_papers:
        positions = map_columns([str(column) for column in frame.columns], columns)
        for number, row in enumerate(frame.itertuples(index=False), start=above + 2):
            cells = [_text(value) for value in row]
            if not any(cells):
                continue
            ordinal += 1
            record, refused = to_record(_fields(row, cells, positions), Location(file, ordinal, number, number))
            rejects += refused
            if record is not None:
                records.append(record)
    return ReadFile(source, records, rejects)


def _fields(row: Sequence[Any], cells: list[str], positions: Mapping[str, Sequence[int]]) -> Fields:
    """Return a row's fields; a cell that holds a list, as in parquet, holds several values."""
    fields = fields_of_row(cells, positions)
    for name in _LISTS:
        listed = next((row[position] for position in positions.get(name, ()) if _is_list(row[position])), None)
        if listed is not None:
            setattr(fields, name, [str(value) for value in listed])
    return fields


def _under_heading(frame: pd.DataFrame, columns: Mapping[str, str] | None) -> tuple[int, pd.DataFrame] | None:
    """Return the rows above a table's heading, and the table; None where no row names columns."""
    if is_table([str(column) for column in frame.columns], columns):
        return 0, frame
    for number, row in enumerate(frame.head(_MOST_ABOVE).itertuples(index=False), start=1):
        names = [_text(value) for value in row]
        if is_table(names, columns):
            below = frame.iloc[number:].copy()
            below.columns = pd.Index(names)
            return number, below
    return None


def _sheets(content: bytes) -> list[pd.DataFrame]:
    if content[:4] == _ARCHIVE:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _LARGEST:
                raise ValueError("it unpacks to more than 2 GB")
    return list(pd.read_excel(io.BytesIO(content), sheet_name=None, dtype=object, engine="calamine").values())


def _is_list(value: Any) -> bool:
    return not isinstance(value, str) and hasattr(value, "__len__") and not isinstance(value, dict)


def _text(value: Any) -> str:
    if (
        _is_list(value)
        or value is None
        or value is pd.NaT
        or (isinstance(value, float) and value != value)
        or value is pd.NA
    ):
        return ""
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
