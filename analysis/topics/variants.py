"""The same papers clustered under other choices: what a trend must not hang on."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.embedding.views import View
from analysis.topics.cluster import cluster

# fewer papers are not clustered again
_FEWEST = 40
_PAST = "past alone"


def topic_variants(corpus: Corpus, views: Sequence[View], seed: int, granularity: str | int) -> pd.DataFrame:
    """Cluster a corpus again with other choices.

    Parameters
    ----------
    corpus : Corpus
    views : sequence of View
        Of its papers, in the order of their ids.
    seed, granularity
        Of the fit that is being questioned.

    Returns
    -------
    DataFrame of int64, index paper_id
        One column a choice: "another seed", "coarser", "finer", "words alone" (lexical views and
        no vectors), "past alone" (topics found in the papers up to the median date, later ones
        placed in them afterwards, so that no topic knows the future). A choice that this corpus
        does not allow, such as a finer cut of "fine", has no column.
    """
    papers = corpus.described
    found: dict[str, np.ndarray] = {}
    if len(papers) >= _FEWEST:
        choices: dict[str, Callable[[], np.ndarray]] = {
            "another seed": lambda: cluster(views, granularity, seed + 1).labels,
            "coarser": lambda: cluster(views, "coarse", seed).labels,
            "finer": lambda: cluster(views, "fine", seed).labels,
        }
        for name, own in (("coarser", "coarse"), ("finer", "fine")):
            if granularity == own:
                del choices[name]
        lexical = [view for view in views if view.kind == "lexical"]
        if 0 < len(lexical) < len(views):
            choices["words alone"] = lambda: cluster(lexical, granularity, seed).labels
        past = _early(papers["date"])
        if _FEWEST <= past.sum() < len(papers):
            choices[_PAST] = lambda: _from_the_past(views, past, granularity, seed)
        found = {name: choice() for name, choice in choices.items()}
    return pd.DataFrame(found, index=papers.index, dtype="int64")


def _early(dates: pd.Series) -> np.ndarray:
    """Return which papers are dated up to the median date, bool (n,)."""
    known = dates.dropna()
    return np.asarray(dates <= known.quantile(0.5, interpolation="lower")) if len(known) else np.zeros(len(dates), bool)


def _from_the_past(views: Sequence[View], past: np.ndarray, granularity: str | int, seed: int) -> np.ndarray:
    earlier = [View(view.name, view.kind, view.vectors[past]) for view in views]
    wanted = min(granularity, int(past.sum())) if isinstance(granularity, int) else granularity
    labels = np.full(len(past), -1, dtype=np.int64)
    labels[past] = cluster(earlier, wanted, seed).labels
    return place(views, labels)


def place(views: Sequence[View], labels: np.ndarray) -> np.ndarray:
    """Give papers without a topic that of the nearest centroids.

    Parameters
    ----------
    views : sequence of View
        Of n papers.
    labels : ndarray of int, shape (n,)
        0..K-1; -1 for papers to be placed.

    Returns
    -------
    ndarray of int64, shape (n,)
        Labels without -1: a placed paper goes where its cosine similarity to the topics'
        centroids, averaged over the views, is highest.
    """
    known = labels >= 0
    count = int(labels.max()) + 1
    nearness = np.zeros((int((~known).sum()), count))
    for view in views:
        centroids = np.stack([view.vectors[labels == topic].mean(axis=0) for topic in range(count)])
        centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-12)
        nearness += view.vectors[~known] @ centroids.T
    placed = labels.astype(np.int64).copy()
    placed[~known] = nearness.argmax(axis=1)
    return placed
