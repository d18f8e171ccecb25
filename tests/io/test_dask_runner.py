"""Partitions done by Dask workers: the same files, whoever dies."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import analysis.io.dask_runner
from analysis.errors import ClusterError, CorpusError
from analysis.io.dask_runner import DaskWorkers, cluster_at
from analysis.io.runner import CheckpointedRunner

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]


def _product(shared: np.ndarray, number: int) -> dict[str, np.ndarray]:
    # sums of floats depend on how many threads add them up
    with threadpool_limits(1):
        return {"product": shared @ shared.T * number}


def _killing(mark: Path, number: int) -> dict[str, np.ndarray]:
    """Kill the worker that does partition 2 for the first time."""
    if number == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return {"number": np.array([number])}


def _slow_at_first(mark: Path, number: int) -> dict[str, np.ndarray]:
    """Take ever so long over partition 2 the first time."""
    if number == 2 and not mark.exists():
        mark.touch()
        while not mark.with_name("end").exists():
            time.sleep(0.05)
    return {"number": np.array([number])}


def _deadly(shared: None, number: int) -> dict[str, np.ndarray]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def _too_large(shared: None, number: int) -> dict[str, np.ndarray]:
    raise MemoryError("too much")


def _refusing(shared: None, number: int) -> dict[str, np.ndarray]:
    raise CorpusError(f"partition {number} cannot be")


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskWorkers]:
    """Two worker processes."""
    pytest.importorskip("distributed", reason="Dask is not installed; see notebooks/guide/large.md")
    with cluster_at("local", tmp_path_factory.mktemp("study"), 2) as found:
        yield found


def test_workers_give_the_files_that_one_process_gives(workers: DaskWorkers, tmp_path: Path) -> None:
    assert workers.count == 2
    assert workers.dashboard.startswith("http://")
    shared = np.random.default_rng(0).normal(size=(50, 40)).astype(np.float32)
    list(CheckpointedRunner(tmp_path / "here").run("work", _product, shared, 6))
    list(CheckpointedRunner(tmp_path / "there", workers).run("work", _product, shared, 6))
    for path in sorted((tmp_path / "here").iterdir()):
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes()


def test_a_worker_that_dies_costs_no_result(workers: DaskWorkers, tmp_path: Path) -> None:
    found = list(CheckpointedRunner(tmp_path, workers).run("work", _killing, tmp_path / "killed", 8))
    assert (tmp_path / "killed").exists()
    assert [int(piece["number"][0]) for piece in found] == list(range(8))


def test_what_a_slow_worker_has_left_others_do_again(workers: DaskWorkers, tmp_path: Path) -> None:
    try:
        found = CheckpointedRunner(tmp_path / "work", workers).run("work", _slow_at_first, tmp_path / "slow", 8)
        assert [int(piece["number"][0]) for piece in found] == list(range(8))
        assert (tmp_path / "slow").exists()
    finally:
        (tmp_path / "end").touch()


def test_a_partition_that_kills_every_worker_is_given_up(workers: DaskWorkers, tmp_path: Path) -> None:
    once = replace(workers, rounds=1)
    with pytest.raises(ClusterError, match=r"1 partition\(s\) did not come back .* have they memory enough"):
        list(CheckpointedRunner(tmp_path, once).run("work", _deadly, None, 1))


def test_what_fails_on_a_worker_is_told_with_its_partition(workers: DaskWorkers, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="partition 0 failed on a worker: MemoryError: too much"):
        list(CheckpointedRunner(tmp_path, workers).run("work", _too_large, None, 1))


def test_what_the_work_finds_wrong_is_told_as_it_is(workers: DaskWorkers, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="partition 0 cannot be"):
        list(CheckpointedRunner(tmp_path, workers).run("work", _refusing, None, 1))


def test_a_cluster_that_refuses_is_named(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed; see notebooks/guide/large.md")
    with (
        pytest.raises(ClusterError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"),
        cluster_at("tcp://127.0.0.1:9", tmp_path, patience=0.5),
    ):
        pass


def test_a_port_where_nobody_speaks_dask_is_named(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed; see notebooks/guide/large.md")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with (
            pytest.raises(ClusterError, match="no Dask scheduler answers"),
            cluster_at(address, tmp_path, patience=0.5),
        ):
            pass
    with (
        pytest.raises(ClusterError, match="no Dask scheduler answers at 'tls://"),
        cluster_at("tls://a:1", tmp_path, patience=0.5),
    ):
        pass


class _Workers:
    """A client of workers that answer with what a test gives."""

    def __init__(self, versions: dict[str, str], sees: bool) -> None:
        self.versions, self.sees = versions, sees

    def run(self, function: Any, *_: Any) -> dict[str, Any]:
        return {"tcp://one": self.versions if function is analysis.io.dask_runner._worker_versions else self.sees}


def test_workers_with_other_versions_are_refused(tmp_path: Path) -> None:
    here = analysis.io.dask_runner._worker_versions()
    for name in ("topictrends", "numpy", "python"):
        with pytest.raises(ClusterError, match=rf"same versions.*; tcp://one has {name} 0\.0\.1"):
            analysis.io.dask_runner._check_workers(_Workers(here | {name: "0.0.1"}, True), tmp_path)


def test_a_worker_of_another_version_that_joins_later_does_nothing(
    workers: DaskWorkers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the versions that travel with the work are those of here: to a worker that lacks them they are another's
    monkeypatch.setattr(analysis.io.dask_runner, "_worker_versions", lambda: {"python": "3.0", "numpy": "1.0"})
    with pytest.raises(ClusterError, match=r"a worker that joined later has python .* \(3\.0 here\)"):
        list(CheckpointedRunner(tmp_path, workers).run("work", _product, np.eye(4, dtype=np.float32), 3))
    assert not list(tmp_path.glob("*.npz"))


def test_workers_that_do_not_see_the_study_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="tcp://one do not see"):
        analysis.io.dask_runner._check_workers(_Workers(analysis.io.dask_runner._worker_versions(), False), tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_dask_the_error_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(ClusterError, match=r"topictrends\[scale\]"), cluster_at("local", tmp_path):
        pass
