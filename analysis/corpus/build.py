"""A large corpus: exports read piece by piece, records grouped by what tells papers apart, papers made by partition."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.damage import corrupt_files, left_out, stop_or_warn
from analysis.corpus.enrich import fill_papers, read_answers
from analysis.corpus.formats import read_file
from analysis.corpus.load import date_records, page_row, supplement_rejects, warn_of_rejects
from analysis.corpus.merge import DateChoice, DatedRecord, merges_of, occurrences_of, papers_of
from analysis.corpus.paper import PAGE_COLUMNS, paper_id, typed_rejects
from analysis.corpus.pieces import Piece, in_units, pieces_of, read_piece
from analysis.corpus.readers import daily_papers
from analysis.corpus.record_table import dated, record_table, records_of, reject_table
from analysis.corpus.records import ReadFile, Reject
from analysis.corpus.same_paper import Identity, group_records
from analysis.corpus.supplement import Supplement, read_supplement
from analysis.corpus.text import title_key
from analysis.errors import CorpusError
from analysis.io.files import read_table, write_tables, writing
from analysis.io.partitions import PARTITION
from analysis.io.runner import Jobs
from analysis.study.store import PARTITIONED, in_file_order, remove_other_form

# tables that are gathered from all partitions
WHOLE = ("conflicts", "merges", "filled")
_INDEX = ["file", "ordinal", "key", "title", "doi", "arxiv_id", "pmid", "year", "surnames"]
_PIECE_TYPES = dict.fromkeys(("piece", "entries", "records", "rejects", "dated"), "int64") | dict.fromkeys(
    ("file", "format"), "str"
)


@dataclass(frozen=True)
class Exports:
    """What a large corpus is read from.

    Attributes
    ----------
    files : list of (name, path)
        Sorted by name.
    columns : mapping of field to column
    date_choice : {"first_submission", "publication"}
    supplement, answers : Path or None
        Curated dates, and what services answered.
    partition : int
        Papers of a partition.
    """

    files: Sequence[tuple[str, Path]]
    columns: Mapping[str, str]
    date_choice: DateChoice = "first_submission"
    supplement: Path | None = None
    answers: Path | None = None
    partition: int = PARTITION


def build_corpus(exports: Exports, target: Path, jobs: Jobs, *, skip_corrupt: bool = False) -> list[Path]:
    """Read exports into a corpus of partitions in the folder `target`; the same papers as `load_corpus` makes.

    Raises
    ------
    CorpusError
        No record was found, or a file is damaged whose like could be read and `skip_corrupt` is false.

    Warns
    -----
    CorpusWarning
        Something was rejected, or a damaged file was left out.
    """
    extra = read_supplement(exports.supplement) if exports.supplement is not None else None
    units = in_units(
        [piece for name, path in exports.files for piece in pieces_of(name, path, columns=exports.columns or None)]
    )
    reading = Reading(units, dict(exports.columns))
    index, rejects, counts = _index(jobs.run("read", read_unit, reading, len(units)))
    pages = [(name, path) for name, path in exports.files if name in counts.pages]
    own, own_rejects, page_rows = _read_pages(pages, exports.columns, extra)
    corrupt = corrupt_files([*rejects, *own_rejects], set(counts.pieces["file"]))
    whole = _ordered(index, own, counts)
    if whole.empty or (corrupt and not skip_corrupt):
        # a disk that fails now may not fail next time
        unread = {item.file for item in rejects if item.scope == "file"}
        for number, unit in enumerate(units):
            if unread.intersection(piece.name for piece in unit):
                jobs.forget("read", number)
    stop_or_warn(corrupt, skip_corrupt)
    if whole.empty:
        reasons = "; ".join(f"{item.file}, line {item.line}: {item.reason}" for item in rejects[:5])
        raise CorpusError(f"no record was found in {len(exports.files)} file(s): {reasons or 'the pages are empty'}")
    owners = _owners(whole, jobs, own, exports.partition)
    shuffling = Shuffling(
        tuple(jobs.table("read", unit, "records") for unit in range(len(units))), owners, record_table(own)
    )
    shuffled = len(units) + 1
    for _ in jobs.run("shuffle", shuffle_unit, shuffling, shuffled):
        pass
    places = tuple(jobs.table("shuffle", unit, "records") for unit in range(shuffled))
    answers = list(read_answers(exports.answers)) if exports.answers is not None else []
    making = Making(places, extra, exports.date_choice, answers)
    parts = int(owners["part"].max()) + 1
    gathered: dict[str, list[pd.DataFrame]] = {name: [] for name in WHOLE}
    for made in jobs.run("papers", make_part, making, parts):
        for name in WHOLE:
            gathered[name].append(made[name])
    unused = supplement_rejects(extra, set(whole["key"]))
    table = typed_rejects(reject_table([*left_out([*rejects, *own_rejects], corrupt), *unused]))
    order = np.argsort(table["file"].to_numpy(dtype=object), kind="stable")
    tables = {name: pd.concat(frames, ignore_index=True) for name, frames in gathered.items()}
    tables["merges"] = in_file_order(tables["merges"])
    tables |= {"rejects": table.iloc[order].reset_index(drop=True), "pages": _page_table(counts, page_rows)}
    warn_of_rejects(tables["rejects"])
    return _put_in_place(target, tables, jobs, parts)


@dataclass(frozen=True)
class Reading:
    """Units of pieces, and columns as named by the user."""

    units: Sequence[Sequence[Piece]]
    columns: dict[str, str]


def read_unit(reading: Reading, number: int) -> dict[str, pd.DataFrame]:
    """Read one unit's pieces.

    Returns
    -------
    dict of DataFrame
        records, rejects, pieces (one row a piece: file, format, entries, records, rejects, dated). A Daily Papers page has no
        records here: its years are inferred from all pages together.
    """
    records: list[DatedRecord] = []
    rejects: list[Reject] = []
    owner: list[int] = []
    rows = []
    for place, piece in enumerate(reading.units[number]):
        found = read_piece(piece, reading.columns or None)
        if isinstance(found, Reject):
            rejects.append(found)
            continue
        page = found.page.format == daily_papers.FORMAT
        own = [] if page else dated(found.records)
        if not page:
            rejects += found.rejects
            records += own
            owner += [place] * len(own)
        refused = sum(item.scope == "record" for item in found.rejects)
        entries = max(len(found.records) + refused, max((item.ordinal for item in found.records), default=0))
        known = sum(item.date is not None for item in own)
        rows.append((place, piece.name, found.page.format, entries, len(found.records), len(found.rejects), known))
    pieces = pd.DataFrame(rows, columns=["piece", "file", "format", "entries", "records", "rejects", "dated"])
    return {
        "records": record_table(records).assign(piece=np.array(owner, dtype=np.int64)),
        "rejects": reject_table(rejects), "pieces": pieces.astype(_PIECE_TYPES),
    }  # fmt: skip


@dataclass(frozen=True)
class _Counts:
    """One row a piece that was read, in order, and the names of Daily Papers pages."""

    pieces: pd.DataFrame

    @property
    def pages(self) -> set[str]:
        return set(self.pieces.loc[self.pieces["format"] == daily_papers.FORMAT, "file"])


def _index(found: Any) -> tuple[pd.DataFrame, list[Reject], _Counts]:
    """Return what tells papers apart, one row a record with its unit and row there; all rejects; and the pieces."""
    frames, rejects, pieces = [], [], []
    for unit, piece in enumerate(found):
        records = piece["records"]
        frames.append(records[[*_INDEX, "piece"]].assign(unit=unit, row=np.arange(len(records))))
        rejects += [Reject(*values) for values in piece["rejects"].itertuples(index=False, name=None)]
        pieces.append(piece["pieces"].assign(unit=unit))
    return pd.concat(frames, ignore_index=True), rejects, _Counts(pd.concat(pieces, ignore_index=True))


def _read_pages(
    pages: Sequence[tuple[str, Path]], columns: Mapping[str, str], supplement: Supplement | None
) -> tuple[list[DatedRecord], list[Reject], list[tuple[object, ...]]]:
    """Read the Daily Papers pages together."""
    read = [found for name, path in pages if isinstance(found := read_file(path, name, columns or None), ReadFile)]
    found_dates = date_records(read, supplement)
    rejects = [reject for found in read for reject in found.rejects]
    rows = [page_row(found, found_dates.years[found.page.file]) for found in read]
    return found_dates.records, [*rejects, *found_dates.rejects], rows


def _ordered(index: pd.DataFrame, own: Sequence[DatedRecord], counts: _Counts) -> pd.DataFrame:
    """Return the index in file order, ordinals counted within whole files, the pages' records among them as unit -1."""
    before = counts.pieces.assign(ahead=counts.pieces.groupby("file")["entries"].cumsum() - counts.pieces["entries"])
    ahead = index.merge(before[["unit", "piece", "ahead"]], on=["unit", "piece"], how="left")["ahead"].to_numpy()
    pages = record_table(own)[_INDEX].assign(unit=-1, row=np.arange(len(own)), piece=0)
    whole = pd.concat([index.assign(ordinal=index["ordinal"] + ahead), pages], ignore_index=True)
    # names sort as in `export_files`, by code point
    order = np.lexsort(
        (whole["ordinal"].to_numpy(), np.unique(whole["file"].to_numpy(dtype=object), return_inverse=True)[1])
    )
    return whole.iloc[order].reset_index(drop=True)


