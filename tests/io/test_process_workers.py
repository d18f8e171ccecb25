"""This machine's processes do partitions, leave what one process would leave, and end with the run."""

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

import analysis.io.process_workers
from analysis.errors import ResourcesError, TopicsError
from analysis.io.process_workers import ProcessWorkers, process_workers
from analysis.io.runner import CheckpointedRunner


def squared(shared: np.ndarray, number: int) -> dict[str, np.ndarray]:
    return {"values": shared**2 + number, "process": np.array([os.getpid()])}


def kept(shared: list[np.ndarray], number: int) -> dict[str, np.ndarray]:
    # longer than the pool waits between two looks at memory; more after the second partition than after the first
    time.sleep(1.2)
    if len(shared) < 3:
        shared.append(np.ones(45_000_000))
    return {"process": np.array([os.getpid()])}


def refused(shared: Any, number: int) -> dict[str, np.ndarray]:
    raise TopicsError(f"partition {number} is refused")


def killed(shared: Any, number: int) -> dict[str, np.ndarray]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def slow(shared: Any, number: int) -> dict[str, np.ndarray]:
    time.sleep(60)
    return {"values": np.zeros(1)}


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.mark.slow
def test_partitions_are_done_by_several_processes_in_order_and_as_one_would(tmp_path: Path) -> None:
    before = _children()
    with process_workers(2) as workers:
        assert workers is not None
        runner = CheckpointedRunner(tmp_path, workers)
        found = list(runner.run("squares", squared, np.arange(5.0), 6))
        assert [values["values"][0] for values in found] == list(range(6))
        doing = {int(values["process"][0]) for values in found}
        assert os.getpid() not in doing
        # the same processes do the next task
        again = {int(values["process"][0]) for values in runner.run("more", squared, np.arange(2.0), 6)}
        assert doing | again <= _children()
    assert not doing & _children()
    assert _children() - before <= set(_trackers())


@pytest.mark.slow
def test_processes_that_rest_are_gone_until_there_is_something_to_do(tmp_path: Path) -> None:
    with process_workers(2) as workers:
        assert workers is not None
        runner = CheckpointedRunner(tmp_path, workers)
        doing = {int(values["process"][0]) for values in runner.run("squares", squared, np.arange(3.0), 6)}
        workers.rest()
        assert not doing & _children()
        again = {int(values["process"][0]) for values in runner.run("more", squared, np.arange(2.0), 6)}
        assert again <= _children()


@pytest.mark.slow
def test_a_process_that_keeps_half_a_gigabyte_goes_on(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        # a process that is ended for its memory is told of in a thread, which an error would end with all that waits for it
        warnings.simplefilter("ignore")
        with process_workers(2) as workers:
            runner = CheckpointedRunner(tmp_path, workers)
            doing = {int(values["process"][0]) for values in runner.run("kept", kept, [np.ones(1)], 6)}
    assert len(doing) <= 2


def _trackers() -> list[int]:
    """Processes that watch over semaphores for all pools, and end with this one."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if "resource_tracker" in " ".join(child.cmdline()):
                found.append(child.pid)
        except psutil.NoSuchProcess:
            continue
    return found


def test_a_few_partitions_start_no_process(tmp_path: Path) -> None:
    before = _children()
    workers = ProcessWorkers(2)
    found = list(CheckpointedRunner(tmp_path, workers).run("squares", squared, np.arange(3.0), 2))
    assert {int(values["process"][0]) for values in found} == {os.getpid()}
    assert _children() == before


@pytest.mark.slow
def test_what_the_work_refuses_is_told_as_it_is(tmp_path: Path) -> None:
    with process_workers(2) as workers, pytest.raises(TopicsError, match=r"partition \d is refused"):
        list(CheckpointedRunner(tmp_path, workers).run("refused", refused, None, 4))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
def test_a_process_that_is_ended_from_outside_is_a_clear_error(tmp_path: Path) -> None:
    with process_workers(2) as workers, pytest.raises(ResourcesError, match="run again with --workers 1"):
        list(CheckpointedRunner(tmp_path, workers).run("killed", killed, None, 4))


@pytest.mark.parametrize(("cores", "memory"), [(1, 64e9), (8, 2e9)])
def test_one_core_or_little_memory_is_worked_in_one_process(
    monkeypatch: pytest.MonkeyPatch, cores: int, memory: float
) -> None:
    monkeypatch.setattr(analysis.io.process_workers, "free_memory", lambda: memory)
    with process_workers(cores) as workers:
        assert workers is None


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on Windows")
def test_processes_end_when_the_run_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from analysis.io.process_workers import process_workers\n"
        "from analysis.io.runner import CheckpointedRunner; from tests.io.test_process_workers import slow\n"
        "with process_workers(2) as workers:\n"
        "    list(CheckpointedRunner(Path(sys.argv[1]), workers).run('slow', slow, None, 4))\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2])
    until = time.monotonic() + 60
    family: list[psutil.Process] = []
    while len(family) < 2 and time.monotonic() < until:
        time.sleep(0.2)
        family = psutil.Process(run.pid).children(recursive=True)
    assert len(family) >= 2
    # they are at work: a process that has just begun does not watch yet
    time.sleep(4)
    family = psutil.Process(run.pid).children(recursive=True)
    run.kill()
    run.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
