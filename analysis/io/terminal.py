"""What the command prints: progress, warnings, tables; all of it escaped for the terminal."""

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from analysis.errors import TopicTrendsWarning
from analysis.escaping import terminal_text
from analysis.io.resources import Usage, measured

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)
# partitions after which a line is printed where there is no terminal, beside every tenth
_MILESTONES = (1, 2, 5)


def printable_lines(text: object) -> str:
    """Return a message for the terminal, which may have several lines."""
    lines = str(text).split("\n")
    return "\n".join(line[: len(line) - len(line.lstrip(" "))] + terminal_text(line) for line in lines)


class Reporter:
    """Turns a study's events into progress lines and measures each stage."""

    def __init__(self, progress: Progress | None, used: dict[str, Usage], skipped: list[str], quiet: bool) -> None:
        self._progress, self._used, self._skipped, self._quiet = progress, used, skipped, quiet
        self._measuring = contextlib.ExitStack()
        self._task: Any = None

    def __call__(self, stage: str, event: str) -> None:
        """Take a stage's event: skip, start or done."""
        if event == "skip":
            self._skipped.append(stage)
        elif event == "start":
            self._used[stage] = self._measuring.enter_context(measured())
            if self._progress is not None:
                self._task = self._progress.add_task(stage, total=None)
            elif not self._quiet:
                OUT.print(f"{stage} ...")
        else:
            self._measuring.close()
            if self._progress is not None:
                self._progress.update(self._task, total=1, completed=1)

    def say(self, text: str) -> None:
        """Print what a user should know before it is done, however quiet the run."""
        ERR.print(terminal_text(text), markup=False, soft_wrap=True)

    def tell(self, name: str, done: int, count: int, left: float | None) -> None:
        """Say how far the partitions of the running stage are, where there are several."""
        if count == 1:
            return
        rest = f", about {_duration(left)} left" if left else ""
        said = f"{name}: {done} of {count} partitions{rest}"
        if self._progress is not None:
            stage = list(self._used)[-1]
            self._progress.update(self._task, description=f"{stage} ({said})")
        elif not self._quiet and (done == count or done in _MILESTONES or done % 10 == 0):
            OUT.print(f"  {said}", markup=False)

    def close(self) -> None:
        """Stop measuring a stage that failed."""
        self._measuring.close()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


@contextlib.contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """Show spinners on a terminal; give None elsewhere, where plain lines serve."""
    if quiet or not OUT.is_terminal:
        yield None
        return
    with Progress(
        SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), TimeElapsedColumn(), console=OUT
    ) as bar:
        yield bar


@contextlib.contextmanager
def shown_warnings() -> Iterator[None]:
    """Print the package's own warnings as one line each, once; leave others to Python."""
    standard = warnings.showwarning

    def show(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        if issubclass(category, TopicTrendsWarning):
            ERR.print(f"[yellow]warning[/]: {escape(printable_lines(message))}", soft_wrap=True)
        else:
            standard(message, category, *rest, **more)

    with warnings.catch_warnings():
        warnings.simplefilter("once", TopicTrendsWarning)
        warnings.showwarning = show
        yield


def usage_table(used: dict[str, Usage]) -> Table:
    """Return what each stage took."""
    table = Table(title="What the run took", title_justify="left")
    for name, justify in (("stage", "left"), ("seconds", "right"), ("peak MiB", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for stage, usage in used.items():
        table.add_row(stage, f"{usage.seconds:.1f}", f"{usage.peak_mib:.0f}")
    total, peak = sum(usage.seconds for usage in used.values()), max(usage.peak_mib for usage in used.values())
    table.add_row("all", f"{total:.1f}", f"{peak:.0f}", style="bold")
    return table


def outcome_table(outcomes: Iterable[Any]) -> Table:
    """Return what became of one change at a time; see `analysis.verify.self_test.Outcome`."""
    table = Table(title="One number changed at a time", title_justify="left")
    for name in ("output", "file", "change", "caught", "by"):
        table.add_column(name, overflow="fold")
    for outcome in outcomes:
        how = ("its tables" if outcome.traced else "its hash") if outcome.caught else ""
        caught = "yes" if outcome.caught else "[bold red]NO[/]"
        table.add_row(outcome.kind, outcome.file, escape(terminal_text(outcome.change)), caught, how)
    return table


def status_table(stages: Iterable[Any]) -> Table:
    """Return how the stages of a study stand; see `analysis.study.status.StageStatus`."""
    table = Table(title="What is there", title_justify="left")
    for name in ("stage", "state", "made", "files", "why"):
        table.add_column(name, justify="right" if name == "files" else "left", overflow="fold")
    colours = {"current": "green", "out of date": "yellow", "not run": "dim"}
    for stage in stages:
        made = stage.made.strftime("%Y-%m-%d %H:%M") if stage.made is not None else ""
        state = f"[{colours[stage.state]}]{stage.state}[/]"
        why = escape(terminal_text("; ".join(stage.reasons)))
        table.add_row(stage.stage, state, made, str(stage.files or ""), why)
    return table
