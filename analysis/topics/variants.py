"""The same papers clustered under other choices: what a trend must not hang on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.embedding.views import View
from analysis.topics.clustering.cluster import Clustering, cluster

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
    choices = other_choices(views, papers["date"], seed, granularity)
    found = {name: choice().labels_of(views) for name, choice in choices.items()}
    return pd.DataFrame(found, index=papers.index, dtype="int64")


@dataclass(frozen=True)
class OtherClustering:
    """A clustering under another choice: of which views and papers.

    Attributes
    ----------
    clustering : Clustering
    views : sequence of View
        Those that it was made from, of the papers it was made of.
    rows : ndarray of int or None
        Which papers these are; None for all.
    """

    clustering: Clustering
    views: Sequence[View]
    rows: np.ndarray | None = None

    def labels_of(self, views: Sequence[View]) -> np.ndarray:
        """Return the topic of each paper; `views` are those of all papers, by which others are placed."""
        if self.rows is None:
            return self.clustering.labels
        labels = np.full(len(views[0].vectors), -1, dtype=np.int64)
        labels[self.rows] = self.clustering.labels
        return place(views, labels)


def other_choices(
    views: Sequence[View], dates: pd.Series, seed: int, granularity: str | int, population: int | None = None
) -> dict[str, Callable[[], OtherClustering]]:
    """Return what clusters the papers anew under each other choice that they allow; see `topic_variants`.

    Parameters
    ----------
    views : sequence of View
    dates : Series of datetime64
        Of the same papers.
    seed, granularity
    population : int, optional
        How many papers these stand for, where they are landmarks.
    """
    if len(dates) < _FEWEST:
        return {}

    def again(own: Sequence[View], wanted: str | int, start: int) -> Callable[[], OtherClustering]:
        return lambda: OtherClustering(cluster(own, wanted, start, population=population), own)

    choices = {"another seed": again(views, granularity, seed + 1)}
    for name, wanted in (("coarser", "coarse"), ("finer", "fine")):
        if granularity != wanted:
            choices[name] = again(views, wanted, seed)
    lexical = [view for view in views if view.kind == "lexical"]
    if 0 < len(lexical) < len(views):
        choices["words alone"] = again(lexical, granularity, seed)
    past = _early(dates)
    if _FEWEST <= past.sum() < len(dates):
        choices[_PAST] = lambda: _from_the_past(views, past, granularity, seed, population)
    return choices


def _early(dates: pd.Series) -> np.ndarray:
    """Return which papers are dated up to the median date, bool (n,)."""
    known = dates.dropna()
    return np.asarray(dates <= known.quantile(0.5, interpolation="lower")) if len(known) else np.zeros(len(dates), bool)


def _from_the_past(
    views: Sequence[View], past: np.ndarray, granularity: str | int, seed: int, population: int | None
) -> OtherClustering:
    earlier = [View(view.name, view.kind, view.vectors[past]) for view in views]
    wanted = min(granularity, int(past.sum())) if isinstance(granularity, int) else granularity
    stand_for = None if population is None else round(population * past.mean())
    return OtherClustering(cluster(earlier, wanted, seed, population=stand_for), earlier, np.flatnonzero(past))


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
