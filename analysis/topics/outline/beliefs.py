"""How much each paper belongs to each topic of an outline: by what it says, and by the company it keeps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# beliefs of papers in topics, (n, K), to each paper's mean coassociation with the papers of each topic
Company = Callable[[np.ndarray], np.ndarray]

# chosen on labelled corpora (tests/benchmarks/RESULTS.md, outlines): more rounds and other sharpnesses give the same
_ROUNDS = 2
# a group that nobody named is a topic of its own unless it matches a named one by this share of how it matches itself
_LIKE_A_NAMED = 0.4
# a paper that matches its named topic by less than this share of the topic's ten best is held weakly, and that belief is cut
_WEAK, _BEST, _CUT = 0.4, 10, 0.4
# a group of which this share is held weakly by named topics is a topic of its own after all
_MOSTLY_WEAK = 0.5


@dataclass(frozen=True)
class Free:
    """Groups of papers that nobody named, G of them.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        0..G-1; -1 for none.
    match : ndarray of float64, shape (n, G)
        How well each paper matches each group, on the scale of the named topics' matches.
    """

    labels: np.ndarray
    match: np.ndarray


def settle_beliefs(match: np.ndarray, company: Company, pinned: np.ndarray) -> np.ndarray:
    """Return each paper's belief in each topic: proportional to exp(match) and to the company that it keeps there.

    Parameters
    ----------
    match : ndarray of float64, shape (n, K)
    company : callable
    pinned : ndarray of int, shape (n,)
        The topic that a paper belongs to for certain; -1 for none.

    Returns
    -------
    ndarray of float64, shape (n, K)
        Rows sum to one.

    Examples
    --------
    >>> alone = settle_beliefs(np.log([[3.0, 1.0]]), lambda beliefs: np.ones((1, 2)), np.array([-1]))
    >>> alone.round(2).tolist()
    [[0.75, 0.25]]
    """
    likely = np.exp(match - match.max(axis=1, keepdims=True))
    certain = np.flatnonzero(pinned >= 0)
    beliefs = _normalised(likely, likely)
    for rounds_left in range(_ROUNDS, -1, -1):
        beliefs[certain] = np.eye(match.shape[1])[pinned[certain]]
        if rounds_left:
            beliefs = _normalised(company(beliefs) * likely, likely)
    return beliefs


def choose_free(match: np.ndarray, free: Free, company: Company, pinned: np.ndarray, smallest: int) -> np.ndarray:
    """Return which groups that nobody named are topics beside the named ones, bool (G,).

    Parameters
    ----------
    match : ndarray of float64, shape (n, N)
        Of the named topics.
    free : Free
    company : callable
    pinned : ndarray of int, shape (n,)
    smallest : int
        Papers that make a topic.
    """
    count = free.match.shape[1]
    sizes = np.bincount(free.labels[free.labels >= 0], minlength=count)
    own, named = np.zeros(count), np.zeros(count)
    for group in np.flatnonzero(sizes):
        members = free.labels == group
        own[group], named[group] = free.match[members, group].mean(), match[members].mean(axis=0).max()
    kept = (sizes >= smallest) & (named < _LIKE_A_NAMED * own)
    beliefs = settle_beliefs(np.hstack([match, free.match[:, kept]]), company, pinned)
    weak = _held_weakly(beliefs, match, pinned)
    strays = np.bincount(free.labels[weak & (free.labels >= 0)], minlength=count)
    return np.asarray(kept | ((strays >= smallest) & (strays >= _MOSTLY_WEAK * sizes)))


def assign(match: np.ndarray, free: np.ndarray, company: Company, pinned: np.ndarray, smallest: int) -> np.ndarray:
    """Return beliefs in named and free topics; free topics that would have too few papers get none.

    Parameters
    ----------
    match, free : ndarray of float64, shapes (n, N) and (n, F)
        Of named topics and of those beside them.
    company, pinned, smallest
        As in `choose_free`.

    Returns
    -------
    ndarray of float64, shape (n, N + F)
        Rows sum to one.
    """
    n_named = match.shape[1]
    beliefs = settle_beliefs(np.hstack([match, free]), company, pinned)
    if not free.shape[1]:
        return beliefs
    weak = _held_weakly(beliefs, match, pinned)
    beliefs[np.ix_(weak, np.arange(n_named))] *= _CUT
    while True:
        counts = np.bincount(beliefs.argmax(axis=1), minlength=beliefs.shape[1])
        small = [topic for topic in range(n_named, len(counts)) if 0 < counts[topic] < smallest]
        if not small:
            return np.asarray(beliefs / beliefs.sum(axis=1, keepdims=True))
        beliefs[:, min(small, key=lambda topic: counts[topic])] = 0


def _held_weakly(beliefs: np.ndarray, match: np.ndarray, pinned: np.ndarray) -> np.ndarray:
    """Return which papers are in a named topic that they hardly match, bool (n,)."""
    topic = beliefs.argmax(axis=1)
    named = np.flatnonzero((topic < match.shape[1]) & (pinned < 0))
    best = np.sort(match, axis=0)[-_BEST:].mean(axis=0)
    weak = np.zeros(len(topic), dtype=bool)
    weak[named] = match[named, topic[named]] < _WEAK * best[topic[named]]
    return weak


def _normalised(weights: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Return rows that sum to one; those of a paper without any company say what its match does."""
    totals = weights.sum(axis=1, keepdims=True)
    rows = np.where(totals > 0, weights, otherwise)
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))
