"""Shares by stratum and date where the slope is given and every stratum's number of papers stays what it is."""

import numpy as np

from analysis.io.compiled import compiled

_STEPS = 60
_CLOSE = 1e-9


def shares_at_slope(
    time: np.ndarray, codes: np.ndarray, trials: np.ndarray, inside: np.ndarray, slopes: np.ndarray
) -> np.ndarray:
    """Return logistic shares with given slopes; see `shares_along`."""
    totals = np.maximum(np.bincount(codes, weights=trials, minlength=len(inside)), 1e-12)
    means = np.bincount(codes, weights=trials * time, minlength=len(inside)) / totals
    return shares_along((time - means[codes])[:, None] * slopes[None, :], codes, trials, inside)


def shares_along(tilt: np.ndarray, codes: np.ndarray, trials: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return shares along a given course that account for all of a group's papers in every stratum.

    Parameters
    ----------
    tilt : ndarray of float, shape (c, k)
        Log odds of each cell, but for its stratum's level; finite.
    codes : ndarray of int, shape (c,)
        Stratum of each cell, 0 to s - 1.
    trials : ndarray, shape (c,)
        Papers of each cell.
    inside : ndarray, shape (s, k)
        Papers of each of k groups in each stratum.

    Returns
    -------
    ndarray of float, shape (c, k)
    """
    courses, totals = np.ascontiguousarray(tilt.T, dtype=float), np.ascontiguousarray(inside.T, dtype=float)
    strata, papers = np.ascontiguousarray(codes, dtype=np.int64), np.ascontiguousarray(trials, dtype=float)
    shares = np.empty(courses.shape)
    for course, total, share in zip(courses, totals, shares, strict=True):
        _settle(course, strata, papers, total, share)
    return shares.T


@compiled
def _settle(tilt: np.ndarray, codes: np.ndarray, trials: np.ndarray, inside: np.ndarray, share: np.ndarray) -> None:
    """Fill in the share of each cell of one group; every stratum's level is found by Newton's steps between bounds."""
    rows, count = len(codes), len(inside)
    totals, reached, steepness = np.zeros(count), np.empty(count), np.empty(count)
    reach = 0.0
    for row in range(rows):
        totals[codes[row]] += trials[row]
        reach = max(reach, abs(tilt[row]))
    level, low, high, some = np.zeros(count), np.empty(count), np.empty(count), np.empty(count, dtype=np.bool_)
    for place in range(count):
        within = min(max(inside[place] / max(totals[place], 1e-12), 0.0), 1.0)
        some[place] = 0.0 < within < 1.0
        if some[place]:
            level[place] = np.log(within / (1.0 - within))
        low[place], high[place] = level[place] - reach, level[place] + reach
    for _ in range(_STEPS):
        reached.fill(0.0)
        steepness.fill(0.0)
        for row in range(rows):
            place = codes[row]
            if some[place]:
                share[row] = 1.0 / (1.0 + np.exp(-(level[place] + tilt[row])))
                reached[place] += trials[row] * share[row]
                steepness[place] += trials[row] * share[row] * (1.0 - share[row])
        close = True
        for place in range(count):
            missing = inside[place] - reached[place]
            if not some[place] or abs(missing) <= _CLOSE * max(inside[place], 1.0):
                continue
            close = False
            if missing > 0.0:
                low[place] = level[place]
            else:
                high[place] = level[place]
            # Newton's step where it stays between the bounds, else their middle
            newton = level[place] + missing / max(steepness[place], 1e-12)
            level[place] = newton if low[place] < newton < high[place] else (low[place] + high[place]) / 2.0
        if close:
            break
    for row in range(rows):
        if not some[codes[row]]:
            share[row] = 0.0 if inside[codes[row]] <= 0.0 else 1.0
