"""From numbers to tables: what each topic holds, how it is called, and how sure that is."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.embedding.lexical import weighted_texts
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.describe.labeller import Labeller, TopicBrief
from analysis.topics.describe.labels import Wording, label_topics, papers_to_read
from analysis.topics.describe.layout import map_of_papers
from analysis.topics.describe.representatives import central_members, choose_representatives, why
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
from analysis.topics.describe.words import TermSums, count_words, topic_keywords
from analysis.topics.grouping import Grouping, set_aside
from analysis.topics.model import hold_in_bertopic
from analysis.topics.result import Topics


def describe(
    ids: pd.Index, titles: Sequence[str], abstracts: Sequence[str], clustering: Clustering, grouping: Grouping,
    keep_outliers: bool, seed: int, labeller: Labeller | None = None,
) -> Topics:  # fmt: skip
    """Build the tables of a finished grouping of papers.

    Parameters
    ----------
    ids : Index of paper_id, length n
    titles, abstracts : sequence of str, length n
    clustering : Clustering
    grouping : Grouping
    keep_outliers : bool
        Whether papers that are not sure of their topic become topic -1.
    seed : int
        Of the map.
    labeller : callable, optional
        Names the topics that no reader has named.

    Returns
    -------
    Topics
    """
    labels, draws = grouping.labels, grouping.draws
    together = clustering.coassociation
    assignments = assignment_table(labels, draws, ids, keep_outliers)
    kept = assignments["topic"].to_numpy()
    closeness = together.closeness(labels) if len(grouping.edits) else clustering.closeness
    tree = topic_tree(mean_closeness(closeness, labels))
    themes = group_topics(tree, clustering.similarity, together.majority(labels), labels)
    texts = weighted_texts(titles, abstracts, 1)
    words = count_words(texts)
    sums = TermSums.of(words.counts, labels)
    keywords = topic_keywords(sums, words.terms)
    wording = Wording.of(titles, abstracts, papers_to_read(labels, closeness[np.arange(len(labels)), labels]))
    names = [label.text for label in label_topics(wording, labels, [words_of(own) for own in keywords], grouping.names)]
    representatives = _representatives(clustering, closeness, labels, ids)
    if labeller is not None:
        names = relabelled(
            labeller, names, grouping.names, keywords, representatives, dict(zip(ids, titles, strict=True))
        )
    own_words = [words_of(own) for own in topic_keywords(sums.grouped(themes), words.terms)]
    theme_frame = theme_table(label_themes(wording, labels, themes, names, own_words), kept, themes)
    silhouette = separation(together, clustering.similarity, labels, len(names))
    quality = topic_quality_table(labels, draws, silhouette, words, keywords)
    table = topic_table(kept, keywords, names, theme_frame, themes, quality, representatives)
    return Topics(
        table=table,
        assignments=assignments,
        themes=theme_frame,
        draws=pd.DataFrame(draws.T, index=ids, columns=[f"draw_{number}" for number in range(len(draws))]),
        layout=pd.DataFrame(map_of_papers(together, clustering.similarity, seed), index=ids, columns=["x", "y"]),
        tree=tree_table(tree),
        granularity=clustering.curve,
        quality=fit_quality(table, kept, quality),
        topic_quality=quality,
        representatives=representatives,
        edits=grouping.edits,
        landmarks=landmark_table(ids, set_aside(clustering.labels, labels), len(ids)),
        build_model=functools.partial(hold_in_bertopic, texts, kept, keywords, names),
    )


def relabelled(
    labeller: Labeller, names: Sequence[str], given: Mapping[int, str],
    keywords: Sequence[Sequence[tuple[str, float]]], representatives: pd.DataFrame, titles: Mapping[object, str],
) -> list[str]:  # fmt: skip
    """Return names in which a labeller's stand where no reader has given one.

    Parameters
    ----------
    labeller : callable
    names : K labels
    given : mapping of topic to a reader's label
    keywords : K sequences of (term, weight)
    representatives : DataFrame
        As in `Topics`; the labeller is shown their titles.
    titles : mapping of paper_id to title
    """
    shown = {
        topic: [titles[paper] for paper in papers] for topic, papers in representatives.groupby("topic")["paper_id"]
    }
    asked = [topic for topic in range(len(names)) if topic not in given]
    briefs = [TopicBrief(names[topic], words_of(keywords[topic]), shown[topic]) for topic in asked]
    found = dict(zip(asked, labeller(briefs), strict=True))
    return [found.get(topic, name) for topic, name in enumerate(names)]


def _representatives(clustering: Clustering, closeness: np.ndarray, labels: np.ndarray, ids: pd.Index) -> pd.DataFrame:
    """Return each topic's central and mutually different papers, and why each was taken."""
    rows = []
    for topic in range(int(labels.max()) + 1):
        members = central_members(closeness[:, topic], labels == topic)
        rows += representative_rows(
            topic, ids[members], closeness[members, topic], clustering.coassociation.between(members)
        )
    return representative_table(rows)


def representative_rows(
    topic: int, ids: pd.Index, central: np.ndarray, within: np.ndarray
) -> list[tuple[int, int, str, float, float, str]]:
    """Choose a topic's representatives among its central papers; rows as in `Topics.representatives`.

    Parameters
    ----------
    topic : int
    ids : Index of paper_id, length m
    central : ndarray of float, shape (m,)
        Closeness of each to the topic.
    within : ndarray of float, shape (m, m)
        Co-association of each with each other.
    """
    chosen, likeness = choose_representatives(central, within)
    return [
        (topic, rank, str(ids[position]), float(central[position]), like, why(rank, float(central[position]), like))
        for rank, (position, like) in enumerate(zip(chosen, likeness, strict=True), start=1)
    ]
