"""Conditional logistic regression, for strata too many and small to have effects of their own.

With a coefficient for each of many small strata, estimates of the slope are biased away from zero
(Neyman and Scott 1948, Econometrica 16(1), 1-32). Conditioning on each stratum's number of successes
removes them (Breslow and Day 1980, Statistical Methods in Cancer Research I, chapter 7); Firth's penalty
on the conditional likelihood keeps the slope finite (Sun, Kim, Li and Chen 2011, Computational
Statistics and Data Analysis 55(1), 2-11).
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.trends.cells import Cells
from analysis.trends.subsets import subset_moments

# slopes are looked for within this, in log odds a year
_FAR = 12.0
_CURVE_STEPS = 30


@dataclass(frozen=True)
class SmallStrata:
    """Covariates of papers, stratum by stratum.

    Attributes
    ----------
    values : ndarray of float64, shape (n, p)
        Covariates less their stratum's mean.
    stops : ndarray of int64, shape (s,)
        Where each stratum ends.
    means : ndarray of float64, shape (s, p)
    """

    values: np.ndarray
    stops: np.ndarray
    means: np.ndarray

    @classmethod
    def of(cls, cells: Cells, covariates: np.ndarray | None = None) -> "SmallStrata":
        """Gather the papers of cells by stratum; `covariates`, shape (c, p), are the dates by default."""
        columns = cells.time[:, None] if covariates is None else covariates
        codes = np.unique(cells.strata, return_inverse=True)[1]
        papers = np.repeat(np.arange(len(codes)), cells.trials.astype(int))
        papers = papers[np.argsort(codes[papers], kind="stable")]
        sizes = np.bincount(codes[papers])
        means = np.stack([np.bincount(codes, weights=cells.trials * column) / sizes for column in columns.T], axis=1)
        return cls(columns[papers] - means[codes[papers]], np.cumsum(sizes), means)

    def first(self, count: int) -> "SmallStrata":
        """Return the first covariates alone."""
        return SmallStrata(np.ascontiguousarray(self.values[:, :count]), self.stops, self.means[:, :count])

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
        width = self.values.shape[1]
        mean, covariance = np.empty(width), np.empty((width, width))
        taken, known = inside.astype(np.int64), slopes.astype(np.float64)
        constant = subset_moments(self.values, self.stops, taken, known, mean, covariance)
        return float(constant), mean, covariance


@dataclass(frozen=True)
class ConditionalFit:
    """A slope from the penalised conditional likelihood.

    Attributes
    ----------
    slope : float
        Log odds ratio per year.
    variance : float
        Inverse conditional information at the slope.
    """

    slope: float
    variance: float


def fit_conditional(strata: SmallStrata, inside: np.ndarray, total: float) -> ConditionalFit | None:
    """Fit one topic.

    Parameters
    ----------
    strata : SmallStrata
        s strata.
    inside : ndarray of int, shape (s,)
        The topic's papers in each stratum.
    total : float
        Sum of their dates, each less its stratum's mean.

    Returns
    -------
    ConditionalFit or None
        None where no stratum holds papers both in and out of the topic at different dates.
    """
    if strata.moments(inside, np.zeros(1))[2][0, 0] <= 1e-12:
        return None
    best = optimize.minimize_scalar(
        lambda slope: _loss(strata, inside, total, slope),
        bounds=(-_FAR, _FAR),
        method="bounded",
        options={"xatol": 1e-7},
    )
    slope = float(best.x)
    variance = strata.moments(inside, np.array([slope]))[2][0, 0]
    return ConditionalFit(slope, 1 / max(variance, 1e-12))


def conditional_interval(
    strata: SmallStrata, inside: np.ndarray, total: float, fit: ConditionalFit, level: float = 0.95
) -> tuple[float, float]:
    """Return the likelihood-ratio interval of a slope; -inf or inf where the likelihood stays above the threshold.

    Parameters
    ----------
    strata, inside, total
        As in `fit_conditional`, which gave `fit`.
    fit : ConditionalFit
    level : float
        Coverage.
    """
    threshold = _loss(strata, inside, total, fit.slope) + stats.chi2.ppf(level, 1) / 2

    def height(slope: float) -> float:
        return float(_loss(strata, inside, total, slope) - threshold)

    ends = []
    for far in (-_FAR, _FAR):
        if height(far) <= 0:
            ends.append(float(np.copysign(np.inf, far)))
        else:
            low, high = sorted((fit.slope, far))
            ends.append(float(optimize.brentq(height, low, high, xtol=1e-7)))
    return ends[0], ends[1]


def _loss(strata: SmallStrata, inside: np.ndarray, total: float, slope: float) -> float:
    constant, _, variance = strata.moments(inside, np.array([slope]))
    penalty = 0.5 * math.log(max(float(variance[0, 0]), 1e-300))
    return float(constant - slope * total - penalty)


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
