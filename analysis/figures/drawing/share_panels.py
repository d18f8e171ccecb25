"""Shares over time as small multiples, with intervals."""

import math
from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.style import FONT_SIZE, INK, Style, tinted
from analysis.figures.drawing.text import LINE, lines_of, plain
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.thin import merge_thin
from analysis.trends.verdict import MOVED, VERDICTS

Family = Literal["themes", "topics"]
_COLUMNS, _NARROW_COLUMNS = 4, 2
# panels of a page
_MOST, _NARROW_MOST = 32, 16
_MARKS = {
    "rising": " ▲",
    "small rise": " △",
    "new": " ★",
    "falling": " ▼",
    "small fall": " ▽",
    "ended": " ✕",
    "peak": " ◆",
    "trough": " ◇",
    "steady": " ■",
}
# height of a panel, and of what stands above and below all of them
_PANEL, _FOOT, _GAP = 72, 36, 14
_TITLE = 9.5
NONE = "No paper has a date, so there are no shares over time."


def data(topics: Topics, trends: Trends, family: Family = "topics") -> pd.DataFrame:
    """Return a row per group and period: the columns of the series, its label and verdict, fitted, fitted_low, fitted_high.

    fitted is the share that the tested course gives for the period's own papers, with its 95 % interval; NaN where there is none.
    Thin periods are told together with their neighbours, see `analysis.trends.thin.merge_thin`; at is the mean date of a
    period's papers, a decimal year.
    """
    if family == "themes":
        series, tests, labels = trends.theme_series, trends.theme_tests, topics.themes["label"]
        numbers = {int(number): int(number) for number in topics.themes.index}
        order = list(topics.themes.index)
    else:
        series, tests, labels = trends.series, trends.tests, topics.table["label"]
        numbers = topics.theme_of_topic
        order = [topic for topic in topic_order(topics.table, topics.themes) if topic >= 0]
    frame = series.rename(columns={"topic": "group", "theme": "group"})
    curves = trends.curves[trends.curves["family"] == family].rename(
        columns={"low": "fitted_low", "high": "fitted_high"}
    )
    frame = frame.assign(key=frame["group"].astype("str"), period=frame["period"].astype("str")).merge(
        curves.drop(columns="family").rename(columns={"group": "key"}), on=["key", "period"], how="left"
    )
    frame = merge_thin(frame.drop(columns="key"))
    frame["label"], frame["verdict"] = frame["group"].map(labels), frame["group"].map(tests["verdict"])
    frame["theme_number"] = frame["group"].map(numbers).astype("int64")
    frame["rank"] = frame["group"].map({topic: rank for rank, topic in enumerate(order)})
    frame = frame.sort_values(["rank", "start"], kind="stable").drop(columns="rank").reset_index(drop=True)
    first = ["group", "label", "theme_number", "verdict"]
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a panel per topic, its share with a 95 % band; open points are partial periods."""
    if frame.empty:
        return style.empty(NONE)
    frame = _shown(frame, _NARROW_MOST if style.narrow else _MOST)
    panels = list(frame.groupby("group", sort=False))
    columns = min(_NARROW_COLUMNS if style.narrow else _COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    left = 56
    wide = (style.pixels - left - 10) / max(columns, 2) - 12
    titles = [_title(part, wide) for _, part in panels]
    head = round(max(title.count("<br>") + 1 for title in titles) * _TITLE * LINE + 8)
    body = rows * _PANEL + (rows - 1) * (head + _GAP)
    fig = make_subplots(
        rows=rows,
        cols=columns,
        shared_xaxes="all",
        shared_yaxes=True,
        subplot_titles=titles,
        horizontal_spacing=0.025,
        vertical_spacing=(head + _GAP) / body if rows > 1 else 0,
    )
    tops = np.zeros(rows)
    for number, (_, part) in enumerate(panels):
        position = {"row": number // columns + 1, "col": number % columns + 1}
        _panel(fig, part, position, style)
        tops[number // columns] = max(tops[number // columns], _top(part))
    for annotation in fig.layout.annotations:
        annotation.update(font={"size": _TITLE}, align="left", yshift=1)
    fig = style.apply(fig, head + 8 + body + _FOOT, margin=(left, 10, head + 8, _FOOT))
    fig.update_layout(showlegend=False)
    _axes(fig, frame, np.clip(1.08 * tops, 0.01, 1.0), columns, len(panels))
    fig.add_annotation(
        text="Share of the period’s dated papers" if rows > 1 else "Share of papers",
        xref="paper",
        yref="paper",
        x=0,
        xshift=-left + 12,
        xanchor="center",
        y=0.5,
        textangle=-90,
        showarrow=False,
        font={"size": FONT_SIZE},
    )
    return fig


def _shown(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the groups that a page holds, in their order: those that moved, then the largest."""
    sizes = frame.groupby("group", sort=False).agg(papers=("n_topic", "sum"), verdict=("verdict", "first"))
    order = sizes.assign(still=~sizes["verdict"].isin(MOVED)).sort_values(
        ["still", "papers"], ascending=[True, False], kind="stable"
    )
    return frame[frame["group"].isin(order.index[:most])]


