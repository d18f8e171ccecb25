"""Loops compiled to machine code, once a machine where a folder for them can be written."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function of numbers and arrays; it runs beside others in threads.

    What is compiled is kept for the next process in the package's folder or the user's cache; where neither can be written
    each process compiles anew, which takes a second.
    """
    try:
        return cast(Function, njit(function, nogil=True, cache=True))
    except RuntimeError:
        return cast(Function, njit(function, nogil=True))
