"""Sums of random subsets of dates, drawn without replacement within strata: what a topic's dates add up to by chance."""

import numpy as np

from analysis.io.compiled import compiled

# Steele, Lea and Flood (2014), OOPSLA, 453-472: a counter, scrambled
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)


@compiled
def _scrambled(counter: np.uint64) -> np.uint64:
    value = (counter ^ (counter >> _30)) * _FIRST
    value = (value ^ (value >> _27)) * _SECOND
    return value ^ (value >> _31)


@compiled
def times_reached(
    dates: np.ndarray, stops: np.ndarray, taken: np.ndarray, least: float, repeats: int, seed: np.uint64
) -> int:
    """Return how often the sum of random subsets is at least `least` away from zero.

    Parameters
    ----------
    dates : ndarray of float64, shape (n,)
        Sorted by stratum, each stratum's of mean zero.
    stops : ndarray of int64, shape (s,)
        Where each stratum ends.
    taken : ndarray of int64, shape (s,)
        How many dates of each stratum are in a subset.
    least : float
    repeats : int
        Subsets that are drawn.
    seed : uint64
    """
    pool = dates.copy()
    counter = seed
    reached = 0
    for _ in range(repeats):
        total = 0.0
        start = 0
        for stratum in range(len(stops)):
            size, wanted = stops[stratum] - start, taken[stratum]
            # the dates of a stratum sum to zero, so those left out tell as much as those taken
            fewer = min(wanted, size - wanted)
            part = 0.0
            for place in range(fewer):
                counter += _STEP
                drawn = start + place + np.int64(((_scrambled(counter) >> _32) * np.uint64(size - place)) >> _32)
                part += pool[drawn]
                # what is drawn goes to the front; whatever order is left, the next subset is as random
                pool[drawn], pool[start + place] = pool[start + place], pool[drawn]
            total += part if fewer == wanted else -part
            start = stops[stratum]
        if abs(total) >= least:
            reached += 1
    return reached