def _owners(whole: pd.DataFrame, jobs: Jobs, own: Sequence[DatedRecord], partition: int) -> pd.DataFrame:
    """Return of each record its paper, its partition, and why it joined an earlier record: unit, row, ordinal, paper_id, ..."""
    columns = {name: whole[name].astype(object).where(whole[name].notna(), None).tolist() for name in _INDEX}
    identities = [
        Identity(key, doi, arxiv_id, pmid, None if year is None else int(year), frozenset(surnames))
        for key, doi, arxiv_id, pmid, year, surnames in zip(
            *(columns[name] for name in ("key", "doi", "arxiv_id", "pmid", "year", "surnames")), strict=True
        )
    ]
    found = group_records(identities)
    del identities
    ids = _ids(columns["key"], columns["title"], found.first, whole, jobs, own)
    paper = ids[found.first]
    number = np.unique(paper, return_inverse=True)[1]
    address = np.array([f"{file}#{ordinal}" for file, ordinal in zip(columns["file"], columns["ordinal"], strict=True)])
    return pd.DataFrame({
        "unit": whole["unit"], "row": whole["row"], "ordinal": whole["ordinal"], "order": np.arange(len(whole)),
        "paper_id": paper.astype(str), "part": number // partition, "joined": address[found.first],
        "first": found.first == np.arange(len(whole)), "reason": list(found.reasons),
    })  # fmt: skip


