"""Dates that are no days: databases write 1 January where they know the year alone."""

import numpy as np
from scipy import stats

# papers of smaller sources are looked at together
_FEWEST_OF_A_SOURCE = 30
_FEWEST_IN_A_HEAP = 5
# a heap holds so many times what other first days of months do, and chance would give as many this seldom
_TIMES, _LEVEL = 3.0, 1e-4
_HALF_A_DAY = 0.6 / 365.25
# first days of months as parts of a year
_FIRSTS = np.array([0, 31, 59.25, 90.25, 120.25, 151.25, 181.25, 212.25, 243.25, 273.25, 304.25, 334.25]) / 365.25
_LAST_DAY = 364 / 365


def year_heaps(time: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return which papers lie in a heap on the first or last day of a year, by source, bool (n,).

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Decimal years; NaN lies in no heap.
    strata : ndarray, shape (n,)
        Source of each paper.

    Examples
    --------
    >>> time = np.concatenate([2015 + np.arange(40) * 0.173, [2016.0, 2017.0, 2018.0] * 7])
    >>> int(year_heaps(time, np.zeros(61)).sum())
    22
    """
    dated = np.flatnonzero(np.isfinite(time))
    heaped = np.zeros(len(time), dtype=bool)
    _, codes, sizes = np.unique(strata[dated], return_inverse=True, return_counts=True)
    codes = np.where(sizes[codes] < _FEWEST_OF_A_SOURCE, -1, codes)
    part = time[dated] - np.floor(time[dated])
    for code in np.unique(codes):
        of_source = np.flatnonzero(codes == code)
        for first in (True, False):
            heaped[dated[of_source[_in_heap(part[of_source], first)]]] = True
    return heaped


def at_mid_year(time: np.ndarray, heaped: np.ndarray) -> np.ndarray:
    """Return `time` with heaped dates at the middle of their year."""
    return np.asarray(np.where(heaped, np.floor(np.where(heaped, time, 0.0)) + 0.5, time))


def _in_heap(part: np.ndarray, first: bool) -> np.ndarray:
    """Return which dates of one source lie in its heap, bool; none where there is no heap."""
    on_day = part < _HALF_A_DAY if first else np.abs(part - _LAST_DAY) < _HALF_A_DAY
    others = [(np.abs(part - day) < _HALF_A_DAY).sum() for day in _FIRSTS[1:]]
    usual = max(len(part) / 365.25, float(np.mean(others)) if first else 0.0)
    count = int(on_day.sum())
    large = count >= _FEWEST_IN_A_HEAP and count > _TIMES * usual
    return on_day if large and stats.poisson.sf(count - 1, usual) < _LEVEL else np.zeros(len(part), dtype=bool)
