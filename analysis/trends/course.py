"""The course of topics that appeared or ended within the window: rising, level or falling in their own time."""

from collections.abc import Sequence

import numpy as np

from analysis.trends.cells import Cells
from analysis.trends.ends import window_ends
from analysis.trends.false_discovery import q_values
from analysis.trends.onset import Onset
from analysis.trends.permutation import can_vary, permutation_p
from analysis.trends.slopes import fit_slopes
from analysis.trends.verdict import Course, Rules

_LEVEL = 0.95


def courses(
    time: np.ndarray,
    strata: np.ndarray,
    members: np.ndarray,
    onsets: Sequence[Onset],
    rules: Rules,
    n_permutations: int,
    seed: int,
) -> list[Course]:
    """Return the course of each of k groups since it appeared or until it ended; empty for those that did neither.

    They are a small family of their own: q below alpha gives a direction, an interval within the band a level course.

    Parameters
    ----------
    time, strata : ndarray, shape (n,)
    members : ndarray of bool, shape (n, k)
    onsets : sequence of Onset, length k
    rules : Rules
    n_permutations, seed : int
    """
    found: dict[int, tuple[float, float, float, float]] = {}
    for group, onset in enumerate(onsets):
        if onset.kind == "none":
            continue
        own = time >= onset.time if onset.kind == "new" else time <= onset.time
        inside = members[own, group][:, None]
        if inside.all() or not can_vary(inside, time[own], strata[own])[0]:
            continue
        cells = Cells.of(time[own], strata[own])
        slopes = fit_slopes(cells, cells.successes(inside), _LEVEL)
        p = float(permutation_p(inside, time[own], strata[own], n_permutations, seed)[0])
        years = window_ends(time[own]).years
        low, high = slopes.intervals()[0]
        change, low, high = (float(np.exp(value * years)) for value in (slopes.values[0], low, high))
        found[group] = (p, change, low, high)
    q = dict(zip(found, q_values(np.array([row[0] for row in found.values()])), strict=True))
    return [
        ""
        if onset.kind == "none"
        else _course(rules, float(q[group]), *found[group][1:])
        if group in found
        else "unclear"
        for group, onset in enumerate(onsets)
    ]


def _course(rules: Rules, q: float, change: float, low: float, high: float) -> Course:
    direction = rules.direction(q, change)
    if direction in ("rising", "falling") and (low > 1 or high < 1):
        return "rising" if change > 1 else "falling"
    return "level" if rules.is_steady(low, high) or direction in ("small rise", "small fall") else "unclear"
