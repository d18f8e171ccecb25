"""Pieces of work over partitions: each result is kept until its stage is done, so that nothing is done twice."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.io.files import hash_json, read_arrays, read_table, replacing, write_arrays, write_tables, writing
from analysis.io.partitions import Work

# told of progress: (piece of work, partitions done, partitions in all, seconds that the rest will take or None)
Tell = Callable[[str, int, int, float | None], None]
_ARRAYS, _TABLES = ".npz", ".tables"
# rows of kept tables that can be read without the others
_ROWS_A_GROUP = 2_000


class Workers(Protocol):
    """Who does pieces of work in other processes."""

    def do(self, task: "Task", numbers: list[int]) -> Iterator[int]:
        """Do a task for some partitions; yield each number once its result lies in its place."""
        ...


@dataclass(frozen=True)
class Task:
    """A piece of work, what all partitions share, and where results go."""

    name: str
    work: Work
    shared: Any
    folder: Path

    def place(self, number: int) -> Path:
        """Where the result of a partition lies, but for its ending."""
        return self.folder / f"{self.name}-{number:05d}"

    def perform(self, number: int) -> Any:
        """Do the work for one partition and keep the result; return it."""
        found = self.work(self.shared, number)
        _keep(self.place(number), found)
        return found

    def is_done(self, number: int) -> bool:
        """Tell whether a partition's result is there."""
        place = self.place(number)
        return place.with_suffix(_ARRAYS).is_file() or (place.with_suffix(_TABLES) / "complete").is_file()

    def result(self, number: int) -> Any:
        """Return a result that is there; raises ArtefactError where it is damaged."""
        place = self.place(number)
        if place.with_suffix(_ARRAYS).is_file():
            return read_arrays(place.with_suffix(_ARRAYS))
        return {path.stem: read_table(path) for path in sorted(place.with_suffix(_TABLES).glob("*.parquet"))}


def _keep(place: Path, found: Mapping[str, Any]) -> None:
    """Write arrays as one file, tables as one folder that is complete when it says so."""
    if all(isinstance(value, np.ndarray) for value in found.values()):
        write_arrays(place.with_suffix(_ARRAYS), found)
        return
    folder = place.with_suffix(_TABLES)
    tables = {folder / f"{name}.parquet": value for name, value in found.items() if isinstance(value, pd.DataFrame)}
    write_tables(tables, _ROWS_A_GROUP)
    with replacing(folder / "complete") as mark:
        mark.write_text("", encoding="utf-8")


def _nothing(shared: Any, number: int) -> None:
    """Do nothing."""


def _silent(name: str, done: int, count: int, left: float | None) -> None:
    """Tell nothing."""


@dataclass
class Jobs:
    """Runs pieces of work for one stage of a study, in this process or by others.

    Attributes
    ----------
    folder : Path
        Where results are kept; `of` names it after what the stage is made from.
    workers : Workers, optional
        Other processes; without them the work is done here, one partition after the other.
    tell : callable
        Told of progress.
    """

    folder: Path
    workers: Workers | None = None
    tell: Tell = field(default=_silent)

    @classmethod
    def of(
        cls, data: Path, stage: str, inputs: Mapping[str, str], workers: Workers | None = None, tell: Tell | None = None
    ) -> "Jobs":
        """Prepare to run a stage; what an earlier run left of the same inputs is used, of other inputs removed."""
        root = data / "work"
        folder = root / f"{stage}-{hash_json(dict(inputs))[:16]}"
        for stale in root.glob(f"{stage}-*"):
            if stale != folder:
                with writing(stale):
                    shutil.rmtree(stale)
        return cls(folder, workers, _silent if tell is None else tell)

    def run(self, name: str, work: Work, shared: Any, count: int) -> Iterator[Any]:
        """Do a piece of work on every partition; yield the results in order. See `analysis.io.partitions.in_turn`."""
        task = Task(name, work, shared, self.folder)
        missing = [number for number in range(count) if not task.is_done(number)]
        if self.workers is not None and missing:
            self._watched(name, self.workers.do(task, missing), len(missing), count)
            missing = []
        here = self._watched_here(task, missing, count)
        for number in range(count):
            yield next(here) if number in missing else task.result(number)

    def _watched_here(self, task: Task, missing: list[int], count: int) -> Iterator[Any]:
        begun = time.monotonic()
        for done, number in enumerate(missing, start=1):
            found = task.perform(number)
            self._report(task.name, done, len(missing), count, begun)
            yield found

    def _watched(self, name: str, finished: Iterator[int], missing: int, count: int) -> None:
        begun = time.monotonic()
        for done, _ in enumerate(finished, start=1):
            self._report(name, done, missing, count, begun)

    def _report(self, name: str, done: int, missing: int, count: int, begun: float) -> None:
        # the pace so far is all that is known of the rest
        left = (time.monotonic() - begun) / done * (missing - done)
        self.tell(name, count - missing + done, count, left)

    def table(self, name: str, number: int, part: str) -> Path:
        """Where a table of a result lies."""
        return Task(name, _nothing, None, self.folder).place(number).with_suffix(_TABLES) / f"{part}.parquet"

    def under(self, name: str) -> "Jobs":
        """Return jobs of the same stage whose results are kept apart, in a folder of their own."""
        return replace(self, folder=self.folder / name)

    def forget(self, name: str, number: int) -> None:
        """Remove what was kept of one partition, so that it is done again."""
        place = Task(name, _nothing, None, self.folder).place(number)
        place.with_suffix(_ARRAYS).unlink(missing_ok=True)
        shutil.rmtree(place.with_suffix(_TABLES), ignore_errors=True)

    def clear(self) -> None:
        """Remove what was kept: the stage is done."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.parent.is_dir() and not any(self.folder.parent.iterdir()):
            self.folder.parent.rmdir()
