"""Loops compiled to machine code, once a machine where a folder for them can be written."""

from collections.abc import Callable
from types import ModuleType
from typing import TypeVar, cast

from numba import njit
from numba.core.registry import CPUDispatcher

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function of numbers and arrays; it runs beside others in threads, and divides by zero as numpy does.

    What is compiled is kept for the next process in the package's folder or the user's cache; where neither can be written
    each process compiles anew, which takes a second.
    """
    try:
        return cast(Function, njit(function, nogil=True, error_model="numpy", cache=True))
    except RuntimeError:
        return cast(Function, njit(function, nogil=True, error_model="numpy"))


def keep_compiled(*modules: ModuleType) -> None:
    """Let numba keep, in the same places, what it compiles for modules of others that do not ask for it.

    UMAP compiles its loops anew in every process, which takes eight seconds.
    """
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, CPUDispatcher):
                try:
                    value.enable_caching()
                except RuntimeError:
                    # nowhere to write: nothing is kept
                    return
