"""Permutation test of a topic's drift in time: dates are exchanged within strata."""

import itertools
import math

import numpy as np
from scipy import stats

from analysis.io.threads import each_in_a_thread
from analysis.trends.cells import Cells
from analysis.trends.subset_sums import times_reached

# so many random numbers take longer than threads take to start
_WORTH_THREADS = 5_000_000
# past this many papers large topics are not drawn any more
MANY_PAPERS = 20_000
# there, topics of this many papers have the normal approximation; two-sided, skewness cancels in it
ENOUGH_FOR_NORMAL = 200
# below this a statistic does not vary but by rounding
_NO_VARIANCE = 1e-12


def within_strata(time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return `time` less its stratum's mean, shape (n,)."""
    _, codes = np.unique(strata, return_inverse=True)
    means = np.bincount(codes, weights=time) / np.bincount(codes)
    return np.asarray(time - means[codes], dtype=float)


def permutation_p(
    members: np.ndarray,
    time: np.ndarray,
    strata: np.ndarray,
    n_permutations: int,
    seed: int,
    many: int = MANY_PAPERS,
) -> np.ndarray:
    """Return two-sided permutation p values of the within-stratum score statistic.

    The statistic is the sum of a topic's dates, each less its stratum's mean: the score of the
    slope in a logistic regression with stratum effects. Exchanging dates within strata keeps
    every stratum's window and every topic's count in it.

    A topic with no more arrangements than `n_permutations` is enumerated, which is exact. Others
    are drawn at random, each for itself; the estimate adds one to both counts, so it is never zero and
    never too small (Phipson and Smyth 2010, Statistical Applications in Genetics and Molecular Biology
    9(1), 39). Past 20,000 papers, topics of 200 or more have the normal approximation.

    Parameters
    ----------
    members : ndarray of bool, shape (n, k)
        Which paper is in which of k topics.
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray, shape (n,)
    n_permutations : int
    seed : int
    many : int
        Past so many papers large topics have the normal approximation.

    Returns
    -------
    ndarray of float64, shape (k,)
        Within (0, 1]; 1 where the statistic cannot vary.
    """
    _, codes = np.unique(strata, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    centred, members, codes = within_strata(time, strata)[order], members[order], codes[order]
    p_values = np.ones(members.shape[1])
    sizes = np.bincount(codes)
    counts = np.stack([members[codes == code].sum(axis=0) for code in range(len(sizes))]) if members.size else None
    if counts is None:
        return p_values
    ways = np.array([_arrangements(sizes, column, n_permutations) for column in counts.T])
    few = ways <= n_permutations
    for column in np.flatnonzero(few):
        p_values[column] = _exact_p(members[:, column], centred, codes)
    rest = np.flatnonzero(~few)
    if len(time) > many:
        smaller = np.minimum(counts, sizes[:, None] - counts).sum(axis=0)
        large = rest[smaller[rest] >= ENOUGH_FOR_NORMAL]
        p_values[large] = normal_p(members[:, large], centred, codes)
        rest = np.setdiff1d(rest, large)
    p_values[rest] = _drawn_p(members[:, rest], centred, sizes, n_permutations, seed)
    return p_values


def normal_p(members: np.ndarray, time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return the normal approximation of `permutation_p`, from the exact permutation variance, shape (k,)."""
    return _two_sided(np.abs(within_strata(time, strata) @ members), permutation_variance(members, time, strata))


def counted_normal_p(successes: np.ndarray, cells: Cells) -> np.ndarray:
    """Return `normal_p` of groups that are counted by cell, successes of shape (c, k), each cell's papers at its mean date."""
    _, codes = np.unique(cells.strata, return_inverse=True)
    count = int(codes.max()) + 1
    sizes = np.bincount(codes, weights=cells.trials)
    centred = cells.time - (np.bincount(codes, weights=cells.trials * cells.time) / sizes)[codes]
    squares = np.bincount(codes, weights=cells.trials * centred**2)
    inside = np.zeros((count, successes.shape[1]))
    np.add.at(inside, codes, successes)
    return _two_sided(np.abs(centred @ successes), _exchange_variance(sizes, squares, inside))


def can_vary(members: np.ndarray, time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return which topics have, in some stratum, papers in and papers out at different dates, bool (k,)."""
    return np.asarray(permutation_variance(members, time, strata) > _NO_VARIANCE)


def permutation_variance(members: np.ndarray, time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return the variance of the statistic over all exchanges of dates within strata, shape (k,)."""
    _, codes = np.unique(strata, return_inverse=True)
    centred = within_strata(time, strata)
    sizes = np.bincount(codes).astype(float)
    squares = np.bincount(codes, weights=centred**2)
    inside = np.zeros((len(sizes), members.shape[1]))
    rows, columns = np.nonzero(members)
    np.add.at(inside, (codes[rows], columns), 1)
    return _exchange_variance(sizes, squares, inside)


def _exchange_variance(sizes: np.ndarray, squares: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the variance over all exchanges, (k,), from strata's sizes, sums of squared dates (s,) and papers inside (s, k)."""
    several = sizes > 1
    shares = (
        inside[several] * (sizes[several, None] - inside[several]) / (sizes[several] * (sizes[several] - 1))[:, None]
    )
    return np.asarray(squares[several] @ shares)


def _two_sided(score: np.ndarray, variance: np.ndarray) -> np.ndarray:
    moves = variance > _NO_VARIANCE
    p_values = np.ones(len(score))
    p_values[moves] = 2 * stats.norm.sf(score[moves] / np.sqrt(variance[moves]))
    return np.asarray(np.clip(p_values, np.finfo(float).tiny, 1.0))


def _arrangements(sizes: np.ndarray, inside: np.ndarray, limit: int) -> float:
    """Return in how many ways a topic's papers can lie within their strata; inf past `limit`."""
    ways = 1
    for size, count in zip(sizes.tolist(), inside.tolist(), strict=True):
        if min(count, size - count) > 60:
            return math.inf
        ways *= math.comb(size, count)
        if ways > limit:
            return math.inf
    return ways


def _exact_p(members: np.ndarray, centred: np.ndarray, codes: np.ndarray) -> float:
    sums = np.zeros(1)
    for code in np.unique(codes):
        dates, inside = centred[codes == code], int(members[codes == code].sum())
        # the dates of a stratum sum to zero, so those left out tell as much as those taken
        fewer = min(inside, len(dates) - inside)
        sign = 1.0 if fewer == inside else -1.0
        stratum_sums = np.array([sign * sum(chosen) for chosen in itertools.combinations(dates.tolist(), fewer)])
        sums = (sums[:, None] + stratum_sums[None, :]).ravel()
    observed = abs(float(centred[members].sum()))
    return float((np.abs(sums) >= observed - _tolerance(centred)).mean())


def _drawn_p(members: np.ndarray, centred: np.ndarray, sizes: np.ndarray, n_permutations: int, seed: int) -> np.ndarray:
    """Return Monte Carlo p values of each topic, from random subsets of its size; papers sorted by stratum."""
    if not members.shape[1]:
        return np.ones(0)
    stops = np.cumsum(sizes)
    # topics in rows, that each row lies in one piece
    inside = np.ascontiguousarray(np.add.reduceat(members, stops - sizes, axis=0, dtype=np.int64).T)
    least = np.abs(centred @ members) - _tolerance(centred)

    def drawn(column: int) -> int:
        (start,) = np.random.SeedSequence([seed, column]).generate_state(1, np.uint64)
        return times_reached(centred, stops, inside[column], float(least[column]), n_permutations, start)

    work = n_permutations * int(np.minimum(inside, sizes - inside).sum())
    reached = each_in_a_thread(drawn, range(members.shape[1]), worth=members.shape[1] > 1 and work > _WORTH_THREADS)
    return (1 + np.array(reached, dtype=np.int64)) / (1 + n_permutations)


def _tolerance(centred: np.ndarray) -> float:
    """Return what two sums of the same dates may differ by through rounding."""
    return float(1e-5 * (np.abs(centred).max(initial=0.0) * np.sqrt(len(centred)) + 1e-12))
