"""Themes: shares over time."""

import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.share_panels import alt, caption, data, draw
from analysis.figures.drawing.spec import FigureSpec
from analysis.topics.result import Topics
from analysis.trends.result import Trends


@checked
def theme_shares(topics: Topics, trends: Trends) -> go.Figure:
    """Draw the themes' shares over time."""
    return draw(data(topics, trends, "themes"))


SPEC = FigureSpec(
    "theme_shares",
    "Themes: shares over time",
    lambda corpus, topics, trends: data(topics, trends, "themes"),
    draw,
    caption,
    alt,
)
