"""What the command prints: progress, warnings, tables; all of it escaped for the terminal."""

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analysis.errors import TopicTrendsWarning
from analysis.escaping import terminal_text
from analysis.io.resources import Usage

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)


class Interrupted(BaseException):
    """Somebody, or a scheduler, wants the command to end. Typer would make a failure of a KeyboardInterrupt."""


def printable_lines(text: object) -> str:
    """Return a message for the terminal, which may have several lines."""
    lines = str(text).split("\n")
    return "\n".join(line[: len(line) - len(line.lstrip(" "))] + terminal_text(line) for line in lines)


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
