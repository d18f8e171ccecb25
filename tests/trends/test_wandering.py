"""Moved beyond its usual wandering: random walks, drifts, and windows too short to tell."""

import numpy as np
import pytest

from analysis.trends.cells import Cells
from analysis.trends.tests import trend_tests
from analysis.trends.wandering import wandering_p
from tests.benchmarks.worlds import hard_world

pytestmark = pytest.mark.slow


def p_of(labels: np.ndarray, time: np.ndarray) -> np.ndarray:
    cells = Cells.of(time, np.zeros(len(time), dtype=int))
    return wandering_p(cells, cells.successes(labels[:, None] == np.arange(20)))


def test_random_walks_are_seldom_beyond_their_wandering() -> None:
    worlds = [hard_world("random walk", 3000, np.random.default_rng(seed)) for seed in range(25)]
    p = np.concatenate([p_of(world.labels, world.time) for world in worlds])
    assert (p < 0.05).mean() <= 0.06


@pytest.mark.parametrize("ratio", [1.5, 1 / 1.5])
def test_a_steady_drift_is(ratio: float) -> None:
    found = []
    for seed in range(4):
        world = hard_world("rise", 3000, np.random.default_rng(seed), 0.1, ratio)
        found.append(p_of(world.labels, world.time)[0])
    assert np.median(found) < 0.01


def test_fewer_than_eight_years_cannot_tell() -> None:
    rng = np.random.default_rng(0)
    time = rng.uniform(2018, 2025, 500)
    row = trend_tests(rng.integers(0, 3, 500), time).loc[0]
    assert np.isnan(row["wandering_p"])
    assert str(row["beyond_wandering"]) == "<NA>"
