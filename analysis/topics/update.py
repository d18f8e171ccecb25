"""New papers in topics that stay: placed, counted, and searched for what the topics do not know."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from analysis.corpus.paper import Corpus
from analysis.embedding.views import View, informative
from analysis.errors import TopicsError
from analysis.io.runner import Run
from analysis.io.threads import one_thread
from analysis.topics.clustering.cluster import Clustering, recast
from analysis.topics.describe.tables import (
    REPRESENTATIVE_COLUMNS,
    SURE_MEMBERSHIP,
    assignment_table,
    fit_quality,
    with_sizes,
)
from analysis.topics.novelty import candidate_table, no_candidates
from analysis.topics.options import FitOptions
from analysis.topics.partition_work import Placed, PlacementJob, place_partition
from analysis.topics.placement import Placer
from analysis.topics.result import Topics
from analysis.topics.texts import Facts, Texts, landmark_views

if TYPE_CHECKING:
    from bertopic import BERTopic

# of the papers that came since the topics were found, the latest are searched for new topics
_MOST_SEARCHED = 6_000
_LAST_PAPERS = 3
# papers that stand for a topic whose representatives are all gone
_STAND_INS = 3
_STANDS_IN = "surest of its papers; those that stood for the topic are gone"
_CHANCE = 0.05


def update_topics(corpus: Corpus, previous: Topics, options: FitOptions, run: Run) -> Topics:
    """Place papers that are new in the topics of before; ids, labels, themes and edits stay.

    Parameters
    ----------
    corpus : Corpus
        All papers, old and new.
    previous : Topics
    options : FitOptions
        Of the fit.
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.

    Returns
    -------
    Topics
        The same topics, with the new papers and without those that are gone.

    Raises
    ------
    TopicsError
        None of the papers that the topics were found in is in the corpus any more.
    """
    facts = Facts.of(corpus)
    old = facts.ids.intersection(placed_before(previous))
    new = facts.ids.difference(old)
    # a landmark that was gone, and is back, is a new paper
    landmarks = old.intersection(pd.Index(previous.landmarks["paper_id"]))
    if landmarks.empty:
        raise TopicsError(
            "no paper that the topics were found in is in the corpus any more; `topictrends topics` finds new ones"
        )
    with one_thread():
        texts = Texts.at(corpus.texts, landmarks)
        views, encoder = landmark_views(texts, facts.ids, options)
        views = informative(views) or views
        clustering = _recast(previous, landmarks, views, options)
        placer = Placer.of(
            clustering, clustering.labels, clustering.draws, views, _atom_points(previous, landmarks, clustering)
        )
        placing = PlacementJob(corpus.texts, old, encoder, placer, np.zeros((1, 1), dtype=np.float32), -2.0)
        placed = Placed.of(run("place", place_partition, placing, len(corpus.texts)))
        count = len(previous.topic_quality)
        # who is like papers of a topic that a reader removed goes where they went
        labels, draws, known = (
            np.where(topics < count, topics, -1).astype(np.int64)
            for topics in (placed.labels, placed.draws, clustering.labels)
        )
        rows = assignment_table(labels, draws, new, options.keep_outliers, count)
        candidates, pool = no_candidates(), _pool(previous, facts, new)
        if len(pool):
            shown = Texts.at(corpus.texts, pool)
            embeddings, landmark_embeddings = (encoder.encode(item).whole for item in (shown, texts))
            names = previous.table.loc[previous.table.index >= 0, "label"].tolist()
            candidates = candidate_table(shown, embeddings, texts, landmark_embeddings, known, names)
    return _joined(previous, facts.ids, rows, draws, placed.points, candidates)


def placed_before(previous: Topics) -> pd.Index:
    """Return the papers of which all is known; an update that was killed may have left some tables before others."""
    ids = previous.assignments.index
    return ids.intersection(previous.draws.index).intersection(previous.layout.index)


def _recast(previous: Topics, landmarks: pd.Index, views: list[View], options: FitOptions) -> Clustering:
    """Return the clustering of the landmarks; topics that a reader set aside have numbers past all others."""
    known = previous.landmarks.set_index("paper_id")
    aside = known["set_aside"].reindex(landmarks).to_numpy()
    count = len(previous.topic_quality)
    labels = np.where(aside >= 0, count + aside, previous.assignments.loc[landmarks, "topic"].to_numpy())
    draws = previous.draws.loc[landmarks].to_numpy().T.astype(np.int64)
    draws = np.where((draws < 0) & (aside >= 0), count + aside, draws)
    population = round(known["stands_for"].sum())
    return recast(
        views, labels, draws, options.seed, previous.granularity, None if population == len(known) else population
    )


def _atom_points(previous: Topics, landmarks: pd.Index, clustering: Clustering) -> np.ndarray:
    atom = clustering.coassociation.atom
    layout = previous.layout.loc[landmarks].to_numpy()
    sums = np.stack([np.bincount(atom, weights=layout[:, axis]) for axis in (0, 1)], axis=1)
    return np.asarray(sums / np.bincount(atom)[:, None])


def _pool(previous: Topics, facts: Facts, new: pd.Index) -> pd.Index:
    """Return the papers among which new topics are sought, at most 6,000, the latest.

    They are all that are no landmarks, or where those are more, the new ones and the papers of earlier candidates.
    """
    since = facts.ids.difference(pd.Index(previous.landmarks["paper_id"]))
    if len(since) > _MOST_SEARCHED:
        known = {paper for papers in previous.candidates["papers"] for paper in papers}
        since = new.union(facts.ids[facts.ids.isin(known)])
    order = facts.dates.loc[since].sort_values(kind="stable", na_position="first").index
    return order[-_MOST_SEARCHED:].sort_values()


def _joined(
    previous: Topics, ids: pd.Index, rows: pd.DataFrame, draws: np.ndarray, points: np.ndarray, candidates: pd.DataFrame
) -> Topics:
    """Return the topics with the new papers; sizes and shares count them, words and labels stay."""
    kept = placed_before(previous).intersection(ids)
    assignments = pd.concat([previous.assignments.loc[kept], rows]).loc[ids]
    columns = previous.draws.columns
    drawn = pd.DataFrame(draws.T.astype(previous.draws.dtypes.iloc[0]), index=rows.index, columns=columns)
    placed = pd.DataFrame(points.astype(float), index=rows.index, columns=["x", "y"])
    labels = assignments["topic"]
    representatives = _representatives(previous, assignments)
    named = representatives.groupby("topic")["paper_id"].agg(list)
    shown = [named.get(topic, []) for topic in previous.table.index]
    table = with_sizes(
        previous.table.assign(representative_papers=pd.Series(shown, previous.table.index)), labels.to_numpy()
    )
    theme_of = previous.theme_of_topic
    of_theme = labels.map(theme_of).value_counts().reindex(previous.themes.index, fill_value=0)
    held = assignments["membership"].groupby(labels)
    quality = previous.topic_quality.assign(
        membership=held.mean().reindex(previous.topic_quality.index, fill_value=0.0),
        coverage=held.apply(lambda memberships: float((memberships >= SURE_MEMBERSHIP).mean())).reindex(
            previous.topic_quality.index, fill_value=0.0
        ),
    )
    return replace(
        previous,
        table=table,
        assignments=assignments,
        themes=previous.themes.assign(size=of_theme),
        draws=pd.concat([previous.draws.loc[kept], drawn]).loc[ids],
        layout=pd.concat([previous.layout.loc[kept], placed]).loc[ids],
        topic_quality=quality,
        candidates=candidates,
        representatives=representatives,
        quality=fit_quality(table, labels.to_numpy(), quality),
        build_model=None
        if previous.model_folder is None
        else functools.partial(_model, previous.model_folder, labels.to_numpy()),
    )


def _representatives(previous: Topics, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return the papers that stand for topics without those that are gone; who is surest stands for a topic without any."""
    held = previous.representatives[previous.representatives["paper_id"].isin(assignments.index)]
    left = assignments[(assignments["topic"] >= 0) & ~assignments["topic"].isin(held["topic"])]
    surest = left.sort_values("membership", ascending=False, kind="stable").groupby("topic").head(_STAND_INS)
    more = pd.DataFrame(
        {
            "topic": surest["topic"],
            "rank": 0,
            "paper_id": surest.index,
            "centrality": surest["membership"],
            "similarity": 0.0,
            "reason": _STANDS_IN,
        }
    )
    papers = pd.concat([held, more], ignore_index=True) if len(more) else held.reset_index(drop=True)
    papers = papers.sort_values(["topic", "rank"], kind="stable", ignore_index=True)
    return papers.assign(rank=papers.groupby("topic").cumcount() + 1)[REPRESENTATIVE_COLUMNS]


