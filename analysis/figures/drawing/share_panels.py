"""Shares over time as small multiples, with intervals."""

import math
from typing import Literal

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.style import FONT_SIZE, INK, Style, tinted, wrapped
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import MOVED, VERDICTS

Family = Literal["themes", "topics"]
_COLUMNS = 4
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
_ROW = 112


def data(topics: Topics, trends: Trends, family: Family = "topics") -> pd.DataFrame:
    """Return a row per group and period: the columns of the series, its label and verdict, fitted, fitted_low, fitted_high.

    fitted is the share that the tested course gives for the period's own papers, with its 95 % interval; NaN where there is none.
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
    frame["label"], frame["verdict"] = frame["group"].map(labels), frame["group"].map(tests["verdict"])
    frame["theme_number"] = frame["group"].map(numbers).astype("int64")
    frame["rank"] = frame["group"].map({topic: rank for rank, topic in enumerate(order)})
    frame = frame.sort_values(["rank", "start"], kind="stable").drop(columns="rank").reset_index(drop=True)
    curves = trends.curves[trends.curves["family"] == family].rename(
        columns={"low": "fitted_low", "high": "fitted_high"}
    )
    frame = frame.assign(key=frame["group"].astype("str"), period=frame["period"].astype("str")).merge(
        curves.drop(columns="family").rename(columns={"group": "key"}), on=["key", "period"], how="left"
    )
    frame = frame.drop(columns="key")
    first = ["group", "label", "theme_number", "verdict"]
    return frame[[*first, *(name for name in frame.columns if name not in first)]]


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a panel per topic, its share with a 95 % band; open points are partial periods."""
    if frame.empty:
        return style.empty("No paper has a date.")
    panels = list(frame.groupby("group", sort=False))
    columns = min(_COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    height = 74 + _ROW * rows
    titles = [_title(part) for _, part in panels]
    fig = make_subplots(
        rows=rows,
        cols=columns,
        shared_xaxes="all",
        shared_yaxes="all",
        subplot_titles=titles,
        horizontal_spacing=0.025,
        vertical_spacing=min(0.3, 38 / (height - 86)) if rows > 1 else 0,
    )
    top = _top(frame)
    for number, (_, part) in enumerate(panels):
        position = {"row": number // columns + 1, "col": number % columns + 1}
        _panel(fig, part, position, top, style)
    for annotation in fig.layout.annotations:
        annotation.update(font={"size": 9.5}, align="left", yshift=1)
    fig = style.apply(fig, height, margin=(62, 10, 40, 36))
    fig.update_layout(showlegend=False)
    ticks = _ticks(frame)
    fig.update_xaxes(
        tickvals=ticks, ticktext=[f"’{str(tick)[2:]}" for tick in ticks], tickfont={"size": 10}, showgrid=False
    )
    for column in range(columns):
        # years stand below the last panel of each column, also where the last row is short
        fig.update_xaxes(showticklabels=True, row=(len(panels) - 1 - column) // columns + 1, col=column + 1)
    fig.update_yaxes(range=[0, top], tickformat=".0%", tickfont={"size": 10}, nticks=4)
    fig.add_annotation(
        text="Share of the period’s dated papers",
        xref="paper",
        yref="paper",
        x=0,
        xshift=-46,
        xanchor="center",
        y=0.5,
        textangle=-90,
        showarrow=False,
        font={"size": FONT_SIZE},
    )
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return "Shares over time: no paper has a date."
    totals = frame.drop_duplicates("period").set_index("period")["n_total"]
    listed = ", ".join(f"{period}: {count}" for period, count in totals.items())
    return (
        "Share of the dated papers of each period, with 95 % Jeffreys intervals; n is the number of dated papers, open points "
        "are partial periods, and every panel has the same axes; triangles at the top mark shares of thin periods beyond "
        "them. Black lines: the share that the fitted course gives for the papers of each period and their sources, with its "
        "95 % band; dotted where no change is claimed. "
        f"Papers a period: {listed}. Bands of periods with few papers are wide: read the verdict, not the wiggle."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return "No paper has a date, so there is nothing to show over time."
    verdicts = frame.drop_duplicates("group")[["label", "verdict"]]
    parts = [
        f"{verdict}: {', '.join(verdicts.loc[verdicts['verdict'] == verdict, 'label'])}"
        for verdict in VERDICTS
        if verdict != "inconclusive" and (verdicts["verdict"] == verdict).any()
    ]
    rest = int((verdicts["verdict"] == "inconclusive").sum())
    return f"{counted(len(verdicts), 'panel')} of shares over time. {'; '.join([*parts, f'inconclusive: {rest}'])}."


def _title(part: pd.DataFrame) -> str:
    mark = _MARKS.get(part["verdict"].iloc[0], "")
    return f"{wrapped(part['label'].iloc[0], 25, 2)}{mark} <i>n={int(part['n_topic'].sum())}</i>"


def _panel(fig: go.Figure, part: pd.DataFrame, position: dict[str, int], top: float, style: Style) -> None:
    part = part[part["n_total"] > 0]
    colour = style.colour_of(int(part["theme_number"].iloc[0]))
    middle = part["start"].dt.year + (part["start"].dt.month - 1) / 12
    fig.add_scatter(
        x=[*middle, *middle[::-1]],
        y=[*part["high"].clip(upper=top), *part["low"][::-1].clip(upper=top)],
        fill="toself",
        fillcolor=tinted(colour, 0.22),
        line={"width": 0},
        hoverinfo="skip",
        **position,
    )
    directed = part["verdict"].iloc[0] in MOVED
    drawn = part[part["fitted"].notna()]
    around = middle[drawn.index]
    fig.add_scatter(
        x=[*around, *around[::-1]],
        y=[*drawn["fitted_high"].clip(upper=top), *drawn["fitted_low"][::-1].clip(upper=top)],
        fill="toself",
        fillcolor=tinted(INK, 0.1),
        line={"width": 0},
        hoverinfo="skip",
        **position,
    )
    fig.add_scatter(
        x=middle,
        y=part["fitted"],
        mode="lines",
        hoverinfo="skip",
        line={"color": INK, "width": 1.3 if directed else 0.9, "dash": "solid" if directed else "dot"},
        **position,
    )
    beyond = part["share"] > top
    fig.add_scatter(
        x=middle[beyond],
        y=[0.96 * top] * int(beyond.sum()),
        mode="markers",
        hoverinfo="skip",
        marker={"symbol": "triangle-up-open", "size": 6, "color": colour},
        **position,
    )
    fig.add_scatter(
        x=middle,
        y=part["share"].where(~beyond),
        mode="lines+markers",
        line={"color": colour, "width": 1.5},
        marker={
            "size": 5,
            "color": ["white" if partial else colour for partial in part["partial"]],
            "line": {"color": colour, "width": 1.2},
        },
        customdata=part[["period", "n_topic", "n_total", "low", "high"]].to_numpy(),
        hovertemplate="%{customdata[0]}: %{customdata[1]} of %{customdata[2]} papers, %{y:.1%} "
        "(%{customdata[3]:.1%}–%{customdata[4]:.1%})<extra></extra>",
        **position,
    )


def _top(frame: pd.DataFrame) -> float:
    """Return an axis end that shows every band of a well-filled period; those of thin periods are cut."""
    filled = frame[frame["n_total"] >= 0.2 * frame["n_total"].max()]
    return float(min(1.0, max(0.05, 1.08 * (filled if len(filled) else frame)["high"].max())))


def _ticks(frame: pd.DataFrame) -> list[int]:
    first, last = int(frame["start"].dt.year.min()), int(frame["start"].dt.year.max())
    step = max(1, math.ceil((last - first + 1) / 5))
    return list(range(last, first - 1, -step))[::-1]
