"""Topics that share papers: a paper counts in every topic that enough redrawn clusterings put it in."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.trends.rows import TEST_COLUMNS, tests_table

# a paper belongs to a topic that at least this share of redrawn clusterings give it: to four topics at most
LEAST_SHARE = 0.25
# resampled sets of clusterings that tell how sure such memberships are
_RESAMPLES = 20


def overlapping_members(draws: np.ndarray, topics: np.ndarray) -> np.ndarray:
    """Return which papers belong to which topics, first or second, bool, shape (n, k).

    Parameters
    ----------
    draws : ndarray of int, shape (b, n)
        Topic of each paper in redrawn clusterings; -1 for none.
    topics : ndarray of int, shape (k,)

    Examples
    --------
    >>> draws = np.array([[0, 0, 1], [0, 1, 1], [0, 1, 1], [0, 0, 1]])
    >>> overlapping_members(draws, np.array([0, 1])).tolist()
    [[True, False], [True, True], [False, True]]
    """
    return np.stack([(draws == topic).mean(axis=0) >= LEAST_SHARE for topic in topics], axis=1)


def resampled_members(draws: np.ndarray, topics: np.ndarray, seed: int) -> list[np.ndarray]:
    """Return the memberships of resampled sets of the same clusterings, each bool, shape (n, k)."""
    rng = np.random.default_rng(seed)
    return [overlapping_members(draws[rng.integers(0, len(draws), len(draws))], topics) for _ in range(_RESAMPLES)]


def told_of_overlap(tests: pd.DataFrame) -> pd.DataFrame:
    """Return tests whose sentences say what they rest on."""
    head = f"Counting every paper that {LEAST_SHARE:.0%} of redrawn clusterings put there: "
    return tests.assign(note=[head + note[:1].lower() + note[1:] for note in tests["note"]])


def no_overlap() -> pd.DataFrame:
    """Return the tests of no topics."""
    return tests_table([], pd.Index([], dtype="int64"))[TEST_COLUMNS]


def beyond_first_topics(tests: pd.DataFrame, overlap: pd.DataFrame, directions: Sequence[str]) -> list[int]:
    """Return topics that have a direction with overlapping papers, and none by first topics alone."""
    told = overlap.index[overlap["verdict"].isin(directions)]
    return [int(topic) for topic in told if tests["verdict"].get(topic, "") not in directions]