def _ids(
    keys: list[str], titles: list[str], first: np.ndarray, whole: pd.DataFrame, jobs: Jobs, own: Sequence[DatedRecord]
) -> np.ndarray:
    """Return at each group's first record its paper_id; papers that share a title are told apart by their other facts."""
    several = np.flatnonzero(np.bincount(first, minlength=len(first)) > 1)
    members: dict[int, list[int]] = {leader: [] for leader in several.tolist()}
    for position in np.flatnonzero(np.isin(first, several)).tolist():
        members[int(first[position])].append(position)
    leaders = np.flatnonzero(first == np.arange(len(first))).tolist()
    by_key: dict[str, list[int]] = {}
    for leader in leaders:
        key = keys[leader]
        if leader in members:
            counts = Counter(titles[position] for position in members[leader])
            key = title_key(min(counts, key=lambda title: (-counts[title], title)))
        by_key.setdefault(key, []).append(leader)
    signatures = _signatures(
        [leader for group in by_key.values() if len(group) > 1 for leader in group], members, whole, jobs, own
    )
    ids = np.empty(len(first), dtype=object)
    for key, group in by_key.items():
        for turn, leader in enumerate(sorted(group, key=lambda item: signatures[item]) if len(group) > 1 else group):
            ids[leader] = paper_id(key, turn)
    return ids


