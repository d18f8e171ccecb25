"""Seconds and peak memory of a piece of work, child processes included, and what memory there is."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

_INTERVAL = 0.2


@dataclass
class Usage:
    """What a piece of work took: wall seconds, and the largest resident memory seen, in MiB."""

    seconds: float = 0.0
    peak_mib: float = 0.0


@contextlib.contextmanager
def measured() -> Iterator[Usage]:
    """Measure the work inside the block; memory is sampled five times per second."""
    usage = Usage()
    stop = threading.Event()
    process = psutil.Process()

    def sample() -> None:
        while True:
            usage.peak_mib = max(usage.peak_mib, _resident(process) / 2**20)
            if stop.wait(_INTERVAL):
                return

    watcher = threading.Thread(target=sample, daemon=True)
    begun = time.perf_counter()
    watcher.start()
    try:
        yield usage
    finally:
        stop.set()
        watcher.join()
        usage.seconds = time.perf_counter() - begun


def _resident(process: psutil.Process) -> int:
    total = 0
    for member in [process, *process.children(recursive=True)]:
        # a child may end between the listing and the look
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            total += _own_share(member)
    return total


def _own_share(process: psutil.Process) -> int:
    """Return a process' memory; where the system can tell, pages shared by several count in equal parts."""
    if not hasattr(psutil.Process, "memory_maps"):
        return int(process.memory_info().rss)
    memory = process.memory_full_info()
    return int(getattr(memory, "pss", memory.rss))


def free_memory(cgroups: Path = Path("/sys/fs/cgroup"), group_file: Path = Path("/proc/self/cgroup")) -> float:
    """Return the bytes of memory that this process may still take: the machine's, within a container's or a job's limit.

    Parameters
    ----------
    cgroups, group_file : Path
        Where Linux tells limits, and in which of its groups this process is; without them the machine's memory counts.
    """
    named = group_file.read_text(encoding="utf-8").splitlines() if group_file.is_file() else []
    left = [float(psutil.virtual_memory().available), _address_space()]
    for _, controllers, group in (line.split(":", 2) for line in named if line.count(":") >= 2):
        names = _LIMITS.get("memory" if "memory" in controllers.split(",") else controllers)
        if names is not None:
            root = cgroups / names.root
            # a container may see its own group as the root
            left += [
                _left_in(folder, names)
                for folder in (root / group.lstrip("/"), *(root / group.lstrip("/")).parents)
                if folder.is_relative_to(root)
            ]
    return min(left)


@dataclass(frozen=True)
class _Limits:
    """Names of the files in which a version of Linux' control groups tells of memory, below which folder."""

    root: str
    most: str
    used: str
    unneeded: str


# by the controller that a line of a process' groups names: the second version names none
_LIMITS = {
    "": _Limits("", "memory.max", "memory.current", "inactive_file"),
    "memory": _Limits("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


def _left_in(folder: Path, names: _Limits) -> float:
    """Return the bytes that a control group's limit leaves; without a limit, infinitely many."""
    limit = folder / names.most
    most = limit.read_text(encoding="utf-8").strip() if limit.is_file() else ""
    if not most.isdigit():
        return float("inf")
    used = int((folder / names.used).read_text(encoding="utf-8"))
    told = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="utf-8").splitlines())
    # files that were read lie in memory until it is needed
    return max(0.0, int(most) - used + int(told.get(names.unneeded, 0)))


def _address_space() -> float:
    """Return the bytes that a limit such as ``ulimit -v`` leaves this process."""
    if sys.platform == "win32":
        return float("inf")
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return (
        float("inf") if limit == resource.RLIM_INFINITY else max(0.0, float(limit - psutil.Process().memory_info().vms))
    )
