"""The smallest rise and fall that a corpus could have shown."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.detectable import Contrasts, detectable_ratios
from analysis.trends.family import TestSettings
from analysis.trends.levels import shares_at_slope
from analysis.trends.tests import mention_tests, trend_tests
from tests.benchmarks.worlds import hard_world

pytestmark = pytest.mark.slow

QUICK = TestSettings(n_permutations=299)


def first_topic(kind: str, seed: int, ratio: float = 1.0) -> pd.Series:
    """Test the first topic of a world alone."""
    world = hard_world(kind, 300, np.random.default_rng([seed, 1]), 0.1, ratio)
    return mention_tests((world.labels == 0)[:, None], world.time, settings=QUICK).iloc[0]


@pytest.mark.parametrize("kind", ["rise", "fall"])
def test_power_at_the_stated_ratio_is_about_what_it_says(kind: str) -> None:
    stated = float(np.median([first_topic("uniform", seed)[f"detectable_{kind}"] for seed in range(15)]))
    names = {"rise": {"rising", "small rise", "new"}, "fall": {"falling", "small fall", "ended"}}[kind]
    ratio = stated if kind == "rise" else 1 / stated
    called = sum(first_topic(kind, seed, ratio)["verdict"] in names for seed in range(100))
    # 80 % of 100, with a standard error of 4
    assert 68 <= called <= 94


def test_where_papers_heap_at_the_end_falls_are_easier_to_find_than_rises() -> None:
    rng = np.random.default_rng(0)
    time = 2026 - 10 * rng.beta(1, 6, 300)
    labels = np.where(rng.random(300) < 0.06, 0, 1)
    row = trend_tests(labels, time, settings=QUICK).loc[0]
    assert 1 / row["detectable_fall"] < row["detectable_rise"]


def test_a_corpus_that_could_show_no_trend_says_so() -> None:
    rng = np.random.default_rng(0)
    labels = np.where(np.arange(40) < 2, 0, 1)
    row = trend_tests(labels, rng.uniform(2020, 2022, 40), settings=QUICK).loc[0]
    assert (row["detectable_rise"], row["detectable_fall"]) == (np.inf, 0)
    assert "none that this corpus could show" in row["note"]


def test_power_grows_with_the_slope_and_needs_more_where_noise_is_larger() -> None:
    cells = Cells.of(np.linspace(2016, 2026, 400), np.zeros(400, dtype=int))
    contrasts = Contrasts.of(cells, (np.arange(400)[:, None] % 10 == 0).astype(float))
    critical, one = np.array([stats.norm.isf(0.025)]), np.ones(1)
    powers = [contrasts.power(np.array([slope]), critical, one)[0] for slope in (0.05, 0.1, 0.2, 0.4)]
    assert np.all(np.diff(powers) > 0)
    calm, rough = (detectable_ratios(contrasts, critical * stretch, one * stretch) for stretch in (1.0, 2.0))
    assert rough[0][0] > calm[0][0] > 1
    assert rough[1][0] < calm[1][0] < 1


def test_levels_account_for_the_papers_of_every_stratum() -> None:
    rng = np.random.default_rng(1)
    time, codes = rng.uniform(2000, 2026, 200), rng.integers(0, 5, 200)
    inside = np.array([[0.0, 3], [5, 40], [1, 1], [2, 20], [40, 0]])
    sizes = np.bincount(codes)
    inside = np.minimum(inside, sizes[:, None])
    share = shares_at_slope(time, codes, np.ones(200), inside, np.array([3.0, -0.2]))
    reached = np.stack([np.bincount(codes, weights=column) for column in share.T], axis=1)
    np.testing.assert_allclose(reached, inside, atol=1e-6)
