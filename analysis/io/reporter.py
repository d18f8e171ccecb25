"""How far a run is: a live table of its stages on a terminal, a line a step elsewhere."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table

from analysis.escaping import terminal_text
from analysis.io.resources import Usage, measured
from analysis.io.steps import LOGGER, Step, StepHandler
from analysis.io.terminal import ERR

# what a piece of work on partitions is in words
_WORK = {
    "read": "reading exports",
    "shuffle": "sorting records by what they share",
    "papers": "making papers of records",
    "sentences": "encoding texts",
    "place": "placing papers",
    "titles": "placing papers by title",
    "words": "counting words",
    "variants": "placing papers under other choices",
    "concepts": "looking for concepts",
}
# seconds between two lines of one step where there is no terminal
_QUIET_SECONDS = 5.0
# seconds that the estimates' own pace counts for beside what was seen
_DOUBT = 10.0


@dataclass
class _Stage:
    """How far a stage is."""

    state: str = "waits"
    step: Step = field(default_factory=lambda: Step(""))
    began: float = 0.0
    seconds: float = 0.0
    usage: Usage = field(default_factory=Usage)


class Reporter:
    """Takes a study's events and steps, shows them, and measures each stage; made by `reporting`.

    Attributes
    ----------
    used : dict of stage to Usage
        What each stage that ran took.
    skipped : list of str
    live : bool
        Whether a live table shows them.
    """

    def __init__(
        self, expected: Mapping[str, float], console: Console, quiet: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.used: dict[str, Usage] = {}
        self.skipped: list[str] = []
        self.live = console.is_terminal and not quiet
        self._stages = {name: _Stage() for name in expected}
        self._expected, self._console, self._quiet, self._clock = expected, console, quiet, clock
        self._measuring = contextlib.ExitStack()
        self._running = ""
        self._last = ("", 0.0)

    def __call__(self, stage: str, event: str) -> None:
        """Take a stage's event: skip, start or done."""
        known = self._stages.setdefault(stage, _Stage())
        if event == "skip":
            self.skipped.append(stage)
            known.state = "unchanged"
        elif event == "start":
            known.usage = self.used[stage] = self._measuring.enter_context(measured())
            known.state, known.began, self._running = "runs", self._clock(), stage
            if not self._quiet and not self.live:
                self._console.print(f"{stage} ...")
        else:
            self._measuring.close()
            known.state, known.seconds, known.step = "done", self._clock() - known.began, Step("")
            self._running = ""

    def say(self, text: str) -> None:
        """Print what a user should know before it is done, however quiet the run."""
        ERR.print(terminal_text(text), markup=False, soft_wrap=True)

    def tell(self, name: str, done: int, count: int, left: float | None) -> None:
        """Take how far the partitions of the running stage are, where there are several."""
        if count > 1:
            self.hear(Step(_WORK.get(name, name), done, count, left))

    def hear(self, step: Step) -> None:
        """Take a step of the running stage."""
        if not self._running:
            return
        self._stages[self._running].step = step
        if self._quiet or self.live:
            return
        text, when = self._last
        now = self._clock()
        if text != step.text or step.done == step.count != 0 or now - when >= _QUIET_SECONDS:
            # a count that is over as soon as it is begun is told once
            if text == step.text and step.done == step.count and now - when < 1.0:
                return
            rest = f", about {duration(step.left)} left" if step.left else ""
            self._console.print(f"  {terminal_text(str(step))}{rest}", markup=False, soft_wrap=True)
            self._last = (step.text, now)

    def close(self) -> None:
        """Stop measuring a stage that failed."""
        self._measuring.close()
        for stage in self._stages.values():
            if stage.state == "runs":
                stage.state, stage.seconds = "stopped", self._clock() - stage.began
            elif stage.state == "waits":
                stage.state = "not run"

    def table(self) -> Table:
        """Return the stages with their steps, time and memory."""
        table = Table(box=None, pad_edge=False)
        for name in ("", "stage", "step", "progress", "elapsed", "left", "MiB"):
            table.add_column(name, justify="right" if name in ("progress", "elapsed", "left", "MiB") else "left")
        pace, whole = self._pace(), 0.0
        for name, stage in self._stages.items():
            left = self._left(name, pace)
            whole += left or 0.0
            elapsed = self._clock() - stage.began if stage.state == "runs" else stage.seconds
            counted = f"{stage.step.done:,}/{stage.step.count:,}" if stage.step.count else ""
            words = (
                escape(terminal_text(stage.step.text))
                if stage.state in ("runs", "stopped")
                else f"[dim]{stage.state}[/]"
            )
            mark = Spinner("dots") if stage.state == "runs" else {"done": "✓", "stopped": "✗"}.get(stage.state, "")
            shown = (duration(elapsed) if elapsed else "", f"~{duration(left)}" if left else "")
            memory = f"{stage.usage.peak_mib:.0f}" if stage.usage.peak_mib else ""
            table.add_row(mark, name, words, counted, *shown, memory)
        table.caption = f"about {duration(whole)} left" if whole else None
        return table

    def _pace(self) -> float:
        """Return by how much this machine is slower than the estimates, from the stages that are done."""
        done = [name for name, stage in self._stages.items() if stage.state == "done" and self._expected.get(name)]
        took, expected = sum(self._stages[name].seconds for name in done), sum(self._expected[name] for name in done)
        # a stage of a second tells little of the pace
        return (took + _DOUBT) / (expected + _DOUBT)

    def _left(self, name: str, pace: float) -> float | None:
        """Return the seconds that a stage has still to go, as far as that can be told."""
        stage = self._stages[name]
        if stage.state not in ("waits", "runs"):
            return None
        elapsed = self._clock() - stage.began if stage.state == "runs" else 0.0
        return max(self._expected.get(name, 0.0) * pace - elapsed, stage.step.left or 0.0, 1.0)


@contextlib.contextmanager
def reporting(expected: Mapping[str, float], console: Console, quiet: bool) -> Iterator[Reporter]:
    """Show stages and steps until the block ends.

    Parameters
    ----------
    expected : mapping of stage to float
        The stages that will run, and the seconds that they will take.
    console : Console
    quiet : bool
        Show nothing.
    """
    reporter = Reporter(expected, console, quiet)
    with contextlib.ExitStack() as stack:
        if not quiet:
            stack.enter_context(_heard(StepHandler(reporter.hear)))
        if reporter.live:
            # drawn by a thread of its own while the stages work
            stack.enter_context(Live(get_renderable=reporter.table, console=console, refresh_per_second=4))
        stack.callback(reporter.close)
        yield reporter


@contextlib.contextmanager
def _heard(handler: logging.Handler) -> Iterator[None]:
    """Hand steps to a handler alone until the block ends: one that another package gave the root would print them, too."""
    level, propagate = LOGGER.level, LOGGER.propagate
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False
    try:
        yield
    finally:
        LOGGER.removeHandler(handler)
        LOGGER.setLevel(level)
        LOGGER.propagate = propagate


def duration(seconds: float) -> str:
    """Return a duration in words, such as "40 s" or "3 min"."""
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )
