"""Points on a plane whose neighbours are those of a distance: UMAP's layout for up to a few thousand points.

McInnes, Healy and Melville (2018), arXiv:1802.03426. umap-learn compiles its loops anew in every process, which takes ten
seconds; these few are kept compiled, and import nothing else. tests/benchmarks/RESULTS.md has both side by side.
"""

import numpy as np
import scipy.linalg

from analysis.io.compiled import compiled
from analysis.io.random_bits import GOLDEN, scrambled

_NEIGHBOURS = 15
# the curve 1 / (1 + a d^2) that falls from 1 at a distance of 0.2 about as exp(-(d - 0.2)) does; other powers take longer
_A = 1.26
_EPOCHS, _REPELLED = 300, 5
# how much points that are no neighbours hold together at first, so that nothing falls apart
_EVERYWHERE = 1e-3
_WIDTH, _NOISE = 10.0, 1e-4
_HALVINGS = 64


def neighbour_map(distance: np.ndarray, seed: int, neighbours: int = _NEIGHBOURS) -> np.ndarray:
    """Return a plane map of m points, float64, shape (m, 2).

    Parameters
    ----------
    distance : ndarray of float, shape (m, m)
        Symmetric, 0 upwards.
    seed : int
    neighbours : int
        How many nearest points, itself among them, make a point's neighbourhood.
    """
    weights = neighbour_weights(distance, min(neighbours, len(distance) - 1))
    rows, columns = np.nonzero(weights > weights.max() / _EPOCHS)
    points = _spectral_axes(weights + _EVERYWHERE * np.maximum(distance.max() - distance, 0))
    points *= _WIDTH / max(np.abs(points).max(), 1e-12)
    points += np.random.default_rng(seed).normal(0, _NOISE, points.shape)
    (start,) = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    _arrange(points, rows, columns, weights[rows, columns] / weights.max(), start)
    return points


def neighbour_weights(distance: np.ndarray, neighbours: int) -> np.ndarray:
    """Return how much two points are neighbours, in [0, 1], shape (m, m).

    To its nearest point each is a neighbour for sure; how fast this falls with distance is such that all neighbourhoods hold
    as much. One of two being the other's neighbour is enough.
    """
    count = len(distance)
    nearest = np.argsort(distance + np.diag(np.full(count, -1.0)), axis=1, kind="stable")[:, :neighbours]
    around = np.take_along_axis(distance, nearest, axis=1).astype(float)
    away = np.where(around > 0, around, np.inf).min(axis=1)
    beyond = np.maximum(around - np.where(np.isfinite(away), away, 0.0)[:, None], 0)
    low, high = np.zeros(count), np.full(count, np.inf)
    scale, wanted = np.ones(count), np.log2(max(neighbours, 2))
    for _ in range(_HALVINGS):
        too_much = np.exp(-beyond[:, 1:] / scale[:, None]).sum(axis=1) > wanted
        high, low = np.where(too_much, scale, high), np.where(too_much, low, scale)
        scale = np.where(np.isinf(high), scale * 2, (low + high) / 2)
    # where many points coincide no scale is small enough
    scale = np.maximum(scale, 1e-3 * np.maximum(around.mean(axis=1), 1e-12))
    directed = np.zeros((count, count))
    np.put_along_axis(directed, nearest, np.exp(-beyond / scale[:, None]), axis=1)
    np.fill_diagonal(directed, 0)
    return np.asarray(directed + directed.T - directed * directed.T)


def _spectral_axes(affinity: np.ndarray) -> np.ndarray:
    """Return the first two axes of a connected graph after the even one, each with its largest value positive, shape (m, 2)."""
    root = np.sqrt(affinity.sum(axis=1))
    count = len(affinity)
    _, axes = scipy.linalg.eigh(affinity / root / root[:, None], subset_by_index=[max(count - 3, 0), count - 1])
    axes = axes[:, -2::-1] / root[:, None]
    largest = np.abs(axes).argmax(axis=0)
    return np.asarray(axes * np.sign(axes[largest, range(axes.shape[1])]))


@compiled
def _clipped(value: float) -> float:
    return min(4.0, max(-4.0, value))


@compiled
def _arrange(points: np.ndarray, rows: np.ndarray, columns: np.ndarray, strength: np.ndarray, seed: np.uint64) -> None:
    """Move points, in place, towards neighbours as often as they are strong, and away from points drawn at random."""
    count, counter = np.uint64(len(points)), seed
    due, due_away = 1.0 / strength, 1.0 / strength / _REPELLED
    for epoch in range(_EPOCHS):
        rate = 1.0 - epoch / _EPOCHS
        for edge in range(len(rows)):
            if due[edge] > epoch:
                continue
            own, other = rows[edge], columns[edge]
            across, up = points[own, 0] - points[other, 0], points[own, 1] - points[other, 1]
            square = across * across + up * up
            if square > 0.0:
                pull = -2.0 * _A / (_A * square + 1.0)
                points[own, 0] += _clipped(pull * across) * rate
                points[own, 1] += _clipped(pull * up) * rate
                points[other, 0] -= _clipped(pull * across) * rate
                points[other, 1] -= _clipped(pull * up) * rate
            due[edge] += 1.0 / strength[edge]
            step = 1.0 / strength[edge] / _REPELLED
            while due_away[edge] <= epoch:
                due_away[edge] += step
                counter += GOLDEN
                drawn = np.int64(((scrambled(counter) >> np.uint64(32)) * count) >> np.uint64(32))
                across, up = points[own, 0] - points[drawn, 0], points[own, 1] - points[drawn, 1]
                square = across * across + up * up
                if square > 0.0:
                    push = 2.0 / ((0.001 + square) * (_A * square + 1.0))
                    points[own, 0] += _clipped(push * across) * rate
                    points[own, 1] += _clipped(push * up) * rate
