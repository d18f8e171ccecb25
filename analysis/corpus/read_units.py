"""Exports read unit by unit: records that tell their own dates, what could not be read, and pages set apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.dating import date_records, source_row
from analysis.corpus.formats import read_file
from analysis.corpus.merge import DatedRecord
from analysis.corpus.pieces import Piece, read_piece
from analysis.corpus.readers import daily_papers
from analysis.corpus.record_table import dated, record_table, reject_table
from analysis.corpus.records import ReadFile, Reject
from analysis.corpus.schema import SOURCE_COLUMNS
from analysis.corpus.supplement import Supplement

# what tells papers apart
IDENTITY_COLUMNS = [
    *(
        "file",
        "ordinal",
        "key",
        "title",
        "doi",
        "arxiv_id",
        "pmid",
        "year",
        "surnames",
        "venue_key",
        "place",
        "type",
        "sketch",
    ),
]
_PIECE_TYPES = dict.fromkeys(("piece", "entries", "records", "rejects", "dated"), "int64") | dict.fromkeys(
    ("file", "format", "query"), "str"
)


@dataclass(frozen=True)
class ReadJob:
    """Units of pieces, and columns as named by the user."""

    units: Sequence[Sequence[Piece]]
    columns: dict[str, str]


def read_unit(reading: ReadJob, number: int) -> dict[str, pd.DataFrame]:
    """Read one unit's pieces.

    Returns
    -------
    dict of DataFrame
        records, rejects, pieces (one row per piece: file, format, entries, records, rejects, dated,
        query). A Daily Papers page has no records here: its years are inferred from all pages together.
    """
    records: list[DatedRecord] = []
    rejects: list[Reject] = []
    piece_of_record: list[int] = []
    rows = []
    for number_in_unit, piece in enumerate(reading.units[number]):
        export = read_piece(piece, reading.columns or None)
        if isinstance(export, Reject):
            rejects.append(export)
            continue
        page = export.source.format == daily_papers.FORMAT
        dated_records = [] if page else dated(export.records)
        if not page:
            rejects += export.rejects
            records += dated_records
            piece_of_record += [number_in_unit] * len(dated_records)
        refused = sum(item.scope == "record" for item in export.rejects)
        entries = max(len(export.records) + refused, max((item.ordinal for item in export.records), default=0))
        known = sum(item.date is not None for item in dated_records)
        rows.append(
            (
                *(number_in_unit, piece.name, export.source.format, entries, len(export.records), len(export.rejects)),
                *(known, export.source.query),
            )
        )
    pieces = pd.DataFrame(rows, columns=["piece", "file", "format", "entries", "records", "rejects", "dated", "query"])
    return {
        "records": record_table(records).assign(piece=np.array(piece_of_record, dtype=np.int64)),
        "rejects": reject_table(rejects),
        "pieces": pieces.astype(_PIECE_TYPES),
    }


@dataclass(frozen=True)
class Counts:
    """One row per piece that was read, in order, and the names of Daily Papers pages."""

    pieces: pd.DataFrame

    @property
    def pages(self) -> set[str]:
        """The names of Daily Papers pages."""
        return set(self.pieces.loc[self.pieces["format"] == daily_papers.FORMAT, "file"])

    @property
    def queries(self) -> dict[str, str]:
        """What files tell of their query."""
        told = self.pieces[self.pieces["query"] != ""]
        return dict(zip(told["file"], told["query"], strict=True))


def identity_table(results: Iterator[dict[str, pd.DataFrame]]) -> tuple[pd.DataFrame, list[Reject], Counts]:
    """Return what tells papers apart, one row per record with its unit and row there; all rejects; and the pieces."""
    frames, rejects, pieces = [], [], []
    for unit, piece in enumerate(results):
        records = piece["records"]
        frames.append(records[[*IDENTITY_COLUMNS, "piece"]].assign(unit=unit, row=np.arange(len(records))))
        rejects += [Reject(*values) for values in piece["rejects"].itertuples(index=False, name=None)]
        pieces.append(piece["pieces"].assign(unit=unit))
    return pd.concat(frames, ignore_index=True), rejects, Counts(pd.concat(pieces, ignore_index=True))


def read_pages(
    pages: Sequence[tuple[str, Path]], columns: Mapping[str, str], supplement: Supplement | None
) -> tuple[list[DatedRecord], list[Reject], list[tuple[object, ...]]]:
    """Read the Daily Papers pages together."""
    read = [export for name, path in pages if isinstance(export := read_file(path, name, columns or None), ReadFile)]
    found_dates = date_records(read, supplement)
    rejects = [reject for export in read for reject in export.rejects]
    rows = [source_row(export, found_dates.years[export.source.file]) for export in read]
    return found_dates.records, [*rejects, *found_dates.rejects], rows


def in_order_of_files(index: pd.DataFrame, records_of_pages: Sequence[DatedRecord], counts: Counts) -> pd.DataFrame:
    """Return the index in file order, ordinals counted within whole files, the pages' records among them as unit -1."""
    before = counts.pieces.assign(ahead=counts.pieces.groupby("file")["entries"].cumsum() - counts.pieces["entries"])
    ahead = index.merge(before[["unit", "piece", "ahead"]], on=["unit", "piece"], how="left")["ahead"].to_numpy()
    pages = record_table(records_of_pages)[IDENTITY_COLUMNS].assign(
        unit=-1, row=np.arange(len(records_of_pages)), piece=0
    )
    whole = pd.concat([index.assign(ordinal=index["ordinal"] + ahead), pages], ignore_index=True)
    # names sort as in `export_files`, by code point
    order = np.lexsort(
        (whole["ordinal"].to_numpy(), np.unique(whole["file"].to_numpy(dtype=object), return_inverse=True)[1])
    )
    return whole.iloc[order].reset_index(drop=True)


def source_table(counts: Counts, source_rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return one row per file; see `Corpus.pages`."""
    others = counts.pieces[counts.pieces["format"] != daily_papers.FORMAT]
    sums = others.groupby("file").agg({"format": "first", "records": "sum", "rejects": "sum", "dated": "sum"})
    rows = [
        (file, row.format, "", "unknown", "", int(row.records), int(row.rejects), int(row.dated), 0, file, "")
        for file, row in zip(sums.index, sums.itertuples(), strict=True)
    ]
    return pd.DataFrame(sorted([*source_rows, *rows], key=lambda row: str(row[0])), columns=SOURCE_COLUMNS)
