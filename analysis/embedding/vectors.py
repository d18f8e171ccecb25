"""Small operations on matrices of row vectors."""

import numpy as np


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Return rows scaled to length one, shape and order kept, float32; zero rows stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors, dtype=np.float32), where=lengths > 0).astype(np.float32)


def centred(vectors: np.ndarray) -> np.ndarray:
    """Return unit rows less their mean, scaled to length one again.

    What all papers of one field share points the same way in each of them; without it their
    neighbours agree more.
    """
    return unit_rows(vectors - vectors.mean(axis=0, keepdims=True))


def neighbour_smoothed(vectors: np.ndarray, n_neighbours: int) -> np.ndarray:
    """Return each row averaged with its nearest rows by cosine, itself included, unit length.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Rows of unit length.
    n_neighbours : int
        How many rows, itself included, make an average; at most n counts.
    """
    count = min(n_neighbours, len(vectors))
    smoothed = np.empty_like(vectors)
    for start in range(0, len(vectors), 1024):
        similarity = vectors[start : start + 1024] @ vectors.T
        nearest = np.argpartition(-similarity, count - 1, axis=1)[:, :count]
        smoothed[start : start + 1024] = vectors[nearest].mean(axis=1)
    return unit_rows(smoothed)
