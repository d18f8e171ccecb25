"""Sums of random subsets of dates, drawn without replacement within strata: what a topic's dates add up to by chance."""

import numpy as np

from analysis.io.compiled import compiled
from analysis.io.random_bits import GOLDEN, scrambled


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
                counter += GOLDEN
                drawn = (
                    start
                    + place
                    + np.int64(((scrambled(counter) >> np.uint64(32)) * np.uint64(size - place)) >> np.uint64(32))
                )
                part += pool[drawn]
                # what is drawn goes to the front; whatever order is left, the next subset is as random
                pool[drawn], pool[start + place] = pool[start + place], pool[drawn]
            total += part if fewer == wanted else -part
            start = stops[stratum]
        if abs(total) >= least:
            reached += 1
    return reached
