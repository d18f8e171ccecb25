"""One thread for every sum, so that results are equal on any machine's cores; several for work that can be divided."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Result = TypeVar("Result")

# a clustering of so many papers takes longer than it takes threads to share one interpreter
WORTH_A_THREAD = 600


def one_thread() -> threadpool_limits:
    """Let BLAS and OpenMP use one thread in the block: how they divide a sum among threads changes its last bits.

    Clusterings amplify last bits, so without this topics differ between machines with two and with eight cores.
    """
    return threadpool_limits(1)


def each_in_a_thread(work: Callable[[Item], Result], items: Iterable[Item], worth: bool = True) -> list[Result]:
    """Do independent pieces of work in as many threads as there are cores; results in the order of the items.

    Each piece computes in one thread, so its result does not depend on how many there are. Small pieces are over before
    another thread has begun: where they are not `worth` threads they are done in turn.
    """
    if not worth:
        # entering one_thread takes some milliseconds: who has small pieces is within it already
        return [work(item) for item in items]
    # OpenMP counts its threads for each thread that calls it, BLAS for the whole process
    with (
        one_thread(),
        ThreadPoolExecutor(usable_cores(), initializer=threadpool_limits, initargs=(1, "openmp")) as pool,
    ):
        return list(pool.map(work, items))


def usable_cores() -> int:
    """Return how many cores this process may use; OMP_NUM_THREADS lowers it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores, int(asked))) if asked.isdigit() else cores
