"""The tables of a finished grouping: who is where and how surely, what each topic holds, how good it is."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from analysis.topics.clustering.coassociation import Coassociation
from analysis.topics.clustering.granularity import silhouette_widths
from analysis.topics.clustering.holding import topic_stability
from analysis.topics.describe.labels import Label
from analysis.topics.describe.quality import QUALITY_CAVEATS, diversity, npmi_coherence, own_share
from analysis.topics.describe.words import TermTable

TABLE_COLUMNS = ["label", "theme", "size", "share", "keywords", "stability", "npmi", "representative_papers"]
REPRESENTATIVE_COLUMNS = ["topic", "rank", "paper_id", "centrality", "similarity", "reason"]
ASSIGNMENT_COLUMNS = ["topic", "membership", "runner_up", "runner_up_membership"]
# the label of topic -1: papers that are unsure of their topic, or that a reader has set aside
OUTLIERS = "Outliers"
# a paper is sure of its topic when at least half of the resampled clusterings leave it there
SURE_MEMBERSHIP = 0.5


def words_of(keywords: Sequence[tuple[str, float]]) -> list[str]:
    """Return keywords without their weights."""
    return [word for word, _ in keywords]


def assignment_table(
    labels: np.ndarray, draws: np.ndarray, index: pd.Index, keep_outliers: bool, count: int | None = None
) -> pd.DataFrame:
    """Return topic, membership and runner-up of each paper from how often each draw put it where.

    `count` tells the number of topics where some may have none of these papers. Without draws memberships are unknown.
    """
    count = int(labels.max()) + 1 if count is None else count
    if not len(draws):
        unknown = np.full(len(labels), np.nan)
        none = np.full(len(labels), -1)
        columns = dict(zip(ASSIGNMENT_COLUMNS, (labels.astype("int64"), unknown, none, unknown), strict=True))
        return pd.DataFrame(columns, index=index)
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


def theme_table(names: Sequence[str], kept: np.ndarray, themes: np.ndarray) -> pd.DataFrame:
    """Return the themes: label, size (papers), topics."""
    count = int(themes.max()) + 1
    topics = [np.flatnonzero(themes == theme).tolist() for theme in range(count)]
    sizes = np.bincount(themes[kept[kept >= 0]], minlength=count)
    return pd.DataFrame({"label": names, "size": sizes, "topics": topics}, index=pd.RangeIndex(count, name="theme"))


def representative_table(rows: Sequence[tuple[int, int, Hashable, float, float, str]]) -> pd.DataFrame:
    """Return the papers that stand for topics; see `Topics.representatives`."""
    return pd.DataFrame(rows, columns=REPRESENTATIVE_COLUMNS)


def tree_table(tree: np.ndarray) -> pd.DataFrame:
    """Return the merges of topics; see `Topics.tree`."""
    frame = pd.DataFrame(tree, columns=["left", "right", "height", "size"])
    return frame.astype({"left": int, "right": int, "size": int})


def landmark_table(ids: pd.Index, aside: np.ndarray, population: int) -> pd.DataFrame:
    """Return the papers that the consensus of `population` papers was fitted to; see `Topics.landmarks`."""
    return pd.DataFrame({"paper_id": ids.array, "set_aside": aside, "stands_for": population / len(ids)})


def separation(together: Coassociation, similarity: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Return each topic's mean silhouette width in the consensus distance, shape (count,); 0 for one without papers."""
    atoms = together.majority(labels)
    widths = np.zeros(len(atoms))
    widths[atoms >= 0] = silhouette_widths(similarity[np.ix_(atoms >= 0, atoms >= 0)], atoms[atoms >= 0])
    means = np.zeros(count)
    for topic in np.unique(labels[labels >= 0]).tolist():
        means[topic] = widths[together.atom[labels == topic]].mean()
    return means


def topic_quality_table(
    labels: np.ndarray,
    draws: np.ndarray,
    silhouette: np.ndarray,
    counted: TermTable,
    keywords: Sequence[Sequence[tuple[str, float]]],
    named: Sequence[Label],
) -> pd.DataFrame:
    """Return each topic's measures; see `Topics.topic_quality`."""
    words = [words_of(row) for row in keywords]
    unknown = np.full(len(labels), np.nan)
    stays = (draws == labels[None, :]).mean(axis=0) if len(draws) else unknown
    held = topic_stability(labels, draws, len(words))
    rows = []
    for topic in range(len(words)):
        members = labels == topic
        rows.append(
            (
                float(held[topic]),
                float(silhouette[topic]),
                float(stays[members].mean()),
                float((stays[members] >= SURE_MEMBERSHIP).mean()) if len(draws) else float("nan"),
            )
        )
    frame = pd.DataFrame(rows, columns=["stability", "silhouette", "membership", "coverage"])
    frame.insert(1, "npmi", npmi_coherence(counted, words))
    frame.insert(2, "diversity", own_share(words))
    frame["label_score"] = [label.score for label in named]
    frame["label_sure"] = [label.is_sure for label in named]
    return frame.rename_axis("topic")


def topic_table(
    kept: np.ndarray,
    keywords: Sequence[Sequence[tuple[str, float]]],
    names: Sequence[str],
    theme_frame: pd.DataFrame,
    themes: np.ndarray,
    quality: pd.DataFrame,
    representatives: pd.DataFrame,
) -> pd.DataFrame:
    """Return the table of topics; see `Topics.table`."""
    count = len(names)
    chosen = representatives.groupby("topic")["paper_id"].agg(list)
    table = pd.DataFrame(
        {
            "label": list(names),
            "theme": [theme_frame.loc[theme, "label"] for theme in themes],
            "size": 0,
            "keywords": [words_of(row) for row in keywords],
            "stability": quality["stability"].to_numpy(),
            "npmi": quality["npmi"].to_numpy(),
            "representative_papers": [chosen[topic] for topic in range(count)],
        },
        index=pd.RangeIndex(count, name="topic"),
    )
    return with_sizes(table.assign(share=0.0), kept)


def with_sizes(table: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    """Return the table of topics with the sizes and shares of `kept` topics of papers, and a row for papers without one."""
    if (kept == -1).any() and -1 not in table.index:
        row = pd.DataFrame(
            {
                "label": [OUTLIERS],
                "theme": [OUTLIERS],
                "size": [0],
                "keywords": [[]],
                "stability": [0.0],
                "npmi": [0.0],
                "representative_papers": [[]],
                "share": [0.0],
            },
            index=pd.Index([-1], name="topic"),
        )
        table = pd.concat([row, table])
    sizes = pd.Series(kept).value_counts().reindex(table.index, fill_value=0)
    return table.assign(size=sizes, share=sizes / max(len(kept), 1))[TABLE_COLUMNS]


def fit_quality(table: pd.DataFrame, kept: np.ndarray, topics: pd.DataFrame, n_corpus: int) -> pd.DataFrame:
    """Return the measures of the fit as a whole, each with its caveat; NaN where nothing was redrawn.

    Coverage is of all `n_corpus` papers of the corpus, those without an abstract too.
    """
    sizes = table.loc[topics.index, "size"]
    weights = sizes if sizes.sum() else None
    values = {
        "coverage": float((kept >= 0).sum() / max(n_corpus, len(kept), 1)),
        **{name: float(np.average(topics[name], weights=weights)) for name in ("stability", "npmi", "silhouette")},
        "diversity": diversity(table.loc[topics.index, "keywords"].tolist()),
    }
    rows = [(name, values[name], caveat) for name, caveat in QUALITY_CAVEATS.items()]
    return pd.DataFrame(rows, columns=["name", "value", "caveat"])
