"""Worlds of groups: unequal sizes and windows, a source each prefers, shares that move for all; and planted differences."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

import analysis as at

SIZES = (0.5, 0.25, 0.12, 0.08, 0.05)
WINDOWS = ((2010, 2025), (2012, 2025), (2016, 2025), (2010, 2019), (2018, 2025))


@dataclass(frozen=True)
class World:
    """Papers by group, decimal year, stratum and topic."""

    group: np.ndarray
    time: np.ndarray
    strata: np.ndarray
    labels: np.ndarray
    n_topics: int

    def corpus(self) -> tuple[at.Corpus, at.Topics]:
        """The same as a corpus whose venues are the groups, with the topics given."""
        frame = pd.DataFrame(
            {
                "id": [f"p{number:05d}" for number in range(len(self.group))],
                "title": [f"Paper {number} of topic {label}" for number, label in enumerate(self.labels)],
                "abstract": [f"word{label} term{label} about matter{label}" for label in self.labels],
                "date": [f"{int(year)}-{1 + int(year % 1 * 12):02d}-15" for year in self.time],
                "source": [f"query {stratum}" for stratum in self.strata],
                "venue": [f"Venue {group}" for group in self.group],
            }
        )
        corpus = at.Corpus.from_frame(frame)
        return corpus, at.Topics.from_labels(corpus, self.labels)


def world(n_papers: int, seed: int, share: float = 0.0, slope: float = 0.0, n_topics: int = 10) -> World:
    """Return a world in which groups differ in size, window and source, and topics trend alike in all of them.

    Group 1 has topic 2 by `share` log odds more often, and topic 1 grows there by `slope` log odds a year more.
    """
    rng = np.random.default_rng(seed)
    group = rng.choice(len(SIZES), n_papers, p=np.array(SIZES))
    first, last = np.array(WINDOWS, dtype=float)[group].T
    time = first + (last - first) * rng.random(n_papers) ** 0.7
    # groups stand in the sources in other proportions
    strata = np.where(rng.random(n_papers) < 0.6, group % 3, rng.integers(0, 3, n_papers))
    levels = np.log(1 / np.arange(1, n_topics + 1)) + rng.normal(0, 0.5, (3, n_topics))
    odds = levels[strata] + rng.normal(0, 0.15, n_topics) * (time[:, None] - 2018)
    odds[group == 1, 2] += share
    odds[group == 1, 1] += slope * (time[group == 1] - 2018)
    chance = np.exp(odds)
    chance /= chance.sum(axis=1, keepdims=True)
    labels = (chance.cumsum(axis=1) > rng.random(n_papers)[:, None]).argmax(axis=1)
    return World(group, time, strata, labels, n_topics)
