"""Trends of concepts: which mentions rise and fall."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing import forest
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.io.display import counted
from analysis.trends.result import Trends
from analysis.trends.verdict import MOVED, VERDICTS

_MOST_ROWS = 40
NONE = "No concept is mentioned by enough papers to be tested."


def data(trends: Trends) -> pd.DataFrame:
    """Return the forest's columns for the concepts that most papers mention, directions first."""
    tests = trends.concept_tests
    directed = tests["verdict"].isin(MOVED)
    order = tests.assign(directed=directed).sort_values(["directed", "n"], ascending=False, kind="stable").index
    shown = tests.loc[order[:_MOST_ROWS]].sort_values("odds_ratio_shrunken", ascending=False, kind="stable")
    frame = shown.rename_axis("group").reset_index()
    return frame.assign(family="concept", label=frame["group"])[forest.COLUMNS]


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as a forest plot, from the fastest riser down."""
    if frame.empty:
        return style.empty(NONE)
    return forest.draw(frame, style)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Trends of concepts, words and phrases of a vocabulary found in titles and abstracts: odds ratio per year that a paper "
        "mentions the concept, tested as topics are, as a family of its own with its own false-discovery rate; in brackets the "
        f"dated papers that mention it. At most {_MOST_ROWS} are shown, those with a direction and the commonest first; in the "
        "order of their odds ratios drawn toward the mean of all, so that rare concepts do not lead by chance."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    parts = []
    for verdict in VERDICTS:
        names = frame.loc[frame["verdict"] == verdict, "label"]
        if verdict != "inconclusive" and (len(names) or verdict in ("rising", "falling")):
            parts.append(f"{verdict}: {', '.join(names) if len(names) else 'none'}")
    return f"Forest plot of {counted(len(frame), 'concept')}; {'; '.join(parts)}."


@checked
def concept_trends(trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the forest plot of concepts."""
    return draw_with(SPEC, data(trends), options)


SPEC = FigureSpec(
    "concept_trends",
    "Trends of concepts",
    lambda corpus, topics, trends: data(trends),
    draw,
    caption,
    alt,
    without,
    rows="group",
)
