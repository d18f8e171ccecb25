"""Trends of themes and topics as a forest plot."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.forest import COLUMNS, NONE, draw, reach
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.spec import FigureSpec
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import MOVED, VERDICTS

# themes and topics that a page has room for
_MOST_ROWS = 66


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return family, group, label and the tests' columns: themes first, then topics in the figures' order."""
    themes = trends.theme_tests.assign(family="theme", label=topics.themes["label"])
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic in trends.tests.index]
    tests = trends.tests.loc[order].assign(family="topic", label=topics.table["label"])
    whole = pd.concat([frame.rename_axis("group").reset_index() for frame in (themes, tests)], ignore_index=True)
    whole = whole[_shown(whole)].reset_index(drop=True)
    # where nothing can be assessed there is nothing to draw
    return whole[COLUMNS] if whole["share_first"].notna().any() else whole.iloc[:0][COLUMNS]


def _shown(frame: pd.DataFrame) -> pd.Series:
    """Return which rows have room on a page: themes, what moved, then the largest topics."""
    first = (frame["family"] == "theme") | frame["verdict"].isin(MOVED)
    others = frame.loc[~first, "n"].nlargest(max(0, _MOST_ROWS - int(first.sum())), keep="first").index
    return first | frame.index.isin(others)


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Trends of themes and topics: odds ratio per year of a paper belonging to the topic, from Firth-penalised logistic "
        "regression on the date with the source as stratum, with 95 % profile intervals that carry clustering uncertainty "
        f"(arrows: beyond {reach(frame):.3g}-fold). q: adaptive Benjamini-Hochberg within each family, p from permuting dates "
        "within sources; robust: share of redrawn clusterings with the same verdict. Grey ticks: the smallest rise and the "
        "smallest fall that 80 % power would have found; without a tick none would. In brackets: dated papers."
        + (
            f" At most {_MOST_ROWS} are shown: themes, topics that moved, the largest."
            if len(frame) >= _MOST_ROWS
            else ""
        )
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    parts = []
    for family in ("theme", "topic"):
        rows = frame[frame["family"] == family]
        counts = rows["verdict"].value_counts()
        listed = ", ".join(f"{int(counts[verdict])} {verdict}" for verdict in VERDICTS if verdict in counts)
        parts.append(f"of {len(rows)} {family}s, {listed}")
    return f"Forest plot of trends: {'; '.join(parts)}."


@checked
def trend_forest(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the forest plot of trends."""
    return draw_with(SPEC, data(topics, trends), options)


SPEC = FigureSpec(
    "trend_forest",
    "Trends of themes and topics",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    body=True,
    rows="group",
)
