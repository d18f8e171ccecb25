"""One browser session in a process of its own: ``python -m analysis.figures.browser_session FOLDER [serve]``.

The browser's driver closes file descriptors late and logs to stderr; in a process of its own neither
can reach a notebook's kernel or the sockets of the run, and a session that hangs can be killed whole.
The folder holds jobs.json, a list of {figure, formats, width, height, scale}. plotly lays a figure out once, as SVG; PDF
and PNG are that SVG, printed and photographed. Picture i is left as "i.svg", "i.pdf" and "i.png". A session that serves
draws the jobs of every folder in FOLDER in which it finds a file "asked", and takes that file away when it is done.
"""

import asyncio
import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.io.processes import die_with_parent

# figures that are drawn side by side
_AT_A_TIME = 2
# tabs, which show this run's own files alone, share as many processes; none is held in reserve
_LEAN = (
    f"--renderer-process-limit={_AT_A_TIME}",
    "--disable-site-isolation-trials",
    "--disable-features=SpareRendererForSitePerProcess,IsolateOrigins,site-per-process",
)
# seconds for one picture
SECONDS_A_PICTURE = 60
# by which a folder of jobs is told from others, and a session that serves
ASKED, SERVE = "asked", "serve"
# seconds between two looks
_LOOK = 0.02
_INCH = 96


async def draw(folder: Path) -> None:
    """Draw the jobs in `folder`, each picture into its file as soon as it is there."""
    jobs = _jobs(folder)
    async with _browser() as browser:
        await _draw_all(browser, await _free_tabs(browser), folder, jobs)


async def serve(folder: Path) -> None:
    """Draw the jobs of folders in `folder` for as long as this process is left alive; what fails ends it."""
    async with _browser() as browser:
        tabs = await _free_tabs(browser)
        begun: dict[Path, asyncio.Task[None]] = {}
        while True:
            for asked in folder.glob(f"*/{ASKED}"):
                if asked not in begun:
                    begun[asked] = asyncio.create_task(_answer(browser, tabs, asked))
            for asked in [asked for asked, task in begun.items() if task.done()]:
                begun.pop(asked).result()
            await asyncio.sleep(_LOOK)


async def _answer(browser: Any, tabs: "asyncio.Queue[Any]", asked: Path) -> None:
    await _draw_all(browser, tabs, asked.parent, _jobs(asked.parent))
    asked.unlink(missing_ok=True)


def _browser() -> Any:
    from choreographer.browsers.chromium import Chromium
    from kaleido import Kaleido

    class LeanChromium(Chromium):
        def get_cli(self) -> list[str]:
            return [*super().get_cli(), *_LEAN]

    return Kaleido(n=_AT_A_TIME, mathjax=False, timeout=SECONDS_A_PICTURE, browser_cls=LeanChromium)


async def _free_tabs(browser: Any) -> "asyncio.Queue[Any]":
    """Open the tabs in which SVGs are printed and photographed; each picture takes one, and gives it back."""
    tabs: asyncio.Queue[Any] = asyncio.Queue()
    for number in range(_AT_A_TIME):
        tabs.put_nowait((number, await browser.create_tab("about:blank")))
    return tabs


def _jobs(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "jobs.json").read_text(encoding="utf-8")))


async def _draw_all(browser: Any, tabs: "asyncio.Queue[Any]", folder: Path, jobs: Sequence[dict[str, Any]]) -> None:
    """Draw jobs, as many side by side as there are tabs."""

    async def draw_job(place: int, job: dict[str, Any]) -> None:
        number, tab = await tabs.get()
        try:
            await _draw_one(browser, tab, folder / str(place), job, folder / f"page-{number}.html")
        finally:
            tabs.put_nowait((number, tab))

    await asyncio.gather(*(draw_job(place, job) for place, job in enumerate(jobs)))


async def _draw_one(browser: Any, tab: Any, path: Path, job: dict[str, Any], page: Path) -> None:
    drawing = browser.calc_fig(job["figure"], opts={"format": "svg"})
    svg = await asyncio.wait_for(drawing, SECONDS_A_PICTURE)
    _leave(path.with_suffix(".svg"), svg)
    if {"pdf", "png"} & set(job["formats"]):
        await asyncio.wait_for(_open(tab, page, svg, job), SECONDS_A_PICTURE)
    if "pdf" in job["formats"]:
        _leave(path.with_suffix(".pdf"), await asyncio.wait_for(_printed(tab, job), SECONDS_A_PICTURE))
    if "png" in job["formats"]:
        _leave(path.with_suffix(".png"), await asyncio.wait_for(_photographed(tab, job), SECONDS_A_PICTURE))


def _leave(path: Path, content: bytes) -> None:
    """Write a picture; renamed when complete: a session killed meanwhile leaves no half one."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.rename(path)


async def _command(tab: Any, name: str, **parameters: Any) -> dict[str, Any]:
    """Send a command of the DevTools protocol and return its result."""
    answer = await tab.send_command(name, params=parameters)
    if "error" in answer:
        raise RuntimeError(f"{name}: {answer['error'].get('message', 'failed')}")
    return dict(answer["result"])


async def _open(tab: Any, path: Path, svg: bytes, job: dict[str, Any]) -> None:
    """Show an SVG alone on a page of its size."""
    size = f"{job['width']}px {job['height']}px"
    style = f"@page{{size:{size};margin:0}}html,body{{margin:0;background:#fff}}svg{{display:block}}"
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>Figure</title><style>{style}</style></head><body>'
    path.write_bytes(head.encode() + svg + b"</body></html>")
    await _command(tab, "Page.enable")
    metrics = {"width": job["width"], "height": job["height"], "deviceScaleFactor": job["scale"], "mobile": False}
    await _command(tab, "Emulation.setDeviceMetricsOverride", **metrics)
    loaded = tab.subscribe_once("Page.loadEventFired")
    while loaded.done():
        loaded = tab.subscribe_once("Page.loadEventFired")
    await _command(tab, "Page.navigate", url=path.as_uri())
    await loaded


async def _printed(tab: Any, job: dict[str, Any]) -> bytes:
    margins = dict.fromkeys(("marginTop", "marginBottom", "marginLeft", "marginRight"), 0)
    size = {"paperWidth": job["width"] / _INCH, "paperHeight": job["height"] / _INCH}
    answer = await _command(tab, "Page.printToPDF", printBackground=True, pageRanges="1", **margins, **size)
    return base64.b64decode(answer["data"])


async def _photographed(tab: Any, job: dict[str, Any]) -> bytes:
    clip = {"x": 0, "y": 0, "width": job["width"], "height": job["height"], "scale": 1}
    answer = await _command(tab, "Page.captureScreenshot", format="png", clip=clip)
    return base64.b64decode(answer["data"])


def main() -> None:
    """Draw the jobs of the folder that the command line names, or serve it."""
    die_with_parent()
    asyncio.run((serve if sys.argv[2:] == [SERVE] else draw)(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
