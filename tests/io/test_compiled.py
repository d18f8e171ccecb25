"""Loops compiled to machine code, with and without a place to keep them."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numba import njit

import analysis.io.compiled
from analysis.io.compiled import compiled, keep_compiled
from analysis.io.random_bits import GOLDEN, scrambled


def test_where_nothing_can_be_written_it_compiles_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(function: Callable[..., object], **options: Any) -> Callable[..., object]:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return njit(function, **options)

    monkeypatch.setattr(analysis.io.compiled, "njit", nowhere)
    assert compiled(lambda value: value + 1)(1) == 2


def test_loops_of_others_are_kept_and_nowhere_to_keep_them_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("others")
    module.loop = njit(lambda value: value * 2)
    module.plain = len
    keep_compiled(module)
    assert type(module.loop._cache).__name__ == "FunctionCache"
    monkeypatch.setattr(type(module.loop), "enable_caching", lambda self: (_ for _ in ()).throw(RuntimeError()))
    keep_compiled(module)
    assert module.loop(2) == 4


def test_random_bits_are_as_good_as_chance() -> None:
    with np.errstate(over="ignore"):
        counters = np.arange(20_000, dtype=np.uint64) * GOLDEN
    bits = np.array([scrambled(counter) for counter in counters], dtype=np.uint64)
    ones = np.array([(bits >> np.uint64(place)) & np.uint64(1) for place in range(64)]).mean(axis=1)
    # a standard error of .0035
    assert np.abs(ones - 0.5).max() < 0.02
    assert len(np.unique(bits)) == len(bits)