def _model(folder: Path, labels: np.ndarray) -> "BERTopic":
    """Load the model of before and let it hold all papers."""
    from analysis.topics.model import load_model

    model = load_model(folder)
    model.topics_ = labels.tolist()
    topics, sizes = np.unique(labels, return_counts=True)
    model.topic_sizes_ = dict(zip(topics.tolist(), sizes.tolist(), strict=True))
    return model


def stale_topics(topics: Topics, new: pd.Index, dates: pd.Series) -> pd.DataFrame:
    """Return the topics that new papers pass by: fewer came than their share before predicts, at a false discovery rate of 5%.

    Parameters
    ----------
    topics : Topics
        With the new papers in them.
    new : Index of paper_id
        The papers that came.
    dates : Series of datetime64, index paper_id

    Returns
    -------
    DataFrame, index topic
        label, size, new (papers that came), expected (by the topic's share before), p, q (at most 0.05; Benjamini and
        Hochberg 1995), last_papers.
    """
    table, labels = topics.table[topics.table.index >= 0], topics.assignments["topic"]
    came = labels.index.isin(new)
    before, arrived = (labels[rows].value_counts().reindex(table.index, fill_value=0) for rows in (~came, came))
    share = before / max(int((~came).sum()), 1)
    p_values = stats.binom.cdf(arrived, came.sum(), share) if came.any() else np.ones(len(table))
    frame = pd.DataFrame(
        {
            "label": table["label"],
            "size": table["size"],
            "new": arrived,
            "expected": share * came.sum(),
            "p": p_values,
            "q": stats.false_discovery_control(np.asarray(p_values, dtype=float)),
        }
    )
    stale = frame[frame["q"] <= _CHANCE]
    last = [_last_papers(topics, topic, dates) for topic in stale.index]
    return stale.assign(last_papers=pd.Series(last, index=stale.index, dtype=object))


def _last_papers(topics: Topics, topic: int, dates: pd.Series) -> list[str]:
    members = topics.assignments.index[topics.assignments["topic"] == topic]
    return [str(paper) for paper in dates.loc[members].dropna().sort_values(kind="stable").index[::-1][:_LAST_PAPERS]]
