"""Papers of one date and stratum counted together: what a regression needs, however many papers there are."""

from dataclasses import dataclass

import numpy as np

# dates of one day are the same; of a large corpus, those of one week: a slope per year does not see the difference
_DAY, _WEEK = 1 / 365.25, 7 / 365.25
_MOST_DATES = 5_000


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
        width = 1.0 if len(np.unique(np.column_stack([codes, days]), axis=0)) <= _MOST_DATES else _WEEK / _DAY
        _, first, cell = np.unique(
            np.column_stack([codes, np.floor(days / width)]), axis=0, return_index=True, return_inverse=True
        )
        cell = cell.ravel()
        trials = np.bincount(cell).astype(float)
        return cls(np.bincount(cell, weights=time) / trials, codes[first], trials, cell)

    def successes(self, members: np.ndarray) -> np.ndarray:
        """Return how many papers of each cell are in each of k groups; bool (n, k) in, float (c, k) out."""
        counts = np.zeros((len(self.time), members.shape[1]))
        rows, columns = np.nonzero(members)
        np.add.at(counts, (self.cell[rows], columns), 1)
        return counts

    def at(self, kept: np.ndarray) -> "Cells":
        """Return the cells where `kept`, bool of shape (c,), holds; papers of others have cell -1."""
        number = np.where(kept, np.cumsum(kept) - 1, -1)
        return Cells(self.time[kept], self.strata[kept], self.trials[kept], number[self.cell])

    @property
    def indicators(self) -> np.ndarray:
        """One column a stratum, shape (c, strata)."""
        return np.asarray(self.strata[:, None] == np.unique(self.strata)[None, :], dtype=float)

    @property
    def design(self) -> np.ndarray:
        """The date less the papers' mean, beside one indicator a stratum, shape (c, 1 + strata)."""
        mean = float(np.average(self.time, weights=self.trials))
        return np.column_stack([self.time - mean, self.indicators])
