"""Conditional likelihood for many small strata."""

from itertools import combinations

import numpy as np
import pytest

from analysis.trends.cells import Cells
from analysis.trends.conditional import SmallStrata, conditional_interval, fit_conditional
from analysis.trends.slopes import fit_slopes, sparse_strata
from analysis.trends.tests import trend_tests


def small(seed: int, slope: float, n_strata: int = 60, size: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    strata = np.repeat(np.arange(n_strata), size)
    time = 2018 + rng.uniform(0, 4, n_strata)[strata] + 3 * rng.random(len(strata))
    effect = rng.normal(0, 1, n_strata)[strata]
    # centred within strata, so that windows and effects have nothing to do with the slope
    odds = effect + slope * (time - 2021)
    return rng.random(len(strata)) < 1 / (1 + np.exp(-odds)), time, strata


def test_the_moments_are_those_of_all_subsets() -> None:
    time, strata = np.array([0.0, 1.0, 3.0, 4.0, 0.5, 2.0]), np.array([0, 0, 0, 0, 1, 1])
    papers = SmallStrata.of(Cells.of(2020 + time, strata))
    constant, mean, variance = papers.moments(np.array([2, 1]), np.array([0.7]))
    expected = np.zeros(3)
    for own, count in (([0.0, 1.0, 3.0, 4.0], 2), ([0.5, 2.0], 1)):
        sums = np.array([sum(chosen) for chosen in combinations(np.array(own) - np.mean(own), count)])
        weights = np.exp(0.7 * sums)
        average = (weights @ sums) / weights.sum()
        expected += [np.log(weights.sum()), average, (weights @ sums**2) / weights.sum() - average**2]
    # dates are gathered by the day
    np.testing.assert_allclose([constant, mean[0], variance[0, 0]], expected, atol=1e-2)


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_intervals_cover_the_truth_in_sixty_strata_of_five(slope: float) -> None:
    covered, estimates = 0, []
    for seed in range(120):
        members, time, strata = small(seed, slope)
        cells = Cells.of(time, strata)
        assert sparse_strata(cells)
        fit = fit_slopes(cells, cells.successes(members[:, None]), 0.95)
        low, high = fit.intervals()[0]
        covered += low <= slope <= high
        estimates.append(fit.values[0])
    # 95 % of 120 is 114, with a standard error of 2.4
    assert covered >= 107
    # a stratum effect each would give half as much again (Neyman and Scott)
    assert np.mean(estimates) == pytest.approx(slope, abs=0.08)


def test_separation_is_finite_and_nothing_to_compare_is_none() -> None:
    time, strata = np.tile([2020.0, 2021.0, 2022.0], 20), np.repeat(np.arange(20), 3)
    cells = Cells.of(time, strata)
    papers = SmallStrata.of(cells)
    found = fit_conditional(papers, np.ones(20, dtype=int), 20.0)
    assert found is not None
    assert 1 < found.slope < 12
    low, high = conditional_interval(papers, np.ones(20, dtype=int), 20.0, found)
    assert 0 < low < found.slope < high
    assert fit_conditional(papers, np.full(20, 3), 0.0) is None


def test_a_family_over_many_sources_is_tested_and_one_without_contrast_says_so() -> None:
    members, time, strata = small(3, 0.8)
    labels = np.where(members, 0, np.where(strata < 5, 1, 2))
    found = trend_tests(labels, time, strata)
    assert found.loc[0, "verdict"] == "rising"
    apart = trend_tests(np.where(strata < 5, 0, 1), time, strata)
    assert apart["note"].str.contains("no stratum holds papers both in and out").all()
