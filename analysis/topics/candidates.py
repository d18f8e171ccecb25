"""Candidates for new topics as a table: which papers, what they speak of, and the topic nearest to them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.embedding.vectors import unit_rows
from analysis.topics.describe.words import TermSums, count_words, topic_keywords
from analysis.topics.novelty import candidate_groups

if TYPE_CHECKING:
    from analysis.topics.texts import Texts

CANDIDATE_COLUMNS = ["candidate", "size", "keywords", "nearest", "nearest_label", "papers"]


def no_candidates() -> pd.DataFrame:
    """Return the table without rows."""
    return _typed(pd.DataFrame(columns=CANDIDATE_COLUMNS))


def candidate_table(
    pool: "Texts", vectors: np.ndarray, landmarks: "Texts", whole: np.ndarray, labels: np.ndarray, names: Sequence[str]
) -> pd.DataFrame:
    """Look for new topics among some papers.

    Parameters
    ----------
    pool : Texts
        The papers in question, length m.
    vectors : ndarray of float32, shape (m, d)
        What they mean, unit rows.
    landmarks : Texts
        The papers that topics were found in, length n.
    whole : ndarray of float32, shape (n, d)
    labels : ndarray of int, shape (n,)
        Their topics; -1 for none.
    names : K labels of topics

    Returns
    -------
    DataFrame
        candidate (0 upwards by falling size), size, keywords (list, against the landmarks), nearest (topic),
        nearest_label, papers (list of paper_id).
    """
    groups = candidate_groups(vectors, whole)
    count = int(groups.max(initial=-1)) + 1
    if not count:
        return no_candidates()
    found = np.flatnonzero(groups >= 0)
    texts = pool.whole
    words = count_words([texts[row] for row in found] + landmarks.whole)
    sums = TermSums.of(words.counts, np.concatenate([groups[found], np.full(len(landmarks.ids), -1)]))
    keywords = [[word for word, _ in own] for own in topic_keywords(sums, words.terms)]
    centroids = unit_rows(np.stack([whole[labels == topic].mean(axis=0) for topic in range(len(names))]))
    rows = []
    for number in range(count):
        own = np.flatnonzero(groups == number)
        nearest = int((centroids @ vectors[own].mean(axis=0)).argmax())
        rows.append(
            (number, len(own), keywords[number], nearest, names[nearest], [str(name) for name in pool.ids[own]])
        )
    return _typed(pd.DataFrame(rows, columns=CANDIDATE_COLUMNS))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = dict.fromkeys(("candidate", "size", "nearest"), "int64")
    return frame.astype(numbers | {"nearest_label": "str"} | dict.fromkeys(("keywords", "papers"), "object"))
