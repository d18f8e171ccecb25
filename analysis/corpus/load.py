"""Read a folder of exports into a corpus."""

import datetime as dt
import warnings
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.corpus.dates import DateError, Precision
from analysis.corpus.formats import read_file
from analysis.corpus.merge import DateChoice, DatedRecord, merge_records
from analysis.corpus.page_years import PageYear, entry_date, infer_page_years, taken_on
from analysis.corpus.paper import PAGE_COLUMNS, Corpus, typed_rejects
from analysis.corpus.readers import daily_papers
from analysis.corpus.record_table import reject_table
from analysis.corpus.records import ReadFile, Reject
from analysis.corpus.supplement import Supplement, read_supplement
from analysis.corpus.text import title_key
from analysis.errors import CorpusError, CorpusWarning


def load_corpus(
    path: str | Path | Sequence[str | Path], supplement: str | Path | None = None, *,
    columns: Mapping[str, str] | None = None, date_choice: DateChoice = "first_submission",
) -> Corpus:  # fmt: skip
    """Read exports into one clean corpus.

    Parameters
    ----------
    path : path or sequence of paths
        A folder, whose files are read in the order of their names, or the files themselves.
        Formats are recognised by content; hidden files are left alone.
    supplement : path, optional
        A CSV of curated dates and identifiers (columns title, date, arxiv_id, doi) that fills
        what the exports leave unknown. An export's own date wins.
    columns : mapping of field to column, optional
        For tables whose columns have names of their own, such as {"title": "Headline"}.
    date_choice : {"first_submission", "publication"}
        Which date stands where a preprint and its publication are one paper.

    Returns
    -------
    Corpus
        Papers sorted by id. The ids and texts depend on neither the names nor the order of files.

    Raises
    ------
    CorpusError
        There is no such folder, no file in it, or no record in any file.
    SupplementError
        The supplement cannot be read.

    Warns
    -----
    CorpusWarning
        Something was rejected; how much, and the first places.
    """
    files = export_files(path)
    read: list[ReadFile] = []
    rejects: list[Reject] = []
    for name, file in files:
        found = read_file(file, name, columns)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            read.append(found)
            rejects += found.rejects
    if not any(found.records for found in read):
        reasons = "; ".join(f"{reject.file}, line {reject.line}: {reject.reason}" for reject in rejects[:5])
        raise CorpusError(f"no record was found in {len(files)} file(s): {reasons or 'the pages are empty'}")
    extra = read_supplement(Path(supplement)) if supplement is not None else None
    corpus = _assemble(read, rejects, extra, date_choice)
    warn_of_rejects(corpus.rejects)
    return corpus


def warn_of_rejects(rejects: pd.DataFrame) -> None:
    """Say once how much could not be taken, and the first few places."""
    if rejects.empty:
        return
    counts = ", ".join(f"{count} of scope {scope}" for scope, count in rejects["scope"].value_counts().items())
    first = "; ".join(f"{row.file}, line {row.line}: {row.reason}" for row in rejects.head(3).itertuples())
    more = f"; and {len(rejects) - 3} more" if len(rejects) > 3 else ""
    warnings.warn(f"rejects: {counts}. {first}{more}. All stand in corpus.rejects.", CorpusWarning, stacklevel=3)


def export_files(path: str | Path | Sequence[str | Path]) -> list[tuple[str, Path]]:
    """Return (name to report, path) of the exports, sorted by name.

    Raises
    ------
    CorpusError
        There is no such folder, no file in it, or two files that cannot be told apart.
    """
    given = [Path(path)] if isinstance(path, (str, Path)) else [Path(item) for item in path]
    listed: list[tuple[str, Path]] = []
    for root in given:
        if not root.exists():
            raise CorpusError(f"{root} does not exist; put your exports there, or name their folder in study.toml")
        if root.is_file():
            listed.append((root.name, root))
            continue
        inside = [(file.relative_to(root).as_posix(), file) for file in root.rglob("*") if file.is_file()]
        listed += [(name, file) for name, file in inside if not any(p.startswith(".") for p in Path(name).parts)]
    if not listed:
        raise CorpusError(f"{path} holds no files; put your exports there, or name their folder in study.toml")
    # the same file named twice, or named beside its folder, is read once
    listed = list({file.resolve(): (name, file) for name, file in listed}.values())
    names = [name for name, _ in listed]
    if len(set(names)) < len(names):
        raise CorpusError("two of the files have the same name; put them in one folder and load the folder")
    return sorted(listed)


@dataclass(frozen=True)
class Dated:
    """Records with their calendar dates, the dates that had to be refused, and the year of each page."""

    records: list[DatedRecord]
    rejects: list[Reject]
    years: dict[str, PageYear]


def date_records(read: Sequence[ReadFile], supplement: Supplement | None) -> Dated:
    """Give every record its calendar date; those of pages that leave out years once the pages' years are inferred."""
    records = [record for found in read for record in found.records]
    keys = [title_key(record.title) for record in records]
    pages = {found.page.file: found.page for found in read}
    # only pages leave out years; another export's dates prove nothing about when a page was taken
    own = [position for position, record in enumerate(records) if pages[record.file].format == daily_papers.FORMAT]
    years = {file: PageYear(None, "unknown", "") for file in pages} | infer_page_years(
        [page for page in pages.values() if page.format == daily_papers.FORMAT],
        [records[position] for position in own], [keys[position] for position in own], _known_dates(supplement),
    )  # fmt: skip
    dated: list[DatedRecord] = []
    rejects: list[Reject] = []
    for record, key in zip(records, keys, strict=True):
        if record.page_date is None:
            dated.append(DatedRecord.of(record, key))
            continue
        try:
            date, inferred = entry_date(record, pages[record.file], years[record.file])
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


def _assemble(
    read: Sequence[ReadFile], rejects: list[Reject], supplement: Supplement | None, date_choice: DateChoice
) -> Corpus:
    dated = date_records(read, supplement)
    unused = supplement_rejects(supplement, {item.key for item in dated.records})
    merged = merge_records(dated.records, supplement, date_choice)
    return Corpus(
        merged.papers,
        merged.occurrences,
        typed_rejects(reject_table([*rejects, *dated.rejects, *unused])),
        merged.conflicts,
        pd.DataFrame([page_row(found, dated.years[found.page.file]) for found in read], columns=PAGE_COLUMNS),
        merged.merges,
    )


def _known_dates(supplement: Supplement | None) -> dict[str, dt.date]:
    rows = supplement.rows if supplement is not None else {}
    return {key: row.earliest for key, row in rows.items() if row.earliest is not None}


def page_row(found: ReadFile, year: PageYear) -> tuple[object, ...]:
    """Return a file's row of `Corpus.pages`."""
    page = found.page
    taken = taken_on(page, year)
    dated = [record for record in found.records if record.page_date is not None or record.published is not None]
    yearless = sum(record.page_date is not None and record.page_date.year is None for record in dated)
    return (
        page.file, page.format, taken.isoformat() if taken else "", year.status, year.evidence, len(found.records),
        len(found.rejects), len(dated), yearless,
    )  # fmt: skip
