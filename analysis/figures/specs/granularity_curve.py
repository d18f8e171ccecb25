"""The granularity curve: what other numbers of topics would have looked like."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, Style
from analysis.topics.result import Topics

_LINES = (
    ("stability", "Stability: agreement with resampled cuts (AMI)", 0, "circle"),
    ("silhouette", "Separation: silhouette in the consensus", 1, "square"),
    ("together", "Coassociation below which groups stay apart", 2, "diamond"),
)
NONE = "The number of topics was not chosen among others."
# counts that are drawn as ticks of the logarithmic axis
_TICKS = (2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150)


def data(topics: Topics) -> pd.DataFrame:
    """Return topics, stability, silhouette, together, chosen, reason, shown: one row per number of topics.

    shown is how many topics there are: less than the chosen number where some did not hold or were merged since.
    """
    columns = ["topics", "stability", "silhouette", "together", "chosen", "reason"]
    return topics.granularity[columns].assign(shown=int((topics.table.index >= 0).sum()))


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    if not frame["stability"].isna().all():
        return ""
    chosen = frame[frame["chosen"]]
    return f"{NONE[:-1]}: {int(chosen['topics'].iloc[0])}, because {chosen['reason'].iloc[0]}." if len(chosen) else NONE


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as three lines over the number of topics, with the chosen one marked."""
    if frame["stability"].isna().all():
        return style.empty(NONE)
    fig = go.Figure()
    for name, label, position, symbol in _LINES:
        colour = style.palette[position]
        fig.add_scatter(
            x=frame["topics"],
            y=frame[name],
            mode="lines+markers",
            name=label,
            line={"color": colour, "width": 1.8},
            marker={"symbol": symbol, "size": 6, "color": colour},
            hovertemplate="%{x} topics: %{y:.2f}<extra></extra>",
        )
    fig = style.apply(fig, 330, margin=(52, 14, 88 if style.narrow else 66, 46))
    chosen = frame[frame["chosen"]]
    if len(chosen):
        count, shown = int(chosen["topics"].iloc[0]), int(chosen["shown"].iloc[0])
        fig.add_vline(x=count, line={"color": INK, "width": 1, "dash": "dot"})
        _mark(fig, count, f"chosen: {count}" if count == shown else f"cut at {count}, {shown} topics shown")
    fig.update_layout(legend={"orientation": "h", "x": 0, "y": 1.07, "yanchor": "bottom", "font": {"size": 10}})
    least, most = int(frame["topics"].min()), int(frame["topics"].max())
    fig.update_xaxes(
        title_text="Number of topics asked for (log scale)",
        type="log",
        tickvals=[t for t in _TICKS if least <= t <= most],
        range=[_log(least) - 0.04, _log(max(most, least + 1)) + 0.04],
    )
    fig.update_yaxes(title_text="Value (see legend)", range=[min(0.0, float(frame["silhouette"].min())) - 0.02, 1.02])
    return fig


def _mark(fig: go.Figure, count: int, text: str) -> None:
    fig.add_annotation(
        x=_log(count),
        y=1.0,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=text,
        font={"size": 10, "color": INK},
    )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    chosen = frame[frame["chosen"]]
    if frame["stability"].isna().all():
        return without(frame)
    why = f" Chosen: {int(chosen['topics'].iloc[0])}, because {chosen['reason'].iloc[0]}." if len(chosen) else ""
    if len(chosen) and chosen["shown"].iloc[0] != chosen["topics"].iloc[0]:
        why += f" Topics that are shown: {int(chosen['shown'].iloc[0])}; others did not hold, or were edited since."
    return (
        "Other numbers of topics weighed beside the chosen one: adjusted mutual information with cuts of resampled consensuses, "
        f"mean silhouette, and the coassociation at which that many groups are left.{why}"
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame["stability"].isna().all():
        return NONE
    best = frame.loc[frame["stability"].idxmax()]
    chosen = frame[frame["chosen"]]
    there = f"; {chosen['stability'].iloc[0]:.2f} at the chosen {int(chosen['topics'].iloc[0])}" if len(chosen) else ""
    return (
        f"Stability, separation and coassociation for {frame['topics'].min()} to {frame['topics'].max()} topics; the "
        f"most stable cut has {int(best['topics'])} topics ({best['stability']:.2f}){there}."
    )


@checked
def granularity_curve(topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw stability, separation and coassociation over the number of topics."""
    return draw_with(SPEC, data(topics), options)


def _log(value: float) -> float:
    return float(np.log10(value))


SPEC = FigureSpec(
    "granularity_curve", "How many topics", lambda corpus, topics, trends: data(topics), draw, caption, alt, without
)
