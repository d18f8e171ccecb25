"""Topic similarity: how often papers of two topics fall together when the clustering is resampled."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing import matrix
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import shortened
from analysis.io.display import counted
from analysis.topics.result import Topics

NONE = "The clustering was not redrawn, so nothing tells how near topics are."


def data(topics: Topics) -> pd.DataFrame:
    """Return topic, other, label, other_label, together: one row per pair, each pair both ways.

    together is the mean over redrawn clusterings of the chance that a paper of the one and
    another paper of the other topic share a group, 0 to 1.
    """
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic >= 0]
    together = _together(topics.assignments["topic"].to_numpy(), topics.draws.to_numpy(), order)
    labels = topics.table["label"]
    rows = [
        (one, other, labels[one], labels[other], together[i, j])
        for i, one in enumerate(order)
        for j, other in enumerate(order)
    ]
    return pd.DataFrame(rows, columns=["topic", "other", "label", "other_label", "together"])


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame["together"].isna().all() else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as a heatmap in the figures' order, so that themes stand as blocks along the diagonal."""
    if frame["together"].isna().all():
        return style.empty(NONE)
    wide = frame.pivot_table(index="topic", columns="other", values="together", sort=False, dropna=False)
    labels = frame.drop_duplicates("topic").set_index("topic")["label"]
    names = [labels[topic] for topic in wide.index]
    values = wide.to_numpy()
    texts = np.array([[f"{100 * value:.0f}" if value >= 0.005 else "" for value in row] for row in values])
    hover = np.array(
        [
            [
                f"{shortened(one, 40)} and {shortened(other, 40)}: {value:.2f}"
                for other, value in zip(names, row, strict=True)
            ]
            for one, row in zip(names, values, strict=True)
        ]
    )
    scale = matrix.Scale(matrix.SHARES, 0, 1, "Together")
    return matrix.heatmap(values, texts, names, names, scale, style, hover=hover)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Per cent of redrawn clusterings in which two papers, one of each topic, fall into one group; on the diagonal, two "
        "papers of the same topic. Columns stand in the order of the rows. A topic that is paler on its diagonal than off it "
        "would be no topic."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    topics = frame["topic"].nunique()
    pairs = frame[frame["topic"] < frame["other"]].dropna()
    if pairs.empty:
        return f"Similarity of {counted(topics, 'topic')}: there is no pair to compare."
    nearest = pairs.loc[pairs["together"].idxmax()]
    within = frame.loc[frame["topic"] == frame["other"], "together"].mean()
    return (
        f"Similarity of {counted(topics, 'topic')}: papers of one topic fall together in {within:.0%} of the redrawn "
        "clusterings; "
        f"the nearest two topics, {nearest['label']} and {nearest['other_label']}, in {nearest['together']:.0%}."
    )


@checked
def topic_similarity(topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw how near topics are to one another."""
    return draw_with(SPEC, data(topics), options)


def _together(labels: np.ndarray, draws: np.ndarray, order: list[int]) -> np.ndarray:
    """Return the mean chance of falling together, shape (k, k); NaN where nothing was resampled."""
    members = (labels[:, None] == np.array(order)[None, :]).astype(float)
    sizes = members.sum(axis=0)
    if not draws.shape[1]:
        return np.full((len(order), len(order)), np.nan)
    total = np.zeros((len(order), len(order)))
    for column in draws.T:
        kept = column >= 0
        _, codes = np.unique(column[kept], return_inverse=True)
        counts = np.stack([np.bincount(codes, weights=weight[kept]) for weight in members.T])
        inside = members[kept].sum(axis=0)
        pairs = counts @ counts.T
        # a paper is not paired with itself; those that a draw leaves without a topic are together with none
        np.fill_diagonal(pairs, (counts**2).sum(axis=1) - inside)
        total += pairs
    possible = np.outer(sizes, sizes)
    np.fill_diagonal(possible, np.maximum(sizes * (sizes - 1), 1))
    return np.asarray(total / possible / draws.shape[1])


SPEC = FigureSpec(
    "topic_similarity",
    "Topic similarity",
    lambda corpus, topics, trends: data(topics),
    draw,
    caption,
    alt,
    without,
    rows="topic",
)
