"""Bursts: stretches of periods in which a topic takes more papers than its share.

Kleinberg's two-state automaton for batched arrivals (Kleinberg 2003, Data Mining and Knowledge
Discovery 7, 373-397), with exposure by stratum, the optimal state sequence by Viterbi's algorithm,
and the weight of a burst judged against papers drawn anew along the topic's fitted course: a trend is no burst.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control

from analysis.trends.exposure import Exposure

# in a burst a topic's share is at least twice its usual one; a burst costs log(periods) to enter
RATIO, GAMMA = 2.0, 1.0
# a burst is told of only where fewer than one corpus in twenty would show one by chance
LEVEL = 0.05
_LARGEST_SHARE = 0.999


@dataclass(frozen=True)
class Burst:
    """One burst of one topic.

    Attributes
    ----------
    topic : int
        Column of the topic.
    first, last : int
        Its periods, 0-based, both included.
    weight : float
        By how much the burst state explains these periods better, in log likelihood.
    p : float
        Share of resampled histories of the topic with a burst as heavy, the add-one way.
    q : float
        Benjamini-Hochberg over all topics.
    """

    topic: int
    first: int
    last: int
    weight: float
    p: float
    q: float


def burst_states(
    counts: np.ndarray, papers: np.ndarray, usual: np.ndarray, ratio: float = RATIO, gamma: float = GAMMA
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cheapest state sequence of each history, and what the burst state gains in each period.

    Parameters
    ----------
    counts : ndarray of int, shape (b, t)
        Papers of the topic in t periods, for b histories.
    papers : ndarray of int, shape (t,)
        All papers.
    usual : ndarray of float, shape (t,)
        The topic's usual share in each period.
    ratio : float
        Share in a burst over the usual share, above 1.
    gamma : float
        Cost of entering a burst, in units of log(t).

    Returns
    -------
    states : ndarray of bool, shape (b, t)
        True in a burst.
    gains : ndarray of float, shape (b, t)
        Log likelihood of the burst state less that of the usual one.
    """
    usual = np.clip(usual, 1e-12, _LARGEST_SHARE)
    raised = np.minimum(usual * ratio, _LARGEST_SHARE)
    gains = counts * (np.log(raised) - np.log(usual)) + (papers - counts) * (np.log1p(-raised) - np.log1p(-usual))
    entering = gamma * np.log(max(counts.shape[1], 2))
    return _viterbi(gains, entering), gains


def _viterbi(gains: np.ndarray, entering: float) -> np.ndarray:
    """Return the best sequence of states when each history starts in the usual one."""
    repeats, periods = gains.shape
    came_from_burst = np.zeros((2, repeats, periods), dtype=bool)
    usual, burst = np.zeros(repeats), np.full(repeats, -np.inf)
    for period in range(periods):
        came_from_burst[0, :, period] = burst > usual
        came_from_burst[1, :, period] = burst >= usual - entering
        stay = np.maximum(usual, burst)
        burst = np.maximum(burst, usual - entering) + gains[:, period]
        usual = stay
    states = np.zeros((repeats, periods), dtype=bool)
    state = burst > usual
    for period in range(periods - 1, -1, -1):
        states[:, period] = state
        state = np.where(state, came_from_burst[1, :, period], came_from_burst[0, :, period])
    return states


def find_bursts(
    exposure: Exposure, n_permutations: int = 1999, seed: int = 0, ratio: float = RATIO, gamma: float = GAMMA
) -> list[Burst]:
    """Find each topic's bursts and judge their weights.

    Parameters
    ----------
    exposure : Exposure
        k topics, t periods.
    n_permutations : int
        At least; more where there are so many topics that no burst could be told from chance.
    seed : int
    ratio, gamma : float
        As in `burst_states`.

    Returns
    -------
    list of Burst
        By topic and time; also those that chance explains, which have q above 0.05.
    """
    topics, periods = exposure.counts.shape
    if periods < 2:
        return []
    papers = exposure.papers
    usual = exposure.expected / np.maximum(papers, 1)
    repeats = max(n_permutations, 40 * topics)
    candidates: list[tuple[int, int, int, float, float]] = []
    best = np.ones(topics)
    for topic in range(topics):
        states, gains = burst_states(exposure.counts[topic : topic + 1], papers, usual[topic], ratio, gamma)
        # what lasts longer than half of the window is no burst
        stretches = [(first, last) for first, last in _stretches(states[0]) if 2 * (last - first + 1) <= periods]
        if not stretches:
            continue
        rng = np.random.default_rng([seed, topic])
        heaviest = _heaviest(*burst_states(exposure.resampled(topic, repeats, rng), papers, usual[topic], ratio, gamma))
        for first, last in stretches:
            weight = float(gains[0, first : last + 1].sum())
            p = float((1 + (heaviest >= weight - 1e-9).sum()) / (1 + repeats))
            best[topic] = min(best[topic], p)
            candidates.append((topic, first, last, weight, p))
    # the heaviest burst of a history is compared with, so lesser bursts of a topic need no correction of their own
    return [
        Burst(topic, first, last, weight, p, float(false_discovery_control(np.append(np.delete(best, topic), p))[-1]))
        for topic, first, last, weight, p in candidates
    ]


def _stretches(states: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], states.astype(int), [0]])))
    return [(int(start), int(stop) - 1) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _heaviest(states: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Return the weight of each history's heaviest burst, 0 where it has none, shape (b,)."""
    heaviest, running = np.zeros(len(states)), np.zeros(len(states))
    for period in range(states.shape[1]):
        running = np.where(states[:, period], running + gains[:, period], 0.0)
        # a burst is weighed whole: a stretch still running is compared when it ends
        ends = states[:, period] & (~states[:, period + 1] if period + 1 < states.shape[1] else True)
        heaviest = np.where(ends, np.maximum(heaviest, running), heaviest)
    return heaviest
