"""Key phrases: the noun phrases by which prose says what a topic's papers are about."""

import bisect
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.topics.describe.labels import Wording, alike, joined_unspaced, papers_by_topic
from analysis.topics.describe.phrases import phrase_key

KEY_PHRASE_COLUMNS = {"topic": "int64", "phrase": "str", "papers": "int64", "share": "float64", "score": "float64"}
# a phrase that scores less tells little of a topic; keywords that are phrases fill up to so many, and so many are enough
_LEAST, _FILLED, _MOST = 0.15, 3, 10
# "patients admitted" is part of a sentence, not a name; "feed" and "bed" are words
_PARTICIPLE, _NO_PARTICIPLE, _SHORTEST = "ed", "eed", 4
# of the words of a phrase more than this part are in no phrase before it
_NEW = 0.5


def no_key_phrases() -> pd.DataFrame:
    """Return the table of topics of which no phrases are known."""
    return pd.DataFrame(columns=list(KEY_PHRASE_COLUMNS)).astype(KEY_PHRASE_COLUMNS)


def key_phrases(
    wording: Wording, labels: np.ndarray, scores: np.ndarray, keywords: Sequence[Sequence[str]], names: Sequence[str]
) -> pd.DataFrame:
    """Return up to ten phrases of each topic, best first.

    Where few phrases tell a topic's papers from the others, keywords that are phrases come after them.

    Parameters
    ----------
    wording : Wording
        Of n papers.
    labels : ndarray of int, shape (n,)
        Topic of each paper; -1 for none.
    scores : ndarray of float, shape (K, phrases)
        From `analysis.topics.describe.labels.name_scores`.
    keywords : K sequences of str
        Each topic's own words, best first.
    names : K str
        Topics' labels: what repeats one says nothing more.

    Returns
    -------
    DataFrame
        See `Topics.key_phrases`.
    """
    phrases, read = wording.phrases, labels[wording.rows]
    inside, titled = (papers_by_topic(holding, read, len(names)) for holding in (phrases.papers, phrases.in_title))
    # a plain word that no title of the topic holds is how its papers are written
    plain = np.array([_is_plain(surface, wording) for surface in phrases.surfaces], dtype=bool)
    whole = np.array([not _is_participle(key) for key in phrases.keys], dtype=bool)
    usable = whole[None, :] & ((~plain)[None, :] | (titled > 0))
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
        for position in _different(
            phrases.keys,
            np.where(usable[topic], scores[topic], -1.0),
            map(phrase_key, keywords[topic]),
            phrase_key(name),
        )
    ]
    return pd.DataFrame(rows, columns=list(KEY_PHRASE_COLUMNS)).astype(KEY_PHRASE_COLUMNS)


def _different(keys: Sequence[str], scores: np.ndarray, keywords: Iterable[str], name: str) -> Iterator[int]:
    """Yield the positions of the best phrases that repeat neither the name nor one another; none with a score below 0."""
    told: set[str] = set()
    heads: set[str] = set()
    best = np.flatnonzero(scores >= _LEAST)
    ordered = best[np.argsort(-scores[best], kind="stable")].tolist()
    # keys are sorted
    found = [(bisect.bisect_left(keys, key), key) for key in keywords]
    filling = [at for at, key in found if keys[at : at + 1] == [key] and scores[at] >= 0]
    for number, position in enumerate([*ordered, *filling]):
        if len(heads) >= (_MOST if number < len(ordered) else _FILLED):
            return
        words = keys[position].split()
        new = [word for word in words if word not in told]
        if alike(keys[position], name) or len(new) <= _NEW * len(words) or words[-1] in heads:
            continue
        yield position
        told.update(words)
        heads.add(words[-1])


def _is_participle(key: str) -> bool:
    return key.endswith(_PARTICIPLE) and not key.endswith(_NO_PARTICIPLE) and len(key.rsplit(" ", 1)[-1]) >= _SHORTEST


def _is_plain(surface: str, wording: Wording) -> bool:
    return surface.isalpha() and wording.casing.get(surface.lower(), surface).islower()


def _written(surface: str, wording: Wording) -> str:
    """Return a phrase as running text writes it: without the capitals of titles and of sentences' beginnings."""
    return joined_unspaced(" ".join(wording.casing.get(word.lower(), word) for word in surface.split()))
