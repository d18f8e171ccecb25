"""What may come in at the public functions."""

import functools
import warnings
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")


def renamed_arguments(**new_names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take arguments by the names of the version before, with a DeprecationWarning that names the new one.

    Parameters
    ----------
    **new_names : str
        The new name of each old one.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapped(*args: Any, **named: Any) -> R:
            for old, new in new_names.items():
                if old in named:
                    if new in named:
                        raise TypeError(f"{function.__name__}() got both {old!r} and its new name {new!r}")
                    warnings.warn(
                        f"{function.__name__}({old}=...) is {function.__name__}({new}=...) now; the old name goes with 0.9",
                        DeprecationWarning,
                        stacklevel=2,
                    )
                    named[new] = named.pop(old)
            return function(*args, **named)

        return cast(Callable[P, R], wrapped)

    return decorate
