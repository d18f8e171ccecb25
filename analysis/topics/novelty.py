"""Candidates for new topics: papers that are like each other and unlike the papers that topics were found in."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import NearestNeighbors

from analysis.embedding.vectors import unit_rows
from analysis.topics.describe.words import TermSums, count_words, topic_keywords
from analysis.topics.texts import Texts

CANDIDATE_COLUMNS = ["candidate", "size", "keywords", "nearest", "nearest_label", "papers"]
# nearest papers that are looked at
_NEIGHBOURS = 30
# how far their mix must be from chance, in standard deviations, to be told of
_SURPRISING = 3.0
# a candidate has at least this many papers
FEWEST_CANDIDATES = 8
# papers are linked by this many of their nearest
_LINKS = 5


def no_candidates() -> pd.DataFrame:
    """Return the table without rows."""
    return _typed(pd.DataFrame(columns=CANDIDATE_COLUMNS))


def candidate_table(
    pool: Texts, vectors: np.ndarray, landmarks: Texts, whole: np.ndarray, labels: np.ndarray
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

    Returns
    -------
    DataFrame
        candidate (0 upwards by falling size), size, keywords (list, against the landmarks), nearest (topic),
        nearest_label (empty; see `with_names`), papers (list of paper_id).
    """
    groups = candidate_groups(vectors, whole)
    count = int(groups.max(initial=-1)) + 1
    if not count:
        return no_candidates()
    grouped = np.flatnonzero(groups >= 0)
    texts = pool.whole
    words = count_words([texts[row] for row in grouped] + landmarks.whole)
    sums = TermSums.of(words.counts, np.concatenate([groups[grouped], np.full(len(landmarks.ids), -1)]))
    keywords = [[word for word, _ in members] for members in topic_keywords(sums, words.terms)]
    centroids = unit_rows(np.stack([whole[labels == topic].mean(axis=0) for topic in range(int(labels.max()) + 1)]))
    rows = []
    for number in range(count):
        members = np.flatnonzero(groups == number)
        nearest = int((centroids @ vectors[members].mean(axis=0)).argmax())
        rows.append((number, len(members), keywords[number], nearest, "", pool.ids[members].tolist()))
    return _typed(pd.DataFrame(rows, columns=CANDIDATE_COLUMNS))


def with_names(candidates: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return candidates with the label of each one's nearest topic."""
    return candidates.assign(nearest_label=[names[topic] for topic in candidates["nearest"]]).astype(
        {"nearest_label": "str"}
    )


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = dict.fromkeys(("candidate", "size", "nearest"), "int64")
    return frame.astype(numbers | {"nearest_label": "str"} | dict.fromkeys(("keywords", "papers"), "object"))


def candidate_groups(pool: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Look for groups of papers whose nearest papers are far more often of the pool than chance allows.

    Were pool and landmarks drawn from the same topics, a paper's nearest neighbours would be of the pool
    as often as the pool is large (the nearest-neighbour test of Schilling 1986, JASA 81(395), 799-806, and of
    Henze 1988, here at each paper). Where they are not, and such papers are each other's neighbours, there is
    something that the landmarks do not know.

    Parameters
    ----------
    pool : ndarray of float32, shape (m, d)
        Vectors of the papers in question, unit rows.
    landmarks : ndarray of float32, shape (n, d)
        Vectors of the papers that topics were found in, unit rows.

    Returns
    -------
    ndarray of int, shape (m,)
        Number of the group each paper belongs to, 0 upwards by falling size; -1 for most.
    """
    labels = np.full(len(pool), -1)
    count = min(_NEIGHBOURS, len(pool) - 1)
    if count < FEWEST_CANDIDATES - 1:
        return labels
    together = np.vstack([pool, landmarks])
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(together)
    nearest = _without_oneself(search.kneighbors(pool, return_distance=False))
    expected = (len(pool) - 1) / (len(together) - 1)
    share = (nearest < len(pool)).mean(axis=1)
    surprise = (share - expected) / np.sqrt(expected * (1 - expected) / count + 1e-12)
    flagged = np.flatnonzero(surprise > _SURPRISING)
    number = np.full(len(together), -1)
    number[flagged] = np.arange(len(flagged))
    links = number[nearest[flagged, :_LINKS]]
    rows, columns = np.nonzero(links >= 0)
    graph = sparse.csr_matrix((np.ones(len(rows)), (rows, links[rows, columns])), shape=(len(flagged),) * 2)
    groups = connected_components(graph, directed=False)[1]
    sizes = np.bincount(groups, minlength=1)
    large = np.flatnonzero(sizes >= FEWEST_CANDIDATES)
    for rank, group in enumerate(large[np.argsort(-sizes[large], kind="stable")].tolist()):
        labels[flagged[groups == group]] = rank
    return labels


def _without_oneself(nearest: np.ndarray) -> np.ndarray:
    """Drop each paper from its own nearest papers, shape (m, k) of (m, k + 1); of equal papers any may stand first."""
    oneself = nearest == np.arange(len(nearest))[:, None]
    oneself[~oneself.any(axis=1), -1] = True
    return np.asarray(nearest[~oneself].reshape(len(nearest), -1))
