"""Pairs that a reader names, or that a screen proposes: concepts within topics, and topics against topics."""

import difflib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import TrendsError
from analysis.topics.tables import TopicTables
from analysis.trends.pairs import Pair

SCREEN = "screen"
# the screen: so many pairs of each kind, concepts that so many papers of the topic mention, and between these shares of them
_CONCEPT_PAIRS, _TOPIC_PAIRS, _MENTIONS, _BETWEEN = 10, 5, 20, (0.15, 0.85)


def read_pairs(
    asked: Any, topics: TopicTables, labels: np.ndarray, redrawn: np.ndarray, mentions: pd.DataFrame
) -> list[Pair]:
    """Return the pairs that are asked for.

    Parameters
    ----------
    asked : sequence of pairs, or "screen"
        A concept and a topic, or two topics; topics by label or number. The screen takes the ten pairs of concept and topic
        that tell most (twenty mentions or more, in 15 to 85 % of the topic's papers, by the product of those with and those
        without), and the five pairs of topics that papers most often lie between.
    topics : TopicTables
    labels : ndarray of int, shape (n,)
        Topics of the papers.
    redrawn : ndarray of int, shape (b, n)
    mentions : DataFrame of bool, n rows
        A column per concept.

    Raises
    ------
    TrendsError
        A name is that of no concept or topic.
    """
    if isinstance(asked, str):
        if asked != SCREEN:
            raise TrendsError(f"pairs must be a list of pairs of names, or {SCREEN!r}, not {asked!r}")
        wanted = [*_screened_concepts(topics, labels, mentions), *_screened_topics(topics)]
    else:
        if not isinstance(asked, Sequence):
            raise TrendsError(f"pairs must be a list of pairs of names, or {SCREEN!r}, not {asked!r}")
        wanted = _once([_named(pair, topics, mentions) for pair in asked])
    return [_pair(first, second, topics, labels, redrawn, mentions) for first, second in dict.fromkeys(wanted)]


def _once(pairs: list[tuple[str | int, int]]) -> list[tuple[str | int, int]]:
    """Return pairs without those that were asked the other way round before."""
    kept: list[tuple[str | int, int]] = []
    for first, second in pairs:
        if (second, first) not in kept:
            kept.append((first, second))
    return kept


def _pair(
    first: str | int,
    second: int,
    topics: TopicTables,
    labels: np.ndarray,
    redrawn: np.ndarray,
    mentions: pd.DataFrame,
) -> Pair:
    name = topics.table["label"]
    if isinstance(first, str):
        said = mentions[first].to_numpy(dtype=bool)
        draws = [(draw == second, said & (draw == second)) for draw in redrawn]
        return Pair("concept in topic", first, name[second], labels == second, said & (labels == second), draws)
    draws = [((draw == first) | (draw == second), draw == first) for draw in redrawn]
    inside = (labels == first) | (labels == second)
    return Pair("topic against topic", name[first], name[second], inside, labels == first, draws)


def _named(pair: Any, topics: TopicTables, mentions: pd.DataFrame) -> tuple[str | int, int]:
    if isinstance(pair, (str, bytes)) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise TrendsError(f"a pair is two names, such as ('Segmentation', 'Pathology'), not {pair!r}")
    second = _topic(pair[1], topics)
    if second is None:
        raise TrendsError(f"no topic is called {pair[1]!r}{_near(pair[1], topics.table['label'])}")
    first, concept = _topic(pair[0], topics), _concept(pair[0], mentions)
    if first is not None and concept is not None:
        raise TrendsError(f"{pair[0]!r} is a topic and a concept; give the topic's number, or rename one of them")
    if first is None and concept is None:
        known = [*topics.table["label"], *mentions.columns]
        raise TrendsError(f"no topic and no concept that is tested is called {pair[0]!r}{_near(pair[0], known)}")
    if first == second:
        raise TrendsError(f"a pair is of two topics; {pair[0]!r} and {pair[1]!r} are one")
    chosen = concept if first is None else first
    assert chosen is not None
    return chosen, second


def _topic(name: Any, topics: TopicTables) -> int | None:
    labels = topics.table["label"][topics.table.index >= 0]
    if isinstance(name, (int, np.integer)) and not isinstance(name, bool):
        return int(name) if name in labels.index else None
    found = [topic for topic, label in labels.items() if str(label).casefold() == str(name).casefold()]
    return int(found[0]) if found else None


def _concept(name: Any, mentions: pd.DataFrame) -> str | None:
    return next((str(one) for one in mentions.columns if str(one).casefold() == str(name).casefold()), None)


def _near(name: Any, known: Any) -> str:
    close = difflib.get_close_matches(str(name), [str(one) for one in known], 3, 0.5)
    return f"; near to it are: {', '.join(close)}" if close else ""


def _screened_concepts(topics: TopicTables, labels: np.ndarray, mentions: pd.DataFrame) -> list[tuple[str | int, int]]:
    found = []
    for topic in topics.table.index[topics.table.index >= 0]:
        inside = labels == topic
        counts = mentions.to_numpy(dtype=bool)[inside].sum(axis=0)
        for concept, count in zip(mentions.columns, counts.tolist(), strict=True):
            size = int(inside.sum())
            if count >= _MENTIONS and _BETWEEN[0] <= count / size <= _BETWEEN[1]:
                found.append((-count * (size - count) / size, int(topic), str(concept)))
    return [(concept, topic) for _, topic, concept in sorted(found)[:_CONCEPT_PAIRS]]


def _screened_topics(topics: TopicTables) -> list[tuple[str | int, int]]:
    between = topics.assignments[topics.assignments["runner_up"] >= 0]
    ends = np.sort(between[["topic", "runner_up"]].to_numpy(dtype=int), axis=1)
    ends = ends[(ends[:, 0] >= 0) & (ends[:, 0] != ends[:, 1])]
    kinds, counts = np.unique(ends, axis=0, return_counts=True) if len(ends) else (ends, np.zeros(0, dtype=int))
    order = np.lexsort((kinds[:, 1], kinds[:, 0], -counts)) if len(ends) else np.zeros(0, dtype=int)
    return [(int(first), int(second)) for first, second in kinds[order[:_TOPIC_PAIRS]].tolist()]
