"""Execution of a study's notebooks."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from analysis.errors import NotebookError
from analysis.io.files import hash_json, write_text
from analysis.io.processes import kill_tree

_SECONDS_A_CELL = 300
# a kernel warns that it talks over local ports without encryption, as kernels do
_QUIET_KERNEL = ["--IPKernelApp.log_level=40"]


def source_hash(path: Path) -> str:
    """Return a hash of a notebook's cells without their outputs.

    Raises
    ------
    NotebookError
        The file is no notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return hash_json([(cell["cell_type"], "".join(cell["source"])) for cell in cells])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotebookError(f"{path} is no notebook: {error}") from error


def without_outputs(path: Path) -> str:
    """Return a notebook's text without its outputs.

    Raises
    ------
    NotebookError
        The file is no notebook.
    """
    import nbformat

    notebook = _read(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return str(nbformat.writes(notebook)) + "\n"


def execute_all(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Execute notebooks, two at a time; where this is interrupted their kernels end at once. See `execute`."""
    kernels: list[Any] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(execute, path, folder, kernels) for path in paths]
        try:
            return [job.result() for job in jobs]
        except BaseException:
            for job in jobs:
                job.cancel()
            for client in kernels:
                _kill_kernel(client)
            raise


def _kill_kernel(client: Any) -> None:
    """End a notebook's kernel without asking it: the cell that it runs may take minutes."""
    pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
    if pid is not None:
        kill_tree(pid)


def execute(path: Path, folder: Path, kernels: list[Any] | None = None) -> Path:
    """Execute a notebook from its own folder and store it with its outputs.

    Parameters
    ----------
    path : Path
        Replaced atomically once every cell has run; a failure leaves it as it is.
    folder : Path
        The study, named in the error.
    kernels : list, optional
        Gets the client of the notebook's kernel, so that it can be ended from elsewhere.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    NotebookError
        A cell failed, or took longer than five minutes.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = _read(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    client = NotebookClient(
        notebook,
        timeout=_SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=_QUIET_KERNEL,
    )
    if kernels is not None:
        kernels.append(client)
    try:
        # a loop of its own that is closed again; the client's own call would leave one open in each thread
        asyncio.run(client.async_execute())
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        reason = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
        raise NotebookError(
            f"{path.relative_to(folder)} failed: {reason}. The stored notebook is untouched."
        ) from error
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
    write_text(path, nbformat.writes(notebook) + "\n")
    return path


def _read(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path} is no notebook: {error}") from error
