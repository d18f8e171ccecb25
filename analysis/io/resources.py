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
    cgroups, own : Path
        Where Linux tells limits, and in which of its groups this process is; without them the machine's memory counts.
    """
    free = float(psutil.virtual_memory().available)
    named = group_file.read_text(encoding="utf-8").splitlines() if group_file.is_file() else []
    group = next((line.removeprefix("0::/") for line in named if line.startswith("0::/")), "")
    for folder in (cgroups / group, *(cgroups / group).parents):
        limit = folder / "memory.max"
        if not folder.is_relative_to(cgroups) or not limit.is_file():
            continue
        most = limit.read_text(encoding="utf-8").strip()
        if most.isdigit():
            used = int((folder / "memory.current").read_text(encoding="utf-8"))
            told = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="utf-8").splitlines())
            # files that were read lie in memory until it is needed
            free = min(free, max(0.0, int(most) - used + int(told.get("inactive_file", 0))))
    return min(free, _address_space())


def _address_space() -> float:
    """Return the bytes that a limit such as ``ulimit -v`` leaves this process."""
    if sys.platform == "win32":
        return float("inf")
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return (
        float("inf") if limit == resource.RLIM_INFINITY else max(0.0, float(limit - psutil.Process().memory_info().vms))
    )
