"""How far a run is: a live table on a terminal, a line a step elsewhere, nothing when quiet."""

import io
import logging

import pytest
from rich.console import Console

from analysis.io.reporter import Reporter, duration, reporting
from analysis.io.steps import LOGGER, Step, tell, told_each

EXPECTED = {"corpus": 1.0, "topics": 30.0, "trends": 60.0}


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _text(reporter: Reporter) -> str:
    out = io.StringIO()
    console = Console(file=out, width=120, force_terminal=False)
    console.print(reporter.table())
    return out.getvalue()


def _row(reporter: Reporter, stage: str) -> list[str]:
    [line] = [line for line in _text(reporter).splitlines() if f" {stage} " in line]
    return line.split()


def test_the_table_tells_stage_step_count_time_and_what_is_left_from_the_start() -> None:
    clock = Clock()
    reporter = Reporter(EXPECTED, Console(file=io.StringIO(), force_terminal=True), quiet=False, clock=clock)
    assert "about 2 min left" in _text(reporter)
    assert _row(reporter, "topics") == ["topics", "waits", "~30", "s"]
    reporter("corpus", "start")
    clock.now += 1
    reporter("corpus", "done")
    reporter("topics", "start")
    reporter.hear(Step("clustering", 3, 12))
    clock.now += 10
    assert _row(reporter, "corpus")[:3] == ["✓", "corpus", "done"]
    assert _row(reporter, "topics")[1:8] == ["topics", "clustering", "3/12", "10", "s", "~20", "s"]
    reporter.close()
    assert _row(reporter, "topics")[:3] == ["✗", "topics", "clustering"]


def test_a_slow_machine_is_given_more_time_for_what_is_left() -> None:
    clock = Clock()
    reporter = Reporter(EXPECTED, Console(file=io.StringIO(), force_terminal=True), quiet=False, clock=clock)
    for stage, seconds in (("corpus", 3), ("topics", 90)):
        reporter(stage, "start")
        clock.now += seconds
        reporter(stage, "done")
    left = int(_row(reporter, "trends")[-2].strip("~"))
    assert 2 <= left <= 3
    assert _row(reporter, "trends")[-1] == "min"


def test_elsewhere_each_step_is_a_line_and_counts_are_not_told_at_every_piece() -> None:
    out = io.StringIO()
    with reporting(EXPECTED, Console(file=out, force_terminal=False), quiet=False) as reporter:
        assert not reporter.live
        tell("before any stage")
        reporter("topics", "start")
        for _ in told_each("clustering [again]", range(500), 500):
            pass
        reporter.tell("place", 1, 4, 120.0)
        reporter("topics", "done")
        reporter("trends", "skip")
    lines = out.getvalue().splitlines()
    assert lines == [
        "topics ...",
        "  clustering [again]: 0 of 500",
        "  placing papers: 1 of 4, about 2 min left",
    ]
    assert reporter.skipped == ["trends"]
    assert list(reporter.used) == ["topics"]


@pytest.mark.parametrize("quiet", [True, False])
def test_nobody_listens_after_a_run_and_a_quiet_one_says_nothing(quiet: bool) -> None:
    out, before = io.StringIO(), (list(LOGGER.handlers), LOGGER.level, LOGGER.propagate)
    with (
        pytest.raises(RuntimeError, match="stops"),
        reporting(EXPECTED, Console(file=out, force_terminal=False), quiet=quiet) as reporter,
    ):
        reporter("topics", "start")
        tell("clustering")
        raise RuntimeError("stops")
    assert (list(LOGGER.handlers), LOGGER.level, LOGGER.propagate) == before
    assert ("clustering" in out.getvalue()) is not quiet
    assert reporter.used["topics"].seconds >= 0


def test_a_handler_of_the_root_does_not_print_steps_a_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handler = logging.StreamHandler()
    root.addHandler(handler)
    try:
        with reporting(EXPECTED, Console(file=io.StringIO(), force_terminal=False), quiet=False) as reporter:
            reporter("topics", "start")
            tell("clustering")
    finally:
        root.removeHandler(handler)
    assert "clustering" not in capsys.readouterr().err


def test_steps_can_be_listened_to_by_anybody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="topictrends"):
        tell("clustering", 2, 12)
    assert caplog.messages == ["clustering: 2 of 12"]


def test_durations_are_told_in_the_unit_that_fits() -> None:
    assert [duration(seconds) for seconds in (0.4, 89, 90, 4000, 9000)] == ["0 s", "89 s", "2 min", "67 min", "2.5 h"]
