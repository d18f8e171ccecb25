"""Who does pieces of work on partitions: this process, keeping nothing or checkpoints on disk, or other processes."""

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from analysis.io.files import hash_json, read_arrays, read_table, replacing, write_arrays, write_tables, writing
from analysis.io.threads import single_threads, usable_cores

if TYPE_CHECKING:
    # heavy packages are imported where they are used: a run that has nothing to do should not wait for them
    import pandas as pd

# a named piece of work done on every partition: (name, what it does with what all share and a partition's
# number, what all share, how many partitions); results come in the order of the partitions
PartitionFunction = Callable[[Any, int], Any]
Run = Callable[[str, PartitionFunction, Any, int], Iterator[Any]]
# told of progress: (piece of work, partitions done, partitions in all, seconds that the rest will take or None)
Progress = Callable[[str, int, int, float | None], None]
_ARRAYS, _TABLES = ".npz", ".tables"
# rows of kept tables that can be read without the others
_ROWS_A_GROUP = 2_000


def in_turn(name: str, work: PartitionFunction, shared: Any, count: int) -> Iterator[Any]:
    """Do a piece of work on one partition after the other, in this process, and keep nothing."""
    return (work(shared, number) for number in range(count))


def in_threads(name: str, work: PartitionFunction, shared: Any, count: int) -> Iterator[Any]:
    """Do a piece of work on partitions that lie in memory, as many at a time as there are cores, and keep nothing."""
    if min(count, usable_cores()) < 2:
        yield from in_turn(name, work, shared, count)
        return
    with single_threads() as pool:
        begun: deque[Future[Any]] = deque()
        for number in range(count):
            begun.append(pool.submit(work, shared, number))
            # results that nobody has taken yet take memory
            if len(begun) > usable_cores():
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


class KeptTable(Protocol):
    """A table of a result that a runner keeps."""

    def read(self, equal: Mapping[str, Any] | None = None) -> "pd.DataFrame":
        """Return its rows, all of them or those with these values."""
        ...


class Runner(Protocol):
    """Does named pieces of work on partitions, and keeps the tables that they give."""

    def run(self, name: str, work: PartitionFunction, shared: Any, count: int) -> Iterator[Any]:
        """Do a piece of work on every partition; yield the results in order."""
        ...

    def table(self, name: str, number: int, part: str) -> KeptTable:
        """Return a table of the result of one partition."""
        ...

    def forget(self, name: str, number: int) -> None:
        """Drop the result of one partition, so that it is done again."""
        ...


@dataclass(frozen=True)
class TableInMemory:
    """A table that a `SerialRunner` keeps."""

    frame: "pd.DataFrame"

    def read(self, equal: Mapping[str, Any] | None = None) -> "pd.DataFrame":
        """Return its rows, all of them or those with these values."""
        frame = self.frame
        for name, value in (equal or {}).items():
            frame = frame[frame[name] == value]
        return frame


@dataclass(frozen=True)
class TableOnDisk:
    """A table that a `CheckpointedRunner` keeps."""

    path: Path

    def read(self, equal: Mapping[str, Any] | None = None) -> "pd.DataFrame":
        """Return its rows, all of them or those with these values; raises ArtefactError where the file is damaged."""
        return read_table(self.path, equal=equal)


@dataclass(frozen=True)
class SerialRunner:
    """Does the work in this process, one partition after the other, and keeps tables in memory."""

    results: dict[tuple[str, int], Any] = field(default_factory=dict)

    def run(self, name: str, work: PartitionFunction, shared: Any, count: int) -> Iterator[Any]:
        """Do a piece of work on every partition; yield the results in order."""
        for number in range(count):
            self.results[name, number] = work(shared, number)
            yield self.results[name, number]

    def table(self, name: str, number: int, part: str) -> TableInMemory:
        """Return a table of the result of one partition."""
        return TableInMemory(self.results[name, number][part])

    def forget(self, name: str, number: int) -> None:
        """Drop the result of one partition."""
        self.results.pop((name, number), None)


class Workers(Protocol):
    """Who does pieces of work in other processes."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def least(self) -> int:
        """Below how many partitions it is not worth asking them."""
        ...

    def do(self, task: "Task", numbers: list[int]) -> Iterator[int]:
        """Do a task for some partitions; yield each number once its result lies in its folder."""
        ...

    def rest(self) -> None:
        """Give back this machine's memory until there is something to do again."""
        ...


