"""Heatmaps alike: named rows and columns, values written in, a colour scale that says what it measures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import SLANT, slanted, text_width

SHARES = [[0.0, "#FFFFFF"], [1.0, "#2A6F9E"]]
# both ends keep apart under every kind of colour vision
SIGNED = [[0.0, "#B35806"], [0.5, "#FFFFFF"], [1.0, "#2A6F9E"]]
# pixels of a standing colour bar; of a lying one below the matrix, where rows are fewer than these
_BAR, _FOOT, _FEWEST_ROWS = 80, 62, 7
# pixels of a column below which slanted names run into each other
_NAMED = 10.0


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
        Names as they are; cut and escaped here. Columns that are the rows again are not named where names have no room.
    scale : Scale
    style : Style
    hover : ndarray of str, shape (r, c), optional
        Sentences for the pointer; already escaped.
    """
    positions = list(range(len(rows)))
    labels, heads = label_rows(rows, style, least=20), slanted(columns)
    standing = len(rows) >= _FEWEST_ROWS and not style.narrow
    right = max(_BAR if standing else 12, heads.overhang + 4)
    room = (style.pixels - labels.left - 6 - right) / max(len(columns), 1)
    if room < _NAMED and list(rows) == list(columns):
        heads, right = slanted([]), _BAR if standing else 12
    font = min(labels.size, 9 if len(columns) > 14 or style.narrow else 10)
    longest_text = max((text_width(str(text), font) for text in texts.ravel()), default=0.0)
    # what would run into the next cell is left to the pointer and the data
    shown = texts if longest_text <= room else np.full(values.shape, "")
    foot = 14 if standing else _FOOT
    body = labels.height * len(rows)
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
            colorbar=_standing_bar(scale, body) if standing else _lying_bar(scale, body),
            customdata=hover,
            hovertemplate=None if hover is None else "%{customdata}<extra></extra>",
        )
    )
    fig = style.apply(
        fig, round(heads.height + 6 + foot + body), margin=(labels.left + 6, right, heads.height + 6, foot)
    )
    fig.update_xaxes(
        tickvals=list(range(len(heads.texts))),
        ticktext=heads.texts,
        side="top",
        tickangle=-SLANT,
        tickfont={"size": 9},
        showgrid=False,
        ticks="",
        showline=False,
    )
    fig.update_yaxes(
        tickvals=positions,
        ticktext=labels.texts,
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": labels.size},
    )
    return fig


def _standing_bar(scale: Scale, body: float) -> dict[str, object]:
    return {
        "title": {"text": f"{scale.title}<br> ", "font": {"size": 10}},
        "tickformat": scale.tick,
        "thickness": 10,
        "lenmode": "pixels",
        "len": min(220, max(90, body)),
        "y": 1,
        "yanchor": "top",
        "tickfont": {"size": 10},
    }


def _lying_bar(scale: Scale, body: float) -> dict[str, object]:
    """Return a bar below the matrix, where too few rows stand beside one another for a standing one."""
    return {
        "title": {"text": scale.title.replace("<br>", " "), "font": {"size": 10}, "side": "top"},
        "orientation": "h",
        "tickformat": scale.tick,
        "thickness": 8,
        "lenmode": "pixels",
        "len": 150,
        "x": 0,
        "xanchor": "left",
        "y": -8 / max(body, 1),
        "yanchor": "top",
        "tickfont": {"size": 9},
    }
