"""One browser for several processes: notebooks that draw a picture each would start one each, which takes two seconds."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from analysis.figures.browser_session import ASKED, SERVE
from analysis.io.processes import kill_tree

# names the folder that a session serves, and its process, to the processes that a run starts
_VARIABLE = "TOPICTRENDS_DRAWING"
_LOOK = 0.02


@contextlib.contextmanager
def drawing_service(browser: str | None) -> Iterator[Mapping[str, str]]:
    """Serve pictures until the block ends; yield what other processes must have in their environment to ask for them.

    Parameters
    ----------
    browser : str or None
        Without one nothing is served.
    """
    if browser is None:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="drawing-") as folder:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "analysis.figures.browser_session", folder, SERVE],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        try:
            yield {_VARIABLE: f"{process.pid}:{folder}"}
        finally:
            kill_tree(process.pid)
            process.wait()


def served_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder that a session serves for whom has this environment; None where none does."""
    number, _, folder = environment.get(_VARIABLE, "").partition(":")
    return Path(folder) if number.isdigit() and _is_alive(int(number)) and Path(folder).is_dir() else None


def drawn_by_service(folder: Path, seconds: float, environment: Mapping[str, str] = os.environ) -> bool:
    """Ask the session that serves for the pictures of `folder`, a folder in its own; False where it fails in that time."""
    number = int(environment[_VARIABLE].partition(":")[0])
    asked, until = folder / ASKED, time.monotonic() + seconds
    asked.touch()
    while asked.exists():
        if time.monotonic() > until or not _is_alive(number):
            return False
        time.sleep(_LOOK)
    return True


def _is_alive(number: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(number).status() != psutil.STATUS_ZOMBIE)
    return False
