"""Membership and stability: how sure the consensus is of each topic and its papers."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, Style, tinted
from analysis.io.display import counted
from analysis.topics.result import Topics

_AXIS = "Share of redrawn clusterings (membership); mean Jaccard index (stability)"
_NOT_REDRAWN = "The clustering was not redrawn, so nothing tells how sure the topics are."


def data(topics: Topics) -> pd.DataFrame:
    """Return topic, label, theme_number, size, stability and the memberships' quartiles (q25, median, q75).

    Without rows where nothing was redrawn.
    """
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic >= 0]
    frame = topics.table.loc[order, ["label", "size", "stability"]]
    spread = topics.assignments.groupby("topic")["membership"].quantile([0.25, 0.5, 0.75]).unstack()
    frame["theme_number"] = [topics.theme_of_topic[topic] for topic in order]
    # a topic whose papers are all set aside as outliers has no memberships of its own
    frame[["q25", "median", "q75"]] = spread.reindex(order).fillna(0.0).to_numpy()
    return frame.reset_index() if topics.draws.shape[1] else frame.reset_index()[:0]


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return _NOT_REDRAWN if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a bar from quartile to quartile, a line at the median, a diamond for stability."""
    if frame.empty:
        return style.empty(_NOT_REDRAWN)
    fig = go.Figure()
    positions = list(range(len(frame)))
    rows = label_rows([f"{row.label} ({row.size:,})" for row in frame.itertuples()], style, least=21)
    colours = [style.colour_of(number) for number in frame["theme_number"]]
    fig.add_bar(
        y=positions,
        x=frame["q75"] - frame["q25"],
        base=frame["q25"],
        orientation="h",
        width=0.5,
        name="Membership: middle half",
        marker={"color": [tinted(colour, 0.45) for colour in colours]},
        hoverinfo="skip",
    )
    fig.add_scatter(
        y=positions,
        x=frame["median"],
        mode="markers",
        name="Membership: median",
        # marks stay within their rows
        marker={
            "symbol": "line-ns",
            "size": min(11.0, 0.5 * rows.height),
            "line": {"width": 2, "color": colours},
        },
        hovertemplate="median membership %{x:.2f}<extra></extra>",
    )
    fig.add_scatter(
        y=positions,
        x=frame["stability"],
        mode="markers",
        name="Stability of the topic",
        marker={"symbol": "diamond-open", "size": 8, "color": INK, "line": {"width": 1.3}},
        cliponaxis=False,
        hovertemplate="stability %{x:.2f}<extra></extra>",
    )
    head = 64 if style.narrow else 34
    fig = style.apply(fig, round(head + 46 + rows.height * len(frame)), margin=(rows.left + 6, 14, head, 46))
    fig.update_layout(
        legend={
            "orientation": "h",
            "x": -rows.left / (style.pixels - rows.left - 20),
            "y": 1,
            "font": {"size": 10},
            "yanchor": "bottom",
        },
        bargap=0,
    )
    fig.update_yaxes(
        tickvals=positions,
        range=[len(frame) - 0.4, -0.6],
        showgrid=False,
        ticks="",
        ticktext=rows.texts,
        tickfont={"size": rows.size},
    )
    fig.update_xaxes(
        title_text="Share of clusterings, or Jaccard index" if style.narrow else _AXIS, range=[-0.02, 1.02]
    )
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "How sure the topics are. Membership: in what share of redrawn clusterings a paper stays in its topic (bar: middle "
        "half of the topic's papers, line: median). Stability: mean Jaccard index of the topic with its redrawn selves. In "
        "brackets: papers."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return _NOT_REDRAWN
    most, least = frame.loc[frame["stability"].idxmax()], frame.loc[frame["stability"].idxmin()]
    return (
        f"Membership and stability of {counted(len(frame), 'topic')}; the most stable is {most['label']} "
        f"({most['stability']:.2f}), the least {least['label']} ({least['stability']:.2f})."
    )


@checked
def stability(topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw membership and stability by topic."""
    return draw_with(SPEC, data(topics), options)


SPEC = FigureSpec(
    "stability",
    "Membership and stability",
    lambda corpus, topics, trends: data(topics),
    draw,
    caption,
    alt,
    without,
    rows="topic",
)
