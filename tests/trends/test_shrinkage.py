"""Slopes drawn toward their mean."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends.shrinkage import shrunken
from analysis.trends.tests import trend_tests
from tests.benchmarks.worlds import hard_world


def test_an_uncertain_extreme_falls_behind_a_certain_rise() -> None:
    values, variances = np.array([0.5, 0.9, 0.0, -0.1, 0.05]), np.array([0.001, 1.0, 0.001, 0.001, 0.001])

    drawn = shrunken(values, variances)

    assert np.argmax(values) == 1
    assert np.argmax(drawn) == 0
    assert abs(drawn[0] - 0.5) < 0.05


def test_errors_halve_where_slopes_hardly_differ() -> None:
    rng = np.random.default_rng(0)
    raw, drawn = [], []
    for _ in range(200):
        truth, variances = rng.normal(0, 0.2, 20), rng.uniform(0.01, 0.3, 20)
        seen = truth + rng.normal(0, np.sqrt(variances))
        raw.append(np.mean((seen - truth) ** 2))
        drawn.append(np.mean((shrunken(seen, variances) - truth) ** 2))

    assert np.sqrt(np.mean(drawn)) < 0.6 * np.sqrt(np.mean(raw))


def test_slopes_no_more_spread_than_their_errors_are_all_the_mean() -> None:
    assert np.ptp(shrunken(np.array([0.1, -0.1, 0.05]), np.ones(3))) == 0


def test_nothing_known_gives_the_mean_and_one_alone_stays() -> None:
    drawn = shrunken(np.array([0.2, 0.4, np.nan]), np.array([1e-6, 1e-6, np.inf]))

    assert np.isclose(drawn[2], 0.3)
    assert shrunken(np.array([0.7]), np.array([2.0])).tolist() == [0.7]


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(1e-6, 1e6)), min_size=2, max_size=30),
)
def test_no_estimate_leaves_the_range_of_all(pairs: list[tuple[float, float]]) -> None:
    values, variances = np.array(pairs).T

    drawn = shrunken(values, variances)

    assert drawn.min() >= values.min() - 1e-9
    assert drawn.max() <= values.max() + 1e-9


def test_tests_carry_it_nearer_to_one() -> None:
    drawn = hard_world("rise", 3000, np.random.default_rng(1))

    found = trend_tests(drawn.labels, drawn.time, drawn.strata)

    away, shrunk = np.log(found["odds_ratio"]), np.log(found["odds_ratio_shrunken"])
    assert shrunk.std() < away.std()
    assert shrunk.idxmax() == 0
