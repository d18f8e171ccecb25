"""A penalised logistic regression with an effect for each stratum, fitted by Fisher scoring in a compiled loop.

The information is diagonal in the strata, so a step costs as much as one of the few slopes alone (Schur's complement); see
`analysis.trends.regression` for the likelihood.
"""

import numpy as np

from analysis.io.compiled import compiled

# linear predictors are held within this, where probabilities are 0 or 1 to every digit
SATURATED = 50.0
# longest step, in log odds of a row: a coefficient may have to go further where columns are almost alike
MAX_STEP = 5.0
TOLERANCE = 1e-8
# log likelihood that a full step promises (Newton's decrement) and that is not worth another one
NO_GAIN = 1e-13
_STEPS, _HALVINGS = 60, 40


@compiled
def maximise(
    slopes: np.ndarray,
    stratum: np.ndarray,
    trials: np.ndarray,
    response: np.ndarray,
    beta: np.ndarray,
    free: np.ndarray,
    inner: np.ndarray,
    centre: np.ndarray,
    held: np.ndarray,
) -> tuple[float, bool]:
    """Climb from `beta` to the greatest penalised log-likelihood over the free slopes and all strata.

    Parameters
    ----------
    slopes : ndarray of float64, shape (n, q)
        Covariates beside the strata.
    stratum : ndarray of int64, shape (n,)
        0..s-1.
    trials, response : ndarray of float64, shape (n,)
    beta : ndarray of float64, shape (q + s,)
        Where to start; holds where it ends.
    free : ndarray of int64, shape (moving,)
        Which slopes may move.
    inner : ndarray of float64, shape (q, q)
        Holds the slopes' covariance in the end.
    centre : ndarray of float64, shape (s, q)
        Holds the slopes' weighted means by stratum.
    held : ndarray of float64, shape (s,)
        Holds the weight of each stratum.

    Returns
    -------
    loglik : float
    settled : bool
        Whether no step is left to gain anything; otherwise nothing is worth keeping.
    """
    width, count = slopes.shape[1], len(held)
    score, by_stratum = np.zeros(width), np.zeros(count)
    step, mean = np.zeros(width + count), np.zeros(len(stratum))
    rest, tried = np.zeros((width, width)), beta.copy()
    loglik, scale = -np.inf, 1.0
    for _ in range(_STEPS):
        reached = -np.inf
        for _ in range(_HALVINGS):
            for place in range(width + count):
                tried[place] = beta[place] + scale * step[place]
            reached = _state(
                slopes, stratum, trials, response, tried, mean, inner, rest, centre, held, score, by_stratum
            )
            # a sum over many papers is rounded in proportion to its size
            if loglik == -np.inf or reached >= loglik - 1e-12 * max(1.0, abs(loglik)):
                break
            scale /= 2
        if reached == -np.inf or reached < loglik - 1e-12 * max(1.0, abs(loglik)):
            return reached, False
        for place in range(width + count):
            beta[place] = tried[place]
        loglik = reached
        _step(rest, centre, held, score, by_stratum, free, step)
        longest, gain, furthest = 0.0, 0.0, 0.0
        for place in range(width + count):
            longest = max(longest, abs(step[place]))
            gain += step[place] * (score[place] if place < width else by_stratum[place - width])
        if longest < TOLERANCE or gain < NO_GAIN * max(1.0, abs(loglik)):
            return loglik, True
        for row in range(len(stratum)):
            moved = step[width + stratum[row]]
            for column in range(width):
                moved += step[column] * slopes[row, column]
            furthest = max(furthest, abs(moved))
        scale = MAX_STEP / max(MAX_STEP, min(longest, furthest))
    return loglik, False


