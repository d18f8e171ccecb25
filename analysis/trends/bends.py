"""Fitted courses that bend: a natural spline in time for the groups whose shares no straight line of log odds follows.

Drawn and told beside the tests, which ask for a slope; a line is kept wherever the spline's gain does not pay for its
bends by Akaike's criterion, widened by the overdispersion between periods (Burnham and Anderson 2002, section 2.5).
"""

import numpy as np
from scipy.special import xlogy

from analysis.errors import TrendsError
from analysis.trends.cells import Cells
from analysis.trends.design import Design
from analysis.trends.logistic import logistic
from analysis.trends.pooling import Readings
from analysis.trends.regression_batch import FirthFits, fit_firth_batch
from analysis.trends.shape import FEWEST_FOR_A_TURN, natural_spline
from analysis.trends.slopes import sparse_strata

_KNOTS = (0.05, 0.35, 0.65, 0.95)
_MONTHS = 12


def read_bends(
    time: np.ndarray, strata: np.ndarray, members: np.ndarray, readings: Readings, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return fitted shares and the variances of their logits, each of shape (r, k); NaN where a straight line does.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray of int, shape (n,)
    members : ndarray of bool, shape (n, k)
    readings : Readings
        r times, and how strata are mixed there.
    spread : ndarray of float, shape (k,)
        By how much overdispersion between periods stretches standard errors, at least 1.
    """
    nothing = np.full((len(readings.times), members.shape[1]), np.nan)
    inside = members.sum(axis=0)
    asked = np.minimum(inside, len(time) - inside) >= FEWEST_FOR_A_TURN
    # within a month a course does not bend
    cells = Cells.of((np.floor(time * _MONTHS) + 0.5) / _MONTHS, strata)
    middle = float(np.average(cells.time, weights=cells.trials))
    knots = np.unique(np.quantile(time, _KNOTS)) - middle
    if not asked.any() or sparse_strata(cells) or len(knots) < 3 or len(np.unique(cells.time)) <= len(knots):
        return nothing, nothing
    basis = natural_spline(cells.time - middle, knots)
    responses = cells.successes(members[:, asked])
    bent, straight = _fit(basis, cells, responses), _fit(basis[:, :1], cells, responses)
    if bent is None or straight is None:
        return nothing, nothing
    gain = _loglik(cells, basis, bent, responses) - _loglik(cells, basis[:, :1], straight, responses)
    told = gain / spread[asked] ** 2 > basis.shape[1] - 1
    shares, variances = _read(bent, natural_spline(readings.times - middle, knots), readings.weights)
    columns = np.flatnonzero(asked)[told]
    found = nothing.copy(), nothing.copy()
    found[0][:, columns], found[1][:, columns] = shares[:, told], variances[:, told] * spread[columns] ** 2
    return found


def _fit(basis: np.ndarray, cells: Cells, responses: np.ndarray) -> FirthFits | None:
    """Fit every group with an effect for each stratum; None where the design does not tell its columns apart."""
    design = np.column_stack([basis, cells.indicators])
    try:
        return fit_firth_batch(
            Design.of(design), responses, cells.trials, cells.level_starts(responses, basis.shape[1])
        )
    except TrendsError:
        return None


def _loglik(cells: Cells, basis: np.ndarray, fits: FirthFits, responses: np.ndarray) -> np.ndarray:
    """Return the binomial log-likelihood of each fit, shape (k,)."""
    design = np.column_stack([basis, cells.indicators])
    share = logistic(design @ fits.coefficients.T)
    return np.asarray((xlogy(responses, share) + xlogy(cells.trials[:, None] - responses, 1 - share)).sum(axis=0))


def _read(fits: FirthFits, basis: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mixed shares and the variances of their logits by the delta method, each of shape (r, k)."""
    width = basis.shape[1]
    slopes, levels = fits.coefficients[:, :width], fits.coefficients[:, width:]
    shape = (len(basis), len(slopes))
    shares, variances = np.empty(shape), np.empty(shape)
    for row, (place, weight) in enumerate(zip(basis, weights, strict=True)):
        fitted = logistic((slopes @ place)[:, None] + levels)
        steep = weight * fitted * (1 - fitted)
        gradients = np.column_stack([steep.sum(axis=1)[:, None] * place, steep])
        shares[row] = fitted @ weight
        variances[row] = np.einsum("ki,kij,kj->k", gradients, fits.covariances, gradients)
    certain = np.maximum(shares * (1 - shares), 1e-12)
    return shares, variances / certain**2
