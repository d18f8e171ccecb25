"""The map of points by their neighbours."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from analysis.topics.describe.neighbour_map import neighbour_map, neighbour_weights


def _groups(sizes: list[int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    centres = rng.normal(size=(len(sizes), 20))
    points = centres[group] + 0.2 * rng.normal(size=(len(group), 20))
    return cdist(points, points), group


def test_what_is_near_stays_near() -> None:
    distance, group = _groups([30, 20, 25])
    points = neighbour_map(distance, 0)
    on_map = cdist(points, points) + np.diag(np.full(len(points), np.inf))
    nearest = np.argsort(on_map, axis=1)[:, :5]
    assert (group[nearest] == group[:, None]).mean() > 0.98


def test_a_seed_gives_the_same_map_and_another_one_much_like_it() -> None:
    distance, _ = _groups([30, 20, 25])
    first = neighbour_map(distance, 3)
    np.testing.assert_array_equal(first, neighbour_map(distance, 3))
    other = neighbour_map(distance, 4)
    assert not np.array_equal(first, other)
    agreement = np.corrcoef(cdist(first, first).ravel(), cdist(other, other).ravel())[0, 1]
    assert agreement > 0.8


@pytest.mark.parametrize("count", [4, 10, 40])
def test_points_that_cannot_be_told_apart_have_finite_places(count: int) -> None:
    for distance in (np.zeros((count, count)), 1 - np.eye(count)):
        assert np.isfinite(neighbour_map(distance, 0)).all()


def test_groups_without_any_link_do_not_lie_upon_one_another() -> None:
    group = np.repeat(np.arange(4), 20)
    distance = np.where(group[:, None] == group, 0.1, 1.0)
    np.fill_diagonal(distance, 0)
    points = neighbour_map(distance, 0)
    centres = np.stack([points[group == one].mean(axis=0) for one in range(4)])
    spread = max(np.linalg.norm(points[group == one] - centres[one], axis=1).mean() for one in range(4))
    assert cdist(centres, centres)[np.triu_indices(4, 1)].min() > 2 * spread


def test_weights_are_symmetric_one_for_the_nearest_and_hold_as_much_for_every_point() -> None:
    distance, _ = _groups([40])
    weights = neighbour_weights(distance, 15)
    np.testing.assert_allclose(weights, weights.T)
    nearest = np.argsort(distance + np.diag(np.full(40, np.inf)), axis=1)[:, 0]
    np.testing.assert_allclose(weights[np.arange(40), nearest], 1.0)
    assert (weights >= 0).all()
    assert (weights <= 1 + 1e-12).all()
