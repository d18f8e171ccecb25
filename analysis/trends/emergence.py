"""Emergence: since when a topic is seen, how large it is, how fast it grows, and whether it stays.

After the attributes of Rotolo, Hicks and Martin (2015), Research Policy 44(10), 1827-1843.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Emergence:
    """When topics were seen, arrays of shape (k,).

    Attributes
    ----------
    first, last : ndarray of int
        First and last period with a paper; -1 where there is none.
    persistence : ndarray of float
        Share of the periods from the first one on, empty corpora apart, that hold a paper of the topic.
    recent : ndarray of float
        Share of the topic among the papers of the fewest last periods that together hold a quarter of all.
    """

    first: np.ndarray
    last: np.ndarray
    persistence: np.ndarray
    recent: np.ndarray


def emergence(counts: np.ndarray, papers: np.ndarray) -> Emergence:
    """Describe when topics were seen.

    Parameters
    ----------
    counts : ndarray of int, shape (k, t)
        Papers of each topic in each period.
    papers : ndarray of int, shape (t,)
        All papers.
    """
    if not counts.shape[1]:
        none, zero = np.full(len(counts), -1, dtype=np.int64), np.zeros(len(counts))
        return Emergence(none, none, zero, zero)
    seen = counts > 0
    any_seen = seen.any(axis=1)
    periods = counts.shape[1]
    first = np.where(any_seen, seen.argmax(axis=1), -1)
    last = np.where(any_seen, periods - 1 - seen[:, ::-1].argmax(axis=1), -1)
    since = (np.arange(periods)[None, :] >= np.maximum(first, 0)[:, None]) & (papers > 0)[None, :]
    persistence = np.where(any_seen, (seen & since).sum(axis=1) / np.maximum(since.sum(axis=1), 1), 0.0)
    later = np.cumsum(papers[::-1])[::-1] - papers
    recent = later < 0.25 * papers.sum()
    total = papers[recent].sum()
    share = counts[:, recent].sum(axis=1) / total if total else np.zeros(len(counts))
    return Emergence(first.astype(np.int64), last.astype(np.int64), persistence, np.asarray(share))
