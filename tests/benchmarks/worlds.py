"""Corpora of labels, dates and sources with known truth."""

from dataclasses import dataclass

import numpy as np

START = np.array([2018.0, 2017.0, 2016.0, 2018.0])
END = np.array([2025.8, 2025.4, 2026.0, 2026.0])
KINDS = ("search pages", "tiny topics", "months and ties", "many small sources", "windows apart")


@dataclass(frozen=True)
class World:
    """Labels, decimal dates and strata of papers."""

    labels: np.ndarray
    time: np.ndarray
    strata: np.ndarray


def world(n_papers: int, n_topics: int, rng: np.random.Generator, log_odds: float = 0.0, base: float = -1.7) -> World:
    """Draw four sources whose windows and topic mixes differ, as search pages do.

    Topic 0 has a trend of `log_odds` a year about odds of exp(`base`) in 2023, the others share what it leaves.
    """
    strata = rng.choice(4, n_papers, p=[0.36, 0.34, 0.18, 0.12])
    time = END[strata] - (END - START)[strata] * rng.beta(1, 2.5, n_papers)
    odds = (base + np.array([-0.5, 0.3, -0.1, -0.9]))[strata] + log_odds * (time - 2023)
    return World(_labels(strata, rng, n_topics, 1 / (1 + np.exp(-odds))), time, strata)


def null_world(kind: str, n_papers: int, rng: np.random.Generator) -> World:
    """Draw a world of a kind without any trend."""
    if kind == "tiny topics":
        found = world(n_papers, 20, rng)
        sizes = np.arange(1, 61) ** -1.2
        return World(rng.choice(60, n_papers, p=sizes / sizes.sum()), found.time, found.strata)
    if kind == "months and ties":
        found = world(n_papers, 20, rng)
        return World(found.labels, np.floor(found.time * 12) / 12, found.strata)
    if kind == "many small sources":
        strata = rng.integers(0, max(2, n_papers // 5), n_papers)
        shift = rng.uniform(0, 4, strata.max() + 1)
        time = 2018 + shift[strata] + 4 * rng.random(n_papers)
        return World(_labels(strata % 7, rng, 20, np.full(n_papers, 0.1)), time, strata)
    if kind == "windows apart":
        strata = rng.choice(4, n_papers, p=[0.4, 0.3, 0.2, 0.1])
        time = np.array([2016.0, 2018.0, 2020.0, 2022.0])[strata] + 3.5 * rng.random(n_papers)
        return World(_labels(strata, rng, 20, np.full(n_papers, 0.05), 0.4), time, strata)
    return world(n_papers, 20, rng)


def _labels(
    strata: np.ndarray, rng: np.random.Generator, n_topics: int, first: np.ndarray, evenness: float = 1.0
) -> np.ndarray:
    mixes = rng.dirichlet(np.full(n_topics - 1, evenness), size=int(strata.max()) + 1)
    cumulated = mixes.cumsum(axis=1)
    others = np.minimum((rng.random(len(strata))[:, None] > cumulated[strata]).sum(axis=1), n_topics - 2) + 1
    return np.where(rng.random(len(strata)) < first, 0, others)


FIRST_YEAR, YEARS = 2016, 10
HARD_KINDS = (
    "uniform",
    "13 sources",
    "random walk",
    "heaped dates",
    "rise",
    "fall",
    "late-born",
    "hump",
    "hump, 13 sources",
)


def hard_world(kind: str, n_papers: int, rng: np.random.Generator, share: float = 0.1, ratio: float = 1.3) -> World:
    """Draw a world of ten years in which methods may fail: topic 0 of 20 has the course that `kind` says, others are still.

    In "random walk" every topic's log odds step by 0.1 a year; in "heaped dates" a source writes 1 January for half of its
    papers, for topic 0 more often than for others; `share` is topic 0's mean share, `ratio` its odds ratio per year.
    """
    n_strata = 13 if "13 sources" in kind else 1
    strata = rng.integers(0, n_strata, n_papers)
    time = FIRST_YEAR + YEARS * rng.random(n_papers)
    if kind == "random walk":
        return World(_walked(time, rng), time, strata)
    first = rng.random(n_papers) < _course(kind, time, share, ratio, rng.normal(0, 0.5, n_strata)[strata])
    mixes = rng.dirichlet(np.full(19, 3.0), size=n_strata).cumsum(axis=1)
    others = np.minimum((rng.random(n_papers)[:, None] > mixes[strata]).sum(axis=1), 18) + 1
    labels = np.where(first, 0, others)
    if kind == "heaped dates":
        heaped = rng.random(n_papers) < np.where(labels == 0, 0.9, 0.3)
        time = np.where(heaped, np.floor(time), time)
    return World(labels, time, strata)


def _course(kind: str, time: np.ndarray, share: float, ratio: float, shift: np.ndarray) -> np.ndarray:
    """Return topic 0's share at each paper's date."""
    if kind == "late-born":
        return np.where(time >= 2022, share, 0.0)
    middle = FIRST_YEAR + YEARS / 2
    slope = {"rise": np.log(ratio), "fall": -np.log(ratio)}.get(kind, 0.0)
    away = -0.45 * np.abs(time - middle) if kind.startswith("hump") else slope * (time - middle)
    low, high = -20.0, 20.0
    for _ in range(60):
        level = (low + high) / 2
        low, high = (level, high) if (1 / (1 + np.exp(-(level + shift + away)))).mean() < share else (low, level)
    return np.asarray(1 / (1 + np.exp(-(level + shift + away))))


def _walked(time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return topics whose log odds step by 0.1 from year to year."""
    steps = np.hstack([np.zeros((20, 1)), rng.normal(0, 0.1, (20, YEARS - 1)).cumsum(axis=1)])
    shares = rng.dirichlet(np.full(20, 3.0))[:, None] * np.exp(steps)
    cumulated = (shares / shares.sum(axis=0)).cumsum(axis=0)
    drawn = rng.random(len(time))[None, :] > cumulated[:, (time - FIRST_YEAR).astype(int)]
    return np.asarray(np.minimum(drawn.sum(axis=0), 19))
