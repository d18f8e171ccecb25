"""The emergence plane: how large a topic is of late against how fast its share grows."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.forest import log_ticks
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.label_layout import place_near
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.share_axis import placed, share_ticks
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import HALO, INK, Style, tinted
from analysis.figures.drawing.text import LINE, lines_of, plain, text_width
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import MOVED

_HEIGHT, _NARROW_HEIGHT = 500, 330
_MARGIN = (58, 16, 14, 50)
# odds ratios are drawn as far as the circles go, between these folds a year; intervals are cut there
_LEAST_REACH, _REACH = 1.1, 4.0
_NAME, _NARROW_NAME = (9, 120), (8, 76)
_ACROSS = "Share of the papers of the latest periods that hold a quarter of all"
NONE = "No topic has a trend that could be assessed."


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topic, label, theme_number, verdict and the columns of `Trends.emergence`."""
    frame = trends.emergence.reset_index()
    frame.insert(1, "label", frame["topic"].map(topics.table["label"]))
    frame.insert(2, "theme_number", frame["topic"].map(topics.theme_of_topic).fillna(-1).astype("int64"))
    frame.insert(3, "verdict", frame["topic"].map(trends.tests["verdict"]).astype("str"))
    return frame


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return "" if (frame["growth"].notna() & (frame["n"] > 0)).any() else NONE


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: recent share across, yearly odds ratio up, with its interval; filled where a direction is claimed."""
    shown = frame[frame["growth"].notna() & (frame["n"] > 0)]
    if shown.empty:
        return style.empty(NONE)
    fig, reach = go.Figure(), _reach(shown)
    fig.add_hline(y=1, line={"color": INK, "width": 1})
    _intervals(fig, shown, reach, style)
    directed = shown["verdict"].isin(MOVED)
    colours = [style.colour_of(int(number)) for number in shown["theme_number"]]
    fig.add_scatter(
        x=placed(shown["recent_share"]),
        y=shown["growth"].clip(1 / reach, reach),
        mode="markers",
        showlegend=False,
        marker={
            "size": _diameters(shown["n"]),
            "color": [colour if told else "white" for colour, told in zip(colours, directed, strict=True)],
            "line": {"color": colours, "width": 1.6},
            "opacity": 1,
        },
        customdata=np.column_stack(
            [
                shown["label"].map(plain),
                shown["n"],
                shown["growth_low"],
                shown["growth_high"],
                shown["verdict"],
                shown["recent_share"],
            ]
        ),
        hovertemplate="<b>%{customdata[0]}</b> (n = %{customdata[1]})<br>recent share %{customdata[5]:.1%}, "
        "odds ratio per year %{y:.2f} (%{customdata[2]:.2f}–%{customdata[3]:.2f}), %{customdata[4]}<extra></extra>",
    )
    height = _NARROW_HEIGHT if style.narrow else _HEIGHT
    fig = style.apply(fig, height, margin=_MARGIN)
    most = float(shown["recent_share"].max())
    across = [-0.05 * placed(most) - 0.01, 1.08 * placed(most) + 0.01]
    up = _ends(shown, reach, height - _MARGIN[2] - _MARGIN[3])
    ticks = [tick for tick in log_ticks(reach, height - _MARGIN[2] - _MARGIN[3]) if up[0] <= np.log10(tick) <= up[1]]
    places, told = share_ticks(1.08 * most)
    fig.update_xaxes(
        range=across,
        tickvals=places,
        ticktext=told,
        title_text="Share of the latest quarter of papers" if style.narrow else _ACROSS,
    )
    fig.update_yaxes(
        type="log",
        range=up,
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        title_text="Odds ratio per year (log scale)",
    )
    area = np.array([style.pixels - _MARGIN[0] - _MARGIN[1], height - _MARGIN[2] - _MARGIN[3]], dtype=float)
    _name(fig, shown, np.array([across, up], dtype=float), area, reach, style)
    return fig


def _intervals(fig: go.Figure, shown: pd.DataFrame, reach: float, style: Style) -> None:
    for row in shown.itertuples():
        colour = style.colour_of(int(row.theme_number))
        ends = [float(np.clip(end, 1 / reach, reach)) for end in (row.growth_low, row.growth_high)]
        fig.add_scatter(
            x=placed([row.recent_share] * 2),
            y=ends,
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            line={"color": tinted(colour, 0.35), "width": 1.1},
        )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Emergence of topics: share among the latest papers (on a square-root axis) against growth, the odds ratio per year with "
        "its 95 % interval (cut at the axis); area grows with the number of papers, filled circles have a claimed direction, "
        "open ones do not. Upper right: large and growing; upper left: small and perhaps growing. Where names have no room "
        "beside their circles, topics that moved and larger ones come first."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    shown = frame[frame["growth"].notna() & (frame["n"] > 0)]
    if shown.empty:
        return "No topic has a trend that could be assessed, so there is nothing to show."
    clear = shown[(shown["growth_low"] > 1) | (shown["growth_high"] < 1)]
    fastest = shown.loc[shown["growth_low"].idxmax()]
    return (
        f"Share against growth of {counted(len(shown), 'topic')}: {len(clear)} have an interval clear of no change; "
        f"the surest growth is that of {fastest['label']} (odds ratio {fastest['growth']:.2f} per year, "
        f"{fastest['growth_low']:.2f} or more), "
        f"with {fastest['recent_share']:.0%} of the latest papers."
    )


@checked
def emergence_plane(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the emergence plane."""
    return draw_with(SPEC, data(topics, trends), options)


