"""Redrawn clusterings' part in the uncertainty of slopes and shares.

After Rubin (1987), Multiple Imputation for Nonresponse in Surveys: the variance between draws, times 1 + 1/B, joins that of
the reference fit. Draws in which a topic dissolved have neither slope nor share; where they are half or more of all, nothing
bounds the trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import logit

from analysis.trends.cells import Cells
from analysis.trends.logistic import logistic
from analysis.trends.slopes import Slopes

_LEAST_SHARE = 1e-9


@dataclass(frozen=True)
class Readings:
    """Where fitted shares are read.

    Attributes
    ----------
    times : ndarray of float, shape (r,)
        Decimal years.
    weights : ndarray of float, shape (r, s)
        How strata are mixed at each; rows add up to 1.
    """

    times: np.ndarray
    weights: np.ndarray

    @classmethod
    def of_periods(cls, cells: Cells, periods: np.ndarray, middles: np.ndarray) -> "Readings":
        """Read at the mean date of each period's papers, strata mixed as in them; where there are none, as in all at its middle.

        Parameters
        ----------
        cells : Cells
            Of n papers.
        periods : ndarray of int, shape (n,)
            Period of each paper, 0 to r - 1; -1 for none.
        middles : ndarray of float, shape (r,)
        """
        whole = cls.of(cells, middles)
        codes = np.unique(cells.strata, return_inverse=True)[1]
        kept = periods >= 0
        counts = np.zeros(whole.weights.shape)
        np.add.at(counts, (periods[kept], codes[cells.cell[kept]]), 1)
        papers = counts.sum(axis=1)
        dates = np.bincount(periods[kept], weights=cells.time[cells.cell[kept]], minlength=len(middles))
        some = papers > 0
        times = np.where(some, dates / np.maximum(papers, 1), whole.times)
        weights = np.where(some[:, None], counts / np.maximum(papers, 1)[:, None], whole.weights)
        return cls(times, weights)

    @classmethod
    def of(cls, cells: Cells, times: np.ndarray) -> "Readings":
        """Read at `times`, strata mixed as in all papers: a difference between two times is the fitted change alone."""
        papers = np.bincount(np.unique(cells.strata, return_inverse=True)[1], weights=cells.trials)
        return cls(times, np.tile(papers / papers.sum(), (len(times), 1)))


def stretch_by_draws(slopes: Slopes, drawn: Sequence[Slopes]) -> np.ndarray:
    """Return by how much redrawn clusterings stretch each slope's standard error, shape (k,), at least 1."""
    if not drawn:
        return np.ones(len(slopes.values))
    between = between_draws(np.array([draw.values for draw in drawn]))
    return np.asarray(np.sqrt(1 + between / slopes.variances))


def pooled_shares(
    slopes: Slopes,
    drawn: Sequence[Slopes],
    readings: Readings,
    stretches: np.ndarray,
    level: float,
    bent: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return fitted shares with intervals, each of shape (r, k).

    Parameters
    ----------
    slopes : Slopes
        k groups.
    drawn : sequence of Slopes
        The same groups in redrawn clusterings.
    readings : Readings
    stretches : ndarray, shape (k,)
        By how much overdispersion between periods widens standard errors.
    level : float
        Coverage.
    bent : pair of ndarray of float, each of shape (r, k), optional
        Shares and variances of logits that stand instead of the slopes' own where they are not NaN.
    """
    shares, variances = slopes.read(readings.times, readings.weights)
    variances = variances * stretches**2
    if bent is not None:
        shares, variances = (
            np.where(np.isnan(new), old, new) for new, old in zip(bent, (shares, variances), strict=True)
        )
    shares = np.clip(shares, _LEAST_SHARE, 1 - _LEAST_SHARE)
    if drawn:
        redrawn = np.array([draw.read(readings.times, readings.weights)[0] for draw in drawn])
        dissolved = np.array([~np.isfinite(draw.values) for draw in drawn])
        logits = logit(np.clip(redrawn, _LEAST_SHARE, 1 - _LEAST_SHARE))
        variances = variances + between_draws(np.where(dissolved[:, None, :], np.nan, logits))
    reach = stats.norm.isf((1 - level) / 2) * np.sqrt(variances)
    middle = logit(shares)
    return shares, logistic(middle - reach), logistic(middle + reach)


def between_draws(values: np.ndarray) -> np.ndarray:
    """Return the variance between draws, times 1 + 1/B, over the first axis; NaN marks draws without a value."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
    between = squares / np.maximum(count - 1, 1) * (1 + 1 / np.maximum(count, 1))
    return np.asarray(np.where(2 * count > len(values), between, np.inf))
