"""Topic by source: what each source is made of."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures.drawing import matrix
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import OTHERS, largest_sources, source_names, topic_order
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import plain, shortened
from analysis.io.display import counted
from analysis.topics.result import Topics

# more columns than these are too narrow for their counts
_MOST_SOURCES = 12


def data(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return topic, label, source, n, n_source, share: papers that a source lists first, by topic, zeros included.

    Past twelve sources the smaller ones are "other sources".
    """
    labels = topics.assignments["topic"]
    sources = largest_sources(corpus.strata.loc[labels.index], _MOST_SOURCES)
    table = pd.crosstab(labels, sources)
    table = table[[*sorted(set(table.columns) - {OTHERS}), *({OTHERS} & set(table.columns))]]
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic in table.index]
    table = table.loc[order]
    frame = table.stack().rename("n").reset_index()
    frame.columns = pd.Index(["topic", "source", "n"])
    frame["n_source"] = frame["source"].map(table.sum())
    frame["share"] = frame["n"] / frame["n_source"]
    frame["label"] = frame["topic"].map(topics.table["label"])
    return frame[["topic", "label", "source", "n", "n_source", "share"]]


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as a heatmap of each source's shares, with the counts written in."""
    wide = frame.pivot_table(index="topic", columns="source", values="share", sort=False)
    counts = frame.pivot_table(index="topic", columns="source", values="n", sort=False).to_numpy().astype(int)
    labels = frame.drop_duplicates("topic").set_index("topic")["label"]
    sizes = frame.drop_duplicates("source").set_index("source")["n_source"]
    names = [labels[topic] for topic in wide.index]
    hover = np.array(
        [
            [
                f"{shortened(name, 40)}: {n} of {sizes[source]} papers of {plain(source)}"
                for source, n in zip(wide.columns, row, strict=True)
            ]
            for name, row in zip(names, counts, strict=True)
        ]
    )
    scale = matrix.Scale(matrix.SHARES, 0, float(wide.to_numpy().max()), "Share of<br>the source")
    called = source_names(name for name in wide.columns)
    heads = [f"{called[source]} (n = {sizes[source]:,})" for source in wide.columns]
    return matrix.heatmap(wide.to_numpy(), counts.astype(str), names, heads, scale, style, hover=hover)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Papers by topic and by the source that lists them first; colour is the share of the source's papers, "
        "numbers are counts. Sources are different queries with different windows, so a topic's trend is tested within sources."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    most = frame.loc[frame["share"].idxmax()]
    return (
        f"Heatmap of {counted(frame['topic'].nunique(), 'topic')} by {counted(frame['source'].nunique(), 'source')}; "
        f"the largest share is {most['label']} in {most['source']} ({most['n']} of {most['n_source']} papers)."
    )


@checked
def topic_by_source(corpus: Corpus, topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the heatmap of topics by source."""
    return draw_with(SPEC, data(corpus, topics), options)


SPEC = FigureSpec(
    "topic_by_source",
    "Topics by source",
    lambda corpus, topics, trends: data(corpus, topics),
    draw,
    caption,
    alt,
    rows="topic",
)
