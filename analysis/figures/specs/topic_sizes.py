"""Topic sizes with keywords."""

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import QUIET, Style, plain, shortened
from analysis.io.display import counted
from analysis.topics.result import Topics

_ROW = 21


def data(topics: Topics) -> pd.DataFrame:
    """Return topic, label, theme_number, theme, size, share, keywords, sure (of the label); in the figures' order."""
    table = topics.table
    order = topic_order(table, topics.themes)
    frame = table.loc[order, ["label", "theme", "size", "share"]]
    frame["theme_number"] = [topics.theme_of_topic.get(int(topic), -1) for topic in order]
    frame["keywords"] = [", ".join(words[:5]) for words in table.loc[order, "keywords"]]
    unsure = set(topics.unsure_labels)
    return frame.assign(sure=[topic not in unsure for topic in order]).reset_index()


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as horizontal bars with each topic's keywords beside it."""
    fig = go.Figure()
    positions = list(range(len(frame)))
    fig.add_bar(
        y=positions,
        x=frame["size"],
        orientation="h",
        width=0.72,
        marker={"color": [style.colour_of(number) for number in frame["theme_number"]]},
        customdata=frame[["label", "theme", "keywords"]].map(plain).to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b> (%{customdata[1]})<br>%{x} papers<br>%{customdata[2]}<extra></extra>",
    )
    widest = int(frame["size"].max())
    for position, row in zip(positions, frame.itertuples(), strict=True):
        fig.add_annotation(
            x=row.size,
            y=position,
            text=f"<b>{row.size}</b>  {shortened(row.keywords, 58)}",
            showarrow=False,
            xanchor="left",
            xshift=4,
            font={"size": 10, "color": QUIET},
        )
    fig = style.apply(fig, 70 + _ROW * len(frame), margin=(196, 14, 10, 40))
    fig.update_layout(showlegend=False, bargap=0)
    fig.update_yaxes(
        tickvals=positions,
        ticktext=[
            shortened(label, 32) if sure else f"{shortened(label, 28)} (?)"
            for label, sure in zip(frame["label"], frame["sure"], strict=True)
        ],
        range=[len(frame) - 0.4, -0.6],
        showgrid=False,
        ticks="",
    )
    # two thirds of the width are left for the keywords
    fig.update_xaxes(title=f"Papers (of {int(frame['size'].sum())})", range=[0, widest * 2.9], tickvals=_ticks(widest))
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        f"Topics by number of papers (n = {int(frame['size'].sum())}), ordered and coloured by theme, each with the words that "
        "set it apart (class-based TF-IDF among words at least twice as common inside the topic as outside)."
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
def topic_sizes(topics: Topics) -> go.Figure:
    """Draw topic sizes with keywords."""
    return draw(data(topics))


def _ticks(widest: int) -> list[int]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10**4, 10**5, 10**6) if widest / s <= 6)
    return list(range(0, widest + 1, step))


SPEC = FigureSpec(
    "topic_sizes", "Topic sizes and keywords", lambda corpus, topics, trends: data(topics), draw, caption, alt
)
