"""Firth-penalised logistic regression with profile-penalised-likelihood intervals.

Firth (1993), Biometrika 80(1), 27-38; Heinze and Schemper (2002), Statistics in Medicine 21,
2409-2419. The penalty, half the log determinant of the information, removes the first-order bias
and keeps estimates finite under separation and tiny counts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.errors import TrendsError
from analysis.trends.design import Design
from analysis.trends.stratified import MAX_STEP, NO_GAIN, TOLERANCE

_MAX_ITERATIONS = 200
# steps of Fisher scoring before Newton's take over
_SCORING_STEPS = 8
# what may be left to gain when the steps are used up: no digit that is shown depends on it
_NEGLIGIBLE = 1e-6
# log odds ratio, from the estimate, past which an interval's end is reported as unbounded
_FAR = 12.0


@dataclass(frozen=True)
class FirthFit:
    """A fitted model.

    Attributes
    ----------
    coefficients : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        Inverse Fisher information at the estimate.
    loglik : float
        Penalised log-likelihood.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    loglik: float


def fit_firth(
    design: np.ndarray | Design, response: np.ndarray, trials: np.ndarray | None = None, start: np.ndarray | None = None
) -> FirthFit:
    """Fit a Firth-penalised logistic regression.

    Parameters
    ----------
    design : ndarray of float, shape (n, p), or Design
        Of full column rank; the intercept is one of its columns.
    response : ndarray, shape (n,)
        0 or 1, or with `trials` the number of successes in each row.
    trials : ndarray, shape (n,), optional
        Number of papers in each row, 1 by default: papers that share a row of the design give
        the same fit together as one by one.
    start : ndarray of float, shape (p,), optional
        Coefficients to start from; zeros by default.

    Raises
    ------
    TrendsError
        The design is rank-deficient, or the iteration does not converge.
    """
    rows = design if isinstance(design, Design) else Design.of(np.asarray(design, dtype=float))
    _, response, trials = _as_floats(rows.matrix, response, trials)
    if not rows.is_full_rank:
        raise TrendsError("the design is rank-deficient: two of its columns say the same")
    width = rows.matrix.shape[1]
    free = np.ones(width, dtype=bool)
    first = np.zeros(width) if start is None else np.asarray(start, dtype=float)
    return _maximise(rows, response, trials, first, free)


def penalised_loglik(design: np.ndarray, response: np.ndarray, trials: np.ndarray, coefficients: np.ndarray) -> float:
    """Return the penalised log-likelihood at `coefficients`, shape (p,)."""
    design, response, trials = _as_floats(design, response, trials)
    return Design.of(design).state(response, trials, coefficients)[0]


def drop_in_loglik(
    design: np.ndarray | Design,
    response: np.ndarray,
    fit: FirthFit,
    columns: list[int],
    trials: np.ndarray | None = None,
) -> float:
    """Return how much the penalised log-likelihood of `fit` drops with the coefficients of `columns` held at 0.

    Twice the drop is the penalised likelihood ratio of those columns, to be read against a
    chi-squared distribution with as many degrees of freedom. At least 0.
    """
    rows = design if isinstance(design, Design) else Design.of(np.asarray(design, dtype=float))
    _, response, trials = _as_floats(rows.matrix, response, trials)
    free = np.ones(rows.matrix.shape[1], dtype=bool)
    free[columns] = False
    # the other columns may carry what those held at 0 did
    start = rows.nearest(fit.coefficients, free)
    return max(0.0, fit.loglik - _maximise(rows, response, trials, start, free).loglik)


