"""The smallest rise and the smallest fall that this corpus could have shown.

Power is computed under the trend itself, not under its absence: a rise moves a topic's papers to where the corpus
has others or few, a fall the other way, so the two differ. The variance of the score is that of the papers under the
trend; what it must pass is the permutation test's own critical value.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.levels import shares_at_slope

# log odds ratios a year that are tried, before the ends are searched
_STEEPEST = np.log(10.0)
_TRIED = 48
_HALVINGS = 14
# papers of the group that are expected beyond its last one
_LAST_PAPER = 1.0


@dataclass(frozen=True)
class Contrasts:
    """What the score of k groups needs: c cells of dates and strata, and each stratum's papers in and out.

    Attributes
    ----------
    time : ndarray of float, shape (c,)
    codes : ndarray of int, shape (c,)
        Stratum, 0 to s - 1.
    trials : ndarray, shape (c,)
    inside : ndarray, shape (s, k)
    """

    time: np.ndarray
    codes: np.ndarray
    trials: np.ndarray
    inside: np.ndarray

    @classmethod
    def of(cls, cells: Cells, successes: np.ndarray) -> "Contrasts":
        """Gather what cells and k groups' papers in them, shape (c, k), say."""
        _, codes = np.unique(cells.strata, return_inverse=True)
        return cls(cells.time, codes, cells.trials, _by_stratum(successes, codes, int(codes.max()) + 1))

    def power(self, slopes: np.ndarray, critical: np.ndarray, stretch: np.ndarray) -> np.ndarray:
        """Return the chance that the score passes its critical value in the slope's direction, shape (k,).

        Parameters
        ----------
        slopes : ndarray, shape (k,)
        critical : ndarray, shape (k,)
            In standard errors under no trend; a direction must also pass it without its most telling paper.
        stretch : ndarray, shape (k,)
            By how much noise beyond the papers' own widens standard errors; at least 1.
        """
        count = len(self.inside)
        sizes = np.bincount(self.codes, weights=self.trials, minlength=count)
        means = np.bincount(self.codes, weights=self.trials * self.time, minlength=count) / sizes
        centred = self.time - means[self.codes]
        squares = np.bincount(self.codes, weights=self.trials * centred**2, minlength=count)
        several = sizes > 1
        mixed = self.inside[several] * (sizes[several, None] - self.inside[several])
        without = squares[several] @ (mixed / (sizes[several] * (sizes[several] - 1))[:, None])
        share = shares_at_slope(self.time, self.codes, self.trials, self.inside, slopes)
        weight = self.trials[:, None] * share * (1 - share)
        score = np.abs(centred @ (self.trials[:, None] * share))
        total, first, second = (
            _by_stratum(weight * centred[:, None] ** power, self.codes, count) for power in (0, 1, 2)
        )
        under = (second - first**2 / np.maximum(total, 1e-12)).sum(axis=0)
        noise = np.sqrt(np.maximum(under, 1e-12)) * stretch
        telling = _most_telling(centred, self.trials[:, None] * share, np.sign(slopes))
        return np.asarray(stats.norm.cdf((score - telling - critical * np.sqrt(without)) / noise))


def detectable_ratios(
    contrasts: Contrasts, critical: np.ndarray, stretch: np.ndarray, power: float = 0.8
) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest rise and the smallest fall that are found with `power`, as odds ratios per year.

    Parameters
    ----------
    contrasts : Contrasts
        k groups.
    critical, stretch : ndarray, shape (k,)
        As `Contrasts.power` takes them.
    power : float

    Returns
    -------
    rise, fall : ndarray of float, shape (k,)
        Above 1 and below 1; inf and 0 where no rise or fall, however steep, would be found with that power.
    """
    # what nothing bounds is never found
    open_ends = np.isfinite(critical) & np.isfinite(stretch)
    critical, stretch = np.where(open_ends, critical, 0.0), np.where(open_ends, stretch, 1.0)
    grid = _STEEPEST * (np.arange(1, _TRIED + 1) / _TRIED) ** 2
    ends = []
    for sign in (1.0, -1.0):
        count = contrasts.inside.shape[1]
        low, high = np.zeros(count), np.full(count, np.inf)
        for slope in grid:
            asked = open_ends & np.isinf(high)
            if not asked.any():
                break
            reached = contrasts.power(np.full(count, sign * slope), critical, stretch) >= power
            high[asked & reached] = slope
            low[asked & ~reached] = slope
        found = np.isfinite(high)
        for _ in range(_HALVINGS if found.any() else 0):
            middle = np.where(found, (low + np.where(found, high, 0.0)) / 2, 0.0)
            reached = contrasts.power(sign * middle, critical, stretch) >= power
            high, low = np.where(found & reached, middle, high), np.where(found & ~reached, middle, low)
        ends.append(np.exp(sign * high))
    return ends[0], ends[1]


def _most_telling(centred: np.ndarray, papers: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Return what a group's last paper (its first for a fall) is expected to lend the score, shape (k,)."""
    order = np.argsort(centred, kind="stable")
    later = papers.sum(axis=0) - np.cumsum(papers[order], axis=0)
    earlier = np.cumsum(papers[order], axis=0)
    last = np.argmax(later <= _LAST_PAPER, axis=0)
    first = np.argmax(earlier >= _LAST_PAPER, axis=0)
    return np.asarray(np.maximum(np.where(signs > 0, centred[order[last]], -centred[order[first]]), 0.0))


def _by_stratum(values: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    totals = np.zeros((count, values.shape[1]))
    np.add.at(totals, codes, values)
    return totals
