"""Static pictures of figures, drawn by an installed Chrome or Chromium in one session."""

import asyncio
import re
import threading
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from analysis.artefacts import hash_bytes

# seconds for one picture, and for the browser to start
_TIMEOUT = 60
# a PNG has 300 dots an inch: CSS has 96
_PNG_SCALE = 300 / 96
# kaleido prints a PDF a tenth of an inch inside the page and cuts off what that pushes out
_PAGE_MARGIN = 20


def find_browser() -> str | None:
    """Return the path of an installed Chrome or Chromium; None without one."""
    from choreographer.browsers.chromium import Chromium

    found = Chromium.find_browser(skip_local=False)
    return str(found) if found else None


def render(wanted: Sequence[tuple[go.Figure, str]]) -> tuple[list[bytes | None], str]:
    """Draw figures in one browser session; a hung or broken one is retried once in a new session.

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


def _session(jobs: Sequence[tuple[int, go.Figure, str]], pictures: list[bytes | None]) -> str:
    """Fill `pictures` in one browser session; return what went wrong, if anything."""
    problems: list[str] = []

    async def draw_all() -> None:
        from kaleido import Kaleido

        async with Kaleido(n=1, mathjax=False, timeout=_TIMEOUT) as browser:
            for position, fig, kind in jobs:
                options: dict[str, Any] = {"format": kind}
                if kind == "png":
                    options["scale"] = _PNG_SCALE
                shown = _named_traces(_with_room(fig) if kind == "pdf" else go.Figure(fig))
                content = await asyncio.wait_for(browser.calc_fig(shown, opts=options), _TIMEOUT)
                pictures[position] = _repeatable(content, kind)

    def work() -> None:
        try:
            asyncio.run(draw_all())
        except Exception as error:
            problems.append(f"the browser failed ({type(error).__name__}: {error})")

    # a thread of its own, so that this works inside a notebook's running event loop
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return problems[0] if problems else ""


def _with_room(fig: go.Figure) -> go.Figure:
    """Return a copy with a margin at the right and the bottom, where the printed page would cut the figure off."""
    roomy = go.Figure(fig)
    layout = roomy.layout
    if layout.width is None or layout.height is None or layout.margin.r is None or layout.margin.b is None:
        return roomy
    return roomy.update_layout(
        width=layout.width + _PAGE_MARGIN, height=layout.height + _PAGE_MARGIN,
        margin={"r": layout.margin.r + _PAGE_MARGIN, "b": layout.margin.b + _PAGE_MARGIN},
    )  # fmt: skip


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


def _same_length_date(found: re.Match[bytes]) -> bytes:
    """Return the entry with every digit of its date at zero, so that offsets in the file still hold."""
    key, _, date = found.group().partition(b"(D:")
    return key + b"(D:" + re.sub(rb"\d", b"0", date)
