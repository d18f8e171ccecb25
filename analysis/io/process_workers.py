"""Workers in this machine's own processes: as many as it has cores, within its memory, for as long as a run lasts."""

import contextlib
import functools
import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ResourcesError
from analysis.io.processes import die_with_parent
from analysis.io.resources import free_memory
from analysis.io.runner import Task
from analysis.io.threads import usable_cores

if TYPE_CHECKING:
    from joblib.externals.loky import ProcessPoolExecutor

# what a partition of the usual size takes in a process of its own, in bytes
_MEMORY = 1.5 * 2**30


@dataclass
class ProcessWorkers:
    """Processes that do partitions of a task; none is started before there is a task for them.

    Attributes
    ----------
    count : int
        How many there are.
    least : int
        Partitions below which a task is over before processes have started.
    """

    count: int
    least: int = 3
    _pool: "list[ProcessPoolExecutor]" = field(default_factory=list)

    def do(self, task: Task, numbers: list[int]) -> Iterator[int]:
        """Do a task for some partitions; yield each number once its result lies in its folder.

        Raises
        ------
        ResourcesError
            A process was ended from outside, as where memory runs out.
        TopicTrendsError
            What the work itself found wrong.
        """
        from joblib.externals.loky import BrokenProcessPool, ProcessPoolExecutor, as_completed

        if not self._pool:
            self._pool.append(ProcessPoolExecutor(self.count, initializer=_begin))
        with tempfile.TemporaryDirectory(prefix="task-") as folder:
            # once for all partitions: what they share may be large
            path = Path(folder) / "task"
            path.write_bytes(pickle.dumps(task))
            jobs = {self._pool[0].submit(_perform, str(path), number): number for number in numbers}
            try:
                for job in as_completed(jobs):
                    job.result()
                    yield jobs[job]
            except BrokenProcessPool as error:
                self.stop()
                raise ResourcesError(
                    f"{task.name}: a process that did its partitions was ended from outside, perhaps for want of memory. What "
                    "was finished is kept; run again with --workers 1."
                ) from error
            except BaseException:
                # what has begun would go on behind a run that has ended
                self.stop()
                raise

    def rest(self) -> None:
        """End the processes, which hold what they last read; the next task starts new ones."""
        self.stop()

    def stop(self) -> None:
        """End the processes, whatever they do."""
        while self._pool:
            self._pool.pop().shutdown(wait=True, kill_workers=True)


@contextlib.contextmanager
def process_workers(cores: int | None = None) -> Iterator[ProcessWorkers | None]:
    """Yield this machine's workers and end them with the block; None where one process does as well.

    Parameters
    ----------
    cores : int, optional
        By default all that this process may use.
    """
    count = min(usable_cores() if cores is None else cores, int(free_memory() / _MEMORY))
    if count < 2:
        yield None
        return
    workers = ProcessWorkers(count)
    try:
        yield workers
    finally:
        workers.stop()


def _begin() -> None:
    """Prepare a process that has just been started."""
    from joblib.externals.loky import process_executor

    die_with_parent()
    # a process that keeps what all partitions share is no leak, for which it would be ended after each of them
    process_executor._MAX_MEMORY_LEAK_SIZE = float("inf")


def _perform(path: str, number: int) -> None:
    _task(path).perform(number)


@functools.lru_cache(maxsize=1)
def _task(path: str) -> Any:
    """Return the task that lies in a file of this run; a process reads it once."""
    return pickle.loads(Path(path).read_bytes())  # noqa: S301
