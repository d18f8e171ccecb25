"""How many papers each topic would have in each period if nothing but the strata's windows mattered."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Exposure:
    """Papers by stratum and period, and each topic's papers among them.

    Attributes
    ----------
    totals : ndarray of int, shape (s, t)
        Eligible papers of s strata in t periods.
    inside : ndarray of int, shape (s, k)
        Papers of each of k topics in each stratum.
    counts : ndarray of int, shape (k, t)
        Papers of each topic in each period.
    """

    totals: np.ndarray
    inside: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, members: np.ndarray, periods: np.ndarray, strata: np.ndarray, n_periods: int) -> "Exposure":
        """Count papers.

        Parameters
        ----------
        members : ndarray of bool, shape (n, k)
        periods : ndarray of int, shape (n,)
            0-based; -1 leaves a paper out.
        strata : ndarray, shape (n,)
        n_periods : int
        """
        kept = periods >= 0
        members, periods = members[kept], periods[kept]
        names, codes = np.unique(np.asarray(strata)[kept], return_inverse=True)
        totals = np.zeros((len(names), n_periods), dtype=np.int64)
        np.add.at(totals, (codes, periods), 1)
        inside = np.zeros((len(names), members.shape[1]), dtype=np.int64)
        counts = np.zeros((n_periods, members.shape[1]), dtype=np.int64)
        rows, columns = np.nonzero(members)
        np.add.at(inside, (codes[rows], columns), 1)
        np.add.at(counts, (periods[rows], columns), 1)
        return cls(totals, inside, counts.T)

    @property
    def papers(self) -> np.ndarray:
        """Eligible papers of each period, shape (t,)."""
        return np.asarray(self.totals.sum(axis=0))

    @property
    def expected(self) -> np.ndarray:
        """Each topic's papers in each period if its share within every stratum never changed, shape (k, t)."""
        sizes = np.maximum(self.totals.sum(axis=1), 1)
        return np.asarray((self.inside / sizes[:, None]).T @ self.totals)

    def resampled(self, topic: int, repeats: int, rng: np.random.Generator) -> np.ndarray:
        """Return one topic's counts with its dates exchanged within strata, shape (repeats, t)."""
        drawn = np.zeros((repeats, self.totals.shape[1]), dtype=np.int64)
        for papers, inside in zip(self.totals, self.inside[:, topic], strict=True):
            if inside:
                drawn += rng.multivariate_hypergeometric(papers, int(inside), size=repeats, method="marginals")
        return drawn
