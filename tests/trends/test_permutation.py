"""Permutation of dates within strata."""

from itertools import permutations

import numpy as np
import pytest

from analysis.trends.multiplicity import benjamini_hochberg
from analysis.trends.permutation import permutation_p, within_strata


def test_monte_carlo_agrees_with_full_enumeration() -> None:
    time = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 8.0])
    members = np.array([0, 0, 1, 0, 1, 1], dtype=bool)
    observed = abs((time - time.mean()) @ members)
    exact = np.mean([abs((np.array(order) - time.mean()) @ members) >= observed - 1e-9 for order in permutations(time)])
    (estimate,) = permutation_p(members[:, None], time, np.zeros(6), 20_000, 0)
    assert estimate == pytest.approx(exact, abs=0.01)


def test_p_is_never_zero() -> None:
    time = np.arange(40.0)
    (p,) = permutation_p((time >= 20)[:, None], time, np.zeros(40), 999, 0)
    assert p == pytest.approx(1 / 1000)


def test_dates_move_within_strata_only() -> None:
    # the topic fills the later stratum and is absent from the earlier one: no trend within either
    time = np.concatenate([np.linspace(2015, 2018, 30), np.linspace(2021, 2024, 30)])
    strata = np.repeat([0, 1], 30)
    members = (strata == 1)[:, None]
    assert permutation_p(members, time, strata, 999, 0)[0] == 1
    assert permutation_p(members, time, np.zeros(60), 999, 0)[0] < 0.01


def test_a_seed_repeats_the_result() -> None:
    rng = np.random.default_rng(0)
    time, members = rng.random(50), rng.random((50, 3)) < 0.3
    first, second = (permutation_p(members, time, np.zeros(50), 500, 7) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_p_values_are_uniform_where_there_is_no_trend() -> None:
    rng = np.random.default_rng(1)
    time = rng.random(120)
    strata = rng.integers(0, 3, 120)
    p = permutation_p(rng.random((120, 600)) < 0.15, time, strata, 999, 2)
    # 5 % of 600 is 30, with a standard error of 5.3
    assert 15 <= (p < 0.05).sum() <= 46
    assert 0.45 < p.mean() < 0.55


def test_every_stratum_has_mean_zero_after_centring() -> None:
    strata = np.array([1, 1, 2, 2, 2])
    centred = within_strata(np.array([1.0, 3.0, 5.0, 6.0, 7.0]), strata)
    np.testing.assert_allclose(centred, [-1, 1, -1, 0, 1])


def test_q_values_are_those_of_the_published_procedure() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(benjamini_hochberg(p), [0.02, 0.04, 0.04, 0.02])
    assert benjamini_hochberg(np.array([])).size == 0
