"""k-means in a compiled loop: what scikit-learn's gives with the same seed."""

import warnings

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from analysis.topics.clustering.lloyd import kmeans, nearest_centres


def _blobs(count: int, dimensions: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(12, dimensions))[rng.integers(12, size=count)] + rng.normal(0, 0.6, (count, dimensions))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize(
    ("count", "dimensions", "clusters"), [(40, 5, 2), (300, 64, 9), (300, 256, 35), (1_500, 30, 20)]
)
def test_clusters_are_those_of_scikit_learn(count: int, dimensions: int, clusters: int) -> None:
    for seed in range(8):
        rows = _blobs(count, dimensions, seed)
        labels, centres = kmeans(rows, clusters, seed)
        known = KMeans(clusters, init="random", n_init=1, random_state=seed).fit(rows)
        # last bits of sums may differ, and move a row that lies between two centres
        assert np.mean(labels == known.labels_) > 0.98
        inertia = ((rows - centres[labels]) ** 2).sum()
        assert inertia == pytest.approx(known.inertia_, rel=2e-3)


def test_every_row_is_with_its_nearest_centre_and_every_centre_in_the_middle() -> None:
    rows = _blobs(400, 20, 3)
    labels, centres = kmeans(rows, 11, 5)
    away = ((rows[:, None, :] - centres[None]) ** 2).sum(axis=2)
    assert (away[np.arange(400), labels] <= away.min(axis=1) + 1e-5).all()
    middles = np.stack([rows[labels == cluster].mean(axis=0) for cluster in range(11)])
    np.testing.assert_allclose(centres, middles, atol=0.02)
    np.testing.assert_array_equal(nearest_centres(rows, centres), away.argmin(axis=1))


def test_fewer_distinct_rows_than_clusters_are_clustered_all_the_same() -> None:
    rows = np.repeat(_blobs(3, 8, 0), 20, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        labels, centres = kmeans(rows, 6, 0)
    assert centres.shape == (6, 8)
    assert all(len(set(labels[rows[:, 0] == value].tolist())) == 1 for value in np.unique(rows[:, 0]))


def test_the_same_seed_gives_the_same_clusters_and_rows_stay_as_they_were() -> None:
    rows = np.asfortranarray(_blobs(200, 16, 1))
    before = rows.copy()
    first, second = kmeans(rows, 7, 2), kmeans(rows, 7, 2)
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])
    np.testing.assert_array_equal(rows, before)
