"""The two ends of a window between which a change is told: its first and last full year."""

from dataclasses import dataclass

import numpy as np

from analysis.trends.periods import month_of

# a year is full when dates reach within this of its edge, in years
_EDGE = 0.1
# years with fewer papers are no end
_FEWEST_PAPERS = 5
# without two full years: the first and last such part of the papers
_PART = 0.2
# years that hold enough papers lie at least this part as far apart as the first and last papers do
_SPANNED = 0.5
# decimal years this near to the middle of a year are of papers known to the year alone
_MIDDLE = 0.01


@dataclass(frozen=True)
class Ends:
    """Where the beginning and the end are read.

    Attributes
    ----------
    times : ndarray of float, shape (2,)
        Decimal years: the middle of a year, the mean date of a part of the papers.
    names : tuple of str
        Of both ends, such as "2020" and "2025"; of parts of a year "2024-03".
    """

    times: np.ndarray
    names: tuple[str, str]

    @property
    def years(self) -> float:
        """Years from the first end to the last."""
        return float(self.times[1] - self.times[0])


def window_ends(time: np.ndarray, covered: tuple[float, float] | None = None) -> Ends:
    """Return the first and last full calendar year that hold five papers, else the first and last fifth of the papers.

    The fifths also where such years lie less than half as far apart as they do.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Decimal years, n at least 1.
    covered : pair of float, optional
        Decimal years that the corpus can speak of; by default from the first date to the last.

    Examples
    --------
    >>> window_ends(np.repeat(np.arange(2015, 2022) + 0.5, 6)).names
    ('2015', '2021')
    """
    year = np.floor(time)
    names, sizes = np.unique(year, return_counts=True)
    full = _full_years(time, year, names, covered) & (sizes >= _FEWEST_PAPERS)
    early, late = np.quantile(time, [_PART, 1 - _PART])
    middles = np.array([time[time <= early].mean(), time[time >= late].mean()])
    if full.sum() >= 2:
        first, last = names[full][0], names[full][-1]
        # of few papers over many years, neighbouring years in the middle are no window
        if last - first >= _SPANNED * (middles[1] - middles[0]):
            return Ends(np.array([first, last]) + 0.5, (f"{first:.0f}", f"{last:.0f}"))
    return Ends(middles, (month_of(middles[0]), month_of(middles[1])))


def _full_years(
    time: np.ndarray, year: np.ndarray, names: np.ndarray, covered: tuple[float, float] | None
) -> np.ndarray:
    if covered is not None:
        return np.asarray((names >= covered[0] - _EDGE) & (names + 1 <= covered[1] + _EDGE))
    start, stop = float(time.min()), float(time.max())
    # where all dates of an edge year are its middle, they are known to the year and stand for all of it
    start, stop = (
        edge if np.abs(time[year == np.floor(at)] - np.floor(at) - 0.5).max() > _MIDDLE else edge_of_year
        for at, edge, edge_of_year in ((start, start, np.floor(start)), (stop, stop, np.floor(stop) + 1))
    )
    return np.asarray((names >= start - _EDGE) & (names + 1 <= stop + _EDGE))
