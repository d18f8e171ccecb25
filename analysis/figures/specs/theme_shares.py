"""Themes: shares over time."""

from typing import Unpack

import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.share_panels import alt, caption, data, draw, without
from analysis.figures.drawing.spec import FigureSpec
from analysis.topics.result import Topics
from analysis.trends.result import Trends


@checked
def theme_shares(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the themes' shares over time."""
    return draw_with(SPEC, data(topics, trends, "themes"), options)


SPEC = FigureSpec(
    "theme_shares",
    "Themes: shares over time",
    lambda corpus, topics, trends: data(topics, trends, "themes"),
    draw,
    caption,
    alt,
    without,
    body=True,
    rows="group",
)
