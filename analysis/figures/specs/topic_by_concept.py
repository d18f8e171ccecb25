"""Topics by concepts: which topics mention what more than their size explains."""

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
from analysis.figures.drawing.text import plain, shortened
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends

_MOST_COLUMNS = 30
# residuals are coloured up to this; past 2 either way chance is a poor explanation
_REACH = 6.0
NONE = "No concept is mentioned by enough papers to be compared with topics."


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topic, label, concept, n, expected, residual, p for the concepts that set topics apart most."""
    frame = trends.topic_concepts
    strength = frame.groupby("concept", sort=False)["residual"].apply(lambda values: values.abs().max())
    kept = strength.nlargest(_MOST_COLUMNS).index
    frame = frame[frame["concept"].isin(kept)].copy()
    order = {topic: rank for rank, topic in enumerate(topic_order(topics.table, topics.themes))}
    frame.insert(1, "label", frame["topic"].map(topics.table["label"]))
    frame["rank"] = frame["topic"].map(order)
    return frame.sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: blue where a topic mentions a concept more than expected, brown where less."""
    if frame.empty:
        return style.empty(NONE)
    wide = frame.pivot_table(index="topic", columns="concept", values="residual", sort=False)
    counts = frame.pivot_table(index="topic", columns="concept", values="n", sort=False).to_numpy().astype(int)
    labels = frame.drop_duplicates("topic").set_index("topic")["label"]
    values = wide.to_numpy()
    texts = np.where(np.abs(values) >= 2, counts.astype(str), "")
    hover = np.array(
        [
            [
                f"{shortened(labels[topic], 40)}, {plain(concept)}: {counts[i, j]} papers, residual {values[i, j]:.1f}"
                for j, concept in enumerate(wide.columns)
            ]
            for i, topic in enumerate(wide.index)
        ]
    )
    scale = matrix.Scale(matrix.SIGNED, -_REACH, _REACH, "Adjusted<br>residual", "d")
    names = [labels[topic] for topic in wide.index]
    return matrix.heatmap(values, texts, names, list(wide.columns), scale, style, hover=hover)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Topics by concepts: adjusted residuals of the counts against independence (Haberman 1973), blue where a topic mentions "
        "a concept more often than its size explains, brown where less; numbers are papers, written where the residual is beyond "
        f"2 either way. At most {_MOST_COLUMNS} concepts, those that set topics apart most."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    most = frame.loc[frame["residual"].idxmax()]
    beyond = int((frame["residual"].abs() >= 2).sum())
    return (
        f"Heatmap of {counted(frame['topic'].nunique(), 'topic')} by {counted(frame['concept'].nunique(), 'concept')}: "
        f"{beyond} of {len(frame)} residuals are beyond 2; the strongest tie is {most['label']} with {most['concept']} "
        f"({int(most['n'])} papers where {most['expected']:.1f} were expected)."
    )


@checked
def topic_by_concept(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the heatmap of topics by concepts."""
    return draw_with(SPEC, data(topics, trends), options)


SPEC = FigureSpec(
    "topic_by_concept",
    "Topics by concepts",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    rows="topic",
)
