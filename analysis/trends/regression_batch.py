"""Firth-penalised logistic regressions of many responses on one design, fitted together.

The same estimates as `analysis.trends.regression.fit_firth`, which is called for those that do not settle in a few
steps of Fisher scoring.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.trends.design import Design
from analysis.trends.logistic import log_of_one_plus_exp
from analysis.trends.regression import fit_firth

_ITERATIONS = 40
_HALVINGS = 12
_MAX_STEP = 5.0
_TOLERANCE = 1e-8
_SATURATED = 50.0
# log likelihood that a step must promise, and how near to its crossing a profile must come
_GAIN, _CLOSE = 1e-9, 1e-7
_WIDTH, _SEARCHES = 1e-8, 60
# log odds ratio, from the estimate, past which an interval's end is reported as unbounded
_FAR = 12.0
# values of a block of responses in memory at a time
_BLOCK = 4_000_000
# past so many coefficients the products of all pairs of columns cost more than they spare
MOST_COLUMNS = 20


@dataclass(frozen=True)
class FirthFits:
    """Fits of k responses.

    Attributes
    ----------
    coefficients : ndarray, shape (k, p)
    covariances : ndarray, shape (k, p, p)
        Inverse Fisher information at each estimate.
    """

    coefficients: np.ndarray
    covariances: np.ndarray


def fit_firth_batch(rows: Design, responses: np.ndarray, trials: np.ndarray, starts: np.ndarray) -> FirthFits:
    """Fit every response.

    Parameters
    ----------
    rows : Design
        c rows and p columns, of full column rank; the intercept is one of them.
    responses : ndarray, shape (c, k)
        Successes in each row.
    trials : ndarray, shape (c,)
    starts : ndarray, shape (k, p)

    Raises
    ------
    TrendsError
        The design is rank-deficient, or a fit does not converge.
    """
    design, count = rows.matrix, responses.shape[1]
    width = design.shape[1]
    coefficients, covariances = np.empty((count, width)), np.empty((count, width, width))
    size = max(1, _BLOCK // max(len(design), 1)) if width <= MOST_COLUMNS else 0
    for start in range(0, count, max(size, 1)):
        part = slice(start, start + max(size, 1))
        settled = np.zeros(len(starts[part]), dtype=bool)
        if size:
            coefficients[part], covariances[part], settled = _scored(design, responses[:, part], trials, starts[part])
        for position in start + np.flatnonzero(~settled):
            fit = fit_firth(rows, responses[:, position], trials, starts[position])
            coefficients[position], covariances[position] = fit.coefficients, fit.covariance
    return FirthFits(coefficients, covariances)


def profile_ends(
    design: np.ndarray, responses: np.ndarray, trials: np.ndarray, fits: FirthFits, level: float
) -> np.ndarray:
    """Return the profile-penalised-likelihood interval of the first coefficient of every fit, shape (k, 2).

    As `analysis.trends.regression.profile_interval`, for all responses at once: the ends are searched for by Illinois steps
    (Dowell and Jarratt 1971, BIT 11, 168-174) between the estimate and a point outside.

    Parameters
    ----------
    design, responses, trials
        As in `fit_firth_batch`; at most `MOST_COLUMNS` columns.
    fits : FirthFits
    level : float
        Coverage.
    """
    pairs = _pairs(design)
    centre = fits.coefficients[:, 0]
    spread = np.sqrt(fits.covariances[:, 0, 0])
    ridge = fits.covariances[:, :, 0] / fits.covariances[:, :1, 0]
    top = _states(design, pairs, responses, trials, fits.coefficients)[0]
    threshold = top - stats.chi2.ppf(level, 1) / 2

    def height(values: np.ndarray, asked: np.ndarray) -> np.ndarray:
        group = asked % len(centre)
        start = fits.coefficients[group] + ridge[group] * (values - centre[group])[:, None]
        return np.asarray(_profile(design, pairs, responses[:, group], trials, start) - threshold[group])

    # lower ends come first, then upper ones
    step = np.outer((-1, 1), spread * stats.norm.isf((1 - level) / 2)).ravel()
    ends = _crossings(height, np.tile(centre, 2), step, np.tile(top - threshold, 2))
    return ends.reshape(2, -1).T


def _crossings(
    height: Callable[[np.ndarray, np.ndarray], np.ndarray], centre: np.ndarray, step: np.ndarray, at_centre: np.ndarray
) -> np.ndarray:
    """Return where each height crosses 0, searched from `centre` in steps; infinite past `_FAR`."""
    inside, outside = centre.copy(), centre + step
    above, below = at_centre.copy(), height(outside, np.arange(len(centre)))
    while (out := np.flatnonzero((below > 0) & (np.abs(outside - centre) <= _FAR))).size:
        inside[out], above[out] = outside[out], below[out]
        outside[out] += step[out]
        below[out] = height(outside[out], out)
    found = np.where(below > 0, np.copysign(np.inf, step), outside)
    asked = np.flatnonzero(below <= 0)
    for _ in range(_SEARCHES):
        asked = asked[np.abs(outside[asked] - inside[asked]) > _WIDTH]
        if not asked.size:
            break
        low, high = above[asked], below[asked]
        middle = inside[asked] + (outside[asked] - inside[asked]) * np.clip(low / (low - high), 1e-3, 1 - 1e-3)
        value = height(middle, asked)
        up = value > 0
        # the end that stays counts half, so that it, too, is replaced
        inside[asked[up]], above[asked[up]], below[asked[up]] = middle[up], value[up], below[asked[up]] / 2
        outside[asked[~up]], below[asked[~up]], above[asked[~up]] = middle[~up], value[~up], above[asked[~up]] / 2
        found[asked] = middle
        asked = asked[np.abs(value) > _CLOSE]
    return np.asarray(found)


def _profile(
    design: np.ndarray, pairs: np.ndarray, responses: np.ndarray, trials: np.ndarray, starts: np.ndarray
) -> np.ndarray:
    """Return the penalised log-likelihood maximised over all coefficients but the first, shape (k,)."""
    if design.shape[1] == 1:
        return _states(design, pairs, responses, trials, starts)[0]
    beta, moving = starts.copy(), np.arange(len(starts))
    best = np.empty(len(starts))
    loglik, covariance, score = _states(design, pairs, responses, trials, beta)
    for _ in range(_ITERATIONS):
        information = np.linalg.inv(covariance)[:, 1:, 1:]
        step = np.zeros_like(score)
        step[:, 1:] = np.linalg.solve(information, score[:, 1:, None])[:, :, 0]
        best[moving] = loglik
        open_ends = np.einsum("ki,ki->k", step, score) > _GAIN
        if not open_ends.any():
            break
        moving, step, loglik = moving[open_ends], step[open_ends], loglik[open_ends]
        step *= (_MAX_STEP / np.maximum(_MAX_STEP, np.abs(step).max(axis=1)))[:, None]
        step, state = _uphill(design, pairs, responses[:, moving], trials, beta[moving], step, loglik)
        beta[moving] += step
        loglik, covariance, score = state
    return best


def _pairs(design: np.ndarray) -> np.ndarray:
    """Return the products of all pairs of columns, shape (c, p x p)."""
    return np.asarray((design[:, :, None] * design[:, None, :]).reshape(len(design), -1))


def _scored(
    design: np.ndarray, responses: np.ndarray, trials: np.ndarray, starts: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients, covariances and which fits settled, by Fisher scoring with step halving."""
    pairs = _pairs(design)
    beta, moving = starts.astype(float).copy(), np.arange(len(starts))
    covariances = np.empty((len(starts), design.shape[1], design.shape[1]))
    settled = np.zeros(len(starts), dtype=bool)
    loglik, covariance, score = _states(design, pairs, responses, trials, beta)
    for _ in range(_ITERATIONS):
        step = np.einsum("kij,kj->ki", covariance, score)
        longest = np.abs(step).max(axis=1)
        done = longest < _TOLERANCE
        covariances[moving[done]], settled[moving[done]] = covariance[done], True
        if done.all():
            break
        moving, loglik, step, longest = moving[~done], loglik[~done], step[~done], longest[~done]
        step *= (_MAX_STEP / np.maximum(_MAX_STEP, longest))[:, None]
        inside = responses[:, moving]
        step, state = _uphill(design, pairs, inside, trials, beta[moving], step, loglik)
        beta[moving] += step
        loglik, covariance, score = state
    return beta, covariances, settled


