"""Execution of a study's notebooks, in kernels that may start before there is anything to do."""

import asyncio
import contextlib
import os
import queue
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from analysis.errors import NotebookError
from analysis.io.files import write_text
from analysis.io.processes import kill_tree
from analysis.io.steps import tell
from analysis.io.threads import usable_cores
from analysis.study.notebooks import emptied, source_hash

_SECONDS_A_CELL = 300
# kernels where there are cores for them beside the browser; each takes half a gigabyte
_MOST_KERNELS = 2
# a kernel warns that it talks over local ports without encryption, as kernels do
_QUIET_KERNEL = ["--IPKernelApp.log_level=40"]
# what notebooks import, imported by a kernel that waits
_IMPORTED = "import analysis.figures.notebook, analysis.study.face, analysis.topics.fitting, analysis.trends.fit"
# what a notebook finds in a kernel is what it would find in a new one: no names, and the warnings' filters of the start
_RENEWED = """
import warnings
if hasattr(get_ipython(), "notebook_warnings"):
    get_ipython().notebook_warnings.__exit__(None, None, None)
get_ipython().notebook_warnings = warnings.catch_warnings()
get_ipython().notebook_warnings.__enter__()
get_ipython().reset(new_session=True)
"""


class NotebookRunner:
    """Executes notebooks, each from its own folder; made by `notebook_runner`."""

    def __init__(self, folder: Path, environment: Mapping[str, str], pool: ThreadPoolExecutor, at_a_time: int) -> None:
        self._folder, self._environment, self._pool, self._at_a_time = folder, environment, pool, at_a_time
        self._waiting = queue.SimpleQueue[Path | None]()
        self._kernels: list[Future[None]] = []
        self._alone: list[Future[None]] = []
        self._clients: list[Any] = []
        # of each notebook that is begun its code's hash, of each that is executed that of the code and the text
        self._begun: dict[Path, str] = {}
        self._executed: dict[Path, tuple[str, str]] = {}
        # how many are to be executed, once that is known
        self._wanted = 0

    @property
    def drawing(self) -> Mapping[str, str]:
        """The browser that draws for the notebooks, as `analysis.figures.static.render_served` asks for it."""
        return self._environment

    def begin(self, paths: Iterable[Path]) -> None:
        """Start the kernels, and execute what need not wait; it is stored by `execute`.

        Parameters
        ----------
        paths : iterable of Path
            Their code leaves a kernel as it was but for names.
        """
        for path in paths:
            self._begun[path] = source_hash(path)
            self._waiting.put(path)
        while len(self._kernels) < self._at_a_time:
            self._kernels.append(self._pool.submit(self._serve, self._waiting, _IMPORTED))

    def execute(self, paths: Sequence[Path], alike: Collection[Path] = ()) -> list[Path]:
        """Execute notebooks and store them with their outputs, replaced atomically; a failure leaves the one that failed.

        Parameters
        ----------
        paths : sequence of Path
        alike : collection of Path
            Those whose code leaves a kernel as it was but for names: they follow one another in shared kernels, which import what
            they need once. Each other one has a kernel of its own.

        Returns
        -------
        list of Path
            `paths`.

        Raises
        ------
        NotebookError
            A cell failed, or took longer than five minutes; or somebody changed a notebook meanwhile, which is kept.
        """
        begun = {path for path, code in self._begun.items() if path in paths and source_hash(path) == code}
        shared = [path for path in paths if path in alike and path not in begun]
        # those that fit something take longest, and come first
        for path in sorted(shared, key=lambda path: -path.read_text("utf-8", "replace").count("at.fit_")):
            self._waiting.put(path)
        while shared and len(self._kernels) < self._at_a_time:
            self._kernels.append(self._pool.submit(self._serve, self._waiting))
        self._dismiss()
        for path in paths:
            if path not in alike and path not in begun:
                own = queue.SimpleQueue[Path | None]()
                own.put(path)
                own.put(None)
                self._alone.append(self._pool.submit(self._serve, own))
        self._wanted = len(paths)
        tell("executing notebooks", len(begun & self._executed.keys()), self._wanted)
        jobs = [*self._kernels, *self._alone]
        try:
            wait(jobs, return_when=FIRST_EXCEPTION)
            failed = next((job for job in jobs if job.done() and job.exception() is not None), None)
            if failed is not None:
                failed.result()
        finally:
            self._store(paths)
        return list(paths)

    def end(self) -> None:
        """End all kernels at once: the cell that one runs may take minutes."""
        for job in (*self._kernels, *self._alone):
            job.cancel()
        with contextlib.suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()
        self._dismiss()
        for client in list(self._clients):
            pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
            if pid is not None:
                kill_tree(pid)

    def _dismiss(self) -> None:
        """Tell every shared kernel that nothing more will come."""
        for _ in self._kernels:
            self._waiting.put(None)

    def _store(self, paths: Iterable[Path]) -> None:
        changed = []
        for path in paths:
            code, text = self._executed.get(path, ("", ""))
            if text and source_hash(path) == code:
                write_text(path, text)
            elif text:
                changed.append(path.relative_to(self._folder).as_posix())
        if changed:
            raise NotebookError(f"{', '.join(changed)} changed while it was executed, and is kept as it is; run again.")

    def _serve(self, waiting: "queue.SimpleQueue[Path | None]", imported: str = "") -> None:
        """Execute notebooks in one kernel as they come, until a None does."""
        # a loop of its own that is closed again; the client's own call would leave one open in each thread
        asyncio.run(self._serve_each(waiting, imported))

    async def _serve_each(self, waiting: "queue.SimpleQueue[Path | None]", imported: str) -> None:
        # where something is imported ahead, a kernel starts before its first notebook is known
        path = None if imported else waiting.get()
        if path is None and not imported:
            return
        async with self._kernel(path.parent if path is not None else self._folder) as client:
            if imported:
                await client.kc.execute_interactive(imported, silent=True, allow_stdin=False)
                path = await asyncio.to_thread(waiting.get)
            while path is not None:
                await self._execute_in(client, path)
                path = await asyncio.to_thread(waiting.get)

    @contextlib.asynccontextmanager
    async def _kernel(self, folder: Path) -> AsyncIterator[Any]:
        """Start a kernel in a folder, and stop it in the end."""
        import nbformat
        from nbclient import NotebookClient

        client = NotebookClient(
            nbformat.v4.new_notebook(),
            timeout=_SECONDS_A_CELL,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=_QUIET_KERNEL,
        )
        async with contextlib.AsyncExitStack() as stack:
            self._clients.append(client)
            # one that has ended by itself is not killed: its number may be another process' by then
            stack.callback(self._clients.remove, client)
            try:
                await stack.enter_async_context(client.async_setup_kernel(env=dict(self._environment)))
            except RuntimeError as error:
                raise NotebookError(f"a kernel for the notebooks did not start: {error}") from error
            yield client

    async def _execute_in(self, client: Any, path: Path) -> None:
        """Execute a notebook in a client's kernel, from which the names of the one before are taken first."""
        import nbformat
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

        code = source_hash(path)
        notebook = client.nb = emptied(path)
        client.reset_execution_trackers()
        client.widget_state = {}
        try:
            here = f"import os; os.chdir({str(path.parent.resolve())!r})\n"
            renewed = await client.kc.execute_interactive(here + _RENEWED, silent=True, allow_stdin=False)
            if renewed["content"]["status"] != "ok":
                raise self._failed(path, f"its kernel could not be renewed: {renewed['content'].get('evalue', '')}")
            info = await client.kc.kernel_info(reply=True, timeout=_SECONDS_A_CELL)
            notebook["metadata"]["language_info"] = info["content"]["language_info"]
            for index, cell in enumerate(notebook["cells"]):
                await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
            client.set_widgets_metadata()
        except CellExecutionError as error:
            raise self._failed(path, f"cell {index + 1}, {error.ename}: {error.evalue}") from error
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise self._failed(path, str(error)) from error
        for cell in notebook["cells"]:
            cell["metadata"].pop("execution", None)
        self._executed[path] = code, nbformat.writes(notebook) + "\n"
        if self._wanted:
            tell("executing notebooks", len(self._executed), self._wanted)

    def _failed(self, path: Path, reason: str) -> NotebookError:
        name = path.relative_to(self._folder)
        return NotebookError(f"{name} failed: {reason.rstrip('.')}. The stored notebook is untouched.")


@contextlib.contextmanager
def notebook_runner(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[NotebookRunner]:
    """Execute notebooks within the block; where it is left early all kernels end at once.

    Parameters
    ----------
    folder : Path
        The study, named in errors.
    environment : mapping, optional
        What kernels have in their environment beside this process'.
    """
    at_a_time = max(1, min(_MOST_KERNELS, usable_cores() - 1))
    with ThreadPoolExecutor(at_a_time) as pool:
        runner = NotebookRunner(folder, {**os.environ, **(environment or {})}, pool, at_a_time)
        try:
            yield runner
        finally:
            runner.end()
