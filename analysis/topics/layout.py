"""A map of the papers, on which those of like consensus stand together."""

import warnings

import numpy as np
from scipy import sparse
from sklearn.neighbors import NearestNeighbors

from analysis.topics.coassociation import Coassociation

_NEIGHBOURS, _MIN_DISTANCE = 15, 0.3
# below this many points there is no neighbourhood for UMAP to draw
UMAP_FROM = 10
# a paper of a large corpus stands among this many atoms
_ATOMS_AROUND = 3


def map_of_papers(together: Coassociation, similarity: np.ndarray, seed: int) -> np.ndarray:
    """Return a two-dimensional map, shape (n, 2), float64.

    UMAP (McInnes et al. 2018) of the consensus distance between atoms; principal axes of a corpus
    too small for that. Where atoms hold several papers, each paper stands among the atoms
    nearest to it.
    """
    if len(similarity) >= UMAP_FROM and similarity.min() < 1:
        points = _umap(1 - similarity, seed)
    else:
        values, axes = np.linalg.eigh(similarity.astype(np.float64))
        points = np.zeros((len(similarity), 2))
        width = min(2, len(similarity))
        points[:, :width] = axes[:, ::-1][:, :width] * np.sqrt(np.maximum(values[::-1][:width], 0))
    if len(points) == len(together.atom):
        return points.astype(np.float64)
    return _among_atoms(together, points.astype(np.float64))


def _umap(distance: np.ndarray, seed: int) -> np.ndarray:
    with warnings.catch_warnings():
        # umap tells that a seed rules out parallel work, and imports optional packages noisily
        warnings.simplefilter("ignore")
        from umap import UMAP

        distance = np.maximum(distance, 0)
        np.fill_diagonal(distance, 0)
        reducer = UMAP(
            n_components=2, n_neighbors=min(_NEIGHBOURS, len(distance) - 1), min_dist=_MIN_DISTANCE,
            metric="precomputed", random_state=seed,
        )  # fmt: skip
        return np.asarray(reducer.fit_transform(distance))


def _among_atoms(together: Coassociation, points: np.ndarray) -> np.ndarray:
    """Place each paper at the mean of the atoms nearest to it, by how near they are."""
    sketch = together.sketch()
    gather = sparse.csr_matrix((1 / together.sizes[together.atom], (together.atom, np.arange(len(sketch)))))
    nearest = NearestNeighbors(n_neighbors=_ATOMS_AROUND).fit(np.asarray(gather @ sketch))
    distance, around = nearest.kneighbors(sketch)
    weights = 1 / (distance + distance.mean() * 0.1 + 1e-9)
    return np.asarray((points[around] * weights[:, :, None]).sum(axis=1) / weights.sum(axis=1, keepdims=True))
