"""Weights and moments of all subsets of strata, against subsets written out one by one."""

from itertools import combinations

import numpy as np
import pytest

from analysis.trends.subsets import subset_moments


def _written_out(
    values: np.ndarray, sizes: list[int], inside: list[int], slopes: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    constant, mean = 0.0, np.zeros(len(slopes))
    covariance = np.zeros((len(slopes), len(slopes)))
    start = 0
    for size, wanted in zip(sizes, inside, strict=True):
        sums = np.array(
            [values[list(chosen)].sum(axis=0) for chosen in combinations(range(start, start + size), wanted)]
        )
        logs = sums @ slopes
        weights = np.exp(logs - logs.max())
        constant += logs.max() + np.log(weights.sum())
        weights /= weights.sum()
        mean += weights @ sums
        covariance += (sums * weights[:, None]).T @ sums - np.outer(weights @ sums, weights @ sums)
        start += size
    return constant, mean, covariance


@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0, 100.0])
@pytest.mark.parametrize("width", [1, 3])
def test_moments_are_those_of_subsets_written_out_however_steep_the_slopes(scale: float, width: int) -> None:
    rng = np.random.default_rng(width)
    sizes, inside = [5, 1, 7, 4, 3], [2, 1, 4, 0, 3]
    values, slopes = rng.normal(size=(sum(sizes), width)), scale * rng.normal(size=width)
    mean, covariance = np.empty(width), np.empty((width, width))
    stops, taken = np.cumsum(sizes).astype(np.int64), np.array(inside, dtype=np.int64)
    constant = subset_moments(values, stops, taken, slopes, mean, covariance)
    wanted = _written_out(values, sizes, inside, slopes)
    assert constant == pytest.approx(wanted[0], rel=1e-10, abs=1e-9)
    np.testing.assert_allclose(mean, wanted[1], atol=1e-9)
    np.testing.assert_allclose(covariance, wanted[2], atol=1e-8)


def test_a_large_stratum_overflows_nothing() -> None:
    values = np.linspace(-5, 5, 2_000)[:, None]
    mean, covariance = np.empty(1), np.empty((1, 1))
    constant = subset_moments(values, np.array([2_000]), np.array([1_000]), np.zeros(1), mean, covariance)
    # the log of the number of ways to choose half of two thousand
    assert constant == pytest.approx(1382.27, abs=0.01)
    assert mean[0] == pytest.approx(0, abs=1e-6)
