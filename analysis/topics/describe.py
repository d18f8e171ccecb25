"""From numbers to tables: what each topic holds, how it is called, and how sure that is."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.embedding.lexical import weighted_texts
from analysis.topics.cluster import Clustering
from analysis.topics.granularity import silhouette_widths
from analysis.topics.grouping import Grouping
from analysis.topics.labeller import Labeller, TopicBrief
from analysis.topics.labels import Wording, label_topics, papers_to_read
from analysis.topics.layout import map_of_papers
from analysis.topics.model import hold_in_bertopic
from analysis.topics.quality import QUALITY_CAVEATS, diversity, npmi_coherence, own_share
from analysis.topics.representatives import central_members, choose_representatives, why
from analysis.topics.result import ASSIGNMENT_COLUMNS, OUTLIERS, REPRESENTATIVE_COLUMNS, TABLE_COLUMNS, Topics
from analysis.topics.theme_labels import label_themes
from analysis.topics.themes import group_topics, topic_tree
from analysis.topics.words import TermTable, count_words, topic_keywords

# a paper is sure of its topic when at least half of the redrawn clusterings leave it there
SURE_MEMBERSHIP = 0.5


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
    labels = grouping.labels
    together = clustering.coassociation
    assignments = _assignments(grouping, ids, keep_outliers)
    kept = assignments["topic"].to_numpy()
    closeness = together.closeness(labels) if len(grouping.edits) else clustering.closeness
    tree = topic_tree(closeness, labels)
    themes = group_topics(tree, clustering.similarity, together.majority(labels), labels)
    texts = weighted_texts(titles, abstracts, 1)
    words = count_words(texts)
    keywords = topic_keywords(words, labels)
    wording = Wording.of(titles, abstracts, papers_to_read(labels, closeness[np.arange(len(labels)), labels]))
    named = label_topics(wording, labels, [_words(own) for own in keywords], grouping.names)
    names = [label.text for label in named]
    representatives = _representatives(clustering, closeness, labels, ids)
    if labeller is not None:
        names = _relabelled(
            labeller, names, grouping.names, keywords, representatives, dict(zip(ids, titles, strict=True))
        )
    of_paper = np.where(labels >= 0, themes[labels], -1)
    own_words = [_words(own) for own in topic_keywords(words, of_paper)]
    theme_frame = _theme_frame(label_themes(wording, labels, themes, names, own_words), kept, themes)
    quality = _topic_quality(clustering, grouping, words, keywords)
    table = _table(kept, keywords, names, theme_frame, themes, quality, representatives)
    return Topics(
        table=table,
        assignments=assignments,
        themes=theme_frame,
        draws=pd.DataFrame(
            grouping.draws.T, index=ids, columns=[f"draw_{number}" for number in range(len(grouping.draws))]
        ),
        layout=pd.DataFrame(map_of_papers(together, clustering.similarity, seed), index=ids, columns=["x", "y"]),
        tree=pd.DataFrame(tree, columns=["left", "right", "height", "size"]).astype(
            {"left": int, "right": int, "size": int}
        ),
        granularity=clustering.curve,
        quality=_quality(table, kept, quality),
        topic_quality=quality,
        representatives=representatives,
        edits=grouping.edits,
        build_model=functools.partial(hold_in_bertopic, texts, kept, keywords, names),
    )


def _relabelled(
    labeller: Labeller, names: Sequence[str], given: Mapping[int, str],
    keywords: Sequence[Sequence[tuple[str, float]]], representatives: pd.DataFrame, titles: Mapping[object, str],
) -> list[str]:  # fmt: skip
    """Return names in which a labeller's stand where no reader has given one."""
    shown = {
        topic: [titles[paper] for paper in papers] for topic, papers in representatives.groupby("topic")["paper_id"]
    }
    asked = [topic for topic in range(len(names)) if topic not in given]
    briefs = [TopicBrief(names[topic], _words(keywords[topic]), shown[topic]) for topic in asked]
    found = dict(zip(asked, labeller(briefs), strict=True))
    return [found.get(topic, name) for topic, name in enumerate(names)]


def _words(keywords: Sequence[tuple[str, float]]) -> list[str]:
    return [word for word, _ in keywords]


def _assignments(grouping: Grouping, index: pd.Index, keep_outliers: bool) -> pd.DataFrame:
    """Return topic, membership and runner-up of each paper from how often each draw put it where."""
    labels, draws = grouping.labels, grouping.draws
    count = int(labels.max()) + 1
    # the last column counts the draws that leave a paper without a topic
    share = np.stack([(draws == topic).mean(axis=0) for topic in [*range(count), -1]], axis=1)
    rows = np.arange(len(labels))
    membership = share[rows, labels]
    share[rows, labels] = -1
    runner_up = share[:, :count].argmax(axis=1)
    runner_up_share = share[rows, runner_up]
    none = runner_up_share <= 0
    topic = np.where(keep_outliers & (membership < SURE_MEMBERSHIP), -1, labels)
    return pd.DataFrame(
        {
            "topic": topic.astype("int64"),
            "membership": membership,
            "runner_up": np.where(none, -1, runner_up).astype("int64"),
            "runner_up_membership": np.where(none, 0.0, runner_up_share),
        },
        index=index,
    )[ASSIGNMENT_COLUMNS]


