"""Seconds and peak memory of a piece of work, child processes included."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

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
