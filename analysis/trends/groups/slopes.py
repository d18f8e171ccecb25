"""Whether groups of papers differ in their topics' slopes: the interaction of group and date, with strata of both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.slopes import fit_slopes

LEVEL = 0.95
_NO_INFORMATION = 1e-9


@dataclass(frozen=True)
class SlopeDifferences:
    """Log odds ratios per year of k topics in a group, less those in all other papers.

    Attributes
    ----------
    values, variances : ndarray of float, shape (k,)
        NaN where either slope cannot be fitted.
    p : ndarray of float, shape (k,)
        Of the score under one slope for both; 1 where it cannot vary.
    """

    values: np.ndarray
    variances: np.ndarray
    p: np.ndarray


def slope_differences(
    time: np.ndarray, strata: np.ndarray, inside: np.ndarray, labels: np.ndarray, n_topics: int
) -> SlopeDifferences:
    """Compare the slopes of a group's papers with those of all others.

    Parameters
    ----------
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray of int, shape (n,)
    inside : ndarray of bool, shape (n,)
        Which papers are in the group.
    labels : ndarray of int, shape (n,)
        Topics, 0..k-1; -1 for none.
    n_topics : int
    """
    codes = np.unique(strata, return_inverse=True)[1] * 2 + inside
    cells = Cells.of(time, codes)
    successes = cells.counted(labels, n_topics)
    # of even codes papers are outside; cells' strata are numbered anew
    known = np.unique(codes)
    within = known[np.unique(cells.strata, return_inverse=True)[1]] % 2 == 1
    p = _score_p(cells, successes, within)
    values, variances = np.zeros((2, n_topics)), np.zeros((2, n_topics))
    for number, kept in enumerate((within, ~within)):
        values[number], variances[number] = _slopes_of(cells.at(kept), successes[kept])
    return SlopeDifferences(values[0] - values[1], variances.sum(axis=0), p)


def drawn_differences(
    time: np.ndarray, strata: np.ndarray, inside: np.ndarray, draws: Sequence[np.ndarray], n_topics: int
) -> np.ndarray:
    """Return the differences of slopes in redrawn clusterings, shape (draws, k)."""
    return np.array(
        [
            np.subtract(
                *(
                    _slopes_of(part, part.counted(draw[kept], n_topics))[0]
                    for kept, part in ((side, Cells.of(time[side], strata[side])) for side in (inside, ~inside))
                )
            )
            for draw in draws
        ]
    ).reshape(len(draws), n_topics)


def _slopes_of(cells: Cells, successes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    count = successes.shape[1]
    totals = successes.sum(axis=0)
    kept = (totals > 0) & (totals < cells.trials.sum())
    values, variances = np.full(count, np.nan), np.full(count, np.nan)
    if kept.any() and len(cells.time) > 1 and np.ptp(cells.time) > 0:
        found = fit_slopes(cells, successes[:, kept], LEVEL)
        values[kept], variances[kept] = found.values, found.variances
    return values, variances


def _score_p(cells: Cells, successes: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return two-sided p values of the group's part in the score, given one slope and levels for both by stratum."""
    count = successes.shape[1]
    p_values = np.ones(count)
    totals = successes.sum(axis=0)
    kept = np.flatnonzero((totals > 0) & (totals < cells.trials.sum()))
    if not len(kept) or len(cells.time) < 2:
        return p_values
    fitted = fit_slopes(cells, successes[:, kept], LEVEL).shares()
    weight = cells.trials[:, None] * fitted * (1 - fitted)
    codes = np.unique(cells.strata, return_inverse=True)[1]
    by_stratum, dated = (np.zeros((int(codes.max()) + 1, len(kept))) for _ in range(2))
    np.add.at(by_stratum, codes, weight)
    np.add.at(dated, codes, weight * cells.time[:, None])
    centred = cells.time[:, None] - (dated / np.maximum(by_stratum, _NO_INFORMATION))[codes]
    residual = successes[:, kept] - cells.trials[:, None] * fitted
    information = [(weight * centred**2)[side].sum(axis=0) for side in (within, ~within)]
    # the common slope takes its part of what the group tells, and a penalised fit leaves some score to both
    whole = np.maximum(information[0] + information[1], _NO_INFORMATION)
    parts = [(centred * residual)[side].sum(axis=0) for side in (within, ~within)]
    score = (parts[0] * information[1] - parts[1] * information[0]) / whole
    variance = information[0] * information[1] / whole
    told = np.isfinite(variance) & (variance > _NO_INFORMATION)
    p_values[kept[told]] = 2 * stats.norm.sf(np.abs(score[told]) / np.sqrt(variance[told]))
    return np.asarray(np.clip(p_values, np.finfo(float).tiny, 1.0))
