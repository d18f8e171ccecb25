"""The emergence plane: how large a topic is of late against how fast its share grows."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.label_layout import lay_out_labels
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, Style, plain, shortened, tinted
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import MOVED

_HEIGHT = 520
_MARGIN = (62, 16, 14, 50)
# odds ratios are drawn as far as they and their intervals go, between these folds a year
_LEAST_REACH, _REACH = 1.5, 4.0
_CHARACTER, _LINE = 5.4, 12.0
# more topics than this are named only where they have a direction or are large
_MOST_NAMES = 30


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topic, label, theme_number, verdict and the columns of `Trends.emergence`."""
    frame = trends.emergence.reset_index()
    frame.insert(1, "label", frame["topic"].map(topics.table["label"]))
    frame.insert(2, "theme_number", frame["topic"].map(topics.theme_of_topic).fillna(-1).astype("int64"))
    frame.insert(3, "verdict", frame["topic"].map(trends.tests["verdict"]).astype("str"))
    return frame


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: recent share across, yearly odds ratio up, with its interval; filled where a direction is claimed."""
    shown = frame[frame["growth"].notna() & (frame["n"] > 0)]
    if shown.empty:
        return style.empty("No topic has a trend that could be assessed.")
    fig, reach = go.Figure(), _reach(shown)
    fig.add_hline(y=1, line={"color": INK, "width": 1})
    for row in shown.itertuples():
        colour = style.colour_of(int(row.theme_number))
        ends = [float(np.clip(end, 1 / reach, reach)) for end in (row.growth_low, row.growth_high)]
        fig.add_scatter(
            x=[row.recent_share] * 2,
            y=ends,
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            line={"color": tinted(colour, 0.35), "width": 1.1},
        )
    directed = shown["verdict"].isin(MOVED)
    colours = [style.colour_of(int(number)) for number in shown["theme_number"]]
    fig.add_scatter(
        x=shown["recent_share"],
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
            ]
        ),
        hovertemplate="<b>%{customdata[0]}</b> (n = %{customdata[1]})<br>recent share %{x:.1%}, odds ratio per year %{y:.2f} "
        "(%{customdata[2]:.2f}–%{customdata[3]:.2f}), %{customdata[4]}<extra></extra>",
    )
    fig = style.apply(fig, _HEIGHT, margin=_MARGIN)
    across = [-0.04 * shown["recent_share"].max() - 0.002, 1.12 * shown["recent_share"].max() + 0.004]
    up = [-np.log10(reach * 1.05), np.log10(reach * 1.05)]
    ticks = [0.25, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4] if reach < 3 else [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]
    fig.update_xaxes(
        range=across, tickformat=".0%", title="Share of the papers of the latest periods that hold a quarter of all"
    )
    fig.update_yaxes(
        type="log",
        range=up,
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks],
        title="Odds ratio per year (log scale)",
    )
    _name(fig, shown, across, up, reach, style)
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Emergence of topics: share among the latest papers against growth, the odds ratio per year with its 95 % interval "
        f"(cut at {_REACH:g}-fold); area grows with the number of papers, filled circles have a claimed direction, open ones "
        "do not. Upper right: large and growing; upper left: small and perhaps growing. Most intervals cross 1."
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
def emergence_plane(topics: Topics, trends: Trends) -> go.Figure:
    """Draw the emergence plane."""
    return draw(data(topics, trends))


def _reach(shown: pd.DataFrame) -> float:
    """Return how many-fold a year the axis reaches: as far as the intervals, within bounds."""
    widest = max(float(shown["growth_high"].max()), 1 / max(float(shown["growth_low"].min()), 1e-9))
    return float(np.clip(widest, _LEAST_REACH, _REACH))


def _diameters(papers: pd.Series) -> np.ndarray:
    """Return the circles' diameters in pixels: area grows with the papers."""
    return np.asarray(5 + 14 * np.sqrt(papers / papers.max()), dtype=float)


def _name(
    fig: go.Figure, shown: pd.DataFrame, across: list[float], up: list[float], reach: float, style: Style
) -> None:
    """Put each topic's name near its circle, without overlap."""
    if len(shown) > _MOST_NAMES:
        told = shown["verdict"].isin(MOVED)
        shown = shown[told | (shown["n"].rank(ascending=False, method="first") <= _MOST_NAMES)]
    area = np.array([style.pixels - _MARGIN[0] - _MARGIN[1], _HEIGHT - _MARGIN[2] - _MARGIN[3]])
    low, span = np.array([across[0], up[0]]), np.array([across[1] - across[0], up[1] - up[0]])
    points = np.column_stack([shown["recent_share"], np.log10(shown["growth"].clip(1 / reach, reach))])
    centres = (points - low) / span * area
    texts = [shortened(label, 26) for label in shown["label"]]
    sizes = np.array([(len(text) * _CHARACTER + 4, _LINE + 2) for text in texts])
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    rims = np.column_stack([np.cos(turns), np.sin(turns)])[None] * _diameters(shown["n"])[:, None, None] / 2
    dots = (centres[:, None, :] + rims).reshape(-1, 2)
    positions = lay_out_labels(centres, sizes, dots, (0, float(area[0]), 0, float(area[1])))
    for text, number, centre, position, size in zip(
        texts, shown["theme_number"], centres, positions, sizes, strict=True
    ):
        colour = style.colour_of(int(number))
        if (np.abs(position - centre) > size / 2 + 8).any():
            ends = np.array([centre, position]) / area * span + low
            fig.add_scatter(
                x=ends[:, 0],
                y=10 ** ends[:, 1],
                mode="lines",
                line={"color": colour, "width": 0.7},
                hoverinfo="skip",
                showlegend=False,
            )
        at = position / area * span + low
        fig.add_annotation(
            x=float(at[0]),
            y=float(at[1]),
            text=text,
            showarrow=False,
            font={"size": 9, "color": colour},
            bgcolor="rgba(255,255,255,0.75)",
            borderpad=0,
        )


SPEC = FigureSpec(
    "emergence_plane",
    "Emergence: share against growth",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
)
