"""Conditional logistic regression, for strata too many and small to have effects of their own.

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
_CURVE_STEPS = 30


@dataclass(frozen=True)
class SmallStrata:
    """Covariates by stratum, padded to the largest.

    Attributes
    ----------
    values : ndarray of float, shape (s, n, p)
        Covariates less their stratum's mean; 0 where there is no paper.
    filled : ndarray of bool, shape (s, n)
    means : ndarray of float, shape (s, p)
    """

    values: np.ndarray
    filled: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, cells: Cells, covariates: np.ndarray | None = None) -> "SmallStrata":
        """Gather the papers of cells by stratum; `covariates`, shape (c, p), are the dates by default."""
        columns = cells.time[:, None] if covariates is None else covariates
        codes = np.unique(cells.strata, return_inverse=True)[1]
        papers = np.repeat(np.arange(len(codes)), cells.trials.astype(int))
        papers = papers[np.argsort(codes[papers], kind="stable")]
        sizes = np.bincount(codes[papers])
        position = np.arange(len(papers)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        means = np.stack([np.bincount(codes, weights=cells.trials * column) / sizes for column in columns.T], axis=1)
        values = np.zeros((len(sizes), int(sizes.max()), columns.shape[1]))
        filled = np.zeros(values.shape[:2], dtype=bool)
        values[codes[papers], position] = columns[papers] - means[codes[papers]]
        filled[codes[papers], position] = True
        return cls(values, filled, means)

    def moments(self, inside: np.ndarray, slopes: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the sum over strata of the log normalising constant, and mean and covariance of the sums of covariates.

        Parameters
        ----------
        inside : ndarray of int, shape (s,)
            Successes in each stratum.
        slopes : ndarray of float, shape (p,)

        Returns
        -------
        float, ndarray of shape (p,), ndarray of shape (p, p)
        """
        most, width = int(inside.max(initial=0)), self.values.shape[2]
        strata = np.arange(len(inside))
        # column k speaks of all ways to choose k papers: log of their summed weights, mean and mean square of their sums
        weight = np.full((len(inside), most + 1), -np.inf)
        weight[:, 0] = 0.0
        mean, square = np.zeros((*weight.shape, width)), np.zeros((*weight.shape, width, width))
        for position in range(self.values.shape[1]):
            value = self.values[:, position]
            added = np.where(self.filled[:, position], value @ slopes, -np.inf)[:, None] + weight[:, :-1]
            total = np.logaddexp(weight[:, 1:], added)
            with np.errstate(invalid="ignore"):
                share = np.where(np.isfinite(total), np.exp(added - total), 0.0)[:, :, None]
            before = mean[:, :-1].copy()
            cross = value[:, None, :, None] * before[:, :, None, :]
            grown = value[:, None, :, None] * value[:, None, None, :] + cross + cross.swapaxes(2, 3) + square[:, :-1]
            mean[:, 1:] += share * (value[:, None, :] + before - mean[:, 1:])
            square[:, 1:] += share[..., None] * (grown - square[:, 1:])
            weight[:, 1:] = total
        means = mean[strata, inside]
        covariance = square[strata, inside] - means[:, :, None] * means[:, None, :]
        return float(weight[strata, inside].sum()), means.sum(axis=0), covariance.sum(axis=0)


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
    if strata.moments(inside, np.zeros(1))[2][0, 0] <= 1e-12:
        return None

    def loss(slope: float) -> float:
        constant, _, variance = strata.moments(inside, np.array([slope]))
        return constant - slope * total - 0.5 * float(np.log(max(variance[0, 0], 1e-300)))

    best = optimize.minimize_scalar(loss, bounds=(-_FAR, _FAR), method="bounded", options={"xatol": 1e-7})
    slope, threshold = float(best.x), float(best.fun) + stats.chi2.ppf(level, 1) / 2
    ends = []
    for far in (-_FAR, _FAR):
        if loss(far) <= threshold:
            ends.append(float(np.copysign(np.inf, far)))
        else:
            low, high = sorted((slope, far))
            ends.append(float(optimize.brentq(lambda value: loss(value) - threshold, low, high, xtol=1e-7)))
    variance = strata.moments(inside, np.array([slope]))[2][0, 0]
    return ConditionalFit(slope, 1 / max(variance, 1e-12), ends[0], ends[1])


def conditional_curve(strata: SmallStrata, inside: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit several covariates by the plain conditional likelihood, with Newton's method.

    Parameters
    ----------
    strata : SmallStrata
        Of p covariates.
    inside : ndarray of int, shape (s,)
    totals : ndarray of float, shape (p,)
        Sums of the topic's covariates, each less its stratum's mean.

    Returns
    -------
    coefficients : ndarray, shape (p,)
    loglik : float
        Where papers are separated the coefficients stay where more steps gain nothing.
    """
    slopes = np.zeros(len(totals))
    constant, mean, covariance = strata.moments(inside, slopes)
    loglik = -constant
    for _ in range(_CURVE_STEPS):
        score = totals - mean
        step = np.linalg.lstsq(covariance, score)[0]
        gain = float(score @ step)
        while gain > 1e-8:
            constant, mean, covariance = strata.moments(inside, slopes + step)
            if float((slopes + step) @ totals) - constant >= loglik - 1e-10:
                break
            step, gain = step / 2, gain / 2
        if gain <= 1e-8:
            break
        slopes = slopes + step
        loglik = float(slopes @ totals) - constant
    return slopes, loglik
