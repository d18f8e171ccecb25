"""A curated table of dates and identifiers that fills what the exports leave unknown."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.corpus.dates import DateError, Precision, parse_iso_date
from analysis.corpus.records import Reject
from analysis.corpus.text import title_key
from analysis.errors import SupplementError

_REQUIRED = ("title", "date")


@dataclass(frozen=True)
class SupplementRow:
    """What the supplement knows of one paper; ``date`` is NaT and ``precision`` "none" where it knows none."""

    line: int
    title: str
    date: pd.Timestamp
    precision: Precision
    arxiv_id: str | None
    doi: str | None

    @property
    def earliest(self) -> dt.date | None:
        """The first day that the date allows; None without a date."""
        if self.precision == "none":
            return None
        day: dt.date = self.date.date()
        return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[self.precision]


@dataclass(frozen=True)
class Supplement:
    """Rows by title key, and the rows that could not be used."""

    file: str
    rows: Mapping[str, SupplementRow]
    rejects: list[Reject]


def read_supplement(path: Path) -> Supplement:
    """Read a supplement: CSV with columns title and date, optional arxiv_id and doi.

    Raises
    ------
    SupplementError
        The file cannot be read, or lacks a required column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SupplementError(f"the supplement {path.name} cannot be read: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in _REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        raise SupplementError(
            f"the supplement {path.name} lacks the column(s) {', '.join(missing)}; "
            f"it has: {', '.join(reader.fieldnames or ['none'])}"
        )
    rows: dict[str, SupplementRow] = {}
    rejects: list[Reject] = []
    for cells in _rows(reader, path):
        line = reader.line_num
        title = (cells["title"] or "").strip()
        key = title_key(title)
        if not key or key in rows:
            reason = "a second row for this title; the first counts" if key else "a row without a title"
            rejects.append(Reject.at(path.name, line, reason, title, "supplement"))
            continue
        try:
            date, precision = parse_iso_date(cells["date"])
        except DateError as error:
            rejects.append(Reject.at(path.name, line, f"date left unknown: {error}", title, "date"))
            date, precision = pd.NaT, "none"
        arxiv_id, doi = (cells.get("arxiv_id") or "").strip(), (cells.get("doi") or "").strip()
        rows[key] = SupplementRow(line, title, date, precision, arxiv_id or None, doi or None)
    return Supplement(path.name, rows, rejects)


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[dict[str, str | None]]:
    try:
        yield from reader
    except csv.Error as error:
        raise SupplementError(f"the supplement {path.name} cannot be read: line {reader.line_num}: {error}") from error