@compiled
def _state(
    slopes: np.ndarray,
    stratum: np.ndarray,
    trials: np.ndarray,
    response: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    inner: np.ndarray,
    rest: np.ndarray,
    centre: np.ndarray,
    held: np.ndarray,
    score: np.ndarray,
    by_stratum: np.ndarray,
) -> float:
    """Return the penalised log-likelihood at `beta` and fill in all else that a step needs; -inf where nothing tells."""
    width, rows = slopes.shape[1], len(stratum)
    held.fill(0.0)
    by_stratum.fill(0.0)
    score.fill(0.0)
    for column in range(width):
        for place in range(len(held)):
            centre[place, column] = 0.0
        for other in range(width):
            rest[column, other] = 0.0
    loglik = 0.0
    for row in range(rows):
        linear = beta[width + stratum[row]]
        for column in range(width):
            linear += beta[column] * slopes[row, column]
        linear = min(SATURATED, max(-SATURATED, linear))
        # e to the power of what is not positive never overflows
        odds = np.exp(-abs(linear))
        mean[row] = 1.0 / (1.0 + odds) if linear >= 0.0 else odds / (1.0 + odds)
        loglik += response[row] * linear - trials[row] * (max(linear, 0.0) + np.log1p(odds))
        weight = trials[row] * mean[row] * (1.0 - mean[row])
        held[stratum[row]] += weight
        for column in range(width):
            centre[stratum[row], column] += weight * slopes[row, column]
    for place in range(len(held)):
        if held[place] <= 0.0:
            return -np.inf
        loglik += 0.5 * np.log(held[place])
        for column in range(width):
            centre[place, column] /= held[place]
    for row in range(rows):
        weight = trials[row] * mean[row] * (1.0 - mean[row])
        for column in range(width):
            away = slopes[row, column] - centre[stratum[row], column]
            for other in range(column + 1):
                rest[column, other] += weight * away * (slopes[row, other] - centre[stratum[row], other])
    for column in range(width):
        for other in range(column):
            rest[other, column] = rest[column, other]
    determinant = _inverted(rest, inner)
    if determinant <= 0.0:
        return -np.inf
    loglik += 0.5 * np.log(determinant)
    for row in range(rows):
        spread = 1.0 / held[stratum[row]]
        for column in range(width):
            away = slopes[row, column] - centre[stratum[row], column]
            for other in range(width):
                spread += away * inner[column, other] * (slopes[row, other] - centre[stratum[row], other])
        weight = trials[row] * mean[row] * (1.0 - mean[row])
        left = response[row] - trials[row] * mean[row] + weight * spread * (0.5 - mean[row])
        by_stratum[stratum[row]] += left
        for column in range(width):
            score[column] += left * slopes[row, column]
    return float(loglik)


@compiled
def _step(
    rest: np.ndarray,
    centre: np.ndarray,
    held: np.ndarray,
    score: np.ndarray,
    by_stratum: np.ndarray,
    free: np.ndarray,
    step: np.ndarray,
) -> None:
    """Fill in the step of Fisher scoring of the free slopes and all strata."""
    width, moving = len(score), len(free)
    some, left, inverse = np.zeros((moving, moving)), np.zeros(moving), np.zeros((moving, moving))
    step.fill(0.0)
    for one in range(moving):
        left[one] = score[free[one]]
        for place in range(len(held)):
            left[one] -= centre[place, free[one]] * by_stratum[place]
        for other in range(moving):
            some[one, other] = rest[free[one], free[other]]
    _inverted(some, inverse)
    for one in range(moving):
        for other in range(moving):
            step[free[one]] += inverse[one, other] * left[other]
    for place in range(len(held)):
        step[width + place] = by_stratum[place] / held[place]
        for column in range(width):
            step[width + place] -= centre[place, column] * step[column]


@compiled
def _inverted(matrix: np.ndarray, inverse: np.ndarray) -> float:
    """Fill in the inverse of a small positive definite matrix and return its determinant; 0 where it is none."""
    width = len(matrix)
    lower, solved = np.zeros((width, width)), np.zeros((width, width))
    determinant = 1.0
    for row in range(width):
        for column in range(row + 1):
            total = matrix[row, column]
            for place in range(column):
                total -= lower[row, place] * lower[column, place]
            if column < row:
                lower[row, column] = total / lower[column, column]
            elif total <= 0.0:
                return 0.0
            else:
                lower[row, row] = np.sqrt(total)
                determinant *= total
    for column in range(width):
        for row in range(column, width):
            total = 1.0 if row == column else 0.0
            for place in range(column, row):
                total -= lower[row, place] * solved[place, column]
            solved[row, column] = total / lower[row, row]
    for one in range(width):
        for other in range(width):
            inverse[one, other] = 0.0
            for place in range(max(one, other), width):
                inverse[one, other] += solved[place, one] * solved[place, other]
    return determinant
