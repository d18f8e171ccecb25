"""Papers of another corpus placed in topics that stay."""

import functools
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.embedding.views import View, informative
from analysis.errors import ArtefactError, TopicsError
from analysis.io.runner import Run
from analysis.io.threads import one_thread
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.copies import no_copies
from analysis.topics.describe.tables import assignment_table
from analysis.topics.fitting import check_papers, given_views, in_order
from analysis.topics.grown import grown_topics
from analysis.topics.methods import settle
from analysis.topics.novelty import no_candidates
from analysis.topics.options import FitOptions
from analysis.topics.origin import TopicOrigin
from analysis.topics.partition_work import Placed, PlacementJob, place_partition
from analysis.topics.placement import Placer
from analysis.topics.tables import TopicTables
from analysis.topics.texts import Encoder, Facts, GivenVectors, TextEncoder
from analysis.topics.title_only import no_titles
from analysis.validation import expect

_NO_ATOMS = np.zeros((1, 1), dtype=np.float32)


def place_papers(topics: TopicTables, corpus: Corpus, vectors: Any, run: Run) -> TopicTables:
    """Place all papers of a corpus in topics; see `Topics.place`."""
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TopicsError)
    # papers are placed among those that the topics were found in, not among papers that were placed themselves
    topics = topics.found_in or topics
    if topics.origin is None:
        raise ArtefactError(
            "what these topics were found in was not kept, so nothing can be placed in them; keep topics by topics.save, or "
            "fit them again"
        )
    facts = Facts.of(corpus)
    check_papers(len(facts.ids), len(corpus))
    origin = topics.origin.read()
    encoder = _encoder(origin, corpus, facts, vectors)
    landmarks = pd.Index(topics.landmarks["paper_id"])
    if any(len(view.vectors) != len(landmarks) for view in origin.views):
        raise ArtefactError("the kept vectors are not those of these topics' papers; save the topics again")
    with one_thread():
        seen = informative(origin.views) or list(origin.views)
        placer = placer_among(topics, landmarks, seen, origin.options)
        nobody = facts.ids[:0]
        placing = PlacementJob(corpus.texts, nobody, encoder, placer, _NO_ATOMS, -2.0)
        placed = Placed.of(run("place", place_partition, placing, len(corpus.texts)))
    rows = placed_rows(topics, placed, facts.ids, origin.options)
    draws = topic_draws(topics, placed)
    nothing = topics.with_tables(
        assignments=topics.assignments[:0],
        draws=topics.draws[:0],
        layout=topics.layout[:0],
        texts=corpus.texts,
        title_only=no_titles(),
        copies=no_copies(),
    )
    grown = grown_topics(nothing, facts.ids, rows, draws, placed.points, no_candidates(), len(corpus))
    return in_order(grown.with_tables(origin=None, found_in=topics), corpus.ids)


def placer_among(topics: TopicTables, landmarks: pd.Index, views: list[View], options: FitOptions) -> Placer:
    """Return what places papers in topics among some of the papers that these were found in.

    Parameters
    ----------
    topics : TopicTables
    landmarks : Index of paper_id
    views : list of View
        Of the landmarks, in their order.
    options : FitOptions
    """
    clustering = _recast(topics, landmarks, views, options)
    points = _atom_points(topics, landmarks, clustering)
    return Placer.of(clustering, clustering.labels, clustering.draws, views, points)


def placed_rows(topics: TopicTables, placed: Placed, ids: pd.Index, options: FitOptions) -> pd.DataFrame:
    """Return the assignments of placed papers; who is like papers of a topic that a reader removed has none."""
    count = len(topics.topic_quality)
    labels = known_topics(placed.labels, count)
    return assignment_table(labels, topic_draws(topics, placed), ids, options.keep_outliers, count)


def topic_draws(topics: TopicTables, placed: Placed) -> np.ndarray:
    """Return the topics of placed papers by each redrawn clustering, shape (draws, n)."""
    return known_topics(placed.draws, len(topics.topic_quality))


def landmark_topics(topics: TopicTables, landmarks: pd.Index) -> np.ndarray:
    """Return the topics of some of the papers that topics were found in; -1 where a reader set them aside."""
    aside = topics.landmarks.set_index("paper_id")["set_aside"].reindex(landmarks).to_numpy()
    return np.where(aside >= 0, -1, topics.assignments["topic"].reindex(landmarks).to_numpy())


def known_topics(labels: np.ndarray, count: int) -> np.ndarray:
    """Return labels in which those past the last topic are -1."""
    return np.where(labels < count, labels, -1).astype(np.int64)


def _encoder(origin: TopicOrigin, corpus: Corpus, facts: Facts, vectors: Any) -> Encoder:
    """Return what encodes the new papers: as the old ones were, or by vectors that are given as theirs were."""
    if origin.encoder is not None:
        if vectors is not None:
            raise TopicsError("these topics were found in texts, so texts place new papers; leave `vectors` out")
        return TextEncoder(origin.encoder, origin.options.transformer, frozenset(origin.options.extra_stop_words))
    if vectors is None:
        raise TopicsError(
            f"these topics were found in given vectors ({', '.join(origin.given)}); give those of the new papers: "
            "topics.place(corpus, vectors=...)"
        )
    views = given_views(corpus, facts, vectors)
    known = {view.name: view.vectors.shape[1] for view in origin.views}
    for view in views:
        if view.name not in known:
            raise TopicsError(f"there was no view {view.name!r}; there were: {', '.join(origin.given)}")
        if view.vectors.shape[1] != known[view.name]:
            raise TopicsError(
                f"the view {view.name!r} has {view.vectors.shape[1]} columns here and had {known[view.name]}; the same model "
                "must make both"
            )
    lacking = set(origin.given) - {view.name for view in views}
    if lacking:
        raise TopicsError(f"the view(s) {', '.join(sorted(lacking))} are missing; give all: {', '.join(origin.given)}")
    return GivenVectors(views, facts.ids, origin.languages, origin.centres).centred(facts)


def _recast(topics: TopicTables, landmarks: pd.Index, views: list[View], options: FitOptions) -> Clustering:
    """Return the clustering of the landmarks; topics that a reader set aside have numbers past all others."""
    known = topics.landmarks.set_index("paper_id")
    aside = known["set_aside"].reindex(landmarks).to_numpy()
    count = len(topics.topic_quality)
    labels = np.where(aside >= 0, count + aside, topics.assignments.loc[landmarks, "topic"].to_numpy())
    draws = topics.draws.loc[landmarks].to_numpy().T.astype(np.int64)
    draws = np.where((draws < 0) & (aside >= 0), count + aside, draws)
    population = round(known["stands_for"].sum())
    standing_for = len(labels) if population == len(known) else population
    return settle(views, labels, draws, options.seed, functools.partial(getattr, topics, "granularity"), standing_for)


def _atom_points(topics: TopicTables, landmarks: pd.Index, clustering: Clustering) -> np.ndarray:
    atom = clustering.coassociation.atom
    layout = topics.layout.loc[landmarks].to_numpy()
    sums = np.stack([np.bincount(atom, weights=layout[:, axis]) for axis in (0, 1)], axis=1)
    return np.asarray(sums / np.bincount(atom)[:, None])