@dataclass(frozen=True)
class Task:
    """A piece of work, what all partitions share, and where results go."""

    name: str
    work: PartitionFunction
    shared: Any
    folder: Path

    def path_of(self, number: int) -> Path:
        """Where the result of a partition lies, but for its ending."""
        return self.folder / f"{self.name}-{number:05d}"

    def perform(self, number: int) -> Any:
        """Do the work for one partition and keep the result; return it."""
        result = self.work(self.shared, number)
        _keep(self.path_of(number), result)
        return result

    def is_done(self, number: int) -> bool:
        """Return whether a partition's result is there."""
        path = self.path_of(number)
        return path.with_suffix(_ARRAYS).is_file() or (path.with_suffix(_TABLES) / "complete").is_file()

    def result(self, number: int) -> Any:
        """Return a result that is there; raises ArtefactError where it is damaged."""
        path = self.path_of(number)
        if path.with_suffix(_ARRAYS).is_file():
            return read_arrays(path.with_suffix(_ARRAYS))
        return {path.stem: read_table(path) for path in sorted(path.with_suffix(_TABLES).glob("*.parquet"))}


def _keep(path: Path, result: Mapping[str, Any]) -> None:
    """Write arrays as one file, tables as one folder that is complete when it says so."""
    import numpy as np
    import pandas as pd

    if all(isinstance(value, np.ndarray) for value in result.values()):
        write_arrays(path.with_suffix(_ARRAYS), result)
        return
    folder = path.with_suffix(_TABLES)
    tables = {folder / f"{name}.parquet": value for name, value in result.items() if isinstance(value, pd.DataFrame)}
    write_tables(tables, _ROWS_A_GROUP)
    with replacing(folder / "complete") as mark:
        mark.write_text("", encoding="utf-8")


def _nothing(shared: Any, number: int) -> None:
    """Do nothing."""


def _silent(name: str, done: int, count: int, left: float | None) -> None:
    """Tell nothing."""


@dataclass
class CheckpointedRunner:
    """Does pieces of work for one stage of a study, in this process or by others; each result is a file.

    What an interrupted run has done is not done again.

    Attributes
    ----------
    folder : Path
        Where results are kept; `of` names it after what the stage is made from.
    workers : Workers, optional
        Other processes; without them, or for a few partitions, the work is done here, one partition after the other.
    progress : callable
        Told of progress.
    """

    folder: Path
    workers: Workers | None = None
    progress: Progress = field(default=_silent)

    @classmethod
    def of(
        cls,
        data: Path,
        stage: str,
        inputs: Mapping[str, str],
        workers: Workers | None = None,
        progress: Progress | None = None,
    ) -> "CheckpointedRunner":
        """Prepare to run a stage; what an earlier run left of the same inputs is used, of other inputs removed."""
        root = data / "work"
        folder = root / f"{stage}-{hash_json(dict(inputs))[:16]}"
        for stale in root.glob(f"{stage}-*"):
            if stale != folder:
                with writing(stale):
                    shutil.rmtree(stale)
        return cls(folder, workers, _silent if progress is None else progress)

    def run(self, name: str, work: PartitionFunction, shared: Any, count: int) -> Iterator[Any]:
        """Do a piece of work on every partition; yield the results in order. See `in_turn`."""
        task = Task(name, work, shared, self.folder)
        missing = [number for number in range(count) if not task.is_done(number)]
        if self.workers is not None and len(missing) >= self.workers.least:
            self._watched(name, self.workers.do(task, missing), len(missing), count)
            missing = []
        here = self._watched_here(task, missing, count)
        for number in range(count):
            yield next(here) if number in missing else task.result(number)

    def _watched_here(self, task: Task, missing: list[int], count: int) -> Iterator[Any]:
        begun = time.monotonic()
        for done, number in enumerate(missing, start=1):
            result = task.perform(number)
            self._report(task.name, done, len(missing), count, begun)
            yield result

    def _watched(self, name: str, finished: Iterator[int], missing: int, count: int) -> None:
        begun = time.monotonic()
        for done, _ in enumerate(finished, start=1):
            self._report(name, done, missing, count, begun)

    def _report(self, name: str, done: int, missing: int, count: int, begun: float) -> None:
        # the pace so far is all that is known of the rest
        left = (time.monotonic() - begun) / done * (missing - done)
        self.progress(name, count - missing + done, count, left)

    def table(self, name: str, number: int, part: str) -> TableOnDisk:
        """Return a table of the result of one partition."""
        folder = Task(name, _nothing, None, self.folder).path_of(number).with_suffix(_TABLES)
        return TableOnDisk(folder / f"{part}.parquet")

    def under(self, name: str) -> "CheckpointedRunner":
        """Return a runner of the same stage whose results are kept apart, in a folder of their own."""
        return replace(self, folder=self.folder / name)

    def forget(self, name: str, number: int) -> None:
        """Remove what was kept of one partition, so that it is done again."""
        path = Task(name, _nothing, None, self.folder).path_of(number)
        path.with_suffix(_ARRAYS).unlink(missing_ok=True)
        shutil.rmtree(path.with_suffix(_TABLES), ignore_errors=True)

    def clear(self) -> None:
        """Remove what was kept: the stage is done."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.parent.is_dir() and not any(self.folder.parent.iterdir()):
            self.folder.parent.rmdir()
