"""Exports in, one corpus out: read, date, group, merge, once, whatever does the work and however it is divided."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.damage import corrupt_files, left_out, stop_or_warn
from analysis.corpus.dating import supplement_rejects
from analysis.corpus.enrich import read_answers
from analysis.corpus.exports import Exports
from analysis.corpus.make_papers import PaperJob, ShuffleJob, make_part, shuffle_unit
from analysis.corpus.merge import DatedRecord
from analysis.corpus.merge_edits import read_merge_edits, resolve
from analysis.corpus.named_sources import with_sources
from analysis.corpus.owners import owners_of
from analysis.corpus.pieces import Piece, in_units, pieces_of
from analysis.corpus.read_units import (
    Counts,
    ReadJob,
    identity_table,
    in_order_of_files,
    read_pages,
    read_unit,
    source_table,
)
from analysis.corpus.record_table import record_table, reject_table
from analysis.corpus.records import Reject
from analysis.corpus.schema import SOURCE_COLUMNS, in_file_order, typed_rejects
from analysis.corpus.supplement import Supplement, read_supplement
from analysis.errors import CorpusError
from analysis.io.runner import Runner

# tables that are gathered from all partitions
_WHOLE = ("conflicts", "merges", "filled")


@dataclass(frozen=True)
class Assembled:
    """A corpus whose papers and occurrences lie with the runner, as tables of its work "papers".

    Attributes
    ----------
    n_parts : int
        Partitions of the papers; one that holds few papers is not cut.
    tables : dict of DataFrame
        rejects, conflicts, pages, merges, filled.
    """

    n_parts: int
    tables: dict[str, pd.DataFrame]


def assemble(
    exports: Exports, runner: Runner, *, stop_on_damage: bool = False, skip_corrupt: bool = False
) -> Assembled:
    """Read exports into one corpus.

    Parameters
    ----------
    exports : Exports
    runner : Runner
    stop_on_damage : bool
        Stop where a file is damaged whose like could be read, instead of telling it among the rejects.
    skip_corrupt : bool
        Leave such files out, count them in the rejects, and go on.

    Raises
    ------
    CorpusError
        No record was found, or a file is damaged, `stop_on_damage` is true and `skip_corrupt` is not.

    Warns
    -----
    CorpusWarning
        A damaged file was left out.
    """
    supplement = read_supplement(exports.supplement) if exports.supplement is not None else None
    read = _read(exports, runner, supplement)
    corrupt = corrupt_files(read.rejects, set(read.counts.pieces["file"])) if stop_on_damage or skip_corrupt else []
    if read.records.empty or (corrupt and not skip_corrupt):
        _drop_unreadable(read, runner)
    stop_or_warn(corrupt, skip_corrupt)
    if read.records.empty:
        reasons = "; ".join(f"{item.file}, line {item.line}: {item.reason}" for item in read.rejects[:5])
        raise CorpusError(f"no record was found in {len(exports.files)} file(s): {reasons or 'the pages are empty'}")
    edits = read_merge_edits(exports.merge_edits) if exports.merge_edits is not None else []
    pairs = resolve(edits, read.records, exports.merge_edits.name if exports.merge_edits is not None else "")
    grouped = owners_of(read.records, runner, read.records_of_pages, exports.threshold, exports.partition, pairs)
    owners = grouped.records
    n_units = len(read.units)
    kept = tuple(runner.table("read", unit, "records") for unit in range(n_units))
    shuffling = ShuffleJob(kept, owners, record_table(read.records_of_pages))
    for _ in runner.run("shuffle", shuffle_unit, shuffling, n_units + 1):
        pass
    shuffled = tuple(runner.table("shuffle", unit, "records") for unit in range(n_units + 1))
    answers = list(read_answers(exports.answers)) if exports.answers is not None else []
    making = PaperJob(shuffled, supplement, exports.date_choice, answers, exports.selection)
    n_parts = int(owners["part"].max()) + 1
    gathered: dict[str, list[pd.DataFrame]] = {name: [] for name in _WHOLE}
    for made in runner.run("papers", make_part, making, n_parts):
        for name in _WHOLE:
            gathered[name].append(made[name])
    unused = supplement_rejects(supplement, set(read.records["key"]))
    tables = {name: pd.concat(frames, ignore_index=True) for name, frames in gathered.items()}
    # the most doubtful merges come first
    merges = in_file_order(tables["merges"])
    tables["merges"] = merges.sort_values("doubt", ascending=False, kind="stable").reset_index(drop=True)
    tables["conflicts"] = pd.concat([tables["conflicts"], grouped.kept_apart], ignore_index=True)
    tables["rejects"] = _reject_table([*left_out(read.rejects, corrupt), *unused, *pairs.rejects])
    pages = with_sources(source_table(read.counts, read.source_rows), exports.named, read.counts.queries)
    return Assembled(n_parts, tables | {"pages": pages[SOURCE_COLUMNS]})


@dataclass(frozen=True)
class _Read:
    """What the exports hold.

    Attributes
    ----------
    units : list of list of Piece
    records : DataFrame
        What tells papers apart, one row per record, in the order of files.
    records_of_pages : list of DatedRecord
        Those of Daily Papers pages.
    source_rows : list of tuple
        One per page; see `Corpus.pages`.
    rejects : list of Reject
    counts : Counts
    """

    units: list[list[Piece]]
    records: pd.DataFrame
    records_of_pages: list[DatedRecord]
    source_rows: list[tuple[object, ...]]
    rejects: list[Reject]
    counts: Counts


def _read(exports: Exports, runner: Runner, supplement: Supplement | None) -> _Read:
    """Read all exports, unit by unit, and pages together."""
    pieces = [
        piece
        for name, path in exports.files
        for piece in pieces_of(name, path, exports.piece, columns=exports.columns or None)
    ]
    units = in_units(pieces, exports.piece)
    results = runner.run("read", read_unit, ReadJob(units, dict(exports.columns)), len(units))
    identities, rejects, counts = identity_table(results)
    pages = [(name, path) for name, path in exports.files if name in counts.pages]
    records_of_pages, page_rejects, source_rows = read_pages(pages, exports.columns, supplement)
    records = in_order_of_files(identities, records_of_pages, counts)
    return _Read(units, records, records_of_pages, source_rows, [*rejects, *page_rejects], counts)


def _drop_unreadable(read: _Read, runner: Runner) -> None:
    """Forget what could not be read: a disk that fails now may not fail next time."""
    unread = {item.file for item in read.rejects if item.scope == "file"}
    for number, unit in enumerate(read.units):
        if unread.intersection(piece.name for piece in unit):
            runner.forget("read", number)


def _reject_table(rejects: list[Reject]) -> pd.DataFrame:
    """Return the rejects in the order of files."""
    table = typed_rejects(reject_table(rejects))
    order = np.argsort(table["file"].to_numpy(dtype=object), kind="stable")
    return table.iloc[order].reset_index(drop=True)
