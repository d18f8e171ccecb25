"""The slopes of groups' log odds on time, stratum effects taken out in the way that fits the strata."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.trends.cells import Cells
from analysis.trends.conditional import SmallStrata, conditional_interval, fit_conditional
from analysis.trends.levels import shares_at_slope
from analysis.trends.logistic import logistic
from analysis.trends.regression import FirthFit, penalised_loglik, profile_interval
from analysis.trends.regression_batch import MOST_COLUMNS, FirthFits, fit_firth_batch, profile_ends

# strata have effects of their own while there are few, or while each has this many papers
_FEW_STRATA, _MOST_STRATA = 12, 100
_PAPERS_A_STRATUM = 50


@dataclass(frozen=True)
class Slopes:
    """Log odds ratios per year of k groups, and the shares that go with them.

    Attributes
    ----------
    values, variances : ndarray of float, shape (k,)
        NaN where a group's slope cannot be fitted.
    shares : callable
        Returns the fitted share of each cell, shape (c, k).
    intervals : callable
        Returns the ends of every slope's interval, shape (k, 2); they are asked for only where they are shown.
    read : callable
        Takes decimal years, shape (r,), and how strata are mixed at each, shape (r, s), and returns the fitted shares
        there and the variances of their logits, both of shape (r, k).
    """

    values: np.ndarray
    variances: np.ndarray
    shares: Callable[[], np.ndarray]
    intervals: Callable[[], np.ndarray]
    read: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def sparse_strata(cells: Cells) -> bool:
    """Return whether the strata are too many and small for effects of their own."""
    count = len(np.unique(cells.strata))
    return count > _MOST_STRATA or (count > _FEW_STRATA and cells.trials.sum() / count < _PAPERS_A_STRATUM)


def fit_slopes(cells: Cells, successes: np.ndarray, level: float) -> Slopes:
    """Fit each of k groups; successes have shape (c, k), `level` is the intervals' coverage."""
    return fit_slopes_of_each(cells, [successes], level)[0]


def fit_slopes_of_each(cells: Cells, clusterings: Sequence[np.ndarray], level: float) -> list[Slopes]:
    """Fit the groups of several clusterings of the same papers together; see `fit_slopes`."""
    if sparse_strata(cells):
        return [_conditional(cells, successes, level) for successes in clusterings]
    coefficients, covariances = _with_own_effects(cells, np.hstack(clusterings))
    starts = np.cumsum([0] + [successes.shape[1] for successes in clusterings])
    parts = [slice(*ends) for ends in itertools.pairwise(starts)]
    return [
        _own_effects(cells, successes, FirthFits(coefficients[part], covariances[part]), level)
        for successes, part in zip(clusterings, parts, strict=True)
    ]


