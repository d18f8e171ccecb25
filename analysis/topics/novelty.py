"""Candidates for new topics: papers that are like each other and unlike the papers that topics were found in."""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import NearestNeighbors

# nearest papers that are looked at
_NEIGHBOURS = 30
# how far their mix must be from chance, in standard deviations, to be told of
_SURPRISING = 3.0
# a candidate has at least this many papers
FEWEST_CANDIDATES = 8
# papers are linked by this many of their nearest
_LINKS = 5


def candidate_groups(pool: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Look for groups of papers whose nearest papers are far more often of the pool than chance allows.

    Were pool and landmarks drawn from the same topics, a paper's nearest neighbours would be of the pool
    as often as the pool is large (the nearest-neighbour test of Schilling 1986, JASA 81(395), 799-806, and of
    Henze 1988, here at each paper). Where they are not, and such papers are each other's neighbours, there is
    something that the landmarks do not know.

    Parameters
    ----------
    pool : ndarray of float32, shape (m, d)
        Vectors of the papers in question, unit rows.
    landmarks : ndarray of float32, shape (n, d)
        Vectors of the papers that topics were found in, unit rows.

    Returns
    -------
    ndarray of int, shape (m,)
        Number of the group each paper belongs to, 0 upwards by falling size; -1 for most.
    """
    labels = np.full(len(pool), -1)
    count = min(_NEIGHBOURS, len(pool) - 1)
    if count < FEWEST_CANDIDATES - 1:
        return labels
    everyone = np.vstack([pool, landmarks])
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(everyone)
    nearest = _without_oneself(search.kneighbors(pool, return_distance=False))
    expected = (len(pool) - 1) / (len(everyone) - 1)
    share = (nearest < len(pool)).mean(axis=1)
    surprise = (share - expected) / np.sqrt(expected * (1 - expected) / count + 1e-12)
    flagged = np.flatnonzero(surprise > _SURPRISING)
    number = np.full(len(everyone), -1)
    number[flagged] = np.arange(len(flagged))
    links = number[nearest[flagged, :_LINKS]]
    rows, columns = np.nonzero(links >= 0)
    graph = sparse.csr_matrix((np.ones(len(rows)), (rows, links[rows, columns])), shape=(len(flagged),) * 2)
    groups = connected_components(graph, directed=False)[1]
    sizes = np.bincount(groups, minlength=1)
    large = np.flatnonzero(sizes >= FEWEST_CANDIDATES)
    for place, group in enumerate(large[np.argsort(-sizes[large], kind="stable")].tolist()):
        labels[flagged[groups == group]] = place
    return labels


def _without_oneself(nearest: np.ndarray) -> np.ndarray:
    """Drop each paper from its own nearest papers, shape (m, k) of (m, k + 1); of equal papers any may stand first."""
    own = nearest == np.arange(len(nearest))[:, None]
    own[~own.any(axis=1), -1] = True
    return np.asarray(nearest[~own].reshape(len(nearest), -1))
