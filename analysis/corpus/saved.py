"""A corpus' tables in a folder: each in one file, papers and occurrences of a large corpus in partitions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.schema import typed_filled, typed_merges, typed_rejects
from analysis.errors import ArtefactError
from analysis.io.files import files_under, read_table, write_tables, writing
from analysis.io.partitions import FramePartitions, Partitions, StoredPartitions, read_whole
from analysis.io.results import read_about, refuse_other_kind, write_about

# tables of a large corpus that lie in partitions
PARTITIONED = ("papers", "occurrences")
SMALL = ("rejects", "conflicts", "pages", "merges", "filled")
_TYPES = {"rejects": typed_rejects, "merges": typed_merges, "filled": typed_filled}
KIND = "corpus"


def write_corpus(
    folder: Path, papers: Partitions, occurrences: Partitions, small: Mapping[str, pd.DataFrame]
) -> list[Path]:
    """Write a corpus' tables, papers and occurrences in as many partitions as they have; return the files' paths."""
    refuse_other_kind(folder, KIND)
    written: list[Path] = []
    for name, parts in (("papers", papers), ("occurrences", occurrences)):
        if isinstance(parts, FramePartitions) or len(parts) == 1:
            files = {folder / f"{name}.parquet": read_whole(parts)}
            write_tables(files)
            written += files
        else:
            for number in range(len(parts)):
                path = folder / name / f"part-{number:05d}.parquet"
                write_tables({path: parts.read(number)})
                written.append(path)
    tables = {folder / f"{name}.parquet": small[name] for name in SMALL}
    write_tables(tables)
    written = [*written, *tables]
    remove_other_form(folder, written)
    return [*written, write_about(folder, KIND, written)]


def read_corpus_tables(folder: Path) -> dict[str, Any]:
    """Return what `Corpus` is made from; papers and occurrences are read when they are asked for.

    Raises
    ------
    ArtefactError
        A table or a partition is missing or damaged, or the folder holds no corpus of this format.
    """
    folder = folder.resolve()
    about = read_about(folder, KIND)
    tables: dict[str, Any] = {name: read_table(about.check(folder / f"{name}.parquet")) for name in SMALL}
    tables = {name: _TYPES[name](table) if name in _TYPES else table for name, table in tables.items()}
    papers, occurrences = (StoredPartitions.of(folder / name, about.check) for name in PARTITIONED)
    n_records = occurrences.n_rows
    if papers.n_rows != n_records - len(tables["merges"]) or int(tables["pages"]["records"].sum()) not in (
        0,
        n_records,
    ):
        raise ArtefactError(f"{folder} lacks a partition; `topictrends run` writes it again")
    return {"papers": _ordered(papers), "occurrences": occurrences, **tables}


def _ordered(papers: StoredPartitions) -> "Partitions":
    """Return papers that lie in one file whole, where their user's order is not that of their ids."""
    if len(papers) == 1 and not papers.read(0, []).index.is_monotonic_increasing:
        return FramePartitions(papers.read(0))
    return papers


def remove_other_form(folder: Path, written: Sequence[Path]) -> None:
    """Remove partitions, or whole tables, of an earlier corpus that lay otherwise: they would be read in its stead."""
    partitions = files_under(folder / name for name in PARTITIONED)
    for path in {*partitions, *(folder / f"{name}.parquet" for name in PARTITIONED)} - set(written):
        with writing(path):
            path.unlink(missing_ok=True)
