"""A family of groups and their papers, in any order and with any dates: tested where it can be, reasons where not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.trends.cells import Cells
from analysis.trends.ends import window_ends
from analysis.trends.family import Family, TestSettings, find_trends
from analysis.trends.permutation import can_vary, counted_normal_p, permutation_p, within_strata
from analysis.trends.rows import Labelled, assessed_rows, not_assessable, tests_table
from analysis.trends.series_p import series_p
from analysis.trends.wandering import wandering_p


@dataclass(frozen=True)
class Tested:
    """A tested family.

    Attributes
    ----------
    tests : DataFrame, index topic
    curves : tuple of ndarray of float, each of shape (r, groups)
        Fitted shares in the periods that were asked for, and their intervals' ends; NaN for what cannot be assessed.
    ends : tuple of str
        Names of both ends of the window; empty texts where nothing could be assessed.
    """

    tests: pd.DataFrame
    curves: tuple[np.ndarray, np.ndarray, np.ndarray]
    ends: tuple[str, str]


@dataclass(frozen=True)
class Papers:
    """Dates and strata of n papers, and what is asked of them beside tests.

    Attributes
    ----------
    time : ndarray of float, shape (n,)
        Decimal years; NaN where unknown.
    strata : ndarray, shape (n,)
    periods : ndarray of int, shape (n,)
        Period of each paper, 0 to r - 1; -1 for none.
    middles : ndarray of float, shape (r,)
        Decimal years of the periods whose fitted shares are asked for.
    covered : pair of float, optional
        Decimal years that the corpus can speak of.
    verdicts_only : bool
        Whether power and wandering are left out: unknown (NaN).
    series : ndarray of int, shape (n,), optional
        Papers of one number are of one author group.
    """

    time: np.ndarray
    strata: np.ndarray
    periods: np.ndarray
    middles: np.ndarray
    covered: tuple[float, float] | None = None
    verdicts_only: bool = False
    series: np.ndarray | None = None


def tested_family(
    groups: Any,
    members: np.ndarray,
    papers: Papers,
    redrawn: np.ndarray | Sequence[np.ndarray],
    settings: TestSettings,
) -> Tested:
    """Test a family of groups.

    Parameters
    ----------
    groups : sequence, length k
        Names of the groups.
    members : ndarray of bool, shape (n, k)
    papers : Papers
    redrawn : ndarray of int, shape (b, n), or sequence of ndarray of bool, each of shape (n, k)
        Position of each paper's group, 0 to k - 1, in redrawn clusterings, -1 for none; or the members of groups that overlap.
    settings : TestSettings
    """
    # p comes from shuffles of rows: in one order of the papers, it does not hang on theirs
    order = np.lexsort((members.argmax(axis=1) if members.size else papers.strata, papers.strata, papers.time))
    dated = order[np.isfinite(papers.time[order])]
    time, strata, members = papers.time[dated], papers.strata[dated], members[dated]
    reasons = _why_not(members, time, strata)
    tested = np.array([not reason for reason in reasons], dtype=bool)
    curves = tuple(np.full((len(papers.middles), len(reasons)), np.nan) for _ in range(3))
    assessed: Iterator[dict[str, Any]] = iter(())
    names = ("", "")
    if tested.any():
        ends = window_ends(time, papers.covered)
        names = ends.names
        cells = Cells.of(time, strata)
        p = permutation_p(members[:, tested], time, strata, settings.n_permutations, settings.seed)
        draws = [
            cells.successes(draw[dated][:, tested])
            if draw.ndim == 2
            else cells.counted(draw[dated], len(reasons))[:, tested]
            for draw in redrawn
        ]
        draw_p = [counted_normal_p(draw, cells) for draw in draws]
        family = Family(time, strata, members[:, tested], p, draws, draw_p, ends)
        found = find_trends(family, settings, papers.periods[dated], papers.middles, power=not papers.verdicts_only)
        wandering = (
            np.full(len(p), np.nan) if papers.verdicts_only else wandering_p(cells, cells.successes(members[:, tested]))
        )
        by_series = np.full(len(p), np.nan)
        if papers.series is not None:
            own = papers.series[dated]
            by_series = series_p(members[:, tested], time, strata, own, settings.n_permutations, settings.seed)
        assessed = iter(assessed_rows(found, Labelled(p, wandering, by_series, ends, settings)))
        for whole, part in zip(curves, found.curves, strict=True):
            whole[:, tested] = part
    rows = [
        not_assessable(int(column.sum()), reason) if reason else next(assessed)
        for column, reason in zip(members.T, reasons, strict=True)
    ]
    return Tested(tests_table(rows, groups), (curves[0], curves[1], curves[2]), names)


def positions(labels: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the position of each label among rising `groups`, -1 for those that are none; of the shape of `labels`."""
    if not len(groups):
        return np.full(labels.shape, -1)
    place = np.minimum(np.searchsorted(groups, labels), len(groups) - 1)
    return np.asarray(np.where(groups[place] == labels, place, -1))


def _why_not(members: np.ndarray, time: np.ndarray, strata: np.ndarray) -> list[str]:
    """Say of each column why its trend cannot be assessed; empty where it can."""
    count = members.shape[1]
    if len(time) == 0:
        return ["no paper has a date"] * count
    equal = ""
    if np.abs(within_strata(time, strata)).max() < 1e-9:
        equal = "all dates are equal" if np.ptp(time) < 1e-9 else "within each stratum all dates are equal"
    still = "no stratum holds papers both in and out of it at different dates"
    sizes, varies = members.sum(axis=0), can_vary(members, time, strata)
    reasons = []
    for column in range(count):
        if sizes[column] == 0:
            reasons.append("none of its papers has a date")
        elif sizes[column] == len(time):
            reasons.append("every dated paper belongs to it")
        else:
            reasons.append(equal or ("" if varies[column] else still))
    return reasons
