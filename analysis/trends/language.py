"""Vocabulary drift as tables: the words of each topic's periods, and how far its language moved."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analysis.topics.describe.words import TermTable
from analysis.trends.drift import moved_words, period_words, vocabulary_drift

DRIFT_COLUMNS = ["n", "distance", "usual", "p", "q", "gained", "lost"]
WORDS_COLUMNS = ["topic", "period", "n", "words"]
_PERMUTATIONS = 499
# of a corpus of more papers a topic's language is read from so many of its papers
_READ_ALL, _MOST_OF_A_TOPIC = 20_000, 2_000


def papers_to_compare(labels: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the papers that topics' language is read from: all, or in a large corpus at most 2,000 dated ones per topic.

    Those are spread evenly over the topic's own time.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    time : ndarray of float, shape (n,)
        Decimal years; NaN without a date.

    Returns
    -------
    ndarray of int
        Sorted positions.
    """
    if len(labels) <= _READ_ALL:
        return np.arange(len(labels))
    chosen = []
    for topic in np.unique(labels[labels >= 0]).tolist():
        members = np.flatnonzero((labels == topic) & np.isfinite(time))
        members = members[np.argsort(time[members], kind="stable")]
        steps = np.linspace(0, len(members) - 1, min(len(members), _MOST_OF_A_TOPIC))
        chosen.append(members[steps.astype(int)])
    return np.sort(np.concatenate(chosen))


def drift_table(table: TermTable, labels: np.ndarray, time: np.ndarray, strata: np.ndarray, seed: int) -> pd.DataFrame:
    """Return how far each topic's words moved from its earlier to its later half of papers.

    Parameters
    ----------
    table : TermTable
        Of n papers.
    labels : ndarray of int, shape (n,)
    time : ndarray of float, shape (n,)
        Decimal years; NaN without a date.
    strata : ndarray, shape (n,)
    seed : int

    Returns
    -------
    DataFrame, index topic
        n (dated papers), distance (Jensen-Shannon, bits, 0-1), usual (with dates exchanged), p,
        q, gained, lost (lists of words). Topics too small to be halved have distance and usual
        0, p = q = 1, and no words.
    """
    groups = np.unique(labels[labels >= 0])
    rows: list[tuple[int, float, float, float, float, list[str], list[str]]] = []
    for topic in groups.tolist():
        members = np.flatnonzero((labels == topic) & np.isfinite(time))
        counts = table.counts[members]
        drift = vocabulary_drift(counts, time[members], strata[members], _PERMUTATIONS, seed)
        if drift is None:
            rows.append((len(members), 0.0, 0.0, 1.0, 1.0, [], []))
        else:
            gained, lost = moved_words(counts, time[members], table.terms)
            rows.append((len(members), drift.distance, drift.usual, drift.p, 1.0, gained, lost))
    frame = pd.DataFrame(rows, columns=DRIFT_COLUMNS, index=pd.Index(groups, name="topic", dtype="int64"))
    types = {"n": "int64"} | dict.fromkeys(("distance", "usual", "p", "q"), "float64")
    return frame.assign(q=false_discovery_control(frame["p"].to_numpy(dtype=float))).astype(types)


def words_table(table: TermTable, labels: np.ndarray, numbers: np.ndarray, periods: pd.DataFrame) -> pd.DataFrame:
    """Return the words that set each period of a topic apart, from that period's papers alone.

    Parameters
    ----------
    table : TermTable
    labels, numbers : ndarray of int, shape (n,)
        Topic and 0-based period of each paper; -1 for none.
    periods : DataFrame
        As `calendar_periods` returns them.

    Returns
    -------
    DataFrame
        topic, period, n (the topic's papers of the period), words (list; empty where too few
        papers share any). Periods without papers of the topic have no row.
    """
    rows = []
    for topic in np.unique(labels[labels >= 0]).tolist():
        members = np.flatnonzero((labels == topic) & (numbers >= 0))
        by_period = period_words(table.counts[members], numbers[members], table.terms)
        rows += [
            (topic, str(periods["period"].iloc[period]), int((numbers[members] == period).sum()), words)
            for period, words in by_period.items()
        ]
    return pd.DataFrame(rows, columns=WORDS_COLUMNS).astype({"topic": "int64", "period": "str", "n": "int64"})
