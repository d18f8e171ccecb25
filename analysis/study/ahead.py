"""Notebooks begun ahead: kernels start while stages before them leave a core idle, and what needs no stage is executed."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from analysis.io.resources import free_memory
from analysis.io.threads import usable_cores
from analysis.study.notebook_runner import NotebookRunner, notebook_runner
from analysis.study.trust import own_notebooks
from analysis.study.workspace import Workspace

# bytes that two kernels, their browser and a stage beside them take
_ENOUGH = 4 * 2**30


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
        notebooks.begin(path for path in own if not _opens_a_study(path))
        yield notebooks


def _opens_a_study(path: Path) -> bool:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return any("Study.open(" in "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
