"""A map of the papers, on which those of like consensus stand together."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.embedding.vectors import row_product
from analysis.topics.clustering.coassociation import Coassociation, sketch_directions
from analysis.topics.describe.neighbour_map import neighbour_map

# below this many points there are no neighbourhoods to draw
FEWEST_ON_MAP = 10
# a paper of a large corpus stands among this many atoms
_ATOMS_AROUND = 3


@dataclass(frozen=True)
class AtomMap:
    """Atoms on the map, and how near a paper is to each.

    Attributes
    ----------
    points : ndarray of float64, shape (m, 2)
    sketch : ndarray of float32, shape (m, 64)
        Mean of the sketches of an atom's papers; see `analysis.topics.clustering.coassociation`.
    directions : ndarray of float32, shape (clusters, 64)
        That turn clusters into a sketch.
    """

    points: np.ndarray
    sketch: np.ndarray
    directions: np.ndarray

    @classmethod
    def of(cls, together: Coassociation, member: sparse.csr_matrix, points: np.ndarray) -> "AtomMap":
        """Prepare to place papers by their clusters; `member` says who is in which, shape (n, clusters)."""
        directions = sketch_directions(member.shape[1])
        gather = sparse.csr_matrix((1 / together.sizes[together.atom], (together.atom, np.arange(len(together.atom)))))
        return cls(points, np.asarray(gather @ (member @ directions), dtype=np.float32), directions)

    def locate(self, member: sparse.csr_matrix) -> np.ndarray:
        """Place each paper at the mean of the atoms nearest to it, by how near they are, shape (n, 2)."""
        around = min(_ATOMS_AROUND, len(self.points))
        sketch = np.asarray(member @ self.directions, dtype=np.float64)
        squares = (self.sketch.astype(np.float64) ** 2).sum(axis=1) - 2 * row_product(
            sketch, self.sketch.T.astype(np.float64)
        )
        atoms = _nearest(squares, around)
        nearest = np.take_along_axis(squares, atoms, axis=1) + (sketch**2).sum(axis=1, keepdims=True)
        distance = np.sqrt(np.maximum(nearest, 0))
        weights = 1 / (distance + distance.mean(axis=1, keepdims=True) * 0.1 + 1e-9)
        return np.asarray((self.points[atoms] * weights[:, :, None]).sum(axis=1) / weights.sum(axis=1, keepdims=True))


def _nearest(squares: np.ndarray, count: int) -> np.ndarray:
    """Return the columns of each row's least values, rising, of equal ones the first; shape (n, count)."""
    least = np.sort(np.argpartition(squares, count - 1, axis=1)[:, :count], axis=1)
    values = np.take_along_axis(squares, least, axis=1)
    chosen = np.take_along_axis(least, np.argsort(values, axis=1, kind="stable"), axis=1)
    # which of equal values a partition takes is nobody's choice
    tied = np.flatnonzero((squares <= values.max(axis=1, keepdims=True)).sum(axis=1) > count)
    chosen[tied] = np.argsort(squares[tied], axis=1, kind="stable")[:, :count]
    return chosen


def map_of_papers(together: Coassociation, similarity: np.ndarray, seed: int) -> np.ndarray:
    """Return a two-dimensional map, shape (n, 2), float64.

    UMAP's layout (McInnes et al. 2018) of the consensus distance between atoms; principal axes of a
    corpus too small for that. Where atoms hold several papers, each paper stands among the atoms
    nearest to it.
    """
    points = map_of_atoms(similarity, seed)
    if len(points) == len(together.atom):
        return points
    return AtomMap.of(together, together.member, points).locate(together.member)


def map_of_atoms(similarity: np.ndarray, seed: int) -> np.ndarray:
    """Return where atoms stand on the map, shape (m, 2), float64."""
    if len(similarity) >= FEWEST_ON_MAP and similarity.min() < 1:
        distance = np.maximum(1 - similarity.astype(np.float64), 0)
        np.fill_diagonal(distance, 0)
        return neighbour_map(distance, seed)
    values, axes = np.linalg.eigh(similarity.astype(np.float64))
    points = np.zeros((len(similarity), 2))
    width = min(2, len(similarity))
    points[:, :width] = axes[:, ::-1][:, :width] * np.sqrt(np.maximum(values[::-1][:width], 0))
    return points
