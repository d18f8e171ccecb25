"""Small operations on matrices of row vectors."""

import numpy as np
from scipy.sparse.linalg import eigsh
from sklearn.utils.extmath import randomized_svd

# up to this many rows all eigenvectors are computed, past it the leading ones
_DENSE = 700
# below this a row is rounding error: scaled up it would be noise
_NO_LENGTH = 1e-6


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Return rows scaled to length one, shape and order kept, float32; rows of no length become zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = np.divide(vectors, lengths, out=np.zeros_like(vectors, dtype=np.float32), where=lengths > _NO_LENGTH)
    return np.asarray(scaled, dtype=np.float32)


def centred(vectors: np.ndarray) -> np.ndarray:
    """Return unit rows less their mean, scaled to length one again.

    What all papers of one field share points the same way in each of them; without it their
    neighbours agree more.
    """
    return unit_rows(vectors - vectors.mean(axis=0, keepdims=True))


def side_by_side(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """Return two sets of unit rows joined, so that a cosine is `share` of the first's and the rest of the second's.

    Parameters
    ----------
    first, second : ndarray, shapes (n, d) and (n, e)
        Rows of unit length.
    share : float
        Weight of the first, 0 to 1.

    Returns
    -------
    ndarray of float32, shape (n, d + e)
    """
    return np.hstack([np.sqrt(share) * first, np.sqrt(1 - share) * second]).astype(np.float32)


def reduced(vectors: np.ndarray, rank: int, seed: int) -> np.ndarray:
    """Return rows in the space of their `rank` leading singular vectors, unit length, float32."""
    rank = min(rank, min(vectors.shape) - 1)
    if rank < 1:
        return unit_rows(vectors)
    left, values, _ = randomized_svd(vectors, rank, n_iter=5, random_state=seed)
    return unit_rows(left * values)


def neighbour_graph(vectors: np.ndarray, n_neighbours: int) -> np.ndarray:
    """Return the symmetric graph of nearest neighbours by cosine, weights not negative, zero diagonal.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Rows of unit length.
    n_neighbours : int
        At most n - 1 count.

    Returns
    -------
    ndarray of float32, shape (n, n)
    """
    similarity = np.maximum(vectors @ vectors.T, 0)
    np.fill_diagonal(similarity, 0)
    count = min(n_neighbours, len(vectors) - 1)
    nearest = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
    rows = np.arange(len(vectors))[:, None]
    graph = np.zeros_like(similarity)
    graph[rows, nearest] = similarity[rows, nearest]
    return np.asarray((graph + graph.T) / 2, dtype=np.float32)


def spectral_rows(affinity: np.ndarray, rank: int) -> np.ndarray:
    """Return the leading eigenvectors of the normalised affinity, each times its eigenvalue, rows of unit length.

    Ng, Jordan and Weiss (2002); the first, trivial eigenvector is left out.

    Parameters
    ----------
    affinity : ndarray, shape (n, n)
        Symmetric, not negative.
    rank : int
        At most n - 2 counts.

    Returns
    -------
    ndarray of float32, shape (n, min(rank, n - 2))
    """
    count = len(affinity)
    rank = max(1, min(rank, count - 2))
    scale = np.maximum(affinity.sum(axis=1, dtype=np.float64), 1e-9) ** -0.5
    normalised = affinity * scale[:, None] * scale[None, :]
    if count < _DENSE:
        values, axes = np.linalg.eigh(normalised)
    else:
        values, axes = eigsh(normalised, k=rank + 1, v0=np.ones(count))
    order = np.argsort(-values)[1 : rank + 1]
    axes, values = axes[:, order], np.maximum(values[order], 0)
    # an eigenvector's sign is arbitrary; the largest entry is made positive
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(order))])
    return unit_rows((axes * signs * values).astype(np.float32))
