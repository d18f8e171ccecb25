"""Change points: periods from which on a topic's share is another one.

The likelihood of counts given their exposure and the topic's fitted course, split where it gains most, and judged against
papers drawn anew along that course: a trend is no change; accepted splits are split again (binary segmentation; Scott and Knott
1974, Biometrics 30(3), 507-512). Only with twelve periods or more: with fewer, a step cannot be told from
a trend.
"""

from dataclasses import dataclass

import numpy as np

from analysis.trends.exposure import Exposure

FEWEST_PERIODS = 12
# a part is split again only where it keeps this many periods
_FEWEST_IN_A_PART = 6


@dataclass(frozen=True)
class Change:
    """One change of one topic's share.

    Attributes
    ----------
    topic : int
        Column of the topic.
    period : int
        0-based; the first of the new level.
    before, after : float
        The topic's papers over those expected, on either side, within the part that was split.
    p : float
        Permutation p value of the split.
    """

    topic: int
    period: int
    before: float
    after: float
    p: float


def find_changes(
    exposure: Exposure, strata_counts: np.ndarray, level: float, n_permutations: int = 999, seed: int = 0
) -> list[Change]:
    """Find changes of each topic's share.

    Parameters
    ----------
    exposure : Exposure
        k topics, s strata, t periods.
    strata_counts : ndarray of int, shape (k, s, t)
        Papers of each topic by stratum and period.
    level : float
        A split is accepted when its p, times the number of topics (Bonferroni), is at most this.
    n_permutations : int
        At least; more where there are many topics.
    seed : int

    Returns
    -------
    list of Change
        By topic and period; none with fewer than twelve periods.
    """
    topics, periods = exposure.counts.shape
    if periods < FEWEST_PERIODS:
        return []
    repeats = max(n_permutations, int(np.ceil(2 * topics / level)))
    changes = []
    for topic in range(topics):
        rng = np.random.default_rng([seed, topic])
        parts = [(0, periods)]
        while parts:
            start, stop = parts.pop()
            inside = strata_counts[topic, :, start:stop].sum(axis=1)[:, None]
            part = slice(start, stop)
            one = Exposure(
                exposure.totals[:, part],
                inside,
                exposure.counts[topic : topic + 1, part],
                exposure.times[part],
                exposure.slopes[topic : topic + 1],
            )
            split = _best_split(one, repeats, rng)
            if split is None or split[1] * topics > level:
                continue
            at, p, before, after = split
            changes.append(Change(topic, start + at, before, after, p))
            parts += [
                part for part in ((start, start + at), (start + at, stop)) if part[1] - part[0] >= _FEWEST_IN_A_PART
            ]
    return sorted(changes, key=lambda change: (change.topic, change.period))


def _best_split(one: Exposure, repeats: int, rng: np.random.Generator) -> tuple[int, float, float, float] | None:
    """Return where a single topic's history splits best, its p value, and the ratios to expectation on either side."""
    counts, expected = one.counts[0], one.expected[0]
    if counts.sum() == 0:
        return None
    gains = _gains(counts[None, :], expected)[0]
    at = int(np.argmax(gains))
    drawn = _gains(one.resampled(0, repeats, rng), expected).max(axis=1)
    p = float((1 + (drawn >= gains[at] - 1e-9).sum()) / (1 + repeats))
    before, after = (
        float(observed.sum() / max(fitted.sum(), 1e-12))
        for observed, fitted in ((counts[: at + 1], expected[: at + 1]), (counts[at + 1 :], expected[at + 1 :]))
    )
    return at + 1, p, before, after


def _gains(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return what two levels explain better than one, for a split after each period but the last, shape (b, t - 1)."""
    left, fitted_left = np.cumsum(counts, axis=1)[:, :-1], np.cumsum(expected)[:-1]
    right, fitted_right = counts.sum(axis=1, keepdims=True) - left, expected.sum() - fitted_left
    return np.asarray(_likelihood(left, fitted_left) + _likelihood(right, fitted_right))


def _likelihood(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    ratio = np.where(counts > 0, counts / np.maximum(expected, 1e-12), 1.0)
    return np.asarray(counts * np.log(ratio))
