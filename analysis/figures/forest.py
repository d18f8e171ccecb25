"""The trend forest plot: odds ratio per year with interval, q and verdict."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures import theme
from analysis.io.display import probability
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import VERDICTS

_ROW = 19
# intervals are drawn as far as this fold a year, and cut with an arrow past it
_REACH = 4.0


COLUMNS = [
    "family", "topic", "label", "n", "odds_ratio", "low", "high", "p", "q", "robustness", "verdict",
    "minimum_detectable_odds_ratio",
]  # fmt: skip
_HEADINGS = {"theme": "Themes", "topic": "Topics", "concept": "Concepts"}


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return family, topic, label and the tests' columns: themes first, then topics in the figures' order."""
    themes = trends.theme_tests.assign(family="theme", label=topics.themes["label"])
    order = [topic for topic in theme.topic_order(topics.table, topics.themes) if topic in trends.tests.index]
    tests = trends.tests.loc[order].assign(family="topic", label=topics.table["label"])
    return pd.concat([themes.reset_index(), tests.reset_index()], ignore_index=True)[COLUMNS]


def draw(frame: pd.DataFrame) -> go.Figure:
    """Draw `data` on a log axis; symbols and colours tell verdicts, grey diamonds what was detectable."""
    fig = go.Figure()
    # one row is left free for each family's heading
    families = list(frame["family"].drop_duplicates())
    places = np.arange(len(frame)) + 1 + frame["family"].map(families.index).to_numpy(dtype=int)
    inside = frame["odds_ratio"].clip(1 / _REACH, _REACH)
    hover = frame[["label", "odds_ratio", "low", "high", "q", "robustness", "n"]].assign(
        label=frame["label"].map(theme.plain)
    )
    for verdict in VERDICTS:
        rows = np.flatnonzero(frame["verdict"] == verdict)
        colour = theme.VERDICT_COLOURS[verdict]
        if len(rows):
            _intervals(fig, frame.iloc[rows], places[rows], colour)
        fig.add_scatter(
            x=inside.iloc[rows] if len(rows) else [None], y=places[rows] if len(rows) else [None], mode="markers",
            name=verdict, marker={"symbol": theme.VERDICT_SYMBOLS[verdict], "color": colour, "size": 8, "line": {"width": 1.4}},
            customdata=hover.iloc[rows].to_numpy(),
            hovertemplate="<b>%{customdata[0]}</b> (n = %{customdata[6]})<br>odds ratio a year %{customdata[1]:.2f} "
            "(%{customdata[2]:.2f}–%{customdata[3]:.2f})<br>q = %{customdata[4]:.3f}, robustness %{customdata[5]:.2f}"
            "<extra></extra>",
        )  # fmt: skip
    detectable = frame["minimum_detectable_odds_ratio"]
    for side in (detectable, 1 / detectable):
        shown = side.between(1 / _REACH, _REACH)
        fig.add_scatter(
            x=side[shown], y=places[shown.to_numpy()], mode="markers", name="smallest detectable", hoverinfo="skip",
            marker={"symbol": "line-ns", "size": 7, "line": {"color": "#B0B0B0", "width": 1.4}},
            showlegend=side is detectable,
        )  # fmt: skip
    fig.add_vline(x=1, line={"color": theme.INK, "width": 1})
    _columns(fig, frame, places)
    for family in families:
        first = int(places[(frame["family"] == family).to_numpy()][0]) - 1
        fig.add_annotation(
            x=0, xref="paper", xanchor="right", y=first, text=f"<b>{_HEADINGS[family]}</b>", showarrow=False, xshift=-6,
        )  # fmt: skip
    body = _ROW * (len(frame) + len(families))
    fig = theme.styled(fig, 96 + body, margin=(232, 190, 10, 76))
    fig.update_layout(
        legend={
            "orientation": "h",
            "x": -0.3,
            "y": -52 / body,
            "yanchor": "top",
            "font": {"size": 10},
        }
    )
    fig.update_yaxes(
        range=[len(frame) + len(families) - 0.3, -0.7], tickvals=places, showgrid=False, ticks="", showline=False,
        tickfont={"size": 10}, ticktext=[f"{theme.shortened(row.label, 38)} ({row.n})" for row in frame.itertuples()],
    )  # fmt: skip
    ticks = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]
    fig.update_xaxes(
        type="log", range=[np.log10(1 / _REACH / 1.06), np.log10(_REACH * 1.06)], tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks], title="Odds ratio per year (log scale)",
    )  # fmt: skip
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Trends of themes and topics: odds ratio per year of a paper belonging to the topic, from Firth-penalised logistic "
        "regression on the date with the source page as stratum, with 95 % profile intervals that carry clustering uncertainty "
        f"(arrows: beyond {_REACH:g}-fold). q: Benjamini-Hochberg within each family, p from permuting dates within pages; "
        "robust: share of redrawn clusterings with the same verdict. Grey ticks: the smallest odds ratio found "
        "with 80 % power. In brackets: dated papers."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    parts = []
    for family in ("theme", "topic"):
        rows = frame[frame["family"] == family]
        counts = rows["verdict"].value_counts()
        found = ", ".join(f"{int(counts.get(verdict, 0))} {verdict}" for verdict in VERDICTS)
        parts.append(f"of {len(rows)} {family}s, {found}")
    return f"Forest plot of trends: {'; '.join(parts)}."


def trend_forest(topics: Topics, trends: Trends) -> go.Figure:
    """Draw the forest plot of trends."""
    return draw(data(topics, trends))


def _intervals(fig: go.Figure, rows: pd.DataFrame, places: np.ndarray, colour: str) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    arrows_x, arrows_y, symbols = [], [], []
    for place, low, high in zip(places, rows["low"], rows["high"], strict=True):
        x += [float(np.clip(low, 1 / _REACH, _REACH)), float(np.clip(high, 1 / _REACH, _REACH)), None]
        y += [place, place, None]
        for end, beyond, symbol in (
            (1 / _REACH, low < 1 / _REACH, "triangle-left"),
            (_REACH, high > _REACH, "triangle-right"),
        ):
            if beyond:
                arrows_x.append(end)
                arrows_y.append(place)
                symbols.append(symbol)
    fig.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 1.6}, hoverinfo="skip", showlegend=False)
    fig.add_scatter(
        x=arrows_x, y=arrows_y, mode="markers", marker={"symbol": symbols, "color": colour, "size": 7}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip


def _columns(fig: go.Figure, frame: pd.DataFrame, places: np.ndarray) -> None:
    """Write odds ratio, interval, q and robustness at the right."""
    heads = [(8, "OR (95 %)"), (114, "q")]
    # concepts are not clustered, so no redrawn clustering can bear them out
    if (frame["family"] != "concept").any():
        heads.append((152, "robust"))
    small = {"showarrow": False, "font": {"size": 10}, "x": 1, "xref": "paper", "xanchor": "left"}
    for shift, text in heads:
        fig.add_annotation(xshift=shift, y=0, text=f"<b>{text}</b>", **small)
    for place, row in zip(places, frame.itertuples(), strict=True):
        interval = f"{row.odds_ratio:.2f} ({row.low:.2f}–{_short(row.high)})"
        for (shift, _), text in zip(
            heads, (interval, theme.plain(probability(row.q)), f"{row.robustness:.2f}"), strict=False
        ):
            fig.add_annotation(xshift=shift, y=place, text=text, **small)


def _short(value: float) -> str:
    return "∞" if np.isinf(value) else f"{value:.2f}" if value < 10 else f"{value:.0f}" if value < 1000 else ">999"
