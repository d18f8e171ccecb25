"""The multiverse of a family of tests: which verdicts survive other choices.

After Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Perspectives on Psychological Science 11(5),
702-712. Each choice is one change to the analysis as reported, judged by the same rules, redrawn clusterings included;
those of another clustering's topics are those of their counterparts.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.io.steps import tell
from analysis.io.threads import WORTH_A_THREAD, each_in_a_thread
from analysis.topics.clustering.consensus import SAME_TOPIC
from analysis.trends.family import TestSettings
from analysis.trends.tested import Papers, positions, tested_family
from analysis.trends.verdict import DOWN, UP

SENSITIVITY_COLUMNS = [
    "family",
    "group",
    "choice",
    "overlap",
    "n",
    "odds_ratio",
    "low",
    "high",
    "q",
    "verdict",
    "agrees",
    "told",
]
# a source is looked at alone, and left out, when it has this many dated papers
_FEWEST_IN_A_SOURCE = 30
_MOST_SOURCES = 12
# times undated papers are given dates
_IMPUTATIONS = 20


@dataclass(frozen=True)
class PaperFacts:
    """What the choices change.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        Group of each paper; -1 for none.
    time : ndarray of float, shape (n,)
        Decimal year; NaN where unknown.
    strata : ndarray of str, shape (n,)
    precision : ndarray of str, shape (n,)
        "day", "month", "year" or "none".
    periods : ndarray of int, shape (n,)
        0-based period of the series; -1 without a date.
    membership : ndarray of float, shape (n,)
        Share of redrawn clusterings that leave the paper in its topic.
    draws : ndarray of int, shape (b, n)
        Redrawn clusterings, numbered like `labels`; no rows where there are none.
    """

    labels: np.ndarray
    time: np.ndarray
    strata: np.ndarray
    precision: np.ndarray
    periods: np.ndarray
    membership: np.ndarray
    draws: np.ndarray


def sensitivity(
    papers: PaperFacts, reported: pd.DataFrame, variants: pd.DataFrame, settings: TestSettings, family: str
) -> pd.DataFrame:
    """Test a family again under every choice.

    Parameters
    ----------
    papers : PaperFacts
    reported : DataFrame, index group
        The family's tests as `trend_tests` returns them.
    variants : DataFrame of int
        One column per clustering under another choice, rows as in `papers`.
    settings : TestSettings
    family : str
        "topics" or "themes".

    Returns
    -------
    DataFrame
        family, group, choice, overlap (Jaccard index with the counterpart in another
        clustering, 1 otherwise), n, odds_ratio, low, high, q, verdict, agrees (bool: the verdict
        as reported), told (bool: a verdict was reported). Topics without a counterpart have no row for that choice.
    """

    def under(choice: str, test: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        tests = test()
        return _rows(tests, reported, family, choice, pd.Series(1.0, index=tests.index))

    def clustered(choice: str) -> pd.DataFrame:
        other = variants[choice].to_numpy()
        partner = counterparts(papers.labels, other)
        tests = _tested(other, papers.time, papers.strata, _redrawn_as(partner, papers.draws), settings)
        matched = tests.loc[partner["other"]].set_axis(partner.index)
        return _rows(matched, reported, family, choice, partner["overlap"])

    work = [functools.partial(under, *choice) for choice in _choices(papers, settings)]
    work += [functools.partial(clustered, str(choice)) for choice in variants.columns]

    def told(place: int) -> pd.DataFrame:
        tell(f"testing {family} under other choices", place, len(work))
        return work[place]()

    frames = each_in_a_thread(told, range(len(work)), worth=len(papers.labels) >= WORTH_A_THREAD)
    if (~np.isfinite(papers.time)).any() and np.isfinite(papers.time).any():
        frames.append(_imputed(papers, reported, settings, family))
    filled = [frame for frame in frames if len(frame)]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=SENSITIVITY_COLUMNS)
    types = dict.fromkeys(("overlap", "odds_ratio", "low", "high", "q"), "float64") | {"group": "int64", "n": "int64"}
    return whole[SENSITIVITY_COLUMNS].astype(
        types | {"agrees": "bool", "told": "bool"} | dict.fromkeys(("family", "choice", "verdict"), "str")
    )


def survival(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many choices were asked of each group, and what they gave.

    Returns
    -------
    DataFrame
        family, group, choices (int), survival (share of them with the verdict as reported, 0-1; NaN where none was reported:
        that others find none either is no agreement), up, down (int: choices that find a rise, or a fall, small ones too).
    """
    up, down = table["verdict"].isin(UP), table["verdict"].isin(DOWN)
    grouped = table.assign(up=up, down=down).groupby(["family", "group"])
    found = grouped.agg(
        choices=("agrees", "size"),
        survival=("agrees", "mean"),
        up=("up", "sum"),
        down=("down", "sum"),
        told=("told", "first"),
    )
    found["survival"] = found["survival"].where(found["told"])
    return found.drop(columns="told").reset_index()


