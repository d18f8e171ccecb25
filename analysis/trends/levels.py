"""Shares by stratum and date where the slope is given and every stratum's number of papers stays what it is."""

import numpy as np
from scipy.special import logit

from analysis.trends.logistic import logistic

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
    count = len(inside)
    totals = np.bincount(codes, weights=trials, minlength=count)[:, None]
    reach = np.abs(tilt).max(axis=0, initial=0.0)[None, :]
    within = np.clip(inside / np.maximum(totals, 1e-12), 0.0, 1.0)
    some = (within > 0) & (within < 1)
    flat = logit(np.where(some, within, 0.5))
    low, high = flat - reach, flat + reach
    level = flat
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(count))
    filled = np.bincount(codes, minlength=count) > 0
    for _ in range(_STEPS):
        share = logistic(level[codes] + tilt)
        weight = trials[:, None] * share
        reached, steepness = np.zeros(inside.shape), np.zeros(inside.shape)
        reached[filled] = np.add.reduceat(weight[order], starts[filled], axis=0)
        steepness[filled] = np.add.reduceat((weight * (1 - share))[order], starts[filled], axis=0)
        missing = np.where(some, inside - reached, 0.0)
        if (np.abs(missing) <= _CLOSE * np.maximum(inside, 1)).all():
            break
        low, high = np.where(missing > 0, level, low), np.where(missing < 0, level, high)
        newton = level + missing / np.maximum(steepness, 1e-12)
        # Newton's step where it stays between the bounds, else their middle
        level = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
    return np.asarray(np.where(some[codes], logistic(level[codes] + tilt), within[codes]))