def _theme_frame(found: Sequence[str], kept: np.ndarray, themes: np.ndarray) -> pd.DataFrame:
    count = int(themes.max()) + 1
    topics = [np.flatnonzero(themes == theme).tolist() for theme in range(count)]
    sizes = np.bincount(themes[kept[kept >= 0]], minlength=count)
    return pd.DataFrame({"label": found, "size": sizes, "topics": topics}, index=pd.RangeIndex(count, name="theme"))


def _representatives(clustering: Clustering, closeness: np.ndarray, labels: np.ndarray, ids: pd.Index) -> pd.DataFrame:
    """Return each topic's central and mutually different papers, and why each was taken."""
    rows = []
    for topic in range(int(labels.max()) + 1):
        members = central_members(closeness[:, topic], labels == topic)
        chosen, likeness = choose_representatives(closeness[members, topic], clustering.coassociation.between(members))
        for rank, (position, like) in enumerate(zip(chosen, likeness, strict=True), start=1):
            central = float(closeness[members[position], topic])
            rows.append((topic, rank, ids[members[position]], central, like, why(rank, central, like)))
    return pd.DataFrame(rows, columns=REPRESENTATIVE_COLUMNS)


def _topic_quality(
    clustering: Clustering, grouping: Grouping, counted: TermTable, keywords: Sequence[Sequence[tuple[str, float]]]
) -> pd.DataFrame:
    labels, draws = grouping.labels, grouping.draws
    together = clustering.coassociation
    words = [_words(own) for own in keywords]
    atoms = together.majority(labels)
    widths = np.zeros(len(atoms))
    widths[atoms >= 0] = silhouette_widths(clustering.similarity[np.ix_(atoms >= 0, atoms >= 0)], atoms[atoms >= 0])
    stays = (draws == labels[None, :]).mean(axis=0)
    rows = []
    for topic in range(len(words)):
        members = labels == topic
        rows.append((
            _jaccard(members, draws == topic), float(widths[together.atom[members]].mean()), float(stays[members].mean()),
            float((stays[members] >= SURE_MEMBERSHIP).mean()),
        ))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["stability", "silhouette", "membership", "coverage"])
    frame.insert(1, "npmi", npmi_coherence(counted, words))
    frame.insert(2, "diversity", own_share(words))
    return frame.rename_axis("topic")


def _jaccard(members: np.ndarray, drawn: np.ndarray) -> float:
    """Return the mean Jaccard index of a topic with its redrawn selves (Hennig 2007)."""
    both, either = (drawn & members).sum(axis=1), (drawn | members).sum(axis=1)
    return float((both / np.maximum(either, 1)).mean())


def _table(
    kept: np.ndarray, keywords: Sequence[Sequence[tuple[str, float]]], names: Sequence[str], theme_frame: pd.DataFrame,
    themes: np.ndarray, quality: pd.DataFrame, representatives: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    count = len(names)
    sizes = np.bincount(kept[kept >= 0], minlength=count)
    chosen = representatives.groupby("topic")["paper_id"].agg(list)
    table = pd.DataFrame(
        {
            "label": list(names),
            "theme": [theme_frame.loc[theme, "label"] for theme in themes],
            "size": sizes,
            "keywords": [_words(own) for own in keywords],
            "stability": quality["stability"].to_numpy(),
            "npmi": quality["npmi"].to_numpy(),
            "representative_papers": [chosen[topic] for topic in range(count)],
        },
        index=pd.RangeIndex(count, name="topic"),
    )
    outliers = int((kept == -1).sum())
    if outliers:
        row = pd.DataFrame(
            {"label": [OUTLIERS], "theme": [OUTLIERS], "size": [outliers], "keywords": [[]], "stability": [0.0],
             "npmi": [0.0], "representative_papers": [[]]},
            index=pd.Index([-1], name="topic"),
        )  # fmt: skip
        table = pd.concat([row, table])
    return table.assign(share=table["size"] / len(kept))[TABLE_COLUMNS]


def _quality(table: pd.DataFrame, kept: np.ndarray, topics: pd.DataFrame) -> pd.DataFrame:
    sizes = table.loc[topics.index, "size"]
    weights = sizes if sizes.sum() else None
    values = {
        "coverage": float((kept >= 0).mean()),
        **{name: float(np.average(topics[name], weights=weights)) for name in ("stability", "npmi", "silhouette")},
        "diversity": diversity(table.loc[topics.index, "keywords"].tolist()),
    }
    rows = [(name, values[name], caveat) for name, caveat in QUALITY_CAVEATS.items()]
    return pd.DataFrame(rows, columns=["name", "value", "caveat"])
