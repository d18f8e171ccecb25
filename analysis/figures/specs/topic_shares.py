"""Topics: shares over time."""

from typing import Unpack

import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.share_panels import alt, caption, data, draw, without
from analysis.figures.drawing.spec import FigureSpec
from analysis.topics.result import Topics
from analysis.trends.result import Trends


@checked
def topic_shares(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the topics' shares over time."""
    return draw_with(SPEC, data(topics, trends, "topics"), options)


SPEC = FigureSpec(
    "topic_shares",
    "Topics: shares over time",
    lambda corpus, topics, trends: data(topics, trends, "topics"),
    draw,
    caption,
    alt,
    without,
    rows="group",
)
