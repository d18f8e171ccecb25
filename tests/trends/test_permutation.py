"""Permutation of dates within strata."""

from itertools import combinations, permutations

import numpy as np
import pytest

from analysis.trends import permutation
from analysis.trends.permutation import normal_p, permutation_p, within_strata
from analysis.trends.subset_sums import times_reached


def test_few_arrangements_are_enumerated() -> None:
    time = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 8.0])
    members = np.array([0, 0, 1, 0, 1, 1], dtype=bool)
    observed = abs((time - time.mean()) @ members)
    exact = np.mean([abs((np.array(order) - time.mean()) @ members) >= observed - 1e-9 for order in permutations(time)])
    (enumerated,) = permutation_p(members[:, None], time, np.zeros(6), 20_000, 0)
    (drawn,) = permutation_p(members[:, None], time, np.zeros(6), 19, 0)
    assert enumerated == pytest.approx(exact, abs=1e-12)
    assert drawn in {count / 20 for count in range(1, 21)}


def test_enumeration_goes_by_stratum_and_by_those_left_out() -> None:
    rng = np.random.default_rng(4)
    time, strata = rng.random(12), np.repeat([0, 1], 6)
    members = np.array([1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    (exact,) = permutation_p(members[:, None], time, strata, 999, 0)
    drawn = permutation._drawn_p(members[:, None], within_strata(time, strata), np.array([6, 6]), 40_000, 1)
    assert exact == pytest.approx(drawn[0], abs=0.01)


def test_large_topics_of_large_corpora_get_the_normal_approximation_and_it_agrees() -> None:
    rng = np.random.default_rng(2)
    time, strata = rng.gamma(2, 2, 3000), rng.integers(0, 3, 3000)
    members = np.stack([rng.random(3000) < share for share in (0.1, 0.3, 0.01)], axis=1)
    drawn = permutation_p(members, time, strata, 9999, 0)
    normal = permutation_p(members, time, strata, 9999, 0, many=1000)
    np.testing.assert_allclose(normal[:2], normal_p(members[:, :2], time, strata), rtol=1e-9)
    np.testing.assert_allclose(normal, drawn, atol=0.02)
    # a small topic is drawn all the same
    assert round(normal[2] * 10_000) == pytest.approx(normal[2] * 10_000)


def test_sums_of_random_subsets_have_the_moments_of_all_subsets() -> None:
    rng = np.random.default_rng(6)
    dates = np.concatenate([rng.gamma(1, 1, 9), rng.normal(0, 4, 5)])
    dates[:9] -= dates[:9].mean()
    dates[9:] -= dates[9:].mean()
    stops, repeats = np.array([9, 14]), 400_000
    for taken in ([3, 4], [8, 0], [5, 5]):
        sums = np.zeros(1)
        for stratum, count in zip((dates[:9], dates[9:]), taken, strict=True):
            sums = (sums[:, None] + [sum(chosen) for chosen in combinations(stratum, count)]).ravel()
        for least in np.quantile(np.abs(sums), [0.2, 0.5, 0.9]):
            share = times_reached(dates, stops, np.array(taken), float(least) - 1e-9, repeats, np.uint64(5)) / repeats
            exact = (np.abs(sums) >= least - 1e-9).mean()
            assert share == pytest.approx(exact, abs=4 * np.sqrt(0.25 / repeats))


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
