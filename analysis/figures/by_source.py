"""Topic by source: what each page is made of."""

import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.display import counted
from analysis.figures import theme
from analysis.topics.result import Topics

_ROW = 21


def data(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return topic, label, source, n, n_source, share: papers that a source lists first, by topic, zeros included."""
    labels = topics.assignments["topic"]
    table = pd.crosstab(labels, corpus.strata.loc[labels.index])
    order = [topic for topic in theme.topic_order(topics.table, topics.themes) if topic in table.index]
    table = table.loc[order]
    frame = table.stack().rename("n").reset_index()
    frame.columns = pd.Index(["topic", "source", "n"])
    frame["n_source"] = frame["source"].map(table.sum())
    frame["share"] = frame["n"] / frame["n_source"]
    frame["label"] = frame["topic"].map(topics.table["label"])
    return frame[["topic", "label", "source", "n", "n_source", "share"]]


def draw(frame: pd.DataFrame) -> go.Figure:
    """Draw `data` as a heatmap of each source's shares, with the counts written in."""
    wide = frame.pivot_table(index="topic", columns="source", values="share", sort=False)
    counts = frame.pivot_table(index="topic", columns="source", values="n", sort=False).astype(int)
    labels = frame.drop_duplicates("topic").set_index("topic")["label"]
    sizes = frame.drop_duplicates("source").set_index("source")["n_source"]
    places = list(range(len(wide)))
    fig = go.Figure(
        go.Heatmap(
            z=wide.to_numpy(), x=list(range(wide.shape[1])), y=places, text=counts.to_numpy(), texttemplate="%{text}",
            colorscale=[[0, "#FFFFFF"], [1, "#2A6F9E"]], zmin=0, xgap=1, ygap=1, textfont={"size": 10},
            colorbar={"title": {"text": "Share of<br>the source", "font": {"size": 10}}, "tickformat": ".0%", "thickness": 10},
            hovertemplate="%{y}: %{text} papers, %{z:.1%} of the source<extra></extra>",
        )
    )  # fmt: skip
    fig = theme.styled(fig, 84 + _ROW * len(wide), margin=(210, 10, 54, 12))
    names = [f"{theme.shortened(str(name), 17)}<br>n={size}" for name, size in sizes.items()]
    fig.update_xaxes(
        tickvals=list(range(len(names))),
        ticktext=names,
        side="top",
        tickangle=0,
        tickfont={"size": 9},
        showgrid=False,
        ticks="",
        showline=False,
    )
    fig.update_yaxes(
        tickvals=places, ticktext=[theme.shortened(labels[topic], 34) for topic in wide.index], range=[len(wide) - 0.5, -0.5],
        showgrid=False, ticks="", showline=False,
    )  # fmt: skip
    return fig


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


def topic_by_source(corpus: Corpus, topics: Topics) -> go.Figure:
    """Draw the heatmap of topics by source."""
    return draw(data(corpus, topics))
