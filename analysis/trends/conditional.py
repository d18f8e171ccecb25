"""Conditional logistic regression on one covariate, for strata too many and small to have effects of their own.

With a coefficient for each of many small strata, estimates of the slope are biased away from zero
(Neyman and Scott 1948, Econometrica 16(1), 1-32). Conditioning on each stratum's number of successes
removes them (Breslow and Day 1980, Statistical Methods in Cancer Research I, chapter 7); Firth's penalty
on the conditional likelihood keeps the slope finite (Sun, Kim, Li and Chen 2011, Computational
Statistics and Data Analysis 55(1), 2-11).
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.trends.cells import Cells

# slopes are looked for within this, in log odds a year
_FAR = 12.0


@dataclass(frozen=True)
class SmallStrata:
    """Dates by stratum, padded to the largest.

    Attributes
    ----------
    time : ndarray of float, shape (s, n)
        Dates less their stratum's mean; 0 where there is no paper.
    filled : ndarray of bool, shape (s, n)
    means : ndarray of float, shape (s,)
    """

    time: np.ndarray
    filled: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, cells: Cells) -> "SmallStrata":
        """Gather the papers of cells by stratum."""
        codes = np.unique(cells.strata, return_inverse=True)[1]
        papers = np.repeat(np.arange(len(codes)), cells.trials.astype(int))
        order = np.argsort(codes[papers], kind="stable")
        papers = papers[order]
        sizes = np.bincount(codes[papers])
        position = np.arange(len(papers)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        means = np.bincount(codes, weights=cells.trials * cells.time) / sizes
        time = np.zeros((len(sizes), int(sizes.max())))
        filled = np.zeros(time.shape, dtype=bool)
        time[codes[papers], position] = cells.time[papers] - means[codes[papers]]
        filled[codes[papers], position] = True
        return cls(time, filled, means)

    def moments(self, inside: np.ndarray, slope: float) -> tuple[float, float, float]:
        """Return the sum over strata of the log normalising constant, and mean and variance of the sum of dates.

        Parameters
        ----------
        inside : ndarray of int, shape (s,)
            Successes in each stratum.
        slope : float
        """
        most = int(inside.max(initial=0))
        strata = np.arange(len(inside))
        # column k speaks of all ways to choose k papers: log of their summed weights, mean and mean square of their dates
        weight = np.full((len(inside), most + 1), -np.inf)
        weight[:, 0] = 0.0
        mean, square = np.zeros(weight.shape), np.zeros(weight.shape)
        for position in range(self.time.shape[1]):
            date = self.time[:, position : position + 1]
            added = np.where(self.filled[:, position : position + 1], slope * date, -np.inf) + weight[:, :-1]
            total = np.logaddexp(weight[:, 1:], added)
            with np.errstate(invalid="ignore"):
                share = np.where(np.isfinite(total), np.exp(added - total), 0.0)
            before_mean, before_square = mean[:, :-1].copy(), square[:, :-1].copy()
            mean[:, 1:] += share * (date + before_mean - mean[:, 1:])
            square[:, 1:] += share * (date**2 + 2 * date * before_mean + before_square - square[:, 1:])
            weight[:, 1:] = total
        means = mean[strata, inside]
        variance = square[strata, inside] - means**2
        return float(weight[strata, inside].sum()), float(means.sum()), float(np.maximum(variance, 0).sum())


@dataclass(frozen=True)
class ConditionalFit:
    """A slope from the penalised conditional likelihood, with its likelihood-ratio interval.

    Attributes
    ----------
    slope : float
        Log odds ratio per year.
    variance : float
        Inverse conditional information at the slope.
    low, high : float
        -inf or inf where the likelihood stays above the threshold.
    """

    slope: float
    variance: float
    low: float
    high: float


def fit_conditional(
    strata: SmallStrata, inside: np.ndarray, total: float, level: float = 0.95
) -> ConditionalFit | None:
    """Fit one topic.

    Parameters
    ----------
    strata : SmallStrata
        s strata.
    inside : ndarray of int, shape (s,)
        The topic's papers in each stratum.
    total : float
        Sum of their dates, each less its stratum's mean.
    level : float
        Coverage of the interval.

    Returns
    -------
    ConditionalFit or None
        None where no stratum holds papers both in and out of the topic at different dates.
    """
    if strata.moments(inside, 0.0)[2] <= 1e-12:
        return None

    def loss(slope: float) -> float:
        constant, _, variance = strata.moments(inside, slope)
        return constant - slope * total - 0.5 * float(np.log(max(variance, 1e-300)))

    best = optimize.minimize_scalar(loss, bounds=(-_FAR, _FAR), method="bounded", options={"xatol": 1e-7})
    slope, threshold = float(best.x), float(best.fun) + stats.chi2.ppf(level, 1) / 2
    ends = []
    for far in (-_FAR, _FAR):
        if loss(far) <= threshold:
            ends.append(float(np.copysign(np.inf, far)))
        else:
            low, high = sorted((slope, far))
            ends.append(float(optimize.brentq(lambda value: loss(value) - threshold, low, high, xtol=1e-7)))
    variance = strata.moments(inside, slope)[2]
    return ConditionalFit(slope, 1 / max(variance, 1e-12), ends[0], ends[1])
