"""A table in partitions, in memory or on disk, read one partition and some columns at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow.parquet as pq

from analysis.errors import ArtefactError
from analysis.io.files import read_table, reading

# rows of a partition: of papers, some tens of megabytes of text
PARTITION = 25_000


class Partitions(Protocol):
    """A table cut into partitions; its index rises within a partition and from one to the next."""

    def __len__(self) -> int:
        """Return how many partitions there are."""
        ...

    @property
    def n_rows(self) -> int:
        """How many rows all partitions have."""
        ...

    def read(self, number: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one partition, all columns of it or some."""
        ...


@dataclass(frozen=True)
class FramePartitions:
    """Partitions of a table that is in memory."""

    table: pd.DataFrame
    size: int = PARTITION

    def __len__(self) -> int:
        return -(-len(self.table) // self.size)

    @property
    def n_rows(self) -> int:
        """How many rows all partitions have."""
        return len(self.table)

    def read(self, number: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one partition."""
        rows = self.table.iloc[number * self.size : (number + 1) * self.size]
        return rows if columns is None else rows[list(columns)]


@dataclass(frozen=True)
class StoredPartitions:
    """Partitions that lie on disk, one parquet file each."""

    files: tuple[Path, ...]
    check: Callable[[Path], Path] | None = None

    @classmethod
    def of(cls, base: Path, check: Callable[[Path], Path] | None = None) -> "StoredPartitions":
        """Find the table at `base`: the file <base>.parquet, or the folder <base> with part-00000.parquet and so on.

        Parameters
        ----------
        base : Path
        check : callable, optional
            Given a file before it is read; returns its path, or raises where it is not what was written.

        Raises
        ------
        ArtefactError
            There is none, or a partition is missing.
        """
        whole = base.parent / f"{base.name}.parquet"
        files = sorted(base.glob("part-*.parquet"))
        if not files:
            if not whole.is_file():
                raise ArtefactError(f"{whole} is missing; `topictrends run` writes it")
            return cls((whole,), check)
        for number, file in enumerate(files):
            expected = base / f"part-{number:05d}.parquet"
            if file != expected:
                raise ArtefactError(f"{expected} is missing; `topictrends run` writes it")
        return cls(tuple(files), check)

    def __len__(self) -> int:
        return len(self.files)

    @cached_property
    def n_rows(self) -> int:
        """How many rows all partitions have; raises ArtefactError where one is missing or damaged."""
        total = 0
        for file in self.files:
            with reading(file):
                total += pq.read_metadata(file).num_rows
        return total

    def read(self, number: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one partition; raises ArtefactError, with its name, where it is missing or damaged.

        What an earlier version did not write is unknown (NA).
        """
        file = self.files[number] if self.check is None else self.check(self.files[number])
        if columns is None:
            return read_table(file)
        with reading(file):
            written = set(pq.read_schema(file).names)
        frame = read_table(file, [name for name in columns if name in written])
        return frame if written.issuperset(columns) else frame.reindex(columns=list(columns))


def read_whole(parts: Partitions, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return all rows, all columns of them or some."""
    if isinstance(parts, FramePartitions):
        return parts.table if columns is None else parts.table[list(columns)]
    return pd.concat([parts.read(number, columns) for number in range(len(parts))])


def read_rows(parts: Partitions, index: pd.Index, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the rows of an index, in its order, all columns of them or some; raises KeyError where one is not there."""
    if isinstance(parts, FramePartitions):
        return (parts.table if columns is None else parts.table[list(columns)]).loc[index]
    frames = []
    for number in range(len(parts)):
        part = parts.read(number, columns)
        frames.append(part[part.index.isin(index)])
    return pd.concat(frames).loc[index]


def is_partitioned(base: Path) -> bool:
    """Return whether the table at `base` lies in partitions, as that of a large corpus does."""
    return any(base.glob("part-*.parquet"))
