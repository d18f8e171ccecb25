"""The likelihood's state on a design, with strata and without looking for them."""

import numpy as np
import pytest

from analysis.trends.design import Design
from analysis.trends.regression import _maximise


def _stratified(strata: int, slopes: int = 2, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(strata), rng.integers(0, strata, 300)])
    columns = rng.normal(size=(len(codes), slopes))
    trials = rng.integers(1, 5, len(codes)).astype(float)
    matrix = np.column_stack([columns, codes[:, None] == np.arange(strata)]).astype(float)
    return matrix, rng.binomial(trials.astype(int), 0.3).astype(float), trials


@pytest.mark.parametrize("strata", [15, 60])
@pytest.mark.parametrize("slopes", [1, 3])
def test_strata_are_found_and_give_what_plain_products_give(strata: int, slopes: int) -> None:
    matrix, response, trials = _stratified(strata, slopes)
    found = Design.of(matrix)
    assert found.stratum is not None
    assert len(np.unique(found.stratum)) == strata
    for scale in (0.0, 0.5, 3.0):
        beta = scale * np.random.default_rng(1).normal(size=(matrix.shape[1],))
        fast, plain = found.state(response, trials, beta), Design(matrix, None).state(response, trials, beta)
        for place in range(3):
            np.testing.assert_allclose(fast[place], plain[place], rtol=1e-8, atol=1e-9)


def test_columns_that_look_like_strata_and_are_none_are_not_taken_for_them() -> None:
    matrix, _, _ = _stratified(20)
    overlapping = matrix.copy()
    overlapping[0, -2:] = 1
    assert Design.of(overlapping).stratum is None
    # an intercept before all but one of the indicators: rows of the first stratum have no indicator of their own
    with_intercept = np.column_stack([matrix[:, :2], np.ones(len(matrix)), matrix[:, 3:]])
    assert Design.of(with_intercept).stratum is None
    assert Design.of(matrix[:, :6]).stratum is None


def test_a_slope_that_strata_explain_is_no_full_rank() -> None:
    matrix, response, trials = _stratified(20, 1)
    assert Design.of(matrix).is_full_rank
    matrix[:, 0] = matrix[:, 1:] @ np.arange(20.0)
    assert not Design.of(matrix).is_full_rank
    assert not Design(matrix, None).is_full_rank
    assert Design.of(matrix).state(response, trials, np.zeros(21))[0] < 1e6


def test_a_binary_slope_beside_strata_is_a_slope() -> None:
    matrix, response, trials = _stratified(20, 1)
    matrix[:, 0] = np.random.default_rng(3).random(len(matrix)) < 0.5
    found = Design.of(matrix)
    assert found.stratum is not None
    beta = np.full(21, 0.2)
    np.testing.assert_allclose(
        found.state(response, trials, beta)[2], Design(matrix, None).state(response, trials, beta)[2], rtol=1e-8
    )


@pytest.mark.parametrize("strata", [1, 4, 60])
@pytest.mark.parametrize("held", [[], [0], [1, 2]])
def test_the_compiled_climb_ends_where_the_plain_one_does(strata: int, held: list[int]) -> None:
    matrix, response, trials = _stratified(strata, 3)
    free = np.ones(matrix.shape[1], dtype=bool)
    free[held] = False
    start = np.zeros(matrix.shape[1])
    # what is held may be held anywhere
    start[held] = 0.3
    rows = Design.of(matrix)
    found = rows.climb(response, trials, start, free)
    assert found is not None
    plain = _maximise(Design(matrix, None), response, trials, start, free)
    np.testing.assert_allclose(found[0], plain.coefficients, atol=1e-6)
    np.testing.assert_allclose(found[1], plain.covariance, rtol=1e-5, atol=1e-8)
    assert found[2] == pytest.approx(plain.loglik, abs=1e-8)


def test_a_climb_without_strata_or_over_held_strata_is_left_to_others() -> None:
    matrix, response, trials = _stratified(4)
    free = np.ones(matrix.shape[1], dtype=bool)
    assert Design(matrix, None).climb(response, trials, np.zeros(len(free)), free) is None
    free[-1] = False
    assert Design.of(matrix).climb(response, trials, np.zeros(len(free)), free) is None
