"""Static pictures of figures, drawn by an installed Chrome or Chromium in one session."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go

from analysis.figures.drawing_service import drawing_service, drawn_by_service, served_folder
from analysis.io.files import hash_bytes
from analysis.io.processes import kill_tree

# a session may take these seconds to start and, on the mean, for each picture
_SECONDS_TO_START, _SECONDS_A_PICTURE = 60, 5
# a PNG has 300 dots per inch: CSS has 96
_PNG_SCALE = 300 / 96
# of a figure that does not tell its size, in pixels, as plotly has it
_WIDTH, _HEIGHT = 700, 500


def find_browser() -> str | None:
    """Return the path of an installed Chrome or Chromium; None without one."""
    from choreographer.browsers.chromium import Chromium

    browser = Chromium.find_browser(skip_local=False)
    return str(browser) if browser else None


def render(wanted: Sequence[tuple[go.Figure, str]]) -> tuple[list[bytes | None], str]:
    """Draw figures in one browser session; a hung or broken one is retried once in a new session.

    A figure that is wanted in several formats is laid out once.

    Parameters
    ----------
    wanted : sequence of (Figure, format)
        Formats are "svg", "pdf" and "png".

    Returns
    -------
    pictures : list of bytes or None
        None where a figure could not be drawn.
    problem : str
        Why some are missing; empty where none is.
    """
    pictures: list[bytes | None] = [None] * len(wanted)
    if not wanted:
        return pictures, ""
    if find_browser() is None:
        return pictures, "no Chrome or Chromium was found"
    problem = ""
    for _ in range(2):
        missing = [position for position, picture in enumerate(pictures) if picture is None]
        if not missing:
            return pictures, ""
        problem = _session([(position, *wanted[position]) for position in missing], pictures)
    return pictures, problem if None in pictures else ""


def serving(any_wanted: bool = True) -> "contextlib.AbstractContextManager[Mapping[str, str]]":
    """Serve pictures until the block ends, where there is a browser and any picture is wanted; see `render_served`."""
    return drawing_service(find_browser() if any_wanted else None)


def render_served(wanted: Sequence[tuple[go.Figure, str]], service: Mapping[str, str]) -> list[bytes | None]:
    """Draw figures by a session that serves; None for all where it fails.

    Parameters
    ----------
    wanted : sequence of (Figure, format)
        As in `render`.
    service : mapping
        From `serving`.
    """
    pictures: list[bytes | None] = [None] * len(wanted)
    served = served_folder(service)
    if served is not None:
        with _job_folder(wanted, served) as (folder, paths, seconds):
            if drawn_by_service(folder, seconds, service):
                _read(paths, range(len(wanted)), pictures)
    return pictures


def _session(wanted: Sequence[tuple[int, go.Figure, str]], pictures: list[bytes | None]) -> str:
    """Fill `pictures` in one browser session, a process of its own or one that serves; return what went wrong, if anything."""
    served = served_folder()
    with _job_folder([(fig, kind) for _, fig, kind in wanted], served) as (folder, paths, seconds):
        problem = "" if served and drawn_by_service(folder, seconds) else _run_session(folder, seconds)
        _read(paths, [position for position, _, _ in wanted], pictures)
    return problem


@contextlib.contextmanager
def _job_folder(
    wanted: Sequence[tuple[go.Figure, str]], parent: Path | None
) -> Iterator[tuple[Path, list[Path], float]]:
    """Write what a session has to draw into a folder; yield that, where each picture will lie, and the seconds it may take."""
    formats: dict[int, list[str]] = {}
    figures: dict[int, go.Figure] = {}
    for fig, kind in wanted:
        figures[id(fig)] = fig
        formats.setdefault(id(fig), []).append(kind)
    number_of = {key: number for number, key in enumerate(figures)}
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        jobs = ",".join(_job(fig, formats[key]) for key, fig in figures.items())
        (folder / "jobs.json").write_text(f"[{jobs}]", encoding="utf-8")
        paths = [folder / f"{number_of[id(fig)]}.{kind}" for fig, kind in wanted]
        yield folder, paths, _SECONDS_TO_START + _SECONDS_A_PICTURE * len(wanted)


def _read(paths: Sequence[Path], positions: Sequence[int], pictures: list[bytes | None]) -> None:
    for position, path in zip(positions, paths, strict=True):
        if path.is_file():
            pictures[position] = _repeatable(path.read_bytes(), path.suffix[1:])


def _job(fig: go.Figure, formats: Sequence[str]) -> str:
    """Return one job of a browser session as JSON."""
    sizes = {"width": fig.layout.width or _WIDTH, "height": fig.layout.height or _HEIGHT}
    job = json.dumps({"formats": list(formats), "scale": _PNG_SCALE, **sizes})
    return f"""{job[:-1]}, "figure": {_named_traces(go.Figure(fig)).to_json(remove_uids=False)}}}"""


def _run_session(folder: Path, seconds: float) -> str:
    """Run a browser session on the jobs in `folder`; kill it with all it started once `seconds` are over."""
    command = [sys.executable, "-m", "analysis.figures.browser_session", str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, start_new_session=True
    )
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"the browser did not answer within {seconds:.0f} seconds"
    finally:
        # hung, or interrupted: the browser is in a session of its own
        if process.poll() is None:
            kill_tree(process.pid)
            process.communicate()
    if process.returncode:
        last = errors.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        return f"the browser failed ({last[0]})"
    return ""


def _named_traces(fig: go.Figure) -> go.Figure:
    """Give every trace of `fig` a fixed identifier; plotly would draw one at random."""
    for number, trace in enumerate(fig.data):
        trace.uid = f"{number:06d}"
    return fig


def _repeatable(content: bytes, kind: str) -> bytes:
    """Replace what differs from one drawing of the same figure to the next: random ids and times."""
    if kind == "svg":
        text = content.decode("utf-8")
        for name in dict.fromkeys(re.findall(r'id="(?:clip|defs-|topdefs-|legend|g)([0-9a-f]{6})', text)):
            text = text.replace(name, "······")
        # ids differ between figures, so that several may stand in one page
        return text.replace("······", hash_bytes(text.encode())[:6]).encode("utf-8")
    if kind == "pdf":
        return re.sub(rb"/(CreationDate|ModDate) \(D:[^)]*\)", _same_length_date, content)
    return content


def _same_length_date(match: re.Match[bytes]) -> bytes:
    """Return the entry with every digit of its date at zero, so that offsets in the file still hold."""
    key, _, date = match.group().partition(b"(D:")
    return key + b"(D:" + re.sub(rb"\d", b"0", date)
