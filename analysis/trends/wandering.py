"""Has a share moved beyond its usual wandering? A drift, against a random walk's steps from year to year.

A share that wanders ends a window higher or lower than it began without anything driving it. The yearly levels of a
topic are taken as a random walk with drift, seen through the noise of few papers (the local level model with drift;
Harvey 1989, Forecasting, Structural Time Series Models and the Kalman Filter, section 2.3). A few years cannot tell
one topic's step from another's, so how large steps are is learnt from all topics of a family (empirical Bayes; Kiefer
and Wolfowitz 1956, Annals of Mathematical Statistics 27(4), 887-906, on a grid), and the p value of the drift is
averaged over the steps that a topic's own years allow.
"""

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells

# fewer years cannot tell a drift from a step or two
FEWEST_YEARS = 8
_FEWEST_PAPERS = 5
# steps from year to year, in log odds
_STEPS = np.array([0.0, 0.02, 0.04, 0.06, 0.09, 0.13, 0.18, 0.25, 0.35, 0.5, 0.7, 1.0])
_ROUNDS = 200
# words of computational linguistics step by 0.15 a year; that counts as much as so many groups of the family
_USUAL_STEP, _USUAL_SPREAD, _USUAL_COUNT = 0.15, 0.8, 3


def wandering_p(cells: Cells, successes: np.ndarray) -> np.ndarray:
    """Return the two-sided p value of each group's drift, shape (k,); NaN with fewer than eight years of five papers.

    Parameters
    ----------
    cells : Cells
        c cells.
    successes : ndarray, shape (c, k)
    """
    levels, variances, years = _yearly_levels(cells, successes)
    count = successes.shape[1]
    if len(years) < FEWEST_YEARS:
        return np.full(count, np.nan)
    loglik, p_values = np.empty((count, len(_STEPS))), np.empty((count, len(_STEPS)))
    position = years - years[0]
    walk = np.minimum(position[:, None], position[None, :])
    design = np.column_stack([np.ones(len(years)), position])
    for group in range(count):
        for number, step in enumerate(_STEPS):
            loglik[group, number], p_values[group, number] = _drift(
                levels[:, group], step**2 * walk + np.diag(variances[:, group]), design
            )
    likelihood = np.exp(loglik - loglik.max(axis=1, keepdims=True))
    usual = np.exp(-0.5 * (np.log(np.maximum(_STEPS, 0.01) / _USUAL_STEP) / _USUAL_SPREAD) ** 2)
    usual = prior = usual / usual.sum()
    for _ in range(_ROUNDS):
        weight = likelihood * prior
        weight /= weight.sum(axis=1, keepdims=True)
        # a few groups' worth of steps that are usual elsewhere keeps a small family from certainty
        prior = (weight.sum(axis=0) + _USUAL_COUNT * usual) / (count + _USUAL_COUNT)
    return np.asarray(np.minimum((weight * p_values).sum(axis=1), 1.0))


def _yearly_levels(cells: Cells, successes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each year's log odds less those that its mix of strata would have, their variances, (y, k), and the years."""
    years, year = np.unique(np.floor(cells.time), return_inverse=True)
    _, codes = np.unique(cells.strata, return_inverse=True)
    papers = np.bincount(year, weights=cells.trials)
    size = np.bincount(codes, weights=cells.trials)
    levels, variances = np.empty((len(years), successes.shape[1])), np.empty((len(years), successes.shape[1]))
    for group, column in enumerate(successes.T):
        observed = np.bincount(year, weights=column) + 0.5
        share = np.bincount(codes, weights=column) / size
        usual = np.bincount(year, weights=cells.trials * share[codes]) + 0.5
        rest, usual_rest = papers + 1 - observed, papers + 1 - usual
        levels[:, group] = np.log(observed / rest) - np.log(usual / usual_rest)
        # of what the mix expects: an empty year is no more certain than a full one
        variances[:, group] = 1 / usual + 1 / usual_rest
    kept = papers >= _FEWEST_PAPERS
    return levels[kept], variances[kept], years[kept]


def _drift(levels: np.ndarray, covariance: np.ndarray, design: np.ndarray) -> tuple[float, float]:
    """Return the restricted log-likelihood of levels with this covariance, and the p value of their drift."""
    inverse = np.linalg.inv(covariance)
    information = design.T @ inverse @ design
    coefficients = np.linalg.solve(information, design.T @ inverse @ levels)
    residual = levels - design @ coefficients
    determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    loglik = -0.5 * (determinants + residual @ inverse @ residual)
    spread = np.sqrt(np.linalg.inv(information)[1, 1])
    return float(loglik), float(2 * stats.norm.sf(abs(coefficients[1]) / spread))
