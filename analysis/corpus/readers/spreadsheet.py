"""Workbooks and parquet: tables that are no text."""

import io
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.corpus.fields import Location, to_record
from analysis.corpus.readers.columns import fields_of_row, is_table, map_columns
from analysis.corpus.records import ReadFile, Record, Reject, Source

# the first bytes of each kind, and the member that tells a workbook from other archives
_PARQUET, _ARCHIVE, _OLD_EXCEL = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_LARGEST = 2_000_000_000


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
    """Read the table of a parquet file, or the first sheet of a workbook whose heading names a title."""
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
    frame = next((frame for frame in frames if is_table([str(column) for column in frame.columns], columns)), None)
    if frame is None:
        headings = ", ".join(str(column) for column in frames[0].columns[:8]) if frames else "no sheet"
        return ReadFile(
            source, [], [Reject.at(file, 1, f"no column that names a title; there are: {headings}", "", "file")]
        )
    positions = map_columns([str(column) for column in frame.columns], columns)
    records: list[Record] = []
    rejects: list[Reject] = []
    for number, row in enumerate(frame.itertuples(index=False), start=1):
        cells = [_text(value) for value in row]
        if not any(cells):
            continue
        fields = fields_of_row(cells, positions)
        authors = next((row[position] for position in positions.get("authors", ()) if _is_list(row[position])), None)
        if authors is not None:
            fields.authors = [str(author) for author in authors]
        # the heading is line 1
        record, refused = to_record(fields, Location(file, number, number + 1, number + 1))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(source, records, rejects)


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
