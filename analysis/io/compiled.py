"""Loops compiled to machine code, once a machine where a folder for them can be written."""

import atexit
import importlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar, cast

import numba
from numba import njit
from numba.core.registry import CPUDispatcher

# what numba says where it finds no folder that can be written
_NOWHERE = "no locator available"

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


def import_compiled(name: str) -> ModuleType:
    """Import a package that insists on keeping what it compiles; where nowhere can be written, for this process alone.

    Raises
    ------
    ImportError
        There is no such package.
    """
    try:
        return importlib.import_module(name)
    except RuntimeError as error:
        if _NOWHERE not in str(error):
            raise
    folder = tempfile.mkdtemp(prefix="numba-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    numba.config.CACHE_DIR = folder  # type: ignore[attr-defined]
    # parts that were imported are none of the package that is imported now
    for part in [part for part in sys.modules if part.startswith(f"{name}.")]:
        del sys.modules[part]
    return importlib.import_module(name)


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
