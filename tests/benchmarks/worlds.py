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
