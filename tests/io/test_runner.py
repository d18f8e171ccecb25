"""Pieces of work that are kept until their stage is done."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ArtefactError
from analysis.io.runner import CheckpointedRunner, in_threads, in_turn


def _squares(done: list[int], number: int) -> dict[str, np.ndarray]:
    done.append(number)
    return {"square": np.array([number**2])}


def _tables(done: list[int], number: int) -> dict[str, pd.DataFrame]:
    done.append(number)
    return {"one": pd.DataFrame({"a": [number]}), "two": pd.DataFrame({"b": ["x"] * number})}


@pytest.mark.parametrize("work", [_squares, _tables])
def test_what_is_done_is_not_done_again(work: Any, tmp_path: Path) -> None:
    done: list[int] = []
    first = CheckpointedRunner.of(tmp_path, "stage", {"input": "a"})
    half = first.run("work", work, done, 5)
    for _ in range(3):
        next(half)
    again = list(CheckpointedRunner.of(tmp_path, "stage", {"input": "a"}).run("work", work, done, 5))
    assert done == [0, 1, 2, 3, 4]
    fresh = list(CheckpointedRunner(tmp_path / "other").run("work", work, [], 5))
    for one, other in zip(again, fresh, strict=True):
        assert one.keys() == other.keys()
        for name in one:
            assert np.array_equal(np.asarray(one[name]), np.asarray(other[name]))


def test_other_inputs_start_anew_and_remove_what_was_kept(tmp_path: Path) -> None:
    done: list[int] = []
    list(CheckpointedRunner.of(tmp_path, "stage", {"input": "a"}).run("work", _squares, done, 2))
    list(CheckpointedRunner.of(tmp_path, "stage", {"input": "b"}).run("work", _squares, done, 2))
    assert done == [0, 1, 0, 1]
    assert len(list((tmp_path / "work").iterdir())) == 1


def test_nothing_is_left_when_a_stage_is_done(tmp_path: Path) -> None:
    jobs = CheckpointedRunner.of(tmp_path, "stage", {})
    list(jobs.run("work", _squares, [], 2))
    jobs.clear()
    assert not list(tmp_path.iterdir())


def test_progress_counts_what_was_there_before(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    next(CheckpointedRunner(tmp_path).run("work", _squares, [], 3))
    jobs = CheckpointedRunner(tmp_path, progress=lambda name, done, count, left: told.append((name, done, count)))
    list(jobs.run("work", _squares, [], 3))
    assert told == [("work", 2, 3), ("work", 3, 3)]


def test_a_damaged_result_is_named(tmp_path: Path) -> None:
    list(CheckpointedRunner(tmp_path).run("work", _squares, [], 2))
    (tmp_path / "work-00001.npz").write_bytes(b"damage")
    with pytest.raises(ArtefactError, match=r"work-00001\.npz is damaged"):
        list(CheckpointedRunner(tmp_path).run("work", _squares, [], 2))


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list(CheckpointedRunner(tmp_path).run("work", _squares, [], 1))

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(ArtefactError, match="No space left on device"):
        list(CheckpointedRunner(tmp_path).run("work", _squares, [], 2))
    assert [path.name for path in tmp_path.iterdir()] == ["work-00000.npz"]


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_partitions_in_threads_come_in_their_order_and_not_all_at_once(
    cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("threads", "runner"):
        monkeypatch.setattr(f"analysis.io.{module}.usable_cores", lambda: cores)
    begun: list[int] = []

    def work(shared: int, number: int) -> int:
        begun.append(number)
        return shared * number

    results = in_threads("work", work, 3, 20)
    first = next(results)
    # what nobody has taken yet takes memory
    assert len(begun) <= cores + 2
    assert [first, *results] == list(in_turn("work", work, 3, 20))
    assert list(in_threads("work", work, 3, 0)) == []


def test_a_fault_in_a_thread_is_raised_where_results_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("threads", "runner"):
        monkeypatch.setattr(f"analysis.io.{module}.usable_cores", lambda: 2)

    def work(shared: None, number: int) -> int:
        if number == 2:
            raise ArtefactError("the third is damaged")
        return number

    results = in_threads("work", work, None, 4)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ArtefactError, match="third"):
        next(results)
