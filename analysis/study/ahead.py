"""Notebooks begun ahead: kernels start while earlier stages leave a core idle, and each notebook once it has what it reads."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from analysis.io.resources import free_memory
from analysis.io.threads import usable_cores
from analysis.study.notebook_runner import NotebookRunner, notebook_runner
from analysis.study.trust import own_notebooks
from analysis.study.workspace import Workspace

# bytes that kernels, their browser and a stage beside them take
_ENOUGH = 2.5 * 2**30
# what a notebook's code reads of a study, and the stage that leaves it; later ones last
_READ_AFTER = {"Study.open(": "figures", ".section(": "survey", ".verify(": "survey"}


@contextlib.contextmanager
def notebooks_of(workspace: Workspace) -> Iterator[NotebookRunner]:
    """Yield what executes a study's notebooks, with one browser for the pictures of all of them."""
    # plotly is imported by runs that have something to do alone
    from analysis.figures.drawing_service import drawing_service
    from analysis.figures.static import find_browser

    browser = find_browser() if workspace.notebook_files() else None
    with drawing_service(browser) as environment, notebook_runner(workspace.folder, environment) as notebooks:
        yield notebooks


@contextlib.contextmanager
def begun_ahead(workspace: Workspace) -> Iterator[NotebookRunner | None]:
    """Yield notebooks that are begun; None where there are none, or neither core nor memory to spare.

    Only the package's own notebooks are executed ahead: those of others may do what later stages would have to wait for.
    """
    own = own_notebooks(workspace.notebook_files())
    if not own or usable_cores() < 2 or workspace.is_partitioned or free_memory() < _ENOUGH:
        yield None
        return
    with notebooks_of(workspace) as notebooks:
        notebooks.begin(path for path in own if _reads_after(path) is None)
        yield notebooks


def begin_after(stage: str, workspace: Workspace, notebooks: NotebookRunner) -> None:
    """Begin the package's own notebooks that read what this stage leaves, and nothing of later ones."""
    notebooks.begin(path for path in own_notebooks(workspace.notebook_files()) if _reads_after(path) == stage)


def _reads_after(path: Path) -> str | None:
    """Return the last stage whose results a notebook reads; None where it opens no study."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return next((stage for mark, stage in reversed(_READ_AFTER.items()) if mark in code), None)
