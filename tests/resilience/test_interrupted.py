"""A run that is killed or interrupted, wherever it is, leaves nothing behind but what the next one goes on from."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from analysis.figures.static import find_browser
from analysis.study.face import Study
from tests.conftest import ROOT
from tests.generators import PageEntry, page
from tests.resilience.test_damaged_state import differences

pytestmark = pytest.mark.slow

# kills the process where it has written a file and not yet put it in its place, for the n-th time
KILLED_AT_A_WRITE = """
import os, signal, sys, warnings
from pathlib import Path

warnings.simplefilter("ignore")
write, left = Path.replace, int(sys.argv[2])
def replace(path, target):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(path, target)
Path.replace = replace
from analysis.study.face import Study
Study.open(sys.argv[1]).run(sys.argv[3:])
"""
STAGES = ("corpus", "concepts")


def _study(folder: Path) -> Path:
    (folder / "data" / "raw").mkdir(parents=True)
    for number in range(2):
        entries = [
            PageEntry(f"Segmentation of subject {i} {number}", date=f"Mar {i + 1}, 202{i % 4}") for i in range(6)
        ]
        (folder / "data" / "raw" / f"page{number}.txt").write_text(page(entries), encoding="utf-8")
    (folder / "study.toml").write_text("", encoding="utf-8")
    return folder


def _everything(folder: Path) -> dict[str, object]:
    study = Study.open(folder)
    return {
        "papers": study.corpus.papers,
        "occurrences": study.corpus.occurrences,
        "mentions": study.concepts.mentions,
        "table": study.concepts.table,
    }


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.endswith(".part") or path.name == "work"]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = _study(tmp_path_factory.mktemp("undisturbed") / "study")
    Study.open(folder).run(STAGES)
    return _everything(folder)


@pytest.mark.parametrize("write", [2, 7, 13, 19])
def test_a_run_killed_while_it_writes_is_made_good_by_the_next(
    write: int, undisturbed: dict[str, object], tmp_path: Path
) -> None:
    folder = _study(tmp_path / "study")
    command = [sys.executable, "-c", KILLED_AT_A_WRITE, str(folder), str(write), *STAGES]
    killed = subprocess.run(command, check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert killed.returncode == -signal.SIGKILL
    Study.open(folder).run(STAGES)
    assert differences(_everything(folder), undisturbed) == []
    assert _leftovers(folder) == []


def test_another_programs_files_are_no_leftovers(tmp_path: Path) -> None:
    folder = _study(tmp_path / "study")
    kept = [folder / "data" / name for name in ("mine.part", ".hidden.part", "raw/.page.part", ".x.abcdefgh.party")]
    for path in kept:
        path.write_text("mine", encoding="utf-8")
    own = folder / "data" / ".papers.parquet.a1b2c3d4.part"
    own.write_text("half", encoding="utf-8")
    Study.open(folder).run(["corpus"])
    assert all(path.is_file() for path in kept)
    assert not own.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_a_run_that_is_ended_inside_a_notebook(number: signal.Signals, planted_copy: Study) -> None:
    notebook = json.loads((planted_copy.notebooks_folder / "01_corpus.ipynb").read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    notebook["cells"] = [{**code, "source": "import time\ntime.sleep(300)", "outputs": []}]
    sleeping = planted_copy.notebooks_folder / "02_sleep.ipynb"
    sleeping.write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "notebooks", "--notebooks", "--study"]
    process = subprocess.Popen(
        [*command, str(planted_copy.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    kernels = _kernels(process.pid)
    begun = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - begun < 10
    if number is not signal.SIGKILL:
        assert process.returncode == 130
        assert "What was finished is kept; the same command goes on from there" in errors
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert alive == []


def test_a_run_that_is_interrupted_while_pictures_are_drawn_ends_at_once_with_its_browser(planted_copy: Study) -> None:
    if find_browser() is None:
        pytest.skip("no Chrome or Chromium is installed")
    settings = planted_copy.folder / "study.toml"
    all_formats = settings.read_text("utf-8").replace("formats = []", 'formats = ["svg", "pdf", "png"]')
    settings.write_text(all_formats, encoding="utf-8")
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "figures", "--force", "--study"]
    process = subprocess.Popen([*command, str(planted_copy.folder)], stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    family: list[psutil.Process] = []
    # the session and the browser's own processes
    while len(family) < 4 and time.monotonic() < until and process.poll() is None:
        time.sleep(0.1)
        family = psutil.Process(process.pid).children(recursive=True)
    assert len(family) >= 4
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert time.monotonic() - begun < 10
    assert process.returncode == 130
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def _kernels(pid: int) -> list[psutil.Process]:
    """Wait until kernels run; return all processes below."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        family = psutil.Process(pid).children(recursive=True)
        if any("ipykernel" in _command(member) for member in family):
            time.sleep(2)
            return psutil.Process(pid).children(recursive=True)
        time.sleep(0.2)
    raise AssertionError("no kernel was started")


def _command(process: psutil.Process) -> str:
    """Return what a process was started by; one that has ended meanwhile was no kernel."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_a_session_ends_with_who_started_it_and_so_does_what_it_started() -> None:
    session = (
        "import subprocess, time\nfrom analysis.io.processes import die_with_parent\ndie_with_parent()\n"
        "subprocess.Popen(['sleep', '100'], start_new_session=True)\ntime.sleep(100)\n"
    )
    starter = (
        f"import subprocess, sys, time\nchild = subprocess.Popen([sys.executable, '-c', {session!r}])\n"
        "print(child.pid, flush=True)\ntime.sleep(100)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = psutil.Process(int(process.stdout.readline()))
    deadline = time.monotonic() + 30
    while not child.children(recursive=True) and time.monotonic() < deadline:
        time.sleep(0.1)
    family = [child, *child.children(recursive=True)]
    assert len(family) == 2
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
