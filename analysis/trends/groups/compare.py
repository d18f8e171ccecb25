"""Groups of papers compared topic by topic: shares, differences within the frame, and slopes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.trends.false_discovery import q_values
from analysis.trends.family import TestSettings
from analysis.trends.groups.frame import Frame
from analysis.trends.groups.reading import PaperGroups
from analysis.trends.groups.shares import ShareDifferences, exchange_p
from analysis.trends.groups.slopes import slope_differences
from analysis.trends.pooling import between_draws
from analysis.trends.shares import jeffreys_interval

LEVEL = 0.95
# redrawn clusterings that slopes are fitted in
_SLOPE_DRAWS = 20
GROUP_COLUMNS = {
    "by": "str",
    "group": "str",
    "gathered": "bool",
    "topic": "int64",
    "n": "float64",
    "n_group": "float64",
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "share_others": "float64",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "p": "float64",
    "q": "float64",
    "robustness": "float64",
    "verdict": "str",
    "slope_ratio": "float64",
    "slope_low": "float64",
    "slope_high": "float64",
    "slope_p": "float64",
    "slope_q": "float64",
    "slope_verdict": "str",
    "note": "str",
}


def no_groups() -> pd.DataFrame:
    """Return the table of no groups."""
    return pd.DataFrame(columns=list(GROUP_COLUMNS)).astype(GROUP_COLUMNS)


def compare(by: str, groups: PaperGroups, frame: Frame, settings: TestSettings) -> pd.DataFrame:
    """Compare every group with all other papers of which a group is known.

    Parameters
    ----------
    by : str
        What papers are grouped by.
    groups : PaperGroups
        g groups of n papers.
    frame : Frame
        The same papers, k topics.
    settings : TestSettings

    Returns
    -------
    DataFrame
        One row per group and topic, columns `GROUP_COLUMNS`.
    """
    frame, weights = frame.at(groups.known), groups.weights[groups.known]
    n_groups, n_topics = weights.shape[1], len(frame.topics)
    if not n_groups or not n_topics or not len(frame.labels):
        return no_groups()
    cells = frame.cells
    found = ShareDifferences.of(weights, frame.labels, n_topics, cells)
    share = found.inside / found.sizes[:, None]
    low, high = jeffreys_interval(found.inside, np.broadcast_to(found.sizes[:, None], found.inside.shape), LEVEL)
    topic_sizes = np.bincount(frame.labels[frame.labels >= 0], minlength=n_topics)
    others = np.maximum(len(frame.labels) - found.sizes, 0)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        elsewhere = np.where(others > 0, (topic_sizes[None, :] - found.inside) / others, np.nan)
    columns = {
        "by": by,
        "group": np.repeat(np.array(groups.names, dtype=object), n_topics),
        "gathered": np.repeat(np.arange(n_groups) == n_groups - 1, n_topics) & (groups.gathered > 0),
        "topic": np.tile(frame.topics, n_groups),
        "n": found.inside.ravel(),
        "n_group": np.repeat(found.sizes, n_topics),
        "share": share.ravel(),
        "low": low.ravel(),
        "high": high.ravel(),
        "share_others": elsewhere.ravel(),
        **_shares_told(found, weights, frame, cells, elsewhere, settings),
        **_slopes_told(weights > 0, frame, settings),
    }
    table = pd.DataFrame(columns)
    table["note"] = _notes(table, found.comparable.ravel(), n_groups)
    return table[list(GROUP_COLUMNS)].astype(GROUP_COLUMNS)


def _shares_told(
    found: ShareDifferences,
    weights: np.ndarray,
    frame: Frame,
    cells: np.ndarray,
    elsewhere: np.ndarray,
    settings: TestSettings,
) -> dict[str, np.ndarray]:
    comparable = found.comparable
    p = exchange_p(weights, frame.labels, cells, found, settings.n_permutations, settings.seed)
    q = _q_of(p, comparable)
    drawn = [ShareDifferences.of(weights, draw, len(frame.topics), cells) for draw in frame.draws]
    spread = found.spread
    if drawn:
        spread = np.sqrt(spread**2 + between_draws(np.array([draw.values for draw in drawn])))
    reach = stats.norm.isf((1 - LEVEL) / 2) * spread
    low, high = np.clip(found.values - reach, -1, 1), np.clip(found.values + reach, -1, 1)
    sign = np.sign(found.values)
    # one paper less must leave it
    carried = found.normal_p(1.0) >= settings.alpha
    agreeing = [_q_of(draw.normal_p(), draw.comparable) < settings.alpha for draw in drawn]
    same = [told & (np.sign(draw.values) == sign) for told, draw in zip(agreeing, drawn, strict=True)]
    claimed = comparable & (q < settings.alpha) & (low * high > 0) & ~carried
    alike = _small(elsewhere + low, elsewhere, settings) & _small(elsewhere + high, elsewhere, settings) & comparable
    way = np.where(claimed, np.where(sign > 0, "more", "less"), np.where(alike, "alike", "inconclusive"))
    robust = np.full(comparable.shape, np.nan)
    if drawn:
        robust = np.where(claimed, np.mean(same, axis=0), 1 - np.mean(agreeing, axis=0))
        way = np.where(claimed & (robust < settings.robustness), "inconclusive", way)
    return {
        "difference": np.where(comparable, found.values, np.nan).ravel(),
        "difference_low": np.where(comparable, low, np.nan).ravel(),
        "difference_high": np.where(comparable, high, np.nan).ravel(),
        "p": p.ravel(),
        "q": q.ravel(),
        "robustness": np.where(comparable, robust, np.nan).ravel(),
        "verdict": way.ravel(),
    }


def _q_of(p: np.ndarray, comparable: np.ndarray) -> np.ndarray:
    q = np.ones(p.shape)
    q[comparable] = q_values(p[comparable])
    return q


def _small(share: np.ndarray, other: np.ndarray, settings: TestSettings) -> np.ndarray:
    """Return whether the odds of two shares differ by less than what is small."""
    with np.errstate(invalid="ignore", divide="ignore"):
        odds, others = (value / (1 - value) for value in (np.clip(share, 0, 1), np.clip(other, 0, 1)))
        change = odds / others
    reach = settings.equivalence_change
    return np.asarray((change > 1 / reach) & (change < reach))


def _slopes_told(inside: np.ndarray, frame: Frame, settings: TestSettings) -> dict[str, np.ndarray]:
    dated = np.isfinite(frame.time)
    part, members, n_topics = frame.at(dated), inside[dated], len(frame.topics)
    cells = part.cells
    found = slope_differences(members, part.labels, n_topics, cells, part.time)
    drawn = [slope_differences(members, draw, n_topics, cells, part.time).values for draw in part.draws[:_SLOPE_DRAWS]]
    values, variances, p = found.values, found.variances, found.p
    between = between_draws(np.array(drawn)) if drawn else np.zeros(values.shape)
    known = np.isfinite(values) & np.isfinite(variances) & (p < 1)
    p, q = np.where(known, p, 1.0), _q_of(p, known)
    reach = stats.norm.isf((1 - LEVEL) / 2) * np.sqrt(variances + between)
    low, high = values - reach, values + reach
    years = float(np.ptp(part.time)) if len(part.time) else 0.0
    small = np.log(settings.equivalence_change) / max(years, 1e-9)
    claimed = known & (q < settings.alpha) & (low * high > 0)
    alike = known & (low > -small) & (high < small)
    way = np.where(claimed, np.where(values > 0, "faster", "slower"), np.where(alike, "alike", "inconclusive"))
    with np.errstate(over="ignore"):
        ratios = [np.where(known, np.exp(ends), np.nan) for ends in (values, low, high)]
    return {
        "slope_ratio": ratios[0].ravel(),
        "slope_low": ratios[1].ravel(),
        "slope_high": ratios[2].ravel(),
        "slope_p": p.ravel(),
        "slope_q": q.ravel(),
        "slope_verdict": way.ravel(),
    }


def _notes(table: pd.DataFrame, comparable: np.ndarray, n_groups: int) -> Sequence[str]:
    if n_groups == 1:
        return ["every paper is in one group, so there is nothing to compare it with"] * len(table)
    return [
        "" if known else "no source and year holds papers of it in the group and beside it, in and out of the topic"
        for known in comparable
    ]
