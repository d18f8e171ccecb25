"""Key phrases: the noun phrases by which prose says what a topic's papers are about."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.topics.describe.labels import Wording, alike, joined_unspaced, papers_by_topic
from analysis.topics.describe.phrases import phrase_key

KEY_PHRASE_COLUMNS = {"topic": "int64", "phrase": "str", "papers": "int64", "share": "float64", "score": "float64"}
# a phrase that scores less tells little of a topic, and so many are enough
_LEAST, _MOST = 0.15, 10
# of the words of a phrase more than this part are in no phrase before it
_NEW = 0.5


def no_key_phrases() -> pd.DataFrame:
    """Return the table of topics of which no phrases are known."""
    return pd.DataFrame(columns=list(KEY_PHRASE_COLUMNS)).astype(KEY_PHRASE_COLUMNS)


def key_phrases(wording: Wording, labels: np.ndarray, scores: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """Return up to ten phrases of each topic, best first.

    Parameters
    ----------
    wording : Wording
        Of n papers.
    labels : ndarray of int, shape (n,)
        Topic of each paper; -1 for none.
    scores : ndarray of float, shape (K, phrases)
        From `analysis.topics.describe.labels.name_scores`.
    names : K str
        Topics' labels: what repeats one says nothing more.

    Returns
    -------
    DataFrame
        See `Topics.key_phrases`.
    """
    phrases, read = wording.phrases, labels[wording.rows]
    inside = papers_by_topic(phrases.papers, read, len(names))
    sizes = np.maximum(np.bincount(read[read >= 0], minlength=len(names)), 1)
    rows = [
        (
            topic,
            _written(phrases.surfaces[position], wording),
            int(inside[topic, position]),
            float(inside[topic, position] / sizes[topic]),
            float(scores[topic, position]),
        )
        for topic, name in enumerate(names)
        for position in _different(phrases.keys, scores[topic], phrase_key(name))
    ]
    return pd.DataFrame(rows, columns=list(KEY_PHRASE_COLUMNS)).astype(KEY_PHRASE_COLUMNS)


def _different(keys: Sequence[str], scores: np.ndarray, name: str) -> Iterator[int]:
    """Yield the positions of the best phrases that repeat neither the name nor one another."""
    told: set[str] = set()
    heads: set[str] = set()
    candidates = np.flatnonzero(scores >= _LEAST)
    for position in candidates[np.argsort(-scores[candidates], kind="stable")].tolist():
        words = keys[position].split()
        new = [word for word in words if word not in told]
        if alike(keys[position], name) or len(new) <= _NEW * len(words) or words[-1] in heads:
            continue
        yield position
        told.update(words)
        heads.add(words[-1])
        if len(heads) == _MOST:
            return


def _written(surface: str, wording: Wording) -> str:
    """Return a phrase as running text writes it: without the capitals of titles and of sentences' beginnings."""
    return joined_unspaced(" ".join(wording.casing.get(word.lower(), word) for word in surface.split()))
