"""Permutation test of a topic's drift in time: dates are exchanged within strata."""

import numpy as np

# permutations whose dates are held in memory at a time, in values
_BLOCK = 20_000_000


def within_strata(time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return `time` less its stratum's mean, shape (n,)."""
    _, codes = np.unique(strata, return_inverse=True)
    means = np.bincount(codes, weights=time) / np.bincount(codes)
    return np.asarray(time - means[codes], dtype=float)


def permutation_p(
    members: np.ndarray, time: np.ndarray, strata: np.ndarray, n_permutations: int, seed: int
) -> np.ndarray:
    """Return two-sided permutation p values of the within-stratum score statistic.

    The statistic is the sum of a topic's dates, each less its stratum's mean: the score of the
    slope in a logistic regression with stratum effects. Exchanging dates within strata keeps
    every stratum's window and every topic's count in it. The estimate adds one to both counts,
    so it is never zero and never too small (Phipson and Smyth 2010, Statistical Applications
    in Genetics and Molecular Biology 9(1), 39).

    Parameters
    ----------
    members : ndarray of bool, shape (n, k)
        Which paper is in which of k topics.
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray, shape (n,)
    n_permutations : int
    seed : int

    Returns
    -------
    ndarray of float64, shape (k,)
        Within [1 / (n_permutations + 1), 1]; 1 where the statistic cannot vary.
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(strata, kind="stable")
    centred = within_strata(time, strata)[order]
    # float32 halves the time of the products; ties are decided with a tolerance
    indicator = members[order].astype(np.float32)
    _, starts = np.unique(np.asarray(strata)[order], return_index=True)
    blocks = list(zip(starts, [*starts[1:], len(order)], strict=True))
    observed = np.abs(centred @ indicator)
    tolerance = 1e-5 * (np.abs(centred).max(initial=0.0) * np.sqrt(len(order)) + 1e-12)
    reached = np.zeros(members.shape[1], dtype=np.int64)
    chunk = max(1, min(n_permutations, _BLOCK // max(len(order), 1)))
    done = 0
    while done < n_permutations:
        size = min(chunk, n_permutations - done)
        shuffled = np.empty((size, len(order)), dtype=np.float32)
        for start, stop in blocks:
            shuffled[:, start:stop] = rng.permuted(np.tile(centred[start:stop], (size, 1)), axis=1)
        reached += (np.abs(shuffled @ indicator) >= observed - tolerance).sum(axis=0)
        done += size
    return (1 + reached) / (1 + n_permutations)
