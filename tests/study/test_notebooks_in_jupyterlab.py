"""The notebooks as a reader runs them: in JupyterLab, all cells, figures that answer the mouse."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.figures.static import find_browser
from analysis.io.processes import kill_tree
from analysis.study.face import Study
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

_WAIT = 60_000
# the notebook's model knows every cell, also those that are not drawn because they are out of sight
_CELLS = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  return Array.from(panel.content.model.cells).filter(cell => cell.type === "code").map(cell => {
    const outputs = cell.sharedModel.toJSON().outputs;
    return {
      count: cell.executionCount,
      running: cell.executionState || "idle",
      kinds: outputs.map(output => output.output_type),
      warned: outputs.filter(output => output.name === "stderr").map(output => String(output.text)),
    };
  });
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def lab(planted_copy: Study, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A JupyterLab on the loopback address, in a study with the notebooks; its notebooks' folder and address."""
    notebooks = planted_copy.notebooks_folder
    for path in (ROOT / "notebooks").glob("0*.ipynb"):
        shutil.copy(path, notebooks)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    options = [
        "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1",
        "--IdentityProvider.token=seen", f"--ServerApp.root_dir={notebooks}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env={**os.environ, **own}, stdout=log, stderr=log
        )
        try:
            _wait_for(port, server)
            yield notebooks, f"http://127.0.0.1:{port}/lab/workspaces/seen/tree/{{}}?token=seen"
        finally:
            kill_tree(server.pid)
            server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("JupyterLab does not start")


def _run_all(page: Page, address: str) -> list[dict[str, Any]]:
    page.goto(address)
    page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for(timeout=_WAIT)
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=_WAIT
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    cells: list[dict[str, Any]] = page.evaluate(_CELLS)
    return cells


def _hover(page: Page, cell_text: str) -> str:
    """Return what a figure says of the point that the mouse is on."""
    code = page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea", has_text=re.compile(re.escape(cell_text))))
    code.first.scroll_into_view_if_needed()
    plot = code.first.locator(".js-plotly-plot")
    plot.locator(".point").first.wait_for(timeout=30_000)
    text = plot.locator(".hoverlayer .hovertext").first
    until = time.monotonic() + 60
    # figures above that are still being drawn move this one from under the mouse: it has to follow
    while not text.is_visible() and time.monotonic() < until:
        page.mouse.move(0, 0)
        plot.locator(".point").first.hover(force=True)
        page.wait_for_timeout(500)
    text.wait_for(timeout=1_000)
    return str(text.text_content())


def test_a_notebook_runs_from_top_to_bottom_and_its_figures_answer_the_mouse(
    lab: tuple[Path, str], browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    cells = _run_all(page, lab[1].format("03_trends.ipynb"))
    assert len(cells) > 20
    assert all(cell["count"] for cell in cells)
    assert not [cell for cell in cells if "error" in cell["kinds"]]
    assert not [cell["warned"] for cell in cells if cell["warned"]]
    assert _hover(page, 'study.figure("trend_forest")')
    assert _hover(page, "make_subplots(1, 2")
    page.close()


def test_the_explorer_works_inside_a_notebook(lab: tuple[Path, str], browser: Browser) -> None:
    folder, address = lab
    cells = [
        "import analysis as at\nview = at.explore(at.Study.open('..'))\nview",
        "print(len(view.selection), 'chosen')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    # without it JupyterLab asks which kernel is wanted
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "explore.ipynb")
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    assert not [cell for cell in _run_all(page, address.format("explore.ipynb")) if "error" in cell["kinds"]]
    frame = page.frame_locator("iframe")
    frame.locator("#q").wait_for(timeout=30_000)
    frame.locator("#q").fill("nosuchwordsatall")
    frame.locator("#count", has_text=re.compile("^0 papers")).wait_for(timeout=10_000)
    page.close()