def _top(part: pd.DataFrame) -> float:
    """Return how high a panel reaches: over every point and interval; of a band that knows nothing, not all."""
    points = float(part[["high", "fitted"]].max(axis=None))
    return max(points, min(float(part["fitted_high"].max()), 1.3 * points)) if part["fitted"].notna().any() else points


def _axes(fig: go.Figure, frame: pd.DataFrame, tops: np.ndarray, columns: int, panels: int) -> None:
    """Give all panels the same years, told below the last one of each column, and those of a row the same shares."""
    ticks = _ticks(frame)
    spread = float(frame["at"].max() - frame["at"].min()) or 1.0
    fig.update_xaxes(
        tickvals=ticks,
        ticktext=[f"’{str(tick)[2:]}" if spread > 1 else str(tick) for tick in ticks],
        tickfont={"size": 10},
        tickangle=0,
        showgrid=False,
        range=[float(frame["at"].min()) - 0.04 * spread, float(frame["at"].max()) + 0.04 * spread],
    )
    for column in range(columns):
        # also where the last row is short
        fig.update_xaxes(showticklabels=True, row=(panels - 1 - column) // columns + 1, col=column + 1)
    for row, top in enumerate(tops):
        tick = {"tickformat": ".0%" if top > 0.04 else ".1%", "tickfont": {"size": 10}, "nticks": 4}
        fig.update_yaxes(range=[0, float(top)], **tick, row=row + 1)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return f"Shares over time: {NONE[0].lower()}{NONE[1:]}"
    periods = frame.drop_duplicates("period")
    listed = ", ".join(f"{row.period}: {int(row.n_total):,}" for row in periods.itertuples())
    merged = (
        f" Neighbouring periods of fewer than {int(frame['least'].iloc[0])} papers are told together."
        if periods["merged"].any()
        else ""
    )
    shown = (
        f" At most {_MOST} are shown: those that moved, then the largest." if frame["group"].nunique() > _MOST else ""
    )
    return (
        "Share of the dated papers of each period, with 95 % Jeffreys intervals; n is the number of dated papers, open points "
        "are partial periods, panels of a row share an axis. Black lines: the share that the fitted course gives for the "
        f"papers of each period and their sources, with its 95 % band; dotted where no change is claimed.{merged} Papers a "
        f"period: {listed}.{shown}"
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    verdicts = frame.drop_duplicates("group")[["label", "verdict"]]
    parts = [
        f"{verdict}: {', '.join(verdicts.loc[verdicts['verdict'] == verdict, 'label'])}"
        for verdict in VERDICTS
        if verdict != "inconclusive" and (verdicts["verdict"] == verdict).any()
    ]
    rest = int((verdicts["verdict"] == "inconclusive").sum())
    return f"{counted(len(verdicts), 'panel')} of shares over time. {'; '.join([*parts, f'inconclusive: {rest}'])}."


def _title(part: pd.DataFrame, pixels: float) -> str:
    mark = _MARKS.get(part["verdict"].iloc[0], "")
    lines = lines_of(f"{part['label'].iloc[0]}{mark} n={int(part['n_topic'].sum()):,}", pixels, _TITLE, 3)
    return "<br>".join(plain(line) for line in lines)


def _panel(fig: go.Figure, part: pd.DataFrame, position: dict[str, int], style: Style) -> None:
    part = part[part["n_total"] > 0]
    colour = style.colour_of(int(part["theme_number"].iloc[0]))
    _band(fig, part["at"], part["low"], part["high"], tinted(colour, 0.22), position)
    directed = part["verdict"].iloc[0] in MOVED
    drawn = part[part["fitted"].notna()]
    _band(fig, drawn["at"], drawn["fitted_low"], drawn["fitted_high"], tinted(INK, 0.1), position)
    fig.add_scatter(
        x=part["at"],
        y=part["fitted"],
        mode="lines",
        hoverinfo="skip",
        line={"color": INK, "width": 1.3 if directed else 0.9, "dash": "solid" if directed else "dot"},
        **position,
    )
    fig.add_scatter(
        x=part["at"],
        y=part["share"],
        mode="lines+markers",
        line={"color": colour, "width": 1.5},
        marker={
            "size": 5 if len(part) < 30 else 3,
            "color": ["white" if partial else colour for partial in part["partial"]],
            "line": {"color": colour, "width": 1.2},
        },
        customdata=part[["period", "n_topic", "n_total", "low", "high"]].to_numpy(),
        hovertemplate="%{customdata[0]}: %{customdata[1]} of %{customdata[2]} papers, %{y:.1%} "
        "(%{customdata[3]:.1%}–%{customdata[4]:.1%})<extra></extra>",
        **position,
    )


def _band(fig: go.Figure, x: pd.Series, low: pd.Series, high: pd.Series, colour: str, position: dict[str, int]) -> None:
    fig.add_scatter(
        x=[*x, *x[::-1]],
        y=[*high, *low[::-1]],
        # without a mode short lines get markers on their corners
        mode="lines",
        fill="toself",
        fillcolor=colour,
        line={"width": 0},
        hoverinfo="skip",
        **position,
    )


def _ticks(frame: pd.DataFrame) -> list[int]:
    first, last = int(np.ceil(frame["at"].min() - 0.5)), int(np.floor(frame["at"].max()))
    step = max(1, math.ceil((last - first + 1) / 5))
    return list(range(last, first - 1, -step))[::-1]
