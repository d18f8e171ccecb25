"""Workers on a Dask cluster: this machine's processes, or a scheduler somewhere."""

import contextlib
import functools
import pickle
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from analysis import __version__
from analysis.errors import ArtefactError, ClusterError, TopicTrendsError
from analysis.io.runner import Task

INSTALL = "uv pip install 'topictrends[scale]'"
LOCAL = "local"
# seconds that a scheduler has to answer, and that a cluster without a worker is waited for
_PATIENCE = 20.0
# seconds between two looks for what another worker may have done
_LOOK = 0.1
# times that a task's partitions are given out again after workers were lost with what they knew
_ROUNDS = 4
# deaths of workers that one partition may live through in a round; past that it is the partition that kills them
_DEATHS = 5
# packages that shape results
_ALIKE = ("topictrends", "numpy", "pandas", "scipy", "scikit-learn", "pyarrow")


@dataclass(frozen=True)
class DaskWorkers:
    """Workers of a Dask cluster that see the study's folder under the same path.

    Attributes
    ----------
    client : distributed.Client
    least : int
        Partitions that the cluster is asked for at least.
    patience : float
        Seconds that a cluster without a worker is waited for.
    rounds : int
        Times that partitions are given out again after workers were lost with what they knew.
    """

    client: Any
    least: int = 1
    patience: float = _PATIENCE
    rounds: int = _ROUNDS

    @property
    def dashboard(self) -> str:
        """The address of the cluster's dashboard; empty where it has none."""
        return str(self.client.dashboard_link or "")

    @property
    def count(self) -> int:
        """How many workers there are."""
        return len(self.client.scheduler_info(n_workers=-1)["workers"])

    def do(self, task: Task, numbers: list[int]) -> Iterator[int]:
        """Do a task for some partitions; yield each number once its result lies where it belongs.

        Each result is a file that is there whole or not at all, so a partition whose worker died is done again
        elsewhere and gives the same file.

        Raises
        ------
        ClusterError
            The workers do not see the study's folder, partitions were lost again and again, or something failed on a worker
            that is not of this package.
        TopicTrendsError
            What the work itself found wrong.
        """
        left = list(numbers)
        for _ in range(self.rounds):
            yield from self._round(task, left)
            left = [number for number in left if not task.is_done(number)]
            if not left:
                return
        raise ClusterError(
            f"{task.name}: {len(left)} partition(s) did not come back from the cluster after {self.rounds} rounds. Do its "
            f"workers see the study's folder, {task.folder}, and have they memory enough?"
        )

    def rest(self) -> None:
        """Do nothing: workers are the cluster's."""

    def _round(self, task: Task, numbers: list[int]) -> Iterator[int]:
        """Give partitions out; those whose workers were lost stay undone.

        Where some workers have nothing left to do, they do again what others are still at once it takes longer than others
        did: each partition twice at most, and the first result counts.
        """
        from distributed import CancelledError, KilledWorker, as_completed
        from distributed.comm.core import CommClosedError

        self._wait_for_workers()
        # one string of bytes: arrays that travel apart from it may lie across their elements' bounds on the worker, and
        # numpy adds up such arrays in another order
        shared = self.client.scatter(pickle.dumps(task, protocol=4), broadcast=True, hash=False)
        key, versions = uuid4().hex, _worker_versions()

        def asked(number: int, turn: int, patience: float) -> Any:
            name = f"{task.name}-{number}-{turn}-{key}"
            return self.client.submit(_perform, shared, number, versions, patience, key=name, pure=False)

        futures = {asked(number, 1, 0.0): number for number in numbers}
        waiting, once, begun = set(numbers), set(numbers), time.monotonic()
        finished = as_completed(list(futures), loop=self.client.loop)
        for future in finished:
            try:
                future.result()
            except (CancelledError, KilledWorker, CommClosedError):
                # the next round does it again
                continue
            except TopicTrendsError:
                self.client.cancel(list(futures))
                raise
            except Exception as error:
                # whatever else went wrong on a worker: its memory was full, it cannot read what travelled
                self.client.cancel(list(futures))
                raise ClusterError(
                    f"{task.name}: partition {futures[future]} failed on a worker: {type(error).__name__}: {error}"
                ) from error
            number = futures[future]
            if number in waiting and task.is_done(number):
                waiting.discard(number)
                yield number
            if not waiting:
                return
            workers = self.count
            usual = (time.monotonic() - begun) * min(workers, len(numbers)) / max(len(numbers) - len(waiting), 1)
            for number in sorted(waiting & once)[: max(workers - len(waiting), 0)]:
                once.discard(number)
                again = asked(number, 2, usual)
                futures[again] = number
                finished.add(again)

    def _wait_for_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=self.patience)
        except (TimeoutError, OSError) as error:
            raise ClusterError(
                f"the cluster has had no worker for {self.patience:.0f} s; start some with `dask worker ADDRESS`, run again, and "
                "what is done is not done again"
            ) from error


