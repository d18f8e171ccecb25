"""From a corpus to its topics: views, consensus, a reader's edits, words and labels."""

import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np

from analysis.corpus.paper import Corpus
from analysis.corpus.text import without_addresses
from analysis.embedding.views import View, build_views, with_graphs
from analysis.errors import SmallCorpusWarning, TopicsError
from analysis.io.display import counted
from analysis.io.partitions import FramePartitions, in_turn
from analysis.topics.clustering.cluster import Clustering, cluster, one_cluster
from analysis.topics.curation import Edit, apply_edits
from analysis.topics.describe.describe import describe
from analysis.topics.describe.labeller import Labeller
from analysis.topics.large import LANDMARKS, THRESHOLD, Choices, fit_large
from analysis.topics.result import Topics
from analysis.topics.texts import Facts

# below this many papers no split can be told from chance
_SMALLEST_CORPUS = 10
# vectors of papers that differ by less than this differ by rounding alone
_SAME = 1e-3


def fit_topics(
    corpus: Corpus,
    *,
    seed: int = 0,
    granularity: Literal["coarse", "balanced", "fine"] | int = "balanced",
    outliers: Literal["assign", "keep"] = "assign",
    views: Sequence[View] | None = None,
    edits: Sequence[Edit] = (),
    labeller: Labeller | None = None,
    threshold: int = THRESHOLD,
    landmarks: int = LANDMARKS,
) -> Topics:
    """Find topics that hold still: a consensus over views, seeds and granularities.

    Parameters
    ----------
    corpus : Corpus
        Its papers are taken in the order of their ids, so files and order change nothing. Papers
        without an abstract are given no topic and are not among the assignments.
    seed : int
    granularity : {"coarse", "balanced", "fine"} or int
        Where the hierarchy is cut; a number asks for that many topics.
    outliers : {"assign", "keep"}
        With "keep", papers that fewer than half of the redrawn clusterings leave in their
        topic become topic -1.
    views : sequence of View, optional
        Vectors to use instead of the default views. Unless there is a graph among them, the graph of nearest papers
        by each joins them.
    edits : sequence of Edit, optional
        A reader's changes, applied in order; see `analysis.topics.curation.read_edits`.
    labeller : callable, optional
        Names the topics that no edit has named, such as `analysis.topics.describe.labeller.ChatLabeller`.
    threshold : int
        A corpus of more papers is not clustered whole: topics are found in landmarks, and all other papers
        are placed in them; see `analysis.topics.large`.
    landmarks : int
        How many papers stand for a larger corpus.

    Returns
    -------
    Topics

    Raises
    ------
    TopicsError
        The corpus is empty, a setting is unknown, more topics than papers are asked for, or a
        view does not fit the papers or holds NaN.

    Warns
    -----
    SmallCorpusWarning
        The corpus is too small to be split.
    TopicEditWarning
        An edit no longer applies.
    """
    papers = corpus.described
    _check(len(papers), len(corpus), granularity, outliers)
    if views is not None:
        check_views(views, len(papers))
    if len(papers) > threshold:
        choices = Choices(granularity, outliers == "keep", seed, landmarks)
        facts = Facts.of(papers, corpus.strata.loc[papers.index])
        return fit_large(FramePartitions(papers), facts, choices, in_turn, views=views, edits=edits, labeller=labeller)
    titles, abstracts = papers["title"].tolist(), [without_addresses(text) for text in papers["abstract"]]
    views = build_views(titles, abstracts) if views is None else with_graphs(views)
    clustering = _clustering(views, len(papers), granularity, seed)
    grouping = apply_edits(clustering, papers.index, titles, edits)
    return describe(papers.index, titles, abstracts, clustering, grouping, outliers == "keep", seed, labeller)


def _check(n_papers: int, n_all: int, granularity: object, outliers: object) -> None:
    if n_papers == 0:
        what = f"none of the {n_all} papers has an abstract" if n_all else "the corpus has no papers"
        raise TopicsError(f"{what}, so there are no topics; topics are found in titles and abstracts")
    if outliers not in ("assign", "keep"):
        raise TopicsError(f"outliers must be 'assign' or 'keep', not {outliers!r}")
    if isinstance(granularity, bool) or not (
        isinstance(granularity, int) or granularity in ("coarse", "balanced", "fine")
    ):
        raise TopicsError(f"granularity must be 'coarse', 'balanced', 'fine' or a number, not {granularity!r}")
    if isinstance(granularity, int) and not 1 <= granularity <= n_papers:
        raise TopicsError(f"{granularity} topics were asked for; there are {n_papers} papers to make them from")


def check_views(views: Sequence[View], n_papers: int) -> None:
    """Raise TopicsError where a view does not fit the papers or holds NaN."""
    if not views:
        raise TopicsError("no view was given; leave `views` out for the default ones")
    for view in views:
        if len(view.vectors) != n_papers:
            raise TopicsError(f"the view {view.name!r} has {len(view.vectors)} rows for {n_papers} papers")
        if not np.isfinite(view.vectors).all():
            raise TopicsError(f"the view {view.name!r} holds values that are not numbers")


def _clustering(views: Sequence[View], n_papers: int, granularity: str | int, seed: int) -> Clustering:
    informative = [view for view in views if np.ptp(view.vectors, axis=0).max() > _SAME]
    if n_papers < _SMALLEST_CORPUS:
        reason = f"{counted(n_papers, 'paper')} cannot be split: at least {_SMALLEST_CORPUS} are needed"
    # a graph of equal papers differs from paper to paper by chance alone
    elif all(view.kind == "graph" for view in informative):
        reason = "all papers have the same text, so nothing splits them"
    else:
        return cluster(informative, granularity, seed)
    warnings.warn(f"one topic only: {reason}.", SmallCorpusWarning, stacklevel=3)
    return one_cluster(n_papers, reason)