def _uphill(
    design: np.ndarray,
    pairs: np.ndarray,
    responses: np.ndarray,
    trials: np.ndarray,
    beta: np.ndarray,
    step: np.ndarray,
    loglik: np.ndarray,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return steps halved until no likelihood falls, and the states that they lead to."""
    for _ in range(_HALVINGS):
        state = _states(design, pairs, responses, trials, beta + step)
        # a sum over many papers is rounded in proportion to its size
        worse = ~(state[0] >= loglik - 1e-10 * np.maximum(1.0, np.abs(loglik)))
        if not worse.any():
            break
        step = np.where(worse[:, None], step / 2, step)
    return step, state


def _states(
    design: np.ndarray, pairs: np.ndarray, responses: np.ndarray, trials: np.ndarray, beta: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return penalised log-likelihoods (k,), covariances (k, p, p) and modified scores (k, p)."""
    width = design.shape[1]
    linear = np.clip(design @ beta.T, -_SATURATED, _SATURATED)
    # within bounds, so nothing overflows
    mean = 1 / (1 + np.exp(-linear))
    weight = trials[:, None] * mean * (1 - mean)
    information = (weight.T @ pairs).reshape(-1, width, width)
    sign, logdet = np.linalg.slogdet(information)
    sound = sign > 0
    covariance = np.zeros_like(information)
    if sound.any():
        covariance[sound] = np.linalg.inv(information[sound])
    leverage = weight * (pairs @ covariance.reshape(-1, width * width).T)
    score = (responses - trials[:, None] * mean + leverage * (0.5 - mean)).T @ design
    loglik = (responses * linear).sum(axis=0) - trials @ log_of_one_plus_exp(linear) + logdet / 2
    return np.where(sound, loglik, -np.inf), covariance, score