def counterparts(labels: np.ndarray, other: np.ndarray) -> pd.DataFrame:
    """Return each group's closest one in another clustering.

    Returns
    -------
    DataFrame, index group
        other, overlap (Jaccard index); groups that share too little with any have no row.
    """
    counts = pd.crosstab(labels, other)
    counts = counts.loc[counts.index >= 0, counts.columns >= 0]
    sizes, other_sizes = pd.Series(labels).value_counts(), pd.Series(other).value_counts()
    either = sizes.reindex(counts.index).to_numpy()[:, None] + other_sizes.reindex(counts.columns).to_numpy()[None, :]
    overlap = counts / (either - counts)
    frame = pd.DataFrame({"other": overlap.idxmax(axis=1), "overlap": overlap.max(axis=1)}, index=counts.index)
    return frame[frame["overlap"] >= SAME_TOPIC].rename_axis("group")


def _choices(papers: PaperFacts, settings: TestSettings) -> Iterator[tuple[str, Callable[[], pd.DataFrame]]]:
    """Yield the choices that keep the clustering, and what tests under each."""
    labels, time, strata = papers.labels, papers.time, papers.strata
    dated = np.isfinite(time)

    def among(kept: np.ndarray) -> Callable[[], pd.DataFrame]:
        # every group keeps its row: one that has no paper left says so
        return lambda: _tested(labels, np.where(kept, time, np.nan), strata, papers.draws, settings)

    names, counts = np.unique(strata[dated].astype(str), return_counts=True)
    if len(names) > 1:
        yield "sources pooled", lambda: _tested(labels, time, np.zeros(len(time), dtype=int), papers.draws, settings)
    if len(names) > 1:
        for name in names[np.argsort(-counts, kind="stable")][:_MOST_SOURCES]:
            if counts[names == name][0] >= _FEWEST_IN_A_SOURCE:
                yield f"{name} alone", among(strata == name)
                yield f"without {name}", among(strata != name)
    if (dated & (papers.precision != "day")).any():
        yield "day-precise dates alone", among(papers.precision == "day")
    if papers.periods.max(initial=-1) >= 4:
        edges = (papers.periods == 0) | (papers.periods == papers.periods.max())
        yield "first and last period left out", among(~edges)
    if (papers.membership < 0.5).any():
        kept = np.where(papers.membership >= 0.5, labels, -1)
        yield "unsure papers in no topic", lambda: _tested(kept, time, strata, papers.draws, settings)


def _tested(
    labels: np.ndarray, time: np.ndarray, strata: np.ndarray, draws: np.ndarray, settings: TestSettings
) -> pd.DataFrame:
    groups = np.unique(labels[labels >= 0])
    members = labels[:, None] == groups[None, :]
    papers = Papers(time, pd.factorize(strata, sort=True)[0], np.full(len(time), -1), np.empty(0), verdicts_only=True)
    return tested_family(groups, members, papers, positions(draws, groups), settings).tests


def _redrawn_as(partner: pd.DataFrame, draws: np.ndarray) -> np.ndarray:
    """Return redrawn clusterings by the numbers of another clustering's topics; -1 for topics without a counterpart."""
    number = np.full(int(max(draws.max(initial=-1), partner.index.max() if len(partner) else -1)) + 2, -1)
    number[partner.index] = partner["other"]
    return np.asarray(number[draws])


def _rows(tests: pd.DataFrame, reported: pd.DataFrame, family: str, choice: str, overlap: pd.Series) -> pd.DataFrame:
    shown = tests[["n", "odds_ratio", "low", "high", "q", "verdict"]].copy()
    shown = shown[shown.index.isin(reported.index)]
    shown["overlap"] = overlap.reindex(shown.index)
    verdicts = reported.loc[shown.index, "verdict"]
    shown["agrees"], shown["told"] = shown["verdict"] == verdicts, verdicts != "inconclusive"
    return shown.rename_axis("group").reset_index().assign(family=family, choice=choice)


def _imputed(papers: PaperFacts, reported: pd.DataFrame, settings: TestSettings, family: str) -> pd.DataFrame:
    """Return the tests with undated papers dated like the dated ones of their source, many times over.

    Slopes are averaged and their variances pooled by Rubin's rules; the verdict is the commonest.
    """
    rng = np.random.default_rng([settings.seed, 2])
    drawn = []
    for _ in range(_IMPUTATIONS):
        time = papers.time.copy()
        for name in np.unique(papers.strata):
            members = papers.strata == name
            known, unknown = np.flatnonzero(members & np.isfinite(time)), np.flatnonzero(members & ~np.isfinite(time))
            pool = time[known] if len(known) else papers.time[np.isfinite(papers.time)]
            time[unknown] = rng.choice(pool, len(unknown))
        drawn.append(_tested(papers.labels, time, papers.strata, papers.draws, settings))
    slopes = np.log(np.stack([tests["odds_ratio"] for tests in drawn]))
    bounded = [tests["high"].clip(upper=1e6) / tests["low"].clip(lower=1e-6) for tests in drawn]
    within = np.mean([(np.log(width) / 3.92) ** 2 for width in bounded], axis=0)
    spread = np.sqrt(within + (1 + 1 / _IMPUTATIONS) * slopes.var(axis=0, ddof=1))
    mean = slopes.mean(axis=0)
    pooled = drawn[0].assign(
        odds_ratio=np.exp(mean),
        low=np.exp(mean - 1.96 * spread),
        high=np.exp(mean + 1.96 * spread),
        q=np.median([tests["q"] for tests in drawn], axis=0),
        verdict=pd.concat([tests["verdict"] for tests in drawn], axis=1).mode(axis=1)[0],
    )
    return _rows(pooled, reported, family, "undated papers dated at random", pd.Series(1.0, index=pooled.index))
