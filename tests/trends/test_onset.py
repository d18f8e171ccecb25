"""Topics that appear or end within the window, and trends that do not."""

import numpy as np
import pytest

from analysis.trends.cells import Cells
from analysis.trends.family import TestSettings
from analysis.trends.onset import Onset, find_onset
from analysis.trends.tests import trend_tests

pytestmark = pytest.mark.slow

QUICK = TestSettings(n_permutations=499)


def drawn(course: object, n_papers: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return labels, 0 for the topic, and dates from 2016 to 2026; `course` is its share as a function of the year."""
    rng = np.random.default_rng(seed)
    time = rng.uniform(2016, 2026, n_papers)
    return np.where(rng.random(n_papers) < course(time), 0, 1), time  # type: ignore[operator]


def since_2022(time: np.ndarray) -> np.ndarray:
    return np.where(time >= 2022, 0.1, 0.0)


@pytest.mark.parametrize("n_papers", [300, 3000])
def test_a_topic_that_appears_late_and_stays_level_is_new_and_does_not_rise(n_papers: int) -> None:
    rows = [trend_tests(*drawn(since_2022, n_papers, seed), settings=QUICK).loc[0] for seed in range(20)]
    assert sum(row["verdict"] == "new" for row in rows) >= 16
    new = [row for row in rows if row["verdict"] == "new"]
    assert sum(row["course"] in {"level", "unclear"} for row in new) >= len(new) - 2
    assert all(row["since"][:4] in {"2022", "2023"} for row in new)


def test_the_course_of_a_new_topic_is_that_since_it_appeared() -> None:
    rising = drawn(lambda time: np.where(time >= 2020, 1 / (1 + np.exp(-(-2.5 + 0.6 * (time - 2020)))), 0.0), 3000, 0)
    falling = drawn(lambda time: np.where(time >= 2020, 1 / (1 + np.exp(0.2 + 0.5 * (time - 2020))), 0.0), 3000, 0)
    for data, course in ((rising, "rising"), (falling, "falling")):
        row = trend_tests(*data, settings=QUICK).loc[0]
        assert (row["verdict"], row["course"]) == ("new", course)
        assert row["note"].startswith("It appears in 2020-0")


def test_a_topic_that_ends_is_the_same_with_time_turned() -> None:
    labels, time = drawn(since_2022, 3000, 1)
    row = trend_tests(labels, 4042 - time, settings=QUICK).loc[0]
    assert row["verdict"] == "ended"
    assert row["since"][:4] in {"2019", "2020"}
    assert "all but no paper after" in row["note"]


def test_strays_before_a_topic_appears_do_not_hide_it() -> None:
    labels, time = drawn(lambda time: np.where(time >= 2022, 0.1, 0.002), 3000, 2)
    assert trend_tests(labels, time, settings=QUICK).loc[0, "verdict"] == "new"


@pytest.mark.parametrize(("share", "ratio"), [(0.05, 1.5), (0.1, 1.2), (0.17, 1.5)])
def test_a_rise_from_small_beginnings_stays_a_rise(share: float, ratio: float) -> None:
    level = np.log(share / (1 - share))
    found = [
        trend_tests(
            *drawn(lambda time: 1 / (1 + np.exp(-(level + np.log(ratio) * (time - 2021)))), 3000, seed), settings=QUICK
        )
        for seed in range(10)
    ]
    assert sum(rows.loc[0, "verdict"] == "rising" for rows in found) >= 9


def test_a_source_that_starts_late_makes_no_topic_new() -> None:
    rng = np.random.default_rng(0)
    strata = np.repeat([0, 1], 150)
    time = np.where(strata == 0, rng.uniform(2016, 2026, 300), rng.uniform(2022, 2026, 300))
    labels = np.where((strata == 1) & (rng.random(300) < 0.4), 0, 1)
    assert trend_tests(labels, time, strata, settings=QUICK).loc[0, "verdict"] not in {"new", "rising"}


def test_redrawn_clusterings_must_leave_the_empty_side_empty() -> None:
    labels, time = drawn(since_2022, 600, 3)
    rng = np.random.default_rng(0)
    agreeing = np.tile(labels, (10, 1))
    torn = np.array([np.where((labels == 1) & (rng.random(600) < 0.1), 0, labels) for _ in range(10)])
    assert trend_tests(labels, time, draws=agreeing, settings=QUICK).loc[0, "verdict"] == "new"
    assert trend_tests(labels, time, draws=torn, settings=QUICK).loc[0, "verdict"] != "new"


def test_a_handful_of_papers_neither_appears_nor_ends() -> None:
    cells = Cells.of(np.linspace(2016, 2026, 100), np.zeros(100, dtype=int))
    assert find_onset(cells, (np.arange(100) > 96).astype(float)) == Onset()
