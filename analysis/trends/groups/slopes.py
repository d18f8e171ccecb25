"""Whether a topic gains ground in a group of papers against the others: a trend of the odds ratio over cells of source and year.

Each cell compares the group with its neighbours of the same source and year, so what moves in all papers alike, along whatever
curve, and what windows leave out, is no difference. The test is that for a trend of odds ratios in Breslow and Day (1980),
Statistical Methods in Cancer Research I, section 4.4.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

_STEPS = 8
_NO_INFORMATION = 1e-9
# the largest step, and the farthest odds ratio, on the scale of logarithms
_LONGEST_STEP, _FARTHEST = 2.0, 12.0


@dataclass(frozen=True)
class SlopeDifferences:
    """By how much the log odds ratio of k topics in each of g groups changes per year.

    Attributes
    ----------
    values, variances : ndarray of float, shape (g, k)
        NaN where no two years tell.
    p : ndarray of float, shape (g, k)
        Of the score under one odds ratio in all years; 1 where it cannot vary.
    """

    values: np.ndarray
    variances: np.ndarray
    p: np.ndarray


def slope_differences(
    inside: np.ndarray, labels: np.ndarray, n_topics: int, cells: np.ndarray, years: np.ndarray
) -> SlopeDifferences:
    """Compare the slopes of every group with those of all other papers of the same cells.

    Parameters
    ----------
    inside : ndarray of bool, shape (n, g)
        Which paper is in which group.
    labels : ndarray of int, shape (n,)
        Topics, 0..k-1; -1 for none.
    n_topics : int
    cells : ndarray of int, shape (n,)
        0 upwards.
    years : ndarray of float, shape (n,)
        Decimal years.
    """
    tables = _Tables.of(inside, labels, n_topics, cells, years)
    level = np.zeros(tables.both.shape[1:])
    for _ in range(_STEPS):
        left, spread = tables.left(level[None])
        level = _moved(level, left.sum(axis=0), spread.sum(axis=0))
    left, spread = tables.left(level[None])
    # as of exchanged papers: small cells vary more than their expectations alone tell
    spread = spread * tables.totals / np.maximum(tables.totals - 1, 1)
    total = np.maximum(spread.sum(axis=0), _NO_INFORMATION)
    middle = (spread * tables.time).sum(axis=0) / total
    away = tables.time - middle[None]
    information = (spread * away**2).sum(axis=0)
    score = (left * away).sum(axis=0)
    told = information > _NO_INFORMATION
    p_values = np.ones(level.shape)
    p_values[told] = 2 * stats.norm.sf(np.abs(score[told]) / np.sqrt(information[told]))
    values, slope_information = _fitted(tables, level, away)
    told &= slope_information > _NO_INFORMATION
    return SlopeDifferences(
        np.where(told, values, np.nan),
        np.where(told, 1 / np.maximum(slope_information, _NO_INFORMATION), np.nan),
        np.clip(np.where(told, p_values, 1.0), np.finfo(float).tiny, 1.0),
    )


@dataclass(frozen=True)
class _Tables:
    """Fourfold tables of c cells, g groups and k topics: papers in both, in the group, in the topic, and all."""

    both: np.ndarray
    in_group: np.ndarray
    in_topic: np.ndarray
    totals: np.ndarray
    time: np.ndarray

    @classmethod
    def of(
        cls, inside: np.ndarray, labels: np.ndarray, n_topics: int, cells: np.ndarray, years: np.ndarray
    ) -> "_Tables":
        count, n_groups = int(cells.max(initial=0)) + 1, inside.shape[1]
        totals = np.bincount(cells, minlength=count).astype(float)
        topic, group = np.zeros((count, n_topics)), np.zeros((count, n_groups))
        both = np.zeros((count, n_groups, n_topics))
        sorted_in = labels >= 0
        np.add.at(topic, (cells[sorted_in], labels[sorted_in]), 1)
        np.add.at(group, cells, inside)
        rows, columns = np.nonzero(inside[sorted_in])
        np.add.at(both, (cells[sorted_in][rows], columns, labels[sorted_in][rows]), 1)
        time = np.bincount(cells, weights=years, minlength=count) / np.maximum(totals, 1)
        return cls(both, group[:, :, None], topic[:, None, :], totals[:, None, None], time[:, None, None])

    def left(self, log_ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what of the papers in both an odds ratio leaves over, and their variance, each of shape (c, g, k)."""
        ratio = np.exp(np.clip(log_ratio, -_FARTHEST, _FARTHEST))
        rest = self.totals - self.in_group - self.in_topic
        square, linear = 1 - ratio, rest + ratio * (self.in_group + self.in_topic)
        constant = -ratio * self.in_group * self.in_topic
        # the root of a quadratic, in the form that holds for a ratio of one, too
        root = np.sqrt(np.maximum(linear**2 - 4 * square * constant, 0))
        expected = -2 * constant / np.maximum(linear + root, _NO_INFORMATION)
        quarters = (expected, self.in_group - expected, self.in_topic - expected, rest + expected)
        with np.errstate(divide="ignore"):
            inverse = sum(1 / np.maximum(part, 0) for part in quarters)
        spread = np.where(np.isfinite(inverse), 1 / np.maximum(inverse, _NO_INFORMATION), 0.0)
        return np.where(spread > 0, self.both - expected, 0.0), spread


def _moved(value: np.ndarray, score: np.ndarray, information: np.ndarray) -> np.ndarray:
    step = np.clip(score / np.maximum(information, _NO_INFORMATION), -_LONGEST_STEP, _LONGEST_STEP)
    return np.asarray(np.clip(value + np.where(information > _NO_INFORMATION, step, 0.0), -_FARTHEST, _FARTHEST))


def _fitted(tables: _Tables, level: np.ndarray, away: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the slopes of the log odds ratios, and what is known of each beside its level."""
    slope, information = np.zeros(level.shape), np.zeros(level.shape)
    for _ in range(_STEPS):
        left, spread = tables.left(level[None] + slope[None] * away)
        whole, cross = spread.sum(axis=0), (spread * away).sum(axis=0)
        information = (spread * away**2).sum(axis=0) - cross**2 / np.maximum(whole, _NO_INFORMATION)
        of_level = left.sum(axis=0)
        of_slope = (left * away).sum(axis=0) - cross / np.maximum(whole, _NO_INFORMATION) * of_level
        slope = _moved(slope, of_slope, information)
        level = _moved(level, of_level, whole)
    return slope, information
