"""The tables of a fit by landmarks: words, representatives and candidates of all papers."""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.io.partitions import Run
from analysis.topics.candidates import candidate_table, no_candidates
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.describe.describe import relabelled, representative_rows
from analysis.topics.describe.labeller import Labeller
from analysis.topics.describe.labels import Wording, label_topics, papers_to_read
from analysis.topics.describe.tables import (
    assignment_table,
    fit_quality,
    landmark_table,
    representative_table,
    separation,
    theme_table,
    topic_quality_table,
    topic_table,
    tree_table,
    words_of,
)
from analysis.topics.describe.theme_labels import label_themes
from analysis.topics.describe.themes import group_topics, mean_closeness, topic_tree
from analysis.topics.describe.words import TermSums, TermTable, count_words, topic_keywords
from analysis.topics.grouping import Grouping, set_aside
from analysis.topics.model import hold_in_bertopic, spread_over
from analysis.topics.partition_work import CENTRAL, Counting, Placing, count_partition, sum_counts
from analysis.topics.result import Topics
from analysis.topics.texts import Facts, Texts, texts_at

if TYPE_CHECKING:
    from bertopic import BERTopic

# terms that keywords are chosen from stand in this many landmarks: no topic is so small that its words would not
_FEWEST_LANDMARKS = 5
# of the badly represented papers the worst are searched for new topics
_MOST_SEARCHED = 6_000


@dataclass(frozen=True)
class LargeFit:
    """A finished fit by landmarks, before it is described.

    Attributes
    ----------
    facts : Facts
        Of all n papers.
    chosen : ndarray of int
        Positions of the landmarks.
    texts : Texts
        Of the landmarks.
    whole : ndarray of float32
        What the landmarks mean; see `Sight`.
    clustering : Clustering
        Of the landmarks.
    grouping : Grouping
        Of all papers.
    placed : dict of ndarray
        From `gather`.
    placing : Placing
    """

    facts: Facts
    chosen: np.ndarray
    texts: Texts
    whole: np.ndarray
    clustering: Clustering
    grouping: Grouping
    placed: dict[str, np.ndarray]
    placing: Placing


def describe_large(fit: LargeFit, keep_outliers: bool, run: Run, labeller: Labeller | None) -> Topics:
    """Build the tables of a fit by landmarks.

    Keywords are chosen by the words of all papers; labels are read from landmarks, coherence is measured on them.
    """
    facts, chosen, clustering, grouping = fit.facts, fit.chosen, fit.clustering, fit.grouping
    labels, draws = grouping.labels, grouping.draws
    own = labels[chosen]
    together = clustering.coassociation
    assignments = assignment_table(labels, draws, facts.ids, keep_outliers)
    kept = assignments["topic"].to_numpy()
    closeness = together.closeness(own)
    tree = topic_tree(mean_closeness(closeness, own))
    themes = group_topics(tree, clustering.similarity, together.majority(own), labels)
    words = _landmark_words(fit.texts)
    sums = _sums(fit, words, run)
    keywords = topic_keywords(sums, words.terms)
    texts = fit.texts
    wording = Wording.of(texts.titles, texts.abstracts, papers_to_read(own, closeness[np.arange(len(own)), own]))
    names = [label.text for label in label_topics(wording, own, [words_of(row) for row in keywords], grouping.names)]
    representatives = _representatives(fit)
    if labeller is not None:
        titles = facts.titles.loc[representatives["paper_id"].unique()].to_dict()
        names = relabelled(labeller, names, grouping.names, keywords, representatives, titles)
    own_words = [words_of(row) for row in topic_keywords(sums.grouped(themes), words.terms)]
    theme_frame = theme_table(label_themes(wording, own, themes, names, own_words), kept, themes)
    silhouette = separation(together, clustering.similarity, own, len(names))
    quality = topic_quality_table(labels, draws, silhouette, words, keywords)
    table = topic_table(kept, keywords, names, theme_frame, themes, quality, representatives)
    columns = [f"draw_{number}" for number in range(len(draws))]
    return Topics(
        table=table, assignments=assignments, themes=theme_frame,
        draws=pd.DataFrame(draws.astype(np.int16).T, index=facts.ids, columns=columns),
        layout=pd.DataFrame(fit.placed["points"].astype(float), index=facts.ids, columns=["x", "y"]),
        tree=tree_table(tree), granularity=clustering.curve, quality=fit_quality(table, kept, quality),
        topic_quality=quality, representatives=representatives, edits=grouping.edits,
        landmarks=landmark_table(facts.ids[chosen], set_aside(clustering.labels, own), len(facts.ids)),
        candidates=_candidates(fit, names),
        build_model=functools.partial(_model, texts.whole, kept, chosen, keywords, names, words.terms, sums.uses),
    )  # fmt: skip


