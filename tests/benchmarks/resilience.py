"""Whether a run survives: workers killed in each piece of work, and the whole run killed at random moments."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from analysis.io.dask_runner import DaskWorkers, cluster_at
from analysis.io.files import hash_file
from analysis.study.face import Study
from tests.benchmarks.recombined import write_exports
from tests.benchmarks.samples import ABSENT, CORPORA
from tests.benchmarks.tables import markdown

_PAPERS, _FILES, _PARTITION, _MOMENTS = 1_000, 2, 200, 20
_SETTINGS = (
    f'title = "Killed"\n[scale]\nthreshold = 400\nlandmarks = 300\npartition = {_PARTITION}\n'
    "[trends]\npermutations = 99\n[figures]\nformats = []\n"
)
_PIECES = ("read", "shuffle", "papers", "place", "words", "concepts", "variants")
_RUN = "import sys; from analysis.study.face import Study; Study.open(sys.argv[1]).run(['trends'])"


def report() -> str:
    """Run one study undisturbed, on two workers, with a worker killed in each piece of work, and killed at random."""
    if not CORPORA.is_dir():
        return f"## Killed runs\n\n{ABSENT}"
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "sources"
        write_exports(sources / "data" / "raw", _PAPERS, _FILES)
        (sources / "study.toml").write_text(_SETTINGS, encoding="utf-8")
        undisturbed, seconds = _timed(lambda: _whole(_copied(sources)))
        rows = [["one process, undisturbed", "", f"{seconds:.0f}", ""]]
        found, took = _timed(lambda: _on_workers(_copied(sources), None))
        rows.append(["two workers, undisturbed", "", f"{took:.0f}", _same(found, undisturbed)])
        for piece in _PIECES:
            found, took = _timed(partial(_on_workers, _copied(sources), piece))
            rows.append(["two workers, one of them killed", piece, f"{took:.0f}", _same(found, undisturbed)])
        (studies, equal), took = _timed(lambda: _killed_at_random(sources, undisturbed, seconds))
        rows.append(
            [
                "one process, killed and run again",
                f"{_MOMENTS} random moments",
                f"{took:.0f}",
                f"{equal} of {studies} runs",
            ]
        )
    intro = f"{_PAPERS:,} papers in {_FILES} files, {_PAPERS // _PARTITION} partitions, from exports to trends."
    head = ["run", "killed in", "seconds in all", "every table as undisturbed"]
    return f"## Killed runs\n\n{intro}\n\n{markdown(head, rows)}"


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _killed_at_random(sources: Path, undisturbed: dict[str, str], seconds: float) -> tuple[int, int]:
    """Kill runs at twenty random moments, each time going on with what is there; return how many ended, and ended equal."""
    rng = np.random.default_rng(0)
    killed = studies = equal = 0
    study = _copied(sources)
    while killed < _MOMENTS:
        if _kill_after(study, rng.uniform(0, seconds / 3)):
            killed += 1
            continue
        studies, equal = studies + 1, equal + (_hashes(study) == undisturbed)
        study = _copied(sources)
    return studies + 1, equal + (_whole(study) == undisturbed)


def _same(found: dict[str, str], undisturbed: dict[str, str]) -> str:
    differing = sorted(name for name in found.keys() | undisturbed.keys() if found.get(name) != undisturbed.get(name))
    return "yes" if not differing else f"no: {', '.join(differing)}"


def _copied(sources: Path) -> Study:
    return Study.open(shutil.copytree(sources, Path(tempfile.mkdtemp(dir=sources.parent)) / "study"))


def _whole(study: Study) -> dict[str, str]:
    """Run a study to its trends in a process of its own, and return the hash of every table."""
    subprocess.run(_command(study), check=True)
    return _hashes(study)


def _command(study: Study) -> list[str]:
    return [sys.executable, "-W", "ignore", "-c", _RUN, str(study.folder)]


def _hashes(study: Study) -> dict[str, str]:
    """Return the content of every table as hashes, and remove the study."""
    found = {path.relative_to(study.data).as_posix(): hash_file(path) for path in sorted(study.data.rglob("*.parquet"))}
    shutil.rmtree(study.folder.parent)
    return found


def _kill_after(study: Study, seconds: float) -> bool:
    """Run a study and kill it with SIGKILL after so many seconds; False where it had ended before."""
    process = subprocess.Popen(_command(study))
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def _on_workers(study: Study, piece: str | None) -> dict[str, str]:
    """Run a study on two workers, one of which is killed once the first result of a piece of work is there."""
    with cluster_at("local", study.folder, 2) as workers:
        killed = threading.Event()
        if piece is not None:
            threading.Thread(target=_kill_a_worker, args=(workers, study, piece, killed), daemon=True).start()
        study.run(["trends"], workers=workers)
    if piece is not None and not killed.is_set():
        raise RuntimeError(f"no worker was killed in {piece}")
    return _hashes(study)


def _kill_a_worker(workers: DaskWorkers, study: Study, piece: str, killed: threading.Event) -> None:
    pids = sorted(workers.client.run(os.getpid).values())
    while not list(study.data.glob(f"work/*/{piece}-*")):
        time.sleep(0.002)
    os.kill(pids[0], signal.SIGKILL)
    killed.set()