def _perform(content: bytes, number: int, versions: dict[str, str], patience: float) -> int:
    """Do one partition on a worker, unless another one has done it within some seconds.

    Its result is a file, so only the number travels. A worker may have joined after the others were asked for their versions:
    each is asked before it does anything.
    """
    others = _differing(versions, _worker_versions())
    if others:
        raise ClusterError(f"a worker that joined later {others[0]}; start it with the same versions, and run again")
    task = _task(content)
    until = time.monotonic() + patience
    while not task.is_done(number):
        if time.monotonic() >= until:
            task.perform(number)
            break
        time.sleep(_LOOK)
    return number


def _differing(here: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """Return what a worker has that is not what this process has, in words."""
    return [
        f"has {name} {version} ({here.get(name, 'none')} here)"
        for name, version in theirs.items()
        if version != here.get(name)
    ]


@functools.lru_cache(maxsize=1)
def _task(content: bytes) -> Task:
    """Return a task that has travelled; the partitions of one piece of work share it."""
    task: Task = pickle.loads(content)  # noqa: S301  the cluster's own bytes, as all that Dask carries
    return task


def _folder_seen(folder: str, mark: str) -> bool:
    return (Path(folder) / mark).is_file()


@functools.cache
def _worker_versions() -> dict[str, str]:
    """Return the versions of what shapes results where this is called."""
    import importlib.metadata
    import platform

    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _ALIKE}


@contextlib.contextmanager
def cluster_at(
    address: str, folder: Path, n_workers: int | None = None, patience: float = _PATIENCE
) -> Iterator[DaskWorkers]:
    """Give the workers of a cluster.

    Parameters
    ----------
    address : str
        "local" for worker processes on this machine, or a scheduler's address such as ``tcp://host:8786``.
    folder : Path
        The study's folder, which every worker must see.
    n_workers : int, optional
        Of a local cluster; as many as there are cores by default.
    patience : float
        Seconds that a scheduler has to answer, and that a cluster without a worker is waited for.

    Raises
    ------
    ClusterError
        Dask is not installed, nobody answers at the address, a worker has other versions of what shapes results or does
        not see the study's folder.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError(f"--cluster needs Dask; install it with `{INSTALL}`") from error
    dask.config.set({"distributed.scheduler.allowed-failures": _DEATHS})
    with contextlib.ExitStack() as stack:
        if address == LOCAL:
            import os

            count = n_workers or os.cpu_count() or 1
            target = stack.enter_context(
                LocalCluster(
                    n_workers=count, threads_per_worker=1, memory_limit=0, dashboard_address=":0", host="127.0.0.1"
                )
            )
        else:
            target = address
        try:
            if address != LOCAL:
                _listen(address, patience)
            client = stack.enter_context(Client(target, timeout=patience, set_as_default=False))
        except (OSError, TimeoutError, ValueError, TypeError) as error:
            raise ClusterError(
                f"no Dask scheduler answers at {address!r} ({error}); start one with `dask scheduler`, or use --cluster local"
            ) from error
        workers = DaskWorkers(client, patience=patience)
        workers._wait_for_workers()
        _check_workers(client, folder)
        yield workers


def _listen(address: str, patience: float) -> None:
    """Raise an OSError where nobody says anything: a scheduler speaks first, and Dask waits for ever for one that does not."""
    parts = urlsplit(address)
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        with socket.create_connection((parts.hostname, parts.port), timeout=patience) as connection:
            if not connection.recv(1):
                raise OSError("the connection was closed at once")


def _check_workers(client: Any, folder: Path) -> None:
    """Refuse workers with other versions of what shapes results, or that do not see the study."""
    try:
        versions = client.run(_worker_versions)
    except (ImportError, AttributeError) as error:
        raise ClusterError(f"a worker has no topictrends {__version__} ({error}); install it there") from error
    here = _worker_versions()
    others = [f"{worker} {told}" for worker, theirs in sorted(versions.items()) for told in _differing(here, theirs)]
    if others:
        raise ClusterError(
            f"workers must have the same versions as this process, so that results are; {', '.join(others)}"
        )
    mark = f".seen-{uuid4().hex}"
    path = folder.resolve() / mark
    try:
        path.touch()
    except OSError as error:
        raise ArtefactError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        # a shared folder may show a new file a moment late
        time.sleep(0.1)
        seen = client.run(_folder_seen, str(folder.resolve()), mark)
    finally:
        path.unlink(missing_ok=True)
    blind = sorted(worker for worker, sees in seen.items() if not sees)
    if blind:
        raise ClusterError(
            f"{', '.join(blind)} do not see {folder.resolve()}; the study must lie in a folder that all workers share, "
            "under the same path"
        )
