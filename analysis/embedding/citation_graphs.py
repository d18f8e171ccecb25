"""Graphs of papers by what they cite: bibliographic coupling, and co-citation.

Kessler (1963), American Documentation 14(1), 10-25; Small (1973), JASIS 24(4), 265-269. Papers of one time cite, and are
cited, in one time: without a norm for it a graph's groups are periods.
"""

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from analysis.embedding.vectors import spectral_rows, unit_rows

_NEIGHBOURS, _RANK = 10, 30
# rows of a similarity that are held at once
_BLOCK = 1_000
# pairs whose years expect less than this share of the most that any do count as if they expected so much
_LEAST_EXPECTED = 0.02


def coupling_vectors(papers: np.ndarray, cited: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors of papers that are near where papers cite the same works.

    Parameters
    ----------
    papers, cited : ndarray of int, shape (references,)
        Who cites (a position, 0..n-1), and which work (0 upwards).
    years : ndarray of int, shape (n,)
        -1 where unknown.

    Returns
    -------
    vectors : ndarray of float32, shape (n, d)
        Unit rows, zero where nothing is known.
    known : ndarray of bool, shape (n,)
        Papers that share a work with another.

    Examples
    --------
    >>> rows, known = coupling_vectors(np.array([0, 1, 2, 3, 4]), np.array([7, 7, 8, 8, 9]), np.full(5, 2020))
    >>> known.tolist()
    [True, True, True, True, False]
    """
    return _vectors(_incidence(papers, cited, len(years)), years)


def cocitation_vectors(papers: np.ndarray, cited: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors of papers that are near where others of them cite both.

    Parameters
    ----------
    papers, cited : ndarray of int, shape (citations,)
        Who cites whom, by position.
    years : ndarray of int, shape (n,)

    Returns
    -------
    vectors, known
        As of `coupling_vectors`; known are papers that are cited beside another.
    """
    return _vectors(_incidence(cited, papers, len(years)), years)


def _incidence(rows: np.ndarray, columns: np.ndarray, count: int) -> sparse.csr_matrix:
    """Return what is shared, each weighed by its rarity, unit rows; what one row has alone is left out."""
    kinds, codes = np.unique(columns, return_inverse=True)
    ones = np.ones(len(rows), dtype=np.float32)
    held = sparse.csr_matrix((ones, (rows, codes)), shape=(count, len(kinds)))
    held.data[:] = 1  # named twice counts once
    uses = held.getnnz(axis=0)
    held = held[:, uses > 1]
    rarity = np.log((1 + count) / (1 + uses[uses > 1])) + 1
    weighed = (held @ sparse.diags(rarity.astype(np.float32))).tocsr()
    return normalize(weighed) if weighed.nnz else weighed


def _vectors(shared: sparse.csr_matrix, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = np.diff(shared.indptr) > 0
    rows = np.flatnonzero(known)
    vectors = np.zeros((len(years), 1), dtype=np.float32)
    if len(rows) > _NEIGHBOURS:
        found = unit_rows(spectral_rows(_nearest(shared[rows], years[rows]), _RANK))
        vectors = np.zeros((len(years), found.shape[1]), dtype=np.float32)
        vectors[rows] = found
    return vectors, known


def _nearest(shared: sparse.csr_matrix, years: np.ndarray) -> sparse.csr_matrix:
    """Return the symmetric graph of nearest papers by what they share, against what their years expect."""
    count, near = shared.shape[0], min(_NEIGHBOURS, shared.shape[0] - 1)
    expected, code = _expected(shared, years)
    heads, tails, weights = [], [], []
    for start in range(0, count, _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, count))
        alike = (shared[rows] @ shared.T).toarray() / expected[code[rows]][:, code]
        alike[np.arange(len(rows)), rows] = 0
        best = np.argpartition(-alike, near - 1, axis=1)[:, :near]
        heads.append(np.repeat(rows, near))
        tails.append(best.ravel())
        weights.append(np.take_along_axis(alike, best, axis=1).ravel())
    graph = sparse.csr_matrix(
        (np.concatenate(weights), (np.concatenate(heads), np.concatenate(tails))), shape=(count, count)
    )
    graph.eliminate_zeros()
    return ((graph + graph.T) / 2).tocsr()


def _expected(shared: sparse.csr_matrix, years: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how alike papers of two years are by chance, relative to all pairs, by code of year; and each paper's code.

    Years expect by how far they lie apart, so that a year of few papers need not tell for itself.
    """
    kinds, code = np.unique(years, return_inverse=True)
    sizes = np.bincount(code).astype(float)
    ones = sparse.csr_matrix((np.ones(len(code)), (code, np.arange(len(code)))), shape=(len(kinds), len(code)))
    sums = ones @ shared
    totals = np.asarray((sums @ sums.T).todense(), dtype=float) - np.diag(sizes)  # a row with itself is one
    pairs = np.outer(sizes, sizes) - np.diag(sizes)
    dated = kinds >= 0
    apart = np.where(dated[:, None] & dated[None, :], np.abs(kinds[:, None] - kinds[None, :]), -1)
    _, gap = np.unique(apart, return_inverse=True)
    gap = gap.reshape(apart.shape)
    total, count = np.bincount(gap.ravel(), totals.ravel()), np.bincount(gap.ravel(), pairs.ravel())
    rate = np.maximum(total / np.maximum(count, 1), 0)
    rate = np.maximum(rate, _LEAST_EXPECTED * rate.max())
    overall = max(total.sum() / max(count.sum(), 1), 1e-12)
    return rate[gap] / overall if rate.max() > 0 else np.ones_like(totals), code