def profile_interval(
    design: np.ndarray,
    response: np.ndarray,
    fit: FirthFit,
    column: int,
    level: float = 0.95,
    trials: np.ndarray | None = None,
) -> tuple[float, float]:
    """Return the profile-penalised-likelihood interval of one coefficient.

    Its ends are where twice the drop of the penalised log-likelihood, maximised over all other
    coefficients, reaches the chi-squared quantile with one degree of freedom.

    Returns
    -------
    low, high : float
        -inf or inf where the profile stays above the threshold.
    """
    design, response, trials = _as_floats(design, response, trials)
    threshold = fit.loglik - stats.chi2.ppf(level, 1) / 2
    free = np.ones(design.shape[1], dtype=bool)
    free[column] = False
    # the other coefficients follow along the likelihood's ridge, so each search starts close to its end
    ridge = fit.covariance[:, column] / fit.covariance[column, column]
    centre, rows = float(fit.coefficients[column]), Design.of(design)

    def height(value: float) -> float:
        start = fit.coefficients + ridge * (value - centre)
        return float(_maximise(rows, response, trials, start, free).loglik - threshold)

    step = float(np.sqrt(fit.covariance[column, column]) * stats.norm.ppf((1 + level) / 2))
    low, high = (_end_of_profile(height, centre, direction * step) for direction in (-1.0, 1.0))
    return low, high


def _end_of_profile(height: Callable[[float], float], centre: float, step: float) -> float:
    inside, outside = centre, centre + step
    while height(outside) > 0:
        inside, outside = outside, outside + step
        if abs(outside - centre) > _FAR:
            return float(np.copysign(np.inf, step))
    return float(optimize.brentq(height, inside, outside, xtol=1e-8, rtol=1e-10))


def _as_floats(
    design: np.ndarray, response: np.ndarray, trials: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    counts = np.ones(len(response)) if trials is None else np.asarray(trials, dtype=float)
    return np.asarray(design, dtype=float), np.asarray(response, dtype=float), counts


def _maximise(
    design: Design, response: np.ndarray, trials: np.ndarray, start: np.ndarray, free: np.ndarray
) -> FirthFit:
    """Fisher scoring, then Newton's method, with step halving, over the `free` coefficients.

    Scoring settles most fits in a few steps. Near separation, or with a single success, the
    information is far from the penalised likelihood's own curvature and scoring would creep or swing.
    """
    found = design.climb(response, trials, start, free)
    if found is not None:
        return FirthFit(*found)
    beta = start.astype(float).copy()
    loglik, covariance, score = design.state(response, trials, beta)
    for iteration in range(_MAX_ITERATIONS):
        curvature = np.linalg.inv(covariance)[np.ix_(free, free)]
        # a Newton step costs two states a coefficient, so scoring has as many steps before the first one
        if iteration >= max(_SCORING_STEPS, free.sum()):
            curvature = _curvature(design, response, trials, beta, free, curvature)
        step = np.zeros_like(beta)
        if free.any():
            step[free] = np.linalg.solve(curvature, score[free])
        longest = np.abs(step).max(initial=0.0)
        if longest < TOLERANCE or score @ step < NO_GAIN * max(1.0, abs(loglik)):
            return FirthFit(beta, covariance, loglik)
        step = step * (MAX_STEP / max(MAX_STEP, min(longest, np.abs(design.matrix @ step).max())))
        for _ in range(40):
            state = design.state(response, trials, beta + step)
            # a sum over many papers is rounded in proportion to its size
            if state[0] >= loglik - 1e-12 * max(1.0, abs(loglik)):
                break
            step = step / 2
        else:
            return FirthFit(beta, covariance, loglik)
        beta = beta + step
        loglik, covariance, score = state
    if score @ step < _NEGLIGIBLE:
        return FirthFit(beta, covariance, loglik)
    raise TrendsError(f"the penalised likelihood did not converge in {_MAX_ITERATIONS} steps")


def _curvature(
    design: Design,
    response: np.ndarray,
    trials: np.ndarray,
    beta: np.ndarray,
    free: np.ndarray,
    information: np.ndarray,
) -> np.ndarray:
    """Return the negative Hessian of the penalised log-likelihood in the `free` coefficients, by differences of its score.

    Where that is not positive definite, `information` is returned instead.
    """
    width = 1e-5
    scores = [
        design.state(response, trials, beta - shift)[2] - design.state(response, trials, beta + shift)[2]
        for shift in width * np.eye(len(beta))[free]
    ]
    hessian = np.array(scores)[:, free] / (2 * width)
    hessian = (hessian + hessian.T) / 2
    return hessian if np.linalg.eigvalsh(hessian).min(initial=np.inf) > 0 else information
