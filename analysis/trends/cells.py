"""Papers of one date and stratum counted together: what a regression needs, however many papers there are."""

import functools
from dataclasses import dataclass

import numpy as np

from analysis.trends.design import Design

# dates of one day are the same; of a large corpus, those of one week, month or quarter, whose mean date stands for them:
# a slope per year does not see the difference
_DAY = 1 / 365.25
_WIDTHS = (1.0, 7.0, 30.4375, 91.3125)
_MOST_CELLS = 5_000


@dataclass(frozen=True)
class Cells:
    """The distinct pairs of date and stratum, and which paper is in which.

    Attributes
    ----------
    time : ndarray of float, shape (c,)
        Decimal years.
    strata : ndarray of int, shape (c,)
    trials : ndarray of float, shape (c,)
        Number of papers.
    cell : ndarray of int, shape (n,)
        Cell of each paper.
    """

    time: np.ndarray
    strata: np.ndarray
    trials: np.ndarray
    cell: np.ndarray

    @classmethod
    def of(cls, time: np.ndarray, strata: np.ndarray) -> "Cells":
        """Group n papers by decimal year, shape (n,), and stratum, shape (n,)."""
        _, codes = np.unique(strata, return_inverse=True)
        days = np.round(time / _DAY)
        for width in _WIDTHS:
            stretch = np.floor(days / width).astype(np.int64)
            # one number for each pair is sorted faster than pairs
            pair = codes * (np.ptp(stretch) + 1 if len(stretch) else 1) + (stretch - stretch.min(initial=0))
            _, first, cell = np.unique(pair, return_index=True, return_inverse=True)
            if len(first) <= _MOST_CELLS:
                break
        trials = np.bincount(cell).astype(float)
        return cls(np.bincount(cell, weights=time) / trials, codes[first], trials, cell)

    def successes(self, members: np.ndarray) -> np.ndarray:
        """Return how many papers of each cell are in each of k groups; bool (n, k) in, float (c, k) out."""
        counts = np.zeros((len(self.time), members.shape[1]))
        rows, columns = np.nonzero(members)
        np.add.at(counts, (self.cell[rows], columns), 1)
        return counts

    def counted(self, labels: np.ndarray, count: int) -> np.ndarray:
        """Return how many papers of each cell are in each of k groups; positions of groups (n,), -1 for none, in; (c, k) out."""
        kept = labels >= 0
        places = self.cell[kept] * count + labels[kept]
        return np.bincount(places, minlength=len(self.time) * count).reshape(-1, count).astype(float)

    def at(self, kept: np.ndarray) -> "Cells":
        """Return the cells where `kept`, bool of shape (c,), holds; papers of others have cell -1."""
        number = np.where(kept, np.cumsum(kept) - 1, -1)
        return Cells(self.time[kept], self.strata[kept], self.trials[kept], number[self.cell])

    @functools.cached_property
    def indicators(self) -> np.ndarray:
        """One column per stratum, shape (c, strata)."""
        return np.asarray(self.strata[:, None] == np.unique(self.strata)[None, :], dtype=float)

    @functools.cached_property
    def design(self) -> np.ndarray:
        """The date less the papers' mean, beside one indicator a stratum, shape (c, 1 + strata)."""
        mean = float(np.average(self.time, weights=self.trials))
        return np.column_stack([self.time - mean, self.indicators])

    @functools.cached_property
    def rows(self) -> Design:
        """The same as the rows of a regression, among whose columns strata are known."""
        return Design.of(self.design)

    def level_start(self, successes: np.ndarray, n_slopes: int) -> np.ndarray:
        """Return coefficients from which a fit with an effect for each stratum starts; see `level_starts`."""
        return np.asarray(self.level_starts(successes[:, None], n_slopes)[0])

    def level_starts(self, successes: np.ndarray, n_slopes: int) -> np.ndarray:
        """Return coefficients from which fits with an effect for each stratum start, shape (k, slopes + strata).

        No slope, and for each stratum the log odds of its share: with many strata a start from zero takes many more steps.

        Parameters
        ----------
        successes : ndarray, shape (c, k)
        n_slopes : int
            Columns of the design before the strata's indicators.
        """
        indicators = self.indicators
        inside, total = indicators.T @ successes, (indicators.T @ self.trials)[:, None]
        levels = np.log((inside + 0.5) / (total - inside + 0.5)).T
        return np.hstack([np.zeros((len(levels), n_slopes)), levels])
