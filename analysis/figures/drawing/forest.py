"""Forest plots: odds ratio per year with interval, q and verdict."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.style import INK, VERDICT_SYMBOLS, Style
from analysis.figures.drawing.text import plain
from analysis.io.display import probability
from analysis.trends.verdict import VERDICTS

# intervals are drawn as far as they reach, but no axis shows less or more than this fold a year; past it stand arrows
_LEAST_REACH, REACH = 1.25, 4.0
_TICKS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.25, 1.33, 1.5, 2.0, 3.0, 4.0)
# pixels between ticks
_APART = 30

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
NONE = "No trend can be assessed: papers lack dates, or their dates do not differ."
_HEADINGS = {"theme": "Themes", "topic": "Topics", "concept": "Concepts"}


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw a table with `COLUMNS` on a log axis; symbols and colours tell verdicts, grey ticks what was detectable."""
    if frame.empty:
        return style.empty(NONE)
    fig = go.Figure()
    # one row is left free for each family's heading
    families = list(frame["family"].drop_duplicates())
    positions = np.arange(len(frame)) + 1 + frame["family"].map(families.index).to_numpy(dtype=int)
    rows = label_rows([f"{row.label} ({row.n:,})" for row in frame.itertuples()], style, spare=len(families))
    end = reach(frame)
    _verdict_marks(fig, frame, positions, end, style)
    _detectable_ticks(fig, frame, positions, end)
    fig.add_vline(x=1, line={"color": INK, "width": 1})
    right = _columns(fig, frame, positions, rows.size, style)
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
    body = rows.height * (len(frame) + len(families))
    foot = 76 if not style.narrow else 124
    fig = style.apply(fig, round(20 + foot + body), margin=(rows.left + 6, right, 20, foot))
    fig.update_layout(
        legend={
            "orientation": "h",
            "x": -rows.left / (style.pixels - rows.left - right),
            "y": -48 / body,
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
        tickfont={"size": rows.size},
        ticktext=rows.texts,
    )
    room = style.pixels - rows.left - 6 - right
    ticks = log_ticks(end, room)
    fig.update_xaxes(
        type="log",
        range=[-np.log10(end) * 1.04, np.log10(end) * 1.04],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        tickfont={"size": 10},
        title_text="Odds ratio per year (log scale)" if room > 190 else "Odds ratio per year",
    )
    return fig


def reach(frame: pd.DataFrame) -> float:
    """Return how many-fold a year the axis shows: as far as intervals go, within bounds."""
    ends = pd.concat([frame["high"], 1 / frame["low"].clip(lower=1e-9), frame["odds_ratio"], 1 / frame["odds_ratio"]])
    finite = ends[np.isfinite(ends)]
    return float(np.clip(finite.max() * 1.03 if len(finite) else REACH, _LEAST_REACH, REACH))


def log_ticks(end: float, pixels: float) -> list[float]:
    """Return round odds ratios within `end`-fold, as many as have room, mirrored about 1."""
    inside = [tick for tick in _TICKS if 1 / end <= tick <= end]
    apart = pixels / (2 * np.log(end))
    shown = [1.0]
    for tick in sorted(inside, key=lambda tick: (abs(np.log(tick)), tick)):
        # the outermost are the most telling: from the middle outwards every one that keeps its distance
        if all(abs(np.log(tick / other)) * apart >= _APART for other in shown):
            shown.append(tick)
    return sorted(shown)


def _verdict_marks(fig: go.Figure, frame: pd.DataFrame, positions: np.ndarray, end: float, style: Style) -> None:
    """Draw odds ratios with their intervals, a symbol and colour per verdict."""
    inside = frame["odds_ratio"].clip(1 / end, end)
    hover = frame[["label", "odds_ratio", "low", "high", "q", "robustness", "n"]].assign(
        label=frame["label"].map(plain)
    )
    for verdict in VERDICTS:
        rows = np.flatnonzero(frame["verdict"] == verdict)
        if not len(rows):
            continue
        colour = style.verdict_colour(verdict)
        _intervals(fig, frame.iloc[rows], positions[rows], end, colour)
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


def _detectable_ticks(fig: go.Figure, frame: pd.DataFrame, positions: np.ndarray, end: float) -> None:
    """Mark the smallest rise and fall that could have been found."""
    for name in ("detectable_rise", "detectable_fall"):
        side = frame[name]
        shown = side.between(1 / end, end)
        fig.add_scatter(
            x=side[shown],
            y=positions[shown.to_numpy()],
            mode="markers",
            name="smallest detectable",
            hoverinfo="skip",
            marker={"symbol": "line-ns", "size": 7, "line": {"color": "#B0B0B0", "width": 1.4}},
            showlegend=name == "detectable_fall",
        )


def _intervals(fig: go.Figure, rows: pd.DataFrame, positions: np.ndarray, reached: float, colour: str) -> None:
    x: list[float | None] = []
    y: list[float | None] = []
    arrows_x, arrows_y, symbols = [], [], []
    for position, low, high in zip(positions, rows["low"], rows["high"], strict=True):
        x += [float(np.clip(low, 1 / reached, reached)), float(np.clip(high, 1 / reached, reached)), None]
        y += [position, position, None]
        for end, beyond, symbol in (
            (1 / reached, low < 1 / reached, "triangle-left"),
            (reached, high > reached, "triangle-right"),
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


def _columns(fig: go.Figure, frame: pd.DataFrame, positions: np.ndarray, size: float, style: Style) -> int:
    """Write odds ratio, interval, q and robustness at the right, in a column's width q alone; return the pixels they take."""
    heads = [(8, "q")] if style.narrow else [(8, "OR (95 %)"), (114, "q")]
    # concepts and given labels are not clustered, so no redrawn clustering can bear them out
    if frame["robustness"].notna().any() and not style.narrow:
        heads.append((152, "robust"))
    small = {"showarrow": False, "font": {"size": size}, "x": 1, "xref": "paper", "xanchor": "left"}
    notes = [small | {"xshift": shift, "y": 0, "text": f"<b>{text}</b>"} for shift, text in heads]
    for position, row in zip(positions, frame.itertuples(), strict=True):
        told = {
            "OR (95 %)": f"{row.odds_ratio:.2f} ({row.low:.2f}–{_short(row.high)})",
            "q": plain(probability(row.q)),
            "robust": f"{row.robustness:.2f}",
        }
        notes += [small | {"xshift": shift, "y": position, "text": told[name]} for shift, name in heads]
    style.annotate(fig, notes)
    return {1: 48, 2: 152, 3: 190}[len(heads)]


def _short(value: float) -> str:
    return "∞" if np.isinf(value) else f"{value:.2f}" if value < 10 else f"{value:.0f}" if value < 1000 else ">999"
