"""One thread for every sum, so that results are equal on any machine's cores; several for work that can be divided."""

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")

# a clustering of so many papers takes longer than it takes threads to share one interpreter
WORTH_A_THREAD = 600


def one_thread() -> contextlib.AbstractContextManager[object]:
    """Let BLAS and OpenMP use one thread in the block: how they divide a sum among threads changes its last bits.

    Clusterings amplify last bits, so without this topics differ between machines with two and with eight cores.
    """
    limited: contextlib.AbstractContextManager[object] = _pools(len(sys.modules)).limit(limits=1)
    return limited


@functools.lru_cache(maxsize=1)
def _pools(modules: int) -> ThreadpoolController:
    """Return the thread pools of the libraries that are loaded: looking for them takes milliseconds, so not before one is new."""
    return ThreadpoolController()


def _one_openmp_thread() -> None:
    _pools(len(sys.modules)).limit(limits=1, user_api="openmp")


def each_in_a_thread(work: Callable[[Item], Result], items: Iterable[Item], worth: bool = True) -> list[Result]:
    """Do independent pieces of work in as many threads as there are cores; results in the order of the items.

    Each piece computes in one thread, so its result does not depend on how many there are. Small pieces are over before
    another thread has begun: where they are not `worth` threads they are done in turn.
    """
    if not worth:
        # who has small pieces is within one_thread already
        return [work(item) for item in items]
    # OpenMP counts its threads for each thread that calls it, BLAS for the whole process
    with one_thread(), single_threads() as pool:
        return list(pool.map(work, items))


def single_threads(count: int | None = None) -> ThreadPoolExecutor:
    """Return so many threads, by default as many as there are cores, in each of which OpenMP uses one."""
    return ThreadPoolExecutor(usable_cores() if count is None else count, initializer=_one_openmp_thread)


def usable_cores() -> int:
    """Return how many cores this process may use; OMP_NUM_THREADS lowers it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores, int(asked))) if asked.isdigit() else cores
