"""A design of a penalised logistic regression, and the likelihood's state on it; strata cost nothing where they are many."""

import functools
from dataclasses import dataclass

import numpy as np

from analysis.trends.logistic import log_of_one_plus_exp, logistic
from analysis.trends.stratified import SATURATED, maximise

State = tuple[float, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Design:
    """The rows of a regression.

    Attributes
    ----------
    matrix : ndarray of float, shape (n, p)
    stratum : ndarray of int, shape (n,), or None
        Where the last columns are indicators of which each row has one: which. The information is then diagonal but for the
        columns before them, so that its inverse is that of a small matrix.
    """

    matrix: np.ndarray
    stratum: np.ndarray | None

    @classmethod
    def of(cls, matrix: np.ndarray) -> "Design":
        """Look for strata in the last columns of a matrix; an intercept is one stratum."""
        width = matrix.shape[1]
        binary = ((matrix == 0) | (matrix == 1)).all(axis=0)
        first = width - int(np.argmin(binary[::-1])) if not binary.all() else 0
        # of columns of zeros and ones the last that have one one in each row
        for start in range(first, width):
            block = matrix[:, start:]
            if (block.sum(axis=1) == 1).all() and block.any(axis=0).all():
                return cls(matrix, block.argmax(axis=1))
        return cls(matrix, None)

    @functools.cached_property
    def _slopes(self) -> np.ndarray:
        """The columns before the strata's."""
        assert self.stratum is not None
        return np.ascontiguousarray(self.matrix[:, : self.matrix.shape[1] - int(self.stratum.max()) - 1])

    @functools.cached_property
    def is_full_rank(self) -> bool:
        """Whether no column is a sum of others."""
        if self.stratum is None:
            return bool(np.linalg.matrix_rank(self.matrix) == self.matrix.shape[1])
        slopes = self._slopes
        sizes = np.bincount(self.stratum)
        means = np.stack([np.bincount(self.stratum, column) / sizes for column in slopes.T], axis=1)
        return bool(np.linalg.matrix_rank(slopes - means[self.stratum]) == slopes.shape[1])

    def nearest(self, coefficients: np.ndarray, free: np.ndarray) -> np.ndarray:
        """Return coefficients that are 0 but where they are free, bool (p,), with log odds near those of other coefficients."""
        start = np.where(free, coefficients, 0.0)
        gone = self.matrix @ (coefficients - start)
        if self.stratum is None:
            start[free] += np.linalg.lstsq(self.matrix[:, free], gone)[0]
        else:
            # levels of strata take up the mean of what is gone
            levels = np.bincount(self.stratum, gone) / np.bincount(self.stratum)
            start[len(start) - len(levels) :] += levels
        return start

    def state(self, response: np.ndarray, trials: np.ndarray, beta: np.ndarray) -> State:
        """Return penalised log-likelihood, covariance, and modified score at `beta`."""
        linear = np.clip(self.matrix @ beta, -SATURATED, SATURATED)
        mean = logistic(linear)
        weight = trials * mean * (1 - mean)
        logdet, covariance, spread = self._information(weight)
        if not np.isfinite(logdet):
            return -np.inf, covariance, np.zeros_like(beta)
        score = self.matrix.T @ (response - trials * mean + weight * spread * (0.5 - mean))
        loglik = float(response @ linear - trials @ log_of_one_plus_exp(linear) + logdet / 2)
        return loglik, covariance, score

    def climb(
        self, response: np.ndarray, trials: np.ndarray, start: np.ndarray, free: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, float] | None:
        """Return the coefficients, bool (p,) saying which are free, at the greatest likelihood, their covariance and that.

        None where there are no strata, or where Fisher scoring does not settle.
        """
        if self.stratum is None or not free[self._slopes.shape[1] :].all():
            return None
        slopes, count = self._slopes, int(self.stratum.max()) + 1
        width = slopes.shape[1]
        beta, moving = start.astype(np.float64), np.flatnonzero(free[:width])
        inner, centre, held = np.empty((width, width)), np.empty((count, width)), np.empty(count)
        # one layout of every array, so that the loop is compiled once
        counts, own = np.ascontiguousarray(trials), np.ascontiguousarray(response)
        loglik, settled = maximise(slopes, self.stratum, counts, own, beta, moving, inner, centre, held)
        return (beta, _covariance(inner, centre.T, held), loglik) if settled else None

    def _information(self, weight: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the information's log determinant, its inverse, and each row's variance by that."""
        if self.stratum is not None:
            found = self._by_strata(weight)
            if found is not None:
                return found
        information = (self.matrix * weight[:, None]).T @ self.matrix
        sign, logdet = np.linalg.slogdet(information)
        if sign <= 0:
            return -np.inf, np.linalg.pinv(information), np.zeros(len(weight))
        covariance = np.linalg.inv(information)
        return float(logdet), covariance, ((self.matrix @ covariance) * self.matrix).sum(axis=1)

    def _by_strata(self, weight: np.ndarray) -> tuple[float, np.ndarray, np.ndarray] | None:
        """Return the same by the Schur complement of the strata's diagonal; None where that is no information."""
        stratum, slopes = self.stratum, self._slopes
        assert stratum is not None
        held = np.bincount(stratum, weight)
        weighted = slopes * weight[:, None]
        means = np.stack([np.bincount(stratum, column) for column in weighted.T]) / np.maximum(held, 1e-300)
        rest = weighted.T @ slopes - (means * held) @ means.T
        sign, logdet = np.linalg.slogdet(rest)
        if held.min() <= 0 or sign <= 0:
            return None
        inner = np.linalg.inv(rest)
        covariance = _covariance(inner, means, held)
        away = slopes - means.T[stratum]
        return (
            float(logdet + np.log(held).sum()),
            covariance,
            1 / held[stratum] + ((away @ inner) * away).sum(axis=1),
        )


def _covariance(inner: np.ndarray, means: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Return the inverse information of slopes and strata from the slopes', their means (q, s) and the strata's weights."""
    across = -inner @ means
    width = len(inner)
    whole = np.empty((width + len(held), width + len(held)))
    whole[:width, :width], whole[:width, width:], whole[width:, :width] = inner, across, across.T
    whole[width:, width:] = -means.T @ across
    diagonal = np.arange(width, len(whole))
    whole[diagonal, diagonal] += 1 / held
    return whole