def _landmark_words(texts: Texts) -> TermTable:
    """Count the landmarks' terms, those of fewer than five left out where there are thousands."""
    found = count_words(texts.whole)
    common = np.flatnonzero(found.counts.getnnz(axis=0) >= _FEWEST_LANDMARKS)
    return TermTable(found.counts[:, common], found.terms[common])


def _sums(fit: LargeFit, words: TermTable, run: Run) -> TermSums:
    parts, labels = fit.placing.parts, fit.grouping.labels.astype(np.int16)
    counting = Counting(parts, words.terms, labels, fit.placed["starts"])
    return sum_counts(run("words", count_partition, counting, len(parts)))


def _representatives(fit: LargeFit) -> pd.DataFrame:
    """Choose the papers that stand for each topic among the most central ones of all partitions."""
    labels, ids = fit.grouping.labels, fit.facts.ids
    rows, closeness = _central(fit)
    texts = texts_at(fit.placing.parts, ids[rows])
    member = fit.placing.placer.clusters(fit.placing.eye.see(texts).views)
    shown = []
    for topic in range(int(labels.max()) + 1):
        own = np.flatnonzero(labels[rows] == topic)
        within = np.asarray((member[own] @ member[own].T).todense(), dtype=float) / fit.placing.placer.n_runs
        shown += representative_rows(topic, texts.ids[own], closeness[own], within)
    return representative_table(shown)


def _central(fit: LargeFit) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of each topic's most central papers, and how central they are."""
    labels, chosen = fit.grouping.labels, fit.chosen
    rows, closeness = fit.placed["central"], fit.placed["central_closeness"].astype(float)
    order = np.lexsort((-closeness, labels[rows]))
    topics = labels[rows][order]
    first = np.searchsorted(topics, topics)
    best = order[(np.arange(len(order)) - first < CENTRAL) & (topics >= 0)]
    # a topic that a reader's edits made may draw no other paper: its landmarks stand for it
    alone = np.setdiff1d(np.unique(labels[labels >= 0]), labels[rows[best]])
    more = np.concatenate([chosen[labels[chosen] == topic][:CENTRAL] for topic in alone] or [np.zeros(0, dtype=int)])
    found = np.concatenate([rows[best], more])
    central = np.concatenate([closeness[best], np.zeros(len(more))])
    order = np.argsort(found, kind="stable")
    return found[order], central[order]


def _candidates(fit: LargeFit, names: list[str]) -> pd.DataFrame:
    """Look for new topics among the papers that no topic represents well."""
    landmark = np.zeros(len(fit.facts.ids), dtype=bool)
    landmark[fit.chosen] = True
    odd = fit.placed["odd"]
    order = np.argsort(fit.placed["odd_likeness"], kind="stable")
    worst = np.sort(order[~landmark[odd[order]]][:_MOST_SEARCHED])
    if not len(worst):
        return no_candidates()
    return candidate_table(
        texts_at(fit.placing.parts, fit.facts.ids[odd[worst]]), fit.placed["odd_vectors"][worst], fit.texts, fit.whole,
        fit.grouping.labels[fit.chosen], names,
    )  # fmt: skip


def _model(
    texts: list[str], kept: np.ndarray, chosen: np.ndarray, keywords: list[list[tuple[str, float]]], names: list[str],
    terms: np.ndarray, uses: np.ndarray,
) -> "BERTopic":  # fmt: skip
    """Build the BERTopic model around the landmarks, then let it speak of all papers."""
    model = hold_in_bertopic(texts, kept[chosen], keywords, names, terms)
    return spread_over(model, kept, uses)
