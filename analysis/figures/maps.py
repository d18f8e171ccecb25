"""The topic map: papers that the consensus keeps together stand together."""

import textwrap

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures import theme
from analysis.topics.result import Topics

_HEIGHT = 560
_MARGIN = (12, 12, 12, 30)
_CHARACTER, _LINE = 5.6, 13.0
# points past this many are drawn by the graphics card
_MANY = 5_000


def data(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return paper_id, title, date, topic, label, theme_number, theme, membership, x, y; one row a paper."""
    frame = topics.assignments[["topic", "membership"]].join(topics.layout)
    papers = corpus.papers.loc[frame.index]
    theme_of = topics.theme_of_topic
    frame["title"], frame["date"] = papers["title"], papers["date"].dt.strftime("%Y-%m-%d").fillna("")
    frame["label"] = frame["topic"].map(topics.table["label"])
    frame["theme_number"] = frame["topic"].map(theme_of).fillna(-1).astype(int)
    frame["theme"] = frame["theme_number"].map(topics.themes["label"]).fillna("Outliers")
    columns = ["title", "date", "topic", "label", "theme_number", "theme", "membership", "x", "y"]
    return frame[columns].reset_index()


def draw(frame: pd.DataFrame) -> go.Figure:
    """Draw `data`: one dot a paper, coloured by theme, paler where membership is low, topics named."""
    fig = go.Figure()
    scatter = fig.add_scattergl if len(frame) > _MANY else fig.add_scatter
    for number, rows in frame.groupby("theme_number", sort=True):
        hover = [
            f"<b>{theme.wrapped(title, 60, 3)}</b><br>{theme.plain(label)}<br>{date or 'undated'}, membership {share:.2f}"
            for title, label, date, share in zip(rows["title"], rows["label"], rows["date"], rows["membership"], strict=True)
        ]
        scatter(
            x=rows["x"], y=rows["y"], mode="markers", text=hover, hovertemplate="%{text}<extra></extra>",
            name=theme.shortened(rows["theme"].iloc[0], 40),
            marker={
                "color": theme.colour_of(int(number)), "size": 6 if len(frame) < 2000 else 3,
                "opacity": rows["membership"].clip(0.3, 0.9).tolist() if len(frame) <= _MANY else 0.5,
                "line": {"width": 0},
            },
        )  # fmt: skip
    fig = theme.styled(fig, _HEIGHT, margin=_MARGIN)
    fig.update_layout(
        legend={"orientation": "h", "x": 0, "y": -0.005, "yanchor": "top", "font": {"size": 10}, "title": {"text": "Theme  "}},
        margin={"b": 70},
    )
    ranges = [_padded(frame[axis]) for axis in ("x", "y")]
    fig.update_xaxes(visible=False, range=ranges[0])
    fig.update_yaxes(visible=False, range=ranges[1])
    _name_topics(fig, frame[frame["topic"] >= 0], ranges)
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        f"Map of {len(frame)} papers: UMAP of their consensus distances, coloured by theme, paler where membership is low, "
        f"with a name at each of {frame.loc[frame['topic'] >= 0, 'topic'].nunique()} topics. "
        "Neighbourhoods mean something; distances between far groups, and the axes, do not."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    largest = frame["label"].value_counts()
    sure = (frame["membership"] >= 0.8).mean() if len(frame) else 0.0
    return (
        f"Scatter map of {len(frame)} papers in {len(largest)} topics; the largest is {largest.index[0]} "
        f"({largest.iloc[0]} papers), and {sure:.0%} of the papers have a membership of 0.8 or more."
    )


def topic_map(corpus: Corpus, topics: Topics) -> go.Figure:
    """Draw the map of papers and topics."""
    return draw(data(corpus, topics))


def _padded(values: pd.Series) -> list[float]:
    low, high = float(values.min()), float(values.max())
    pad = 0.06 * (high - low) or 1.0
    return [low - pad, high + pad]


def _name_topics(fig: go.Figure, frame: pd.DataFrame, ranges: list[list[float]]) -> None:
    """Put each topic's name at its papers' median, moved so that no two names overlap."""
    groups = frame.groupby("topic", sort=True)
    centres = groups[["x", "y"]].median()
    labels = groups["label"].first()
    colours = [theme.colour_of(int(number)) for number in groups["theme_number"].first()]
    lines = [textwrap.wrap(label, 20)[:3] or [""] for label in labels]
    width, height = theme.FULL_WIDTH - _MARGIN[0] - _MARGIN[1], _HEIGHT - _MARGIN[2] - 70
    pixels_x = (centres["x"] - ranges[0][0]).to_numpy() / (ranges[0][1] - ranges[0][0]) * width
    pixels_y = (centres["y"] - ranges[1][0]).to_numpy() / (ranges[1][1] - ranges[1][0]) * height
    widths = np.array([max(len(line) for line in parts) * _CHARACTER + 8 for parts in lines])
    heights = np.array([len(parts) * _LINE + 4 for parts in lines])
    at_x, at_y = theme.spread_labels(pixels_x, pixels_y, widths, heights, (0, width, 0, height))
    for i, parts in enumerate(lines):
        fig.add_annotation(
            x=float(ranges[0][0] + at_x[i] / width * (ranges[0][1] - ranges[0][0])),
            y=float(ranges[1][0] + at_y[i] / height * (ranges[1][1] - ranges[1][0])),
            text="<br>".join(theme.plain(part) for part in parts), showarrow=False, align="center",
            font={"size": 10, "color": colours[i]}, bgcolor="rgba(255,255,255,0.72)", borderpad=1,
        )  # fmt: skip
