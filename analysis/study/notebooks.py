"""Execution of a study's notebooks."""

import asyncio
import contextlib
import json
import os
import queue
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import NotebookError
from analysis.io.files import hash_json, write_text
from analysis.io.processes import kill_tree

_SECONDS_A_CELL = 300
_AT_A_TIME = 2
# a kernel warns that it talks over local ports without encryption, as kernels do
_QUIET_KERNEL = ["--IPKernelApp.log_level=40"]


# what a notebook finds in a kernel is what it would find in a new one: no names, and the warnings' filters of the start
_RENEWED = """
import warnings
if hasattr(get_ipython(), "notebook_warnings"):
    get_ipython().notebook_warnings.__exit__(None, None, None)
get_ipython().notebook_warnings = warnings.catch_warnings()
get_ipython().notebook_warnings.__enter__()
get_ipython().reset(new_session=True)
"""


@dataclass(frozen=True)
class _Kernels:
    """The kernels of a study's notebooks: their clients, and what they have in their environment."""

    folder: Path
    environment: Mapping[str, str]
    clients: list[Any] = field(default_factory=list)


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

    return str(nbformat.writes(_emptied(path))) + "\n"


def execute_all(
    paths: Sequence[Path], folder: Path, alike: Collection[Path] = (), environment: Mapping[str, str] | None = None
) -> list[Path]:
    """Execute notebooks, two at a time, each from its own folder; store them with their outputs.

    Parameters
    ----------
    paths : sequence of Path
        Each is replaced atomically once all its cells have run; a failure leaves it as it is.
    folder : Path
        The study, named in errors.
    alike : collection of Path
        Those whose code leaves a kernel as it was but for names: they follow one another in two kernels, which import what
        they need once. Each other one has a kernel of its own. Where this is interrupted all kernels end at once.
    environment : mapping, optional
        What kernels have in their environment beside this process'.

    Returns
    -------
    list of Path
        `paths`.

    Raises
    ------
    NotebookError
        A cell failed, or took longer than five minutes.
    """
    # those that fit something take longest, and are begun first
    waiting = queue.SimpleQueue[Path]()
    for path in sorted(set(paths) & set(alike), key=lambda path: -path.read_text("utf-8", "replace").count("at.fit_")):
        waiting.put(path)
    kernels, shared = _Kernels(folder, {**os.environ, **(environment or {})}), set(alike)
    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        jobs = [pool.submit(_execute_queued, waiting, kernels) for _ in range(_AT_A_TIME)]
        jobs += [pool.submit(_execute_alone, path, kernels) for path in paths if path not in shared]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            for job in jobs:
                job.cancel()
            # nothing further is begun, and what runs ends
            while not waiting.empty():
                with contextlib.suppress(queue.Empty):
                    waiting.get_nowait()
            for client in kernels.clients:
                _kill_kernel(client)
            raise
    return list(paths)


def _kill_kernel(client: Any) -> None:
    """End a notebook's kernel without asking it: the cell that it runs may take minutes."""
    pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
    if pid is not None:
        kill_tree(pid)


def _execute_alone(path: Path, kernels: _Kernels) -> None:
    waiting = queue.SimpleQueue[Path]()
    waiting.put(path)
    _execute_queued(waiting, kernels)


def _execute_queued(waiting: "queue.SimpleQueue[Path]", kernels: _Kernels) -> None:
    """Execute notebooks that wait, one after another, in one kernel."""
    with contextlib.suppress(queue.Empty):
        first = waiting.get_nowait()
        # a loop of its own that is closed again; the client's own call would leave one open in each thread
        asyncio.run(_execute_in_turn(first, waiting, kernels))


async def _execute_in_turn(first: Path, waiting: "queue.SimpleQueue[Path]", kernels: _Kernels) -> None:
    from nbclient import NotebookClient

    client = NotebookClient(
        _emptied(first),
        timeout=_SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(first.parent)}},
        extra_arguments=_QUIET_KERNEL,
    )
    kernels.clients.append(client)
    path: Path | None = first
    async with _kernel_of(client, first, kernels):
        while path is not None:
            await _execute_in(client, path, kernels.folder)
            try:
                path = waiting.get_nowait()
            except queue.Empty:
                path = None


@contextlib.asynccontextmanager
async def _kernel_of(client: Any, path: Path, kernels: _Kernels) -> AsyncIterator[None]:
    """Start a client's kernel, and stop it in the end."""
    from nbclient.exceptions import DeadKernelError

    try:
        async with client.async_setup_kernel(env=kernels.environment):
            yield
    except (DeadKernelError, RuntimeError) as error:
        raise _failed(path, kernels.folder, str(error)) from error


async def _execute_in(client: Any, path: Path, folder: Path) -> None:
    """Execute a notebook in a client's kernel, from which the names of the one before are taken first."""
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = client.nb = _emptied(path)
    client.reset_execution_trackers()
    client.widget_state = {}
    try:
        await client.kc.execute_interactive(_RENEWED, silent=True, allow_stdin=False)
        info = await client.kc.kernel_info(reply=True, timeout=_SECONDS_A_CELL)
        notebook["metadata"]["language_info"] = info["content"]["language_info"]
        for index, cell in enumerate(notebook["cells"]):
            await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
        client.set_widgets_metadata()
    except CellExecutionError as error:
        raise _failed(path, folder, f"{error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise _failed(path, folder, str(error)) from error
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
    write_text(path, nbformat.writes(notebook) + "\n")


def _failed(path: Path, folder: Path, reason: str) -> NotebookError:
    return NotebookError(f"{path.relative_to(folder)} failed: {reason}. The stored notebook is untouched.")


def _emptied(path: Path) -> Any:
    """Return a notebook without its outputs."""
    notebook = _read(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def _read(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path} is no notebook: {error}") from error