def _signatures(
    leaders: list[int], members: Mapping[int, list[int]], whole: pd.DataFrame, jobs: Jobs, own: Sequence[DatedRecord]
) -> dict[int, tuple[str, ...]]:
    """Return what tells groups of one title apart whatever the order of files: the least of their records' facts."""
    rows = {position: leader for leader in leaders for position in members.get(leader, [leader])}
    asked = whole.iloc[sorted(rows)]
    facts: dict[int, tuple[str, ...]] = {}
    for unit, part in asked.groupby("unit"):
        frame = record_table(own) if unit < 0 else read_table(jobs.table("read", int(unit), "records"))
        records = records_of(frame.iloc[part["row"].to_numpy()])
        for position, item in zip(part.index, records, strict=True):
            known = (item.record.doi or "", item.record.arxiv_id or "", str(item.date), item.record.abstract)
            leader = rows[int(position)]
            facts[leader] = min(facts.get(leader, known), known)
    return facts


@dataclass(frozen=True)
class Shuffling:
    """Where the records lie, which paper each belongs to, and the records of pages, which lie nowhere yet."""

    places: tuple[Path, ...]
    owners: pd.DataFrame
    pages: pd.DataFrame


def shuffle_unit(shuffling: Shuffling, number: int) -> dict[str, pd.DataFrame]:
    """Sort one unit's records by the partition that their papers go to; the last unit is that of pages."""
    last = number == len(shuffling.places)
    frame = shuffling.pages if last else read_table(shuffling.places[number])
    own = shuffling.owners[shuffling.owners["unit"] == (-1 if last else number)].sort_values("row")
    told = own[["ordinal", "order", "paper_id", "part", "joined", "first", "reason"]].reset_index(drop=True)
    joined = frame.drop(columns=["ordinal", "piece"], errors="ignore").reset_index(drop=True).join(told)
    return {"records": joined.sort_values(["part", "order"], kind="stable").reset_index(drop=True)}


@dataclass(frozen=True)
class Making:
    """Where records lie by partition, and what papers are filled with."""

    places: tuple[Path, ...]
    supplement: Supplement | None
    date_choice: DateChoice
    answers: list[dict[str, Any]]


def make_part(making: Making, number: int) -> dict[str, pd.DataFrame]:
    """Make one partition's papers from their records; tables in the schema of `Corpus`."""
    frame = pd.concat([read_table(place, equal={"part": number}) for place in making.places], ignore_index=True)
    frame = frame.sort_values("order", kind="stable").reset_index(drop=True)
    records = records_of(frame)
    owners = frame["paper_id"].tolist()
    groups: dict[str, list[DatedRecord]] = {}
    for owner, item in zip(owners, records, strict=True):
        groups.setdefault(owner, []).append(item)
    papers, conflicts = papers_of(groups, making.supplement, making.date_choice)
    papers, filled = fill_papers(papers, making.answers)
    merged = [
        (item, owner, joined, reason)
        for item, owner, joined, reason, first in zip(
            records, owners, frame["joined"], frame["reason"], frame["first"], strict=True
        )
        if not first
    ]
    return {
        "papers": papers, "conflicts": conflicts, "occurrences": occurrences_of(records, owners),
        "merges": merges_of(merged), "filled": filled,
    }  # fmt: skip


def _page_table(counts: _Counts, page_rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    others = counts.pieces[counts.pieces["format"] != daily_papers.FORMAT]
    sums = others.groupby("file").agg({"format": "first", "records": "sum", "rejects": "sum", "dated": "sum"})
    rows = [
        (file, row.format, "", "unknown", "", int(row.records), int(row.rejects), int(row.dated), 0)
        for file, row in zip(sums.index, sums.itertuples(), strict=True)
    ]
    return pd.DataFrame(sorted([*page_rows, *rows], key=lambda row: str(row[0])), columns=PAGE_COLUMNS)


def _put_in_place(target: Path, tables: dict[str, pd.DataFrame], jobs: Jobs, parts: int) -> list[Path]:
    """Move finished partitions to where they stay and write the tables that are whole; return all paths."""
    written = []
    for name in PARTITIONED:
        for number in range(parts):
            path = target / name / f"part-{number:05d}.parquet"
            made = jobs.table("papers", number, name)
            # a run that was killed here has moved some of them
            if made.is_file() or not path.is_file():
                with writing(path):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    made.replace(path)
            written.append(path)
    placed = {target / f"{name}.parquet": frame for name, frame in tables.items()}
    write_tables(placed)
    remove_other_form(target, [*written, *placed])
    return [*written, *placed]
