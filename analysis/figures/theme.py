"""One look for every figure: size, type, colour, and how text is put into it."""

import html
import textwrap
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

# CSS pixels: 96 an inch, so 680 px are 18 cm, the width of a printed page's text
FULL_WIDTH = 680
# what sources beyond the largest are called together
OTHERS = "other sources"
FONT = "Arial, Liberation Sans, Helvetica, DejaVu Sans, sans-serif"
FONT_SIZE = 11
INK, QUIET, RULE = "#222222", "#6B6B6B", "#D9D9D9"
# Okabe and Ito's colours for every kind of colour vision; purple for their yellow, which does not carry on white
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7B2CBF", "#4D4D4D")
# one for each time the palette is gone through
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
OUTLIER = "#B5B5B5"
VERDICT_COLOURS = {"rising": "#009E73", "falling": "#D55E00", "steady": "#0072B2", "inconclusive": "#8A8A8A"}
VERDICT_SYMBOLS = {
    "rising": "triangle-up",
    "falling": "triangle-down",
    "steady": "square",
    "inconclusive": "circle-open",
}


def plain(text: str) -> str:
    """Return `text` so that a figure shows it as it is: markup in a title stays text."""
    return html.escape(str(text), quote=False)


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """Return `text` on at most `lines` lines of about `width` characters, escaped."""
    parts = textwrap.wrap(str(text), width, break_long_words=True) or [""]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][: width - 1] + "…"]
    return "<br>".join(plain(part) for part in parts)


def shortened(text: str, width: int) -> str:
    """Return `text` cut to `width` characters, escaped."""
    return plain(text if len(text) <= width else text[: width - 1].rstrip() + "…")


def colour_of(number: int) -> str:
    """Return the colour of a theme or source; past the palette colours come again, with another symbol."""
    return OUTLIER if number < 0 else PALETTE[number % len(PALETTE)]


def symbol_of(number: int) -> str:
    """Return the marker of a theme or source, which tells apart those that share a colour."""
    return SYMBOLS[max(number, 0) // len(PALETTE) % len(SYMBOLS)]


def tinted(colour: str, opacity: float) -> str:
    """Return a #rrggbb colour as rgba with `opacity`, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def topic_order(table: pd.DataFrame, themes: pd.DataFrame) -> list[int]:
    """Return topics in the order of every figure: by theme, then by size; outliers last."""
    listed = [topic for topics in themes["topics"] for topic in topics]
    return [*listed, *(topic for topic in table.index if topic not in set(listed))]


def largest_sources(sources: pd.Series, most: int) -> pd.Series:
    """Return each paper's source, or `OTHERS` where it is not among the `most` largest ones."""
    common = sources.value_counts().sort_values(ascending=False, kind="stable").index
    return sources.where(sources.isin(common[:most]), OTHERS)


def styled(
    fig: go.Figure, height: int, *, width: int = FULL_WIDTH, margin: Sequence[int] = (60, 14, 30, 44)
) -> go.Figure:
    """Give `fig` the common look and return it.

    Parameters
    ----------
    fig : Figure
    height, width : int
        CSS pixels.
    margin : left, right, top, bottom in pixels
    """
    left, right, top, bottom = margin
    fig.update_layout(
        template="none", width=width, height=height, paper_bgcolor="white", plot_bgcolor="white",
        font={"family": FONT, "size": FONT_SIZE, "color": INK},
        margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 2},
        legend={"font": {"size": FONT_SIZE}, "bgcolor": "rgba(255,255,255,0.85)", "itemsizing": "constant"},
        hoverlabel={"font": {"family": FONT, "size": FONT_SIZE}, "align": "left"},
    )  # fmt: skip
    axis = {
        "showline": True, "linecolor": INK, "linewidth": 1, "ticks": "outside", "ticklen": 3, "tickcolor": INK,
        "gridcolor": RULE, "gridwidth": 0.6, "zeroline": False, "title": {"standoff": 6, "font": {"size": FONT_SIZE}},
    }  # fmt: skip
    fig.update_xaxes(**axis)
    fig.update_yaxes(**axis)
    return fig


def note(fig: go.Figure, text: str) -> go.Figure:
    """Write one line in the middle of an empty figure: why there is nothing to see."""
    fig.add_annotation(
        text=plain(text), x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"color": QUIET}
    )
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False)
    return fig
