"""Calendar dates of records: pages leave out the year, which is inferred from all pages together."""

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass

import pandas as pd

from analysis.corpus.dates import DateError, Precision
from analysis.corpus.merge import DatedRecord
from analysis.corpus.page_years import PageYear, entry_date, infer_page_years, taken_on
from analysis.corpus.readers import daily_papers
from analysis.corpus.records import ReadFile, Reject
from analysis.corpus.supplement import Supplement
from analysis.corpus.text import title_key


@dataclass(frozen=True)
class Dated:
    """Records with their calendar dates, the dates that had to be refused, and the year of each page."""

    records: list[DatedRecord]
    rejects: list[Reject]
    years: dict[str, PageYear]


def date_records(read: Sequence[ReadFile], supplement: Supplement | None) -> Dated:
    """Give every record its calendar date; those of pages that leave out years once the pages' years are inferred."""
    records = [record for export in read for record in export.records]
    keys = [title_key(record.title) for record in records]
    sources = {export.source.file: export.source for export in read}
    # only pages leave out years; another export's dates prove nothing about when a page was taken
    on_pages = [
        position for position, record in enumerate(records) if sources[record.file].format == daily_papers.FORMAT
    ]
    years = {file: PageYear(None, "unknown", "") for file in sources} | infer_page_years(
        [page for page in sources.values() if page.format == daily_papers.FORMAT],
        [records[position] for position in on_pages],
        [keys[position] for position in on_pages],
        _known_dates(supplement),
    )
    dated: list[DatedRecord] = []
    rejects: list[Reject] = []
    for record, key in zip(records, keys, strict=True):
        if record.page_date is None:
            dated.append(DatedRecord.of(record, key))
            continue
        try:
            date, inferred = entry_date(record, sources[record.file], years[record.file])
        except DateError as error:
            reason = f"date left unknown: {error}"
            rejects.append(Reject.at(record.file, record.line_end, reason, record.date_raw or "", "date"))
            date, inferred = None, False
        precision: Precision = "day" if date is not None else "none"
        dated.append(DatedRecord(record, key, None if date is None else pd.Timestamp(date), precision, inferred))
    return Dated(dated, rejects, years)


def supplement_rejects(supplement: Supplement | None, keys: Set[str]) -> list[Reject]:
    """Return what of a supplement could not be used: rows that are wrong, and rows of no paper; `keys` are the papers'."""
    if supplement is None:
        return []
    return supplement.rejects + [
        Reject.at(supplement.file, row.line, "no paper of the corpus has this title", row.title, "supplement")
        for key, row in supplement.rows.items()
        if key not in keys
    ]


def _known_dates(supplement: Supplement | None) -> dict[str, dt.date]:
    rows = supplement.rows if supplement is not None else {}
    return {key: row.earliest for key, row in rows.items() if row.earliest is not None}


def source_row(export: ReadFile, year: PageYear) -> tuple[object, ...]:
    """Return a file's row of `Corpus.pages`."""
    source = export.source
    taken = taken_on(source, year)
    dated = [record for record in export.records if record.page_date is not None or record.published is not None]
    yearless = sum(record.page_date is not None and record.page_date.year is None for record in dated)
    return (
        source.file,
        source.format,
        taken.isoformat() if taken else "",
        year.status,
        year.evidence,
        len(export.records),
        len(export.rejects),
        len(dated),
        yearless,
        source.file,
        "",
    )
