"""Small operations on matrices of row vectors."""

import numpy as np
from scipy import sparse
from scipy.linalg import eigh
from scipy.sparse.linalg import ArpackNoConvergence, eigsh
from sklearn.neighbors import NearestNeighbors

from analysis.io.threads import each_in_a_thread

# from so many rows on the leading eigenvectors are looked for by iteration: those of graphs, whose eigenvalues lie close
# together, take longer to part
_ITERATED, _ITERATED_GRAPH = 120, 700
# accuracy of the leading eigenvectors: clusterings see no more
_TOLERANCE, _TOLERANCE_GRAPH = 1e-5, 1e-4
# rows that are multiplied at once: a multiple of what processors' kernels take (4 to 64), so that no row is at an edge
_BLOCK = 960
# below this a row is rounding error: scaled up it would be noise
_NO_LENGTH = 1e-6


def unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Return rows scaled to length one, shape and order kept, float32; rows of no length become zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled = np.divide(vectors, lengths, out=np.zeros_like(vectors, dtype=np.float32), where=lengths > _NO_LENGTH)
    return np.asarray(scaled, dtype=np.float32)


def row_product(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the matrix product, each row of it the same to the bit whatever rows stand beside it.

    A library multiplies the rows at a matrix' edge by other instructions than those within it, so rows are multiplied in
    blocks of one shape, the last one filled up with zeros. In single precision some processors take even neighbouring rows
    in different ways, so sums are in double precision. Without this, where a paper is placed would depend on how a corpus
    is cut into partitions.

    Parameters
    ----------
    rows : ndarray, shape (n, d)
    columns : ndarray, shape (d, m)

    Returns
    -------
    ndarray, shape (n, m)
        Of the type of `rows` and `columns`.
    """
    product = np.empty((len(rows), columns.shape[1]), dtype=np.result_type(rows, columns))
    block, wide = np.zeros((_BLOCK, rows.shape[1])), columns.astype(np.float64)
    for start in range(0, len(rows), _BLOCK):
        part = rows[start : start + _BLOCK]
        block[: len(part)] = part
        block[len(part) :] = 0
        product[start : start + len(part)] = (block @ wide)[: len(part)]
    return product


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


def reduced(vectors: np.ndarray, rank: int) -> np.ndarray:
    """Return rows in the space of their `rank` leading singular vectors, unit length, float32."""
    return projected(vectors, leading_axes(vectors, rank))


def leading_axes(vectors: np.ndarray, rank: int) -> np.ndarray:
    """Return the `rank` leading right singular vectors, float64, shape (d, rank); all axes where there is none."""
    width = vectors.shape[1]
    rank = min(rank, min(vectors.shape) - 1)
    if rank < 1:
        return np.eye(width)
    exact = vectors.astype(np.float64)
    _, axes = eigh(exact.T @ exact, subset_by_index=(width - rank, width - 1))
    return np.asarray(axes[:, ::-1])


def projected(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Return rows on the given axes, unit length, float32."""
    return unit_rows(row_product(vectors.astype(np.float64), axes).astype(np.float32))


def neighbour_graph(vectors: np.ndarray, n_neighbours: int) -> sparse.csr_matrix:
    """Return the symmetric graph of nearest neighbours by cosine, weights not negative, no loops.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Rows of unit length.
    n_neighbours : int
        At most n - 1 count.

    Returns
    -------
    csr_matrix of float32, shape (n, n)
    """
    count = min(n_neighbours, len(vectors) - 1)
    nearest = _nearest(vectors, count)
    rows = np.repeat(np.arange(len(vectors)), count)
    weights = np.maximum(np.einsum("nd,nkd->nk", vectors, vectors[nearest]), 0).ravel()
    graph = sparse.csr_matrix((weights, (rows, nearest.ravel())), shape=(len(vectors), len(vectors)))
    return ((graph + graph.T) / 2).tocsr()


def _nearest(vectors: np.ndarray, count: int) -> np.ndarray:
    """Return the positions of each row's nearest other rows, int (n, count)."""
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(vectors)

    def of_block(start: int) -> np.ndarray:
        block = vectors[start : start + _BLOCK]
        found = search.kneighbors(block, return_distance=False)
        others = found != np.arange(start, start + len(block))[:, None]
        # a row with many equals may not be among its own nearest
        others[others.all(axis=1), -1] = False
        return np.asarray(found[others].reshape(len(block), count))

    return np.concatenate(each_in_a_thread(of_block, range(0, len(vectors), _BLOCK)))


def spectral_rows(affinity: np.ndarray | sparse.csr_matrix, rank: int, degrees: np.ndarray | None = None) -> np.ndarray:
    """Return the leading eigenvectors of the normalised affinity, each times its eigenvalue.

    Ng, Jordan and Weiss (2002); the first, trivial eigenvector is left out.

    Parameters
    ----------
    affinity : ndarray or csr_matrix, shape (n, n)
        Symmetric, not negative.
    rank : int
        At most n - 2 counts.
    degrees : ndarray of float, shape (n,), optional
        What to normalise by; by default the sums of the rows.

    Returns
    -------
    ndarray of float32, shape (n, min(rank, n - 2))
        Columns fall in weight; rows are not scaled.
    """
    count = affinity.shape[0]
    rank = max(1, min(rank, count - 2))
    totals = np.asarray(affinity.sum(axis=1, dtype=np.float64)).ravel() if degrees is None else degrees
    scale = np.maximum(totals, 1e-9) ** -0.5
    if sparse.issparse(affinity):
        values, axes = _leading(sparse.diags(scale) @ affinity @ sparse.diags(scale), rank + 1, _TOLERANCE_GRAPH)
    else:
        scale = scale.astype(affinity.dtype)
        values, axes = _leading(affinity * scale[:, None] * scale[None, :], rank + 1, _TOLERANCE)
    order = np.argsort(-values)[1 : rank + 1]
    axes, values = axes[:, order], np.maximum(values[order], 0)
    # an eigenvector's sign is arbitrary; the largest entry is made positive
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(len(order))])
    return np.asarray(axes * signs * values, dtype=np.float32)


def _is_connected(matrix: np.ndarray) -> bool:
    """Return whether all rows hang together: parts that do not have equal eigenvalues, which iteration may miss."""
    reached = matrix[0] > 0
    reached[0] = True
    while True:
        grown = reached | (matrix[reached] > 0).any(axis=0)
        if grown.sum() == reached.sum():
            return bool(reached.all())
        reached = grown


def _leading(matrix: np.ndarray | sparse.csr_matrix, rank: int, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest eigenvalues of a symmetric matrix and their vectors: by iteration where it is large and they are few."""
    count = matrix.shape[0]
    large = count >= _ITERATED_GRAPH or (
        isinstance(matrix, np.ndarray) and count >= _ITERATED and _is_connected(matrix)
    )
    if large and rank < count // 3:
        try:
            found = eigsh(matrix, k=rank, v0=np.ones(count, dtype=matrix.dtype), tol=tolerance)
            return np.asarray(found[0]), np.asarray(found[1])
        except ArpackNoConvergence:
            # equal eigenvalues: all vectors are computed
            pass
    dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
    values, axes = eigh(dense, subset_by_index=(max(0, count - rank), count - 1))
    return np.asarray(values), np.asarray(axes)