def _with_own_effects(cells: Cells, successes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (k, p) and their covariances (k, p, p); NaN where all papers are in, or none is."""
    kept = _varying(cells, successes)
    count, width = successes.shape[1], cells.design.shape[1]
    coefficients = np.full((count, width), np.nan)
    covariances = np.full((count, width, width), np.nan)
    if kept.any():
        starts = cells.level_starts(successes[:, kept], 1)
        fits = fit_firth_batch(cells.rows, successes[:, kept], cells.trials, starts)
        coefficients[kept], covariances[kept] = fits.coefficients, fits.covariances
    return coefficients, covariances


def _varying(cells: Cells, successes: np.ndarray) -> np.ndarray:
    totals = successes.sum(axis=0)
    return np.asarray((totals > 0) & (totals < cells.trials.sum()))


def _own_effects(cells: Cells, successes: np.ndarray, fitted: FirthFits, level: float) -> Slopes:
    design, kept = cells.design, _varying(cells, successes)
    coefficients, covariances = fitted.coefficients, fitted.covariances
    count, width = coefficients.shape

    def shares() -> np.ndarray:
        return logistic(design @ coefficients.T)

    def intervals() -> np.ndarray:
        ends = np.full((count, 2), np.nan)
        if width <= MOST_COLUMNS and kept.any():
            fits = FirthFits(coefficients[kept], covariances[kept])
            ends[kept] = profile_ends(design, successes[:, kept], cells.trials, fits, level)
            return ends
        for column in np.flatnonzero(kept):
            known, response = coefficients[column], successes[:, column]
            fit = FirthFit(known, covariances[column], penalised_loglik(design, response, cells.trials, known))
            ends[column] = profile_interval(design, response, fit, 0, level, cells.trials)
        return ends

    middle = float(np.average(cells.time, weights=cells.trials))

    def read(times: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        since = times - middle
        mixed, variances = np.empty((len(times), count)), np.empty((len(times), count))
        for row, (years, weight) in enumerate(zip(since, weights, strict=True)):
            fitted = logistic(coefficients[:, :1] * years + coefficients[:, 1:])
            steep = weight * fitted * (1 - fitted)
            gradients = np.column_stack([steep.sum(axis=1) * years, steep])
            mixed[row] = fitted @ weight
            variances[row] = np.einsum("ki,kij,kj->k", gradients, covariances, gradients)
        return mixed, _on_logits(variances, mixed)

    return Slopes(coefficients[:, 0], covariances[:, 0, 0], shares, intervals, read)


def _conditional(cells: Cells, successes: np.ndarray, level: float) -> Slopes:
    strata, codes = SmallStrata.of(cells), np.unique(cells.strata, return_inverse=True)[1]
    centred = cells.time - strata.means[codes, 0]
    count = int(codes.max()) + 1
    inside = np.stack([np.bincount(codes, weights=column, minlength=count) for column in successes.T], axis=1)
    topics = [
        (column.astype(np.int64), float(centred @ own)) for column, own in zip(inside.T, successes.T, strict=True)
    ]
    fits = [fit_conditional(strata, *topic) for topic in topics]
    values = np.array([np.nan if fit is None else fit.slope for fit in fits])
    variances = np.array([np.nan if fit is None else fit.variance for fit in fits])
    sizes = np.bincount(codes, weights=cells.trials)[:, None]

    def shares() -> np.ndarray:
        return shares_at_slope(cells.time, codes, cells.trials, inside, np.nan_to_num(values))

    def intervals() -> np.ndarray:
        nothing = (np.nan, np.nan)
        return np.array(
            [
                nothing if fit is None else conditional_interval(strata, *topic, fit, level)
                for topic, fit in zip(topics, fits, strict=True)
            ]
        )

    def read(times: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        known = np.nan_to_num(values)
        fitted = shares()
        weight = cells.trials[:, None] * fitted * (1 - fitted)
        by_stratum = np.maximum(_sums(weight, codes, count), 1e-12)
        middle = _sums(weight * cells.time[:, None], codes, count) / by_stratum
        # levels of the strata at their middles; a stratum's number of papers is binomial and moves its level
        levels = _levels(fitted, codes, count, cells.time, middle, known)
        binomial = inside * (1 - inside / sizes) / by_stratum**2
        mixed, spread = np.empty((len(times), len(known))), np.empty((len(times), len(known)))
        for row, (year, mix) in enumerate(zip(times, weights, strict=True)):
            away = year - middle
            there = logistic(levels + known * away)
            steep = mix[:, None] * there * (1 - there)
            mixed[row] = mix @ there
            spread[row] = (steep * away).sum(axis=0) ** 2 * np.nan_to_num(variances) + (steep**2 * binomial).sum(axis=0)
        return mixed, _on_logits(spread, mixed)

    return Slopes(values, variances, shares, intervals, read)


def _levels(
    fitted: np.ndarray, codes: np.ndarray, count: int, time: np.ndarray, middle: np.ndarray, slopes: np.ndarray
) -> np.ndarray:
    """Return the log odds of each stratum at its middle, shape (s, k), from the fitted share of its first cell."""
    first = np.array([int(np.flatnonzero(codes == number)[0]) for number in range(count)])
    share = np.clip(fitted[first], 1e-12, 1 - 1e-12)
    return np.asarray(np.log(share / (1 - share)) - slopes * (time[first][:, None] - middle))


def _sums(values: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    totals = np.zeros((count, values.shape[1]))
    np.add.at(totals, codes, values)
    return totals


def _on_logits(variances: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return variances of shares on the scale of their logits."""
    return np.asarray(variances / np.maximum(shares * (1 - shares), 1e-12) ** 2)
