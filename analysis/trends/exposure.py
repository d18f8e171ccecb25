"""How many papers each topic would have in each period by its fitted course and the strata's windows."""

from dataclasses import dataclass

import numpy as np

from analysis.trends.levels import shares_at_slope


@dataclass(frozen=True)
class Exposure:
    """Papers by stratum and period, each topic's papers among them, and the course its share is fitted to take.

    Attributes
    ----------
    totals : ndarray of int, shape (s, t)
        Eligible papers of s strata in t periods.
    inside : ndarray of int, shape (s, k)
        Papers of each of k topics in each stratum.
    counts : ndarray of int, shape (k, t)
        Papers of each topic in each period.
    times : ndarray of float, shape (t,)
        Middle of each period, decimal years.
    slopes : ndarray of float, shape (k,)
        Fitted log odds ratio per year of each topic; 0 where nothing but the strata's windows matters.
    """

    totals: np.ndarray
    inside: np.ndarray
    counts: np.ndarray
    times: np.ndarray
    slopes: np.ndarray

    @classmethod
    def of(
        cls,
        members: np.ndarray,
        periods: np.ndarray,
        strata: np.ndarray,
        times: np.ndarray,
        slopes: np.ndarray | None = None,
    ) -> "Exposure":
        """Count papers.

        Parameters
        ----------
        members : ndarray of bool, shape (n, k)
        periods : ndarray of int, shape (n,)
            0-based; -1 leaves a paper out.
        strata : ndarray, shape (n,)
        times : ndarray of float, shape (t,)
        slopes : ndarray of float, shape (k,), optional
            None of a trend by default.
        """
        kept = periods >= 0
        members, periods = members[kept], periods[kept]
        names, codes = np.unique(np.asarray(strata)[kept], return_inverse=True)
        totals = np.zeros((len(names), len(times)), dtype=np.int64)
        np.add.at(totals, (codes, periods), 1)
        inside = np.zeros((len(names), members.shape[1]), dtype=np.int64)
        counts = np.zeros((len(times), members.shape[1]), dtype=np.int64)
        rows, columns = np.nonzero(members)
        np.add.at(inside, (codes[rows], columns), 1)
        np.add.at(counts, (periods[rows], columns), 1)
        return cls(totals, inside, counts.T, times, np.zeros(members.shape[1]) if slopes is None else slopes)

    @property
    def papers(self) -> np.ndarray:
        """Eligible papers of each period, shape (t,)."""
        return np.asarray(self.totals.sum(axis=0))

    def course(self, topic: int) -> np.ndarray:
        """Return a topic's papers in each stratum and period by its fitted course, shape (s, t)."""
        stratum, period = np.nonzero(self.totals)
        share = shares_at_slope(
            self.times[period],
            stratum,
            self.totals[stratum, period].astype(float),
            self.inside[:, topic : topic + 1],
            self.slopes[topic : topic + 1],
        )[:, 0]
        expected = np.zeros(self.totals.shape)
        expected[stratum, period] = self.totals[stratum, period] * share
        return expected

    @property
    def expected(self) -> np.ndarray:
        """Each topic's papers in each period by its fitted course within every stratum, shape (k, t)."""
        courses = [self.course(topic).sum(axis=0) for topic in range(len(self.counts))]
        return np.array(courses).reshape(self.counts.shape)

    def resampled(self, topic: int, repeats: int, rng: np.random.Generator) -> np.ndarray:
        """Return one topic's counts, each stratum's papers drawn anew along its course, shape (repeats, t).

        Without a slope that is an exchange of dates within strata; with one the strata's papers are weighted by the course.
        """
        drawn = np.zeros((repeats, self.totals.shape[1]), dtype=np.int64)
        course = self.course(topic)
        for papers, expected, inside in zip(self.totals, course, self.inside[:, topic], strict=True):
            if inside:
                weighted = papers if self.slopes[topic] == 0 else _apportioned(expected, int(papers.sum()), int(inside))
                drawn += rng.multivariate_hypergeometric(weighted, int(inside), size=repeats, method="marginals")
        return drawn


def _apportioned(expected: np.ndarray, papers: int, inside: int) -> np.ndarray:
    """Return `papers` spread over periods in proportion to `expected`, by largest remainders."""
    exact = expected * (papers / max(inside, 1))
    whole = np.floor(exact).astype(np.int64)
    rest = papers - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return whole
