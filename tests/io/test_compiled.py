"""Loops compiled to machine code, with and without a place to keep them."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest
from numba import njit
from numba.core.caching import _CacheLocator

import analysis.io.compiled
from analysis.io.compiled import compiled, import_compiled, keep_compiled
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


def test_a_package_that_keeps_what_it_compiles_is_imported_where_nowhere_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "kept_loops"
    package.mkdir()
    (package / "__init__.py").write_text("from kept_loops import plain, loops", encoding="utf-8")
    (package / "plain.py").write_text("", encoding="utf-8")
    loop = "from numba import njit\n@njit(cache=True)\ndef twice(value):\n    return value * 2\n"
    (package / "loops.py").write_text(loop, encoding="utf-8")
    (tmp_path / "broken_loops.py").write_text("raise RuntimeError('of another kind')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")

    ensure = _CacheLocator.ensure_cache_path

    def nowhere_but_in_a_folder_for_this_process(locator: Any) -> None:
        if not Path(locator.get_cache_path()).parent.name.startswith("numba-"):
            raise OSError("read-only")
        ensure(locator)

    monkeypatch.setattr(_CacheLocator, "ensure_cache_path", nowhere_but_in_a_folder_for_this_process)
    with pytest.raises(RuntimeError, match="of another kind"):
        import_compiled("broken_loops")
    found = import_compiled("kept_loops")
    assert found.loops.twice(2) == 4
    assert found.plain is not None


def test_random_bits_are_as_good_as_chance() -> None:
    with np.errstate(over="ignore"):
        counters = np.arange(20_000, dtype=np.uint64) * GOLDEN
    bits = np.array([scrambled(counter) for counter in counters], dtype=np.uint64)
    ones = np.array([(bits >> np.uint64(place)) & np.uint64(1) for place in range(64)]).mean(axis=1)
    # a standard error of .0035
    assert np.abs(ones - 0.5).max() < 0.02
    assert len(np.unique(bits)) == len(bits)