def _reach(shown: pd.DataFrame) -> float:
    """Return how many-fold a year the axis reaches: past every circle, with room for the nearer half of the intervals."""
    circles = float(np.exp(np.abs(np.log(shown["growth"])).max()))
    intervals = pd.concat([shown["growth_high"], 1 / shown["growth_low"].clip(lower=1e-9)])
    return float(np.clip(max(circles * 1.1, float(intervals.median())), _LEAST_REACH, _REACH))


def _ends(shown: pd.DataFrame, reach: float, pixels: float) -> list[float]:
    """Return the ends of the growth axis as powers of ten: whole circles, and half of the intervals on each side."""
    circles = np.log10(shown["growth"].clip(1 / reach, reach))
    low = np.log10(shown["growth_low"].clip(1 / reach, reach)).median()
    high = np.log10(shown["growth_high"].clip(1 / reach, reach)).median()
    ends = np.array([min(circles.min(), low, 0.0), max(circles.max(), high, 0.0)])
    # half a circle's width is left beyond
    beyond = 12 / pixels * (ends[1] - ends[0]) + 0.01
    return [float(ends[0] - beyond), float(ends[1] + beyond)]


def _diameters(papers: pd.Series) -> np.ndarray:
    """Return the circles' diameters in pixels: area grows with the papers."""
    return np.asarray(5 + 14 * np.sqrt(papers / papers.max()), dtype=float)


def _name(
    fig: go.Figure, shown: pd.DataFrame, ranges: np.ndarray, area: np.ndarray, reach: float, style: Style
) -> None:
    """Put each topic's name beside its circle where there is room: first those that moved, then the largest."""
    size, widest = _NARROW_NAME if style.narrow else _NAME
    diameters = _diameters(shown["n"])
    order = np.lexsort((-shown["n"], ~shown["verdict"].isin(MOVED)))
    shown, radii = shown.iloc[order], diameters[order] / 2 + 1
    low, span = ranges[:, 0], ranges[:, 1] - ranges[:, 0]
    points = np.column_stack([placed(shown["recent_share"]), np.log10(shown["growth"].clip(1 / reach, reach))])
    centres = (points - low) / span * area
    lines = [lines_of(label, widest, size, 2) for label in shown["label"]]
    boxes = np.array([(max(text_width(line, size) for line in parts) + 3, len(parts) * size * LINE) for parts in lines])
    positions, kept = place_near(centres, radii, boxes, (0, float(area[0]), 0, float(area[1])))
    for number in np.flatnonzero(kept):
        at = positions[number] / area * span + low
        fig.add_annotation(
            x=float(at[0]),
            y=float(at[1]),
            text="<br>".join(plain(line) for line in lines[number]),
            showarrow=False,
            font={"size": size, "color": style.ink_of(int(shown["theme_number"].iloc[number])), "shadow": HALO},
            borderpad=0,
        )


SPEC = FigureSpec(
    "emergence_plane",
    "Emergence: share against growth",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    rows="topic",
    ordered=False,
)
