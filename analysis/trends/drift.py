"""Vocabulary drift: which words a topic's papers used when, and whether its language moved.

A period's words come from that period's papers alone. Words are ranked by log-odds with an
informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political Analysis 16(4), 372-403); the
distance between a topic's earlier and later half is Jensen and Shannon's (Lin 1991, IEEE
Transactions on Information Theory 37(1), 145-151).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

# halves of fewer papers say nothing about language
FEWEST_PAPERS = 8
# of a large topic this many papers are compared
_MOST_PAPERS = 1_000
# a word stands for a period when at least this many of its papers use it
_FEWEST_USES = 2
_BLOCK = 20_000_000


@dataclass(frozen=True)
class Drift:
    """How far a topic's vocabulary moved.

    Attributes
    ----------
    distance : float
        Jensen-Shannon divergence in bits, 0 (same words) to 1 (no word in common).
    usual : float
        Its mean where dates are exchanged within strata: what chance alone makes.
    p : float
        Permutation p value, the add-one way; 1 where the topic cannot be assessed.
    """

    distance: float
    usual: float
    p: float


def vocabulary_drift(
    counts: sparse.csr_matrix, time: np.ndarray, strata: np.ndarray, n_permutations: int, seed: int
) -> Drift | None:
    """Compare the words of a topic's earlier half with those of its later half.

    Parameters
    ----------
    counts : sparse matrix of int, shape (n, v)
        Words of the topic's dated papers.
    time : ndarray of float, shape (n,)
        Decimal years.
    strata : ndarray, shape (n,)
        Dates are exchanged within these, so that sources with other windows and other words
        are no drift.
    n_permutations : int
    seed : int

    Returns
    -------
    Drift or None
        None where a half has fewer than eight papers or all dates are equal.
    """
    rng = np.random.default_rng(seed)
    if len(time) > _MOST_PAPERS:
        chosen = np.sort(rng.choice(len(time), _MOST_PAPERS, replace=False))
        counts, time, strata = counts[chosen], time[chosen], np.asarray(strata)[chosen]
    late = later_half(time)
    if min(late.sum(), (~late).sum()) < FEWEST_PAPERS:
        return None
    # one long paper must not speak for its half
    shares = sparse.diags(1 / np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1)) @ counts
    shares = shares[:, np.flatnonzero(counts.getnnz(axis=0) >= _FEWEST_USES)]
    observed = float(_divergence(late[None, :], shares)[0])
    drawn = np.concatenate(
        [_divergence(block, shares) for block in _shuffled(late, strata, n_permutations, shares.shape[1], rng)]
    )
    p = float((1 + (drawn >= observed - 1e-12).sum()) / (1 + n_permutations))
    return Drift(observed, float(drawn.mean()), p)


def later_half(time: np.ndarray) -> np.ndarray:
    """Return which papers lie after the median date, bool (n,); equal dates stay together."""
    return np.asarray(time > np.median(time)) if len(time) else np.zeros(0, dtype=bool)


def period_words(
    counts: sparse.csr_matrix, periods: np.ndarray, terms: np.ndarray, n_words: int = 5
) -> dict[int, list[str]]:
    """Return the words that set a topic's papers of one period apart from its others.

    Parameters
    ----------
    counts : sparse matrix of int, shape (n, v)
        Words of the topic's papers.
    periods : ndarray of int, shape (n,)
        0-based; -1 leaves a paper out.
    terms : ndarray of str, shape (v,)
    n_words : int
        At most.

    Returns
    -------
    dict of period to list of str
        For periods with papers; each word stands in at least two of the period's papers and is
        commoner there than elsewhere in the topic.
    """
    columns = np.flatnonzero(counts.getnnz(axis=0) >= _FEWEST_USES)
    used, terms = counts[:, columns], terms[columns]
    used.data = np.ones_like(used.data)
    total = np.asarray(used.sum(axis=0)).ravel()
    words = {}
    for period in np.unique(periods[periods >= 0]).tolist():
        inside = periods == period
        here = np.asarray(used[inside].sum(axis=0)).ravel()
        scores = _log_odds(here, total - here, total, int(inside.sum()), int((~inside).sum()))
        candidates = np.flatnonzero((here >= _FEWEST_USES) & (scores > 0))
        best = candidates[np.argsort(-scores[candidates], kind="stable")[:n_words]]
        words[period] = [str(terms[word]) for word in best]
    return words


def moved_words(
    counts: sparse.csr_matrix, time: np.ndarray, terms: np.ndarray, n_words: int = 5
) -> tuple[list[str], list[str]]:
    """Return the words a topic gained and lost from its earlier to its later half of papers."""
    late = later_half(time).astype(int)
    words = period_words(counts, late, terms, n_words)
    return words.get(1, []), words.get(0, [])


def _log_odds(here: np.ndarray, there: np.ndarray, prior: np.ndarray, n_here: int, n_there: int) -> np.ndarray:
    """Return z scores of papers that use each word, here against there, shrunk to the words' overall use."""
    weight = prior / max(n_here + n_there, 1)
    odds = [
        np.log((uses + weight) / np.maximum(papers - uses + 1 - weight, 0.5))
        for uses, papers in ((here, n_here), (there, n_there))
    ]
    spread = np.sqrt(1 / (here + weight + 1e-9) + 1 / (there + weight + 1e-9))
    return np.asarray((odds[0] - odds[1]) / spread)


def _shuffled(
    late: np.ndarray, strata: np.ndarray, n_permutations: int, width: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """Return exchanged halves in blocks that fit in memory."""
    _, codes = np.unique(strata, return_inverse=True)
    size = max(1, min(n_permutations, _BLOCK // max(width, len(late), 1)))
    blocks = []
    for start in range(0, n_permutations, size):
        repeats = min(size, n_permutations - start)
        block = np.empty((repeats, len(late)), dtype=bool)
        for code in range(codes.max() + 1):
            members = np.flatnonzero(codes == code)
            block[:, members] = rng.permuted(np.tile(late[members], (repeats, 1)), axis=1)
        blocks.append(block)
    return blocks


def _divergence(late: np.ndarray, shares: sparse.csr_matrix) -> np.ndarray:
    """Return the Jensen-Shannon divergence of two halves' words for each row of `late`, shape (b,)."""
    total = np.asarray(shares.sum(axis=0)).ravel()
    second = np.asarray(late.astype(float) @ shares)
    first = total[None, :] - second
    second, first = (
        half / np.maximum(half.sum(axis=1, keepdims=True), 1e-12) for half in (second, np.maximum(first, 0))
    )
    middle = (first + second) / 2
    entropies = [_entropy(part) for part in (middle, first, second)]
    return np.asarray(np.maximum(entropies[0] - (entropies[1] + entropies[2]) / 2, 0.0))


def _entropy(shares: np.ndarray) -> np.ndarray:
    return np.asarray(-(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=1))
