"""Read a folder of exports into a corpus."""

import datetime as dt
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.corpus.dates import DateError
from analysis.corpus.merge import DatedRecord, merge_records
from analysis.corpus.page_years import PageYear, entry_date, infer_page_years, taken_on
from analysis.corpus.paper import PAGE_COLUMNS, Corpus, typed_rejects
from analysis.corpus.readers import daily_papers
from analysis.corpus.records import ReadFile, Reject
from analysis.corpus.supplement import Supplement, read_supplement
from analysis.corpus.text import title_key
from analysis.errors import CorpusError, CorpusWarning

_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def load_corpus(path: str | Path | Sequence[str | Path], supplement: str | Path | None = None) -> Corpus:
    """Read exports into one clean corpus.

    Parameters
    ----------
    path : path or sequence of paths
        A folder, whose files are read in the order of their names, or the files themselves.
        Formats are recognised by content; hidden files are left alone.
    supplement : path, optional
        A CSV of curated dates and identifiers (columns title, date, arxiv_id, doi) that fills
        what the exports leave unknown. An export's own date wins.

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
    files = _files(path)
    read: list[ReadFile] = []
    rejects: list[Reject] = []
    for name, file in files:
        found = _read(file, name)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            read.append(found)
            rejects += found.rejects
    if not any(found.records for found in read):
        reasons = "; ".join(f"{reject.file}, line {reject.line}: {reject.reason}" for reject in rejects[:5])
        raise CorpusError(f"no record was found in {len(files)} file(s): {reasons or 'the pages are empty'}")
    extra = read_supplement(Path(supplement)) if supplement is not None else None
    corpus = _assemble(read, rejects, extra)
    _warn_of_rejects(corpus.rejects)
    return corpus


def _warn_of_rejects(rejects: pd.DataFrame) -> None:
    """Say once how much could not be taken, and the first few places."""
    if rejects.empty:
        return
    counts = ", ".join(f"{count} of scope {scope}" for scope, count in rejects["scope"].value_counts().items())
    first = "; ".join(f"{row.file}, line {row.line}: {row.reason}" for row in rejects.head(3).itertuples())
    more = f"; and {len(rejects) - 3} more" if len(rejects) > 3 else ""
    warnings.warn(f"rejects: {counts}. {first}{more}. All stand in corpus.rejects.", CorpusWarning, stacklevel=3)


def _files(path: str | Path | Sequence[str | Path]) -> list[tuple[str, Path]]:
    """Return (name to report, path) of the exports, sorted by name."""
    if not isinstance(path, (str, Path)):
        listed = [(Path(item).name, Path(item)) for item in path]
    else:
        root = Path(path)
        if not root.exists():
            raise CorpusError(f"{root} does not exist; put your exports there, or name their folder in study.toml")
        if root.is_file():
            listed = [(root.name, root)]
        else:
            listed = [(file.relative_to(root).as_posix(), file) for file in root.rglob("*") if file.is_file()]
            listed = [(name, file) for name, file in listed if not any(p.startswith(".") for p in Path(name).parts)]
    if not listed:
        raise CorpusError(f"{path} holds no files; put your exports there, or name their folder in study.toml")
    # the same file named twice, or named beside its folder, is read once
    listed = list({path.resolve(): (name, path) for name, path in listed}.values())
    names = [name for name, _ in listed]
    if len(set(names)) < len(names):
        raise CorpusError("two of the files have the same name; put them in one folder and load the folder")
    return sorted(listed)


def _read(path: Path, name: str) -> ReadFile | Reject:
    """Read one file, or say why it is none that can be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Reject.at(name, 1, f"the file cannot be read: {error.strerror}", "", "file")
    if not content.strip():
        return Reject.at(name, 1, "the file is empty", "", "file")
    if content[:2] in _BYTE_ORDER_MARKS:
        reason = f"the file is {_BYTE_ORDER_MARKS[content[:2]]}; save it as UTF-8"
        return Reject.at(name, 1, reason, "", "file")
    if b"\x00" in content:
        return Reject.at(
            name, content[: content.index(b"\x00")].count(b"\n") + 1, "a binary file, not a text", "", "file"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Reject.at(name, line, f"not UTF-8 text ({error.reason}); save it as UTF-8", "", "file")
    if not daily_papers.recognises(text):
        reason = (
            "no known format; the nearest, a Daily Papers page, has “·” above each date line, and this file has none"
        )
        return Reject.at(name, 1, reason, text[:200], "file")
    return daily_papers.read(text, name)


def _assemble(read: Sequence[ReadFile], rejects: list[Reject], supplement: Supplement | None) -> Corpus:
    records = [record for found in read for record in found.records]
    keys = [title_key(record.title) for record in records]
    pages = {found.page.file: found.page for found in read}
    years = infer_page_years(list(pages.values()), records, keys, _known_dates(supplement))
    dated: list[DatedRecord] = []
    rejects = list(rejects)
    for record, key in zip(records, keys, strict=True):
        try:
            date, inferred = entry_date(record, pages[record.file], years[record.file])
        except DateError as error:
            reason = f"date left unknown: {error}"
            rejects.append(Reject.at(record.file, record.line_end, reason, record.date_raw or "", "date"))
            date, inferred = None, False
        dated.append(DatedRecord(record, key, date, inferred))
    if supplement is not None:
        rejects += supplement.rejects
        rejects += [
            Reject.at(supplement.file, row.line, "no paper of the corpus has this title", row.title, "supplement")
            for key, row in supplement.rows.items()
            if key not in set(keys)
        ]
    merged = merge_records(dated, supplement)
    table = pd.DataFrame(
        [(r.file, r.line, r.reason, r.excerpt, r.scope) for r in rejects],
        columns=["file", "line", "reason", "excerpt", "scope"],
    )
    return Corpus(
        merged.papers,
        merged.occurrences,
        typed_rejects(table),
        merged.conflicts,
        pd.DataFrame([_page_row(found, years[found.page.file]) for found in read], columns=PAGE_COLUMNS),
    )


def _known_dates(supplement: Supplement | None) -> dict[str, dt.date]:
    rows = supplement.rows if supplement is not None else {}
    return {key: row.earliest for key, row in rows.items() if row.earliest is not None}


def _page_row(found: ReadFile, year: PageYear) -> tuple[object, ...]:
    page = found.page
    taken = taken_on(page, year)
    dated = [record for record in found.records if record.page_date is not None]
    yearless = sum(record.page_date is not None and record.page_date.year is None for record in dated)
    return (
        page.file, daily_papers.FORMAT, taken.isoformat() if taken else "", year.status, year.evidence, len(found.records),
        len(found.rejects), len(dated), yearless,
    )  # fmt: skip
