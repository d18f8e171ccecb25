"""Topic sizes, with what their papers are about."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import QUIET, Style
from analysis.figures.drawing.text import listed, plain, text_width
from analysis.io.display import counted
from analysis.topics.result import Topics


def data(topics: Topics) -> pd.DataFrame:
    """Return topic, label, theme_number, theme, size, share, keywords, phrases, sure (of the label); in the figures' order.

    Key phrases, or keywords where a topic has none, are what is written beside the bars.
    """
    table = topics.table
    order = topic_order(table, topics.themes)
    frame = table.loc[order, ["label", "theme", "size", "share"]]
    frame["theme_number"] = [topics.theme_of_topic.get(int(topic), -1) for topic in order]
    frame["keywords"] = [", ".join(words[:5]) for words in table.loc[order, "keywords"]]
    told = topics.key_phrases.groupby("topic")["phrase"].agg(list)
    frame["phrases"] = [", ".join(told.get(topic, table.loc[topic, "keywords"])[:5]) for topic in order]
    unsure = set(topics.unsure_labels)
    return frame.assign(sure=[topic not in unsure for topic in order]).reset_index()


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as horizontal bars with what each topic's papers are about beside it, in a column's width below its name."""
    fig = go.Figure()
    positions = list(range(len(frame)))
    names = [label if sure else f"{label} (?)" for label, sure in zip(frame["label"], frame["sure"], strict=True)]
    rows = label_rows(names, style, least=21)
    fig.add_bar(
        y=positions,
        x=frame["size"],
        orientation="h",
        width=0.72,
        marker={"color": [style.colour_of(number) for number in frame["theme_number"]]},
        customdata=frame[["label", "theme", "phrases"]].map(plain).to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b> (%{customdata[1]})<br>%{x} papers<br>%{customdata[2]}<extra></extra>",
    )
    widest = int(frame["size"].max())
    room = style.pixels - rows.left - 24
    # the phrases have what the longest bar leaves
    part = 0.3 if style.narrow else 0.36
    font = {"size": rows.size, "color": QUIET}
    beside = {"showarrow": False, "xanchor": "left", "xshift": 4, "font": font}
    notes = []
    for position, row in zip(positions, frame.itertuples(), strict=True):
        number = f"{row.size:,}"
        left = room * (1 - part * row.size / widest) - text_width(number, rows.size) - 18
        text = f"<b>{number}</b>  {listed(row.phrases.split(', '), left, rows.size)}"
        notes.append({"x": row.size, "y": position, "text": text, **beside})
    style.annotate(fig, notes)
    fig = style.apply(fig, round(56 + rows.height * len(frame)), margin=(rows.left + 6, 14, 10, 46))
    fig.update_layout(showlegend=False, bargap=0)
    fig.update_yaxes(
        tickvals=positions,
        ticktext=rows.texts,
        tickfont={"size": rows.size},
        range=[len(frame) - 0.4, -0.6],
        showgrid=False,
        ticks="",
    )
    fig.update_xaxes(
        range=[0, widest / part],
        tickvals=_ticks(widest, room * part),
        tickfont={"size": 10},
        # the numbers stand beside the bars, and lines would run through the phrases
        showgrid=False,
        showline=False,
    )
    # below the bars: the axis goes on below the phrases
    fig.add_annotation(
        text=f"Papers (of {int(frame['size'].sum()):,})",
        x=0,
        xanchor="left",
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-22,
        showarrow=False,
        font={"size": 10},
    )
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        f"Topics by number of papers (n = {int(frame['size'].sum())}), ordered and coloured by theme, each with the noun "
        "phrases that best tell its papers from the others and do not repeat its name."
        + ("" if frame["sure"].all() else " (?): the name is unsure.")
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    largest = frame.loc[frame["size"].idxmax()]
    return (
        f"Bars of {counted(len(frame), 'topic')}; the largest is {largest['label']} with "
        f"{counted(int(largest['size']), 'paper')}, the smallest has {frame['size'].min()}."
    )


@checked
def topic_sizes(topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw topic sizes with key phrases."""
    return draw_with(SPEC, data(topics), options)


def _ticks(widest: int, pixels: float) -> list[int]:
    """Return round counts up to the longest bar, whose labels keep apart."""
    most = max(1, int(pixels / (text_width(f"{widest:,}", 10) + 14)))
    steps = (factor * 10**power for power in range(9) for factor in (1, 2, 5))
    step = next(step for step in steps if widest / step <= most)
    return list(range(0, widest + 1, step))


SPEC = FigureSpec(
    "topic_sizes",
    "Topic sizes and key phrases",
    lambda corpus, topics, trends: data(topics),
    draw,
    caption,
    alt,
    body=True,
    rows="topic",
)
