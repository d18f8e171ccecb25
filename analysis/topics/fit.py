"""From a corpus to its topics: landmarks, views, consensus, a reader's edits, all other papers, words and labels."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.corpus.paper import Corpus
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import View, informative
from analysis.errors import SmallCorpusWarning, TopicsError
from analysis.io.display import counted
from analysis.io.runner import Run, in_turn
from analysis.io.threads import one_thread
from analysis.topics.assembly import Fitted, describe
from analysis.topics.clustering.cluster import Clustering, cluster, one_cluster
from analysis.topics.clustering.consensus import renumbered
from analysis.topics.curation import Edit, apply_edits, named_papers
from analysis.topics.describe.labeller import Labeller
from analysis.topics.describe.layout import map_of_papers
from analysis.topics.grouping import Grouping, set_aside
from analysis.topics.landmarks import choose_landmarks
from analysis.topics.options import LANDMARKS, THRESHOLD, FitOptions
from analysis.topics.partition_work import Placed, PlacementJob, place_partition
from analysis.topics.placement import Placer
from analysis.topics.result import Topics
from analysis.topics.texts import Encoder, Facts, Texts, landmark_views

# below this many papers no split can be told from chance
_SMALLEST_CORPUS = 10
# papers less similar to their nearest atom than this share of the landmarks is are badly represented
_BADLY = 0.02


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
    """Find stable topics: a consensus over views, seeds and granularities.

    Parameters
    ----------
    corpus : Corpus
        Its papers are taken in the order of their ids, so files and order change nothing. Papers
        without an abstract are given no topic and are not among the assignments.
    seed : int
    granularity : {"coarse", "balanced", "fine"} or int
        Where the hierarchy is cut; a number asks for that many topics.
    outliers : {"assign", "keep"}
        With "keep", papers that fewer than half of the resampled clusterings leave in their
        topic become topic -1.
    views : sequence of View, optional
        Vectors to use instead of the default views. Unless there is a graph among them, the graph of nearest papers
        by each joins them.
    edits : sequence of Edit, optional
        A reader's changes, applied in order; see `analysis.topics.curation.read_edits`.
    labeller : callable, optional
        Names the topics that no edit has named, such as `analysis.topics.describe.labeller.ChatLabeller`.
    threshold : int
        Of a corpus of more papers topics are found in landmarks, and all other papers are placed in them; of a
        smaller one every paper is a landmark.
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
    if outliers not in ("assign", "keep"):
        raise TopicsError(f"outliers must be 'assign' or 'keep', not {outliers!r}")
    options = FitOptions(granularity, outliers == "keep", seed, threshold, landmarks)
    return fit(corpus, options, in_turn, views=views, edits=edits, labeller=labeller)


def fit(
    corpus: Corpus,
    options: FitOptions,
    run: Run,
    *,
    views: Sequence[View] | None = None,
    edits: Sequence[Edit] = (),
    labeller: Labeller | None = None,
) -> Topics:
    """Find topics as `fit_topics` does.

    Parameters
    ----------
    corpus : Corpus
    options : FitOptions
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.
    views, edits, labeller
        As in `fit_topics`.
    """
    facts = Facts.of(corpus)
    _check(len(facts.ids), len(corpus), options.granularity)
    if views is not None:
        check_views(views, len(facts.ids))
    with one_thread():
        chosen = _landmarks(facts, options, edits)
        texts = Texts.at(corpus.texts, facts.ids[chosen])
        vectors, encoder = landmark_views(texts, facts.ids, options, views)
        vectors = informative(vectors) or vectors
        clustering = _clustering(vectors, len(facts.ids), options)
        grouping = apply_edits(clustering, texts.ids, texts.titles, edits)
        points = map_of_papers(clustering.coassociation, clustering.similarity, options.seed)
        fitted = Fitted(corpus.texts, facts, chosen, texts, clustering, grouping, points)
        if len(chosen) < len(facts.ids):
            fitted = _with_others(fitted, vectors, encoder, run)
        return describe(fitted, options.keep_outliers, run, labeller)


def _check(n_papers: int, n_all: int, granularity: object) -> None:
    if n_papers == 0:
        what = f"none of the {n_all} papers has an abstract" if n_all else "the corpus has no papers"
        raise TopicsError(f"{what}, so there are no topics; topics are found in titles and abstracts")
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


