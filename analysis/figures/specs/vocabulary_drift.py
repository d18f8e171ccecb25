"""Vocabulary drift: how far the words of a topic's later papers lie from those of its earlier ones."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, Style, tinted
from analysis.figures.drawing.text import listed, plain
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends

# pixels of a row with its words, and the most rows of a page
_ROW, _MOST = 30, 28
# q below which words are told to have moved
_SURE = 0.05
# pixels for the words at the right
_WORDS = 250
NONE = "No topic's words moved between its earlier and its later papers by more than exchanged dates explain."


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topic, label, theme_number, n, distance, usual, p, q, gained, lost (words joined by commas)."""
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic in trends.drift.index]
    frame = trends.drift.loc[order].reset_index()
    frame.insert(1, "label", frame["topic"].map(topics.table["label"]))
    frame.insert(2, "theme_number", frame["topic"].map(topics.theme_of_topic).fillna(-1).astype("int64"))
    # topics too small to be halved have no distance
    frame = frame[frame["usual"] > 0].reset_index(drop=True)
    for name in ("gained", "lost"):
        frame[name] = [", ".join(words) for words in frame[name]]
    return frame


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return "" if (frame["q"] < _SURE).any() else NONE


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: the distance as a dot, what exchanged dates give as a tick, gained and lost words beside."""
    if frame.empty:
        return style.empty(NONE)
    frame = _shown(frame)
    positions = list(range(len(frame)))
    rows = label_rows(
        [f"{row.label} ({row.n:,})" for row in frame.itertuples()], style, part=None if style.narrow else 0.27
    )
    colours = [style.colour_of(int(number)) for number in frame["theme_number"]]
    fig = go.Figure()
    for position, row, colour in zip(positions, frame.itertuples(), colours, strict=True):
        fig.add_scatter(
            x=[row.usual, row.distance],
            y=[position] * 2,
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            line={"color": tinted(colour, 0.6), "width": 1.4},
        )
    fig.add_scatter(
        x=frame["usual"],
        y=positions,
        mode="markers",
        name="dates exchanged",
        hoverinfo="skip",
        marker={"symbol": "line-ns", "size": 9, "line": {"color": INK, "width": 1.4}},
    )
    sure = (frame["q"] < _SURE).to_list()
    fig.add_scatter(
        x=frame["distance"],
        y=positions,
        mode="markers",
        name="observed",
        marker={
            "size": 8,
            "color": [colour if told else "white" for colour, told in zip(colours, sure, strict=True)],
            "line": {"color": colours, "width": 1.5},
        },
        customdata=frame[["label", "n", "p", "q"]].assign(label=frame["label"].map(plain)).to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b> (n = %{customdata[1]}): %{x:.2f}, p = %{customdata[2]:.3f}, "
        "q = %{customdata[3]:.3f}<extra></extra>",
    )
    words = 0 if style.narrow else _WORDS
    height = max(rows.height, _ROW if words else 0)
    fig = style.apply(fig, round(80 + height * len(frame)), margin=(rows.left + 6, 12 + words, 34, 46))
    if words:
        _write_words(fig, frame)
    fig.update_layout(legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 10}})
    fig.update_yaxes(
        tickvals=positions,
        range=[len(frame) - 0.3, -0.7],
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": rows.size},
        ticktext=rows.texts,
    )
    fig.update_xaxes(title_text="Distance of early and late words", rangemode="tozero")
    return fig


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a page holds, in their order: the surest first, of equal ones those that moved farthest."""
    beyond = frame["usual"] - frame["distance"]
    order = frame.assign(beyond=beyond).sort_values(["q", "beyond"], kind="stable").index[:_MOST]
    return frame.loc[order.sort_values()].reset_index(drop=True)


def _write_words(fig: go.Figure, frame: pd.DataFrame) -> None:
    """Write gained and lost words at the right."""
    for position, row in enumerate(frame.itertuples()):
        fig.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=8,
            y=position,
            showarrow=False,
            align="left",
            font={"size": 9},
            text=f"+ {listed(row.gained.split(', '), _WORDS - 20, 9)}<br>− {listed(row.lost.split(', '), _WORDS - 20, 9)}",
        )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    shown = f" At most {_MOST} topics are shown, the surest first." if len(frame) > _MOST else ""
    return (
        "Vocabulary drift: Jensen-Shannon distance between the words of a topic's earlier and later papers (dots, "
        "filled where q < 0.05), and the "
        "mean distance once dates are exchanged within sources (ticks); in brackets dated papers, at the right the words "
        "gained (+) and lost (−) most. Words beside an open dot may have moved by chance."
        f"{shown}"
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return "No topic has enough dated papers to ask whether its words moved."
    moved = frame[frame["q"] < _SURE]
    told = ", ".join(moved["label"].head(5)) if len(moved) else "none"
    return (
        f"Vocabulary drift of {counted(len(frame), 'topic')}; words moved more than exchanged dates explain "
        f"(q below 0.05) in: {told}."
    )


@checked
def vocabulary_drift(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw how far each topic's words moved."""
    return draw_with(SPEC, data(topics, trends), options)


SPEC = FigureSpec(
    "vocabulary_drift",
    "Vocabulary drift",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    rows="topic",
)
