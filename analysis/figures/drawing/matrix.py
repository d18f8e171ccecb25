"""Heatmaps alike: named rows and columns, values written in, a colour scale that says what it measures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analysis.figures.drawing.style import Style, shortened

SHARES = [[0.0, "#FFFFFF"], [1.0, "#2A6F9E"]]
# both ends keep apart under every kind of colour vision
SIGNED = [[0.0, "#B35806"], [0.5, "#FFFFFF"], [1.0, "#2A6F9E"]]
_LEFT, _RIGHT, _ROW = 216, 80, 20
# width of a digit, in sizes of its font
_DIGIT = 0.56
# characters of a slanted name above a column, and pixels a character takes upwards
_NAME, _RISE = 30, 4.6


@dataclass(frozen=True)
class Scale:
    """A colour scale: its stops, its ends, its title and the format of its ticks."""

    stops: list[list[object]]
    low: float
    high: float
    title: str
    tick: str = ".0%"


def heatmap(
    values: np.ndarray,
    texts: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    scale: Scale,
    style: Style,
    *,
    hover: np.ndarray | None = None,
) -> go.Figure:
    """Draw a matrix.

    Parameters
    ----------
    values : ndarray of float, shape (r, c)
        What colours tell; NaN stays empty.
    texts : ndarray of str, shape (r, c)
        What is written into the cells.
    rows, columns : sequence of str
        Names as they are; cut and escaped here.
    scale : Scale
    style : Style
    hover : ndarray of str, shape (r, c), optional
        Sentences for the pointer; already escaped.
    """
    positions = list(range(len(rows)))
    font = 9 if len(columns) > 14 else 10
    room = (style.pixels - _LEFT - _RIGHT) / max(len(columns), 1)
    longest_text = max((len(str(text)) for text in texts.ravel()), default=0)
    # what would run into the next cell is left to the pointer and the data
    shown = texts if longest_text * font * _DIGIT <= room else np.full(values.shape, "")
    fig = go.Figure(
        go.Heatmap(
            z=values,
            x=list(range(len(columns))),
            y=positions,
            text=shown,
            texttemplate="%{text}",
            colorscale=scale.stops,
            zmin=scale.low,
            zmax=scale.high,
            xgap=1,
            ygap=1,
            textfont={"size": font},
            colorbar=_colour_bar(scale, len(rows)),
            showscale=len(rows) >= 6,
            customdata=hover,
            hovertemplate=None if hover is None else "%{customdata}<extra></extra>",
        )
    )
    names = [shortened(str(name), _NAME) for name in columns]
    longest = max((min(len(str(name)), _NAME) for name in columns), default=0)
    top = int(14 + _RISE * longest)
    fig = style.apply(fig, top + 14 + _ROW * len(rows), margin=(_LEFT, 10, top, 14))
    fig.update_xaxes(
        tickvals=list(range(len(names))),
        ticktext=names,
        side="top",
        tickangle=-50,
        tickfont={"size": 9},
        showgrid=False,
        ticks="",
        showline=False,
    )
    fig.update_yaxes(
        tickvals=positions,
        ticktext=[shortened(str(name), 36) for name in rows],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": 10},
    )
    return fig


def _colour_bar(scale: Scale, n_rows: int) -> dict[str, object]:
    return {
        "title": {"text": f"{scale.title}<br> ", "font": {"size": 10}},
        "tickformat": scale.tick,
        "thickness": 10,
        "lenmode": "pixels",
        "len": min(220, max(90, _ROW * n_rows)),
        "y": 1,
        "yanchor": "top",
        "tickfont": {"size": 10},
    }