def _landmarks(facts: Facts, options: FitOptions, edits: Sequence[Edit]) -> np.ndarray:
    """Return the positions of the papers that topics are found in."""
    n_papers = len(facts.ids)
    if n_papers <= options.threshold:
        return np.arange(n_papers)
    required = named_papers(edits, facts.ids, facts.titles) if edits else None
    return choose_landmarks(facts.years, facts.strata, options.landmarks, options.seed, required)


def _clustering(views: Sequence[View], n_papers: int, options: FitOptions) -> Clustering:
    """Cluster landmarks that stand for `n_papers`; too few of them, or all alike, are one topic."""
    n_landmarks = len(views[0].vectors)
    if n_landmarks < _SMALLEST_CORPUS:
        reason = f"{counted(n_landmarks, 'paper')} cannot be split: at least {_SMALLEST_CORPUS} are needed"
    # a graph of equal papers differs from paper to paper by chance alone
    elif all(view.kind == "graph" for view in informative(views)):
        reason = "all papers have the same text, so nothing splits them"
    else:
        return cluster(views, options.granularity, options.seed, population=n_papers)
    warnings.warn(f"one topic only: {reason}.", SmallCorpusWarning, stacklevel=4)
    return one_cluster(views[0].vectors, reason)


def _with_others(fitted: Fitted, views: Sequence[View], encoder: Encoder, run: Run) -> Fitted:
    """Place all papers that are no landmarks in the landmarks' topics."""
    clustering, chosen, n_papers = fitted.clustering, fitted.chosen, len(fitted.facts.ids)
    labels, draws = _with_removed_topics(clustering, fitted.grouping)
    atom = clustering.coassociation.atom
    placer = Placer.of(clustering, labels, draws, views, _means(fitted.points, atom))
    embeddings = encoder.encode(fitted.texts).whole
    atoms = unit_rows(_means(embeddings, atom))
    min_similarity = float(np.quantile((embeddings @ atoms.T).max(axis=1), _BADLY))
    placing = PlacementJob(fitted.parts, fitted.texts.ids, encoder, placer, atoms, min_similarity)
    placed = Placed.of(run("place", place_partition, placing, len(fitted.parts)))
    others = np.setdiff1d(np.arange(n_papers), chosen)
    all_labels, all_draws = np.empty(n_papers, dtype=np.int64), np.empty((len(draws), n_papers), dtype=np.int16)
    points = np.empty((n_papers, 2))
    all_labels[chosen], all_draws[:, chosen], points[chosen] = labels, draws, fitted.points
    all_labels[others], all_draws[:, others], points[others] = placed.labels, placed.draws, placed.points
    last = int(max(fitted.grouping.labels.max(), fitted.grouping.draws.max()))
    # numbers past the last are topics that were removed
    all_labels[all_labels > last] = -1
    all_draws[all_draws > last] = -1
    grouping = Grouping(*renumbered(all_labels, all_draws, fitted.grouping.names), fitted.grouping.edits)
    return replace(fitted, grouping=grouping, points=points, placed=placed, embeddings=embeddings)


def _with_removed_topics(clustering: Clustering, grouping: Grouping) -> tuple[np.ndarray, np.ndarray]:
    """Return the landmarks' labels in which topics that were set aside whole have numbers past all others.

    A paper like theirs goes where they went; it must not be drawn into a topic that a reader left alone.
    """
    labels, draws = grouping.labels.copy(), grouping.draws.astype(np.int64)
    count = int(max(labels.max(), draws.max())) + 1
    before = clustering.labels
    removed = set_aside(before, labels)
    for number in range(removed.max() + 1):
        topic = before[removed == number][0]
        labels[removed == number] = count + number
        draws[(clustering.draws == topic) & (draws < 0)] = count + number
    return labels, draws


def _means(vectors: np.ndarray, group: np.ndarray) -> np.ndarray:
    sums = np.zeros((int(group.max()) + 1, vectors.shape[1]))
    np.add.at(sums, group, vectors)
    return np.asarray(sums / np.bincount(group)[:, None])
