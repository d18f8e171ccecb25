"""Forest plots: odds ratio per year with interval, q and verdict."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.style import INK, VERDICT_SYMBOLS, Style, plain, shortened
from analysis.io.display import probability
from analysis.trends.verdict import VERDICTS

_ROW = 19
# intervals are drawn as far as this fold a year, and cut with an arrow past it
REACH = 4.0


COLUMNS = [
    "family",
    "group",
    "label",
    "n",
    "odds_ratio",
    "low",
    "high",
    "p",
    "q",
    "robustness",
    "verdict",
    "detectable_rise",
    "detectable_fall",
]
_HEADINGS = {"theme": "Themes", "topic": "Topics", "concept": "Concepts"}


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw a table with `COLUMNS` on a log axis; symbols and colours tell verdicts, grey ticks what was detectable."""
    if frame.empty:
        return style.empty("No trend can be assessed: papers lack dates, or their dates do not differ.")
    fig = go.Figure()
    # one row is left free for each family's heading
    families = list(frame["family"].drop_duplicates())
    positions = np.arange(len(frame)) + 1 + frame["family"].map(families.index).to_numpy(dtype=int)
    _verdict_marks(fig, frame, positions, style)
    _detectable_ticks(fig, frame, positions)
    fig.add_vline(x=1, line={"color": INK, "width": 1})
    _columns(fig, frame, positions)
    for family in families:
        first = int(positions[(frame["family"] == family).to_numpy()][0]) - 1
        fig.add_annotation(
            x=0,
            xref="paper",
            xanchor="right",
            y=first,
            text=f"<b>{_HEADINGS[family]}</b>",
            showarrow=False,
            xshift=-6,
        )
    body = _ROW * (len(frame) + len(families))
    fig = style.apply(fig, 96 + body, margin=(232, 190, 10, 76))
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
        range=[len(frame) + len(families) - 0.3, -0.7],
        tickvals=positions,
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": 10},
        ticktext=[f"{shortened(row.label, 38)} ({row.n})" for row in frame.itertuples()],
    )
    ticks = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]
    fig.update_xaxes(
        type="log",
        range=[np.log10(1 / REACH / 1.06), np.log10(REACH * 1.06)],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        title="Odds ratio per year (log scale)",
    )
    return fig


def _verdict_marks(fig: go.Figure, frame: pd.DataFrame, positions: np.ndarray, style: Style) -> None:
    """Draw odds ratios with their intervals, a symbol and colour per verdict."""
    inside = frame["odds_ratio"].clip(1 / REACH, REACH)
    hover = frame[["label", "odds_ratio", "low", "high", "q", "robustness", "n"]].assign(
        label=frame["label"].map(plain)
    )
    for verdict in VERDICTS:
        rows = np.flatnonzero(frame["verdict"] == verdict)
        if not len(rows):
            continue
        colour = style.verdict_colour(verdict)
        _intervals(fig, frame.iloc[rows], positions[rows], colour)
        fig.add_scatter(
            x=inside.iloc[rows],
            y=positions[rows],
            mode="markers",
            name=verdict,
            marker={"symbol": VERDICT_SYMBOLS[verdict], "color": colour, "size": 8, "line": {"width": 1.4}},
            customdata=hover.iloc[rows].to_numpy(),
            hovertemplate="<b>%{customdata[0]}</b> (n = %{customdata[6]})<br>odds ratio per year %{customdata[1]:.2f} "
            "(%{customdata[2]:.2f}–%{customdata[3]:.2f})<br>q = %{customdata[4]:.3f}, robustness %{customdata[5]:.2f}"
            "<extra></extra>",
        )


def _detectable_ticks(fig: go.Figure, frame: pd.DataFrame, positions: np.ndarray) -> None:
    """Mark the smallest rise and fall that could have been found."""
    for name in ("detectable_rise", "detectable_fall"):
        side = frame[name]
        shown = side.between(1 / REACH, REACH)
        fig.add_scatter(
            x=side[shown],
            y=positions[shown.to_numpy()],
            mode="markers",
            name="smallest detectable",
            hoverinfo="skip",
            marker={"symbol": "line-ns", "size": 7, "line": {"color": "#B0B0B0", "width": 1.4}},
            showlegend=name == "detectable_fall",
        )


def _intervals(fig: go.Figure, rows: pd.DataFrame, positions: np.ndarray, colour: str) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    arrows_x, arrows_y, symbols = [], [], []
    for position, low, high in zip(positions, rows["low"], rows["high"], strict=True):
        x += [float(np.clip(low, 1 / REACH, REACH)), float(np.clip(high, 1 / REACH, REACH)), None]
        y += [position, position, None]
        for end, beyond, symbol in (
            (1 / REACH, low < 1 / REACH, "triangle-left"),
            (REACH, high > REACH, "triangle-right"),
        ):
            if beyond:
                arrows_x.append(end)
                arrows_y.append(position)
                symbols.append(symbol)
    fig.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 1.6}, hoverinfo="skip", showlegend=False)
    fig.add_scatter(
        x=arrows_x,
        y=arrows_y,
        mode="markers",
        marker={"symbol": symbols, "color": colour, "size": 7},
        hoverinfo="skip",
        showlegend=False,
    )


def _columns(fig: go.Figure, frame: pd.DataFrame, positions: np.ndarray) -> None:
    """Write odds ratio, interval, q and robustness at the right."""
    heads = [(8, "OR (95 %)"), (114, "q")]
    # concepts and given labels are not clustered, so no redrawn clustering can bear them out
    if frame["robustness"].notna().any():
        heads.append((152, "robust"))
    small = {"showarrow": False, "font": {"size": 10}, "x": 1, "xref": "paper", "xanchor": "left"}
    for shift, text in heads:
        fig.add_annotation(xshift=shift, y=0, text=f"<b>{text}</b>", **small)
    for position, row in zip(positions, frame.itertuples(), strict=True):
        interval = f"{row.odds_ratio:.2f} ({row.low:.2f}–{_short(row.high)})"
        for (shift, _), text in zip(
            heads, (interval, plain(probability(row.q)), f"{row.robustness:.2f}"), strict=False
        ):
            fig.add_annotation(xshift=shift, y=position, text=text, **small)


def _short(value: float) -> str:
    return "∞" if np.isinf(value) else f"{value:.2f}" if value < 10 else f"{value:.0f}" if value < 1000 else ">999"
