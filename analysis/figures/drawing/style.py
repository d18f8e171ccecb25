"""One style for every figure: size, type, colour, and how text is put into it."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.escaping import figure_text

# CSS pixels: 96 per inch, so 680 px are 18 cm, the width of a printed page's text
FULL_WIDTH = 680
FONT = "Arial, Liberation Sans, Helvetica, DejaVu Sans, sans-serif"
FONT_SIZE = 11
INK, QUIET, RULE = "#222222", "#6B6B6B", "#D9D9D9"
# Okabe and Ito's colours for every kind of colour vision; purple for their yellow, which does not carry on white
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7B2CBF", "#4D4D4D")
# one for each time the palette is gone through
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
OUTLIER = "#B5B5B5"
_UNDECIDED = "#8A8A8A"
# positions of the palette
_VERDICTS = {
    "rising": 2,
    "small rise": 2,
    "new": 2,
    "falling": 1,
    "small fall": 1,
    "ended": 1,
    "steady": 0,
    "peak": 3,
    "trough": 3,
}
VERDICT_SYMBOLS = {
    "rising": "triangle-up",
    "falling": "triangle-down",
    "small rise": "triangle-up-open",
    "small fall": "triangle-down-open",
    "steady": "square",
    "peak": "diamond",
    "trough": "diamond-open",
    "new": "star",
    "ended": "x",
    "inconclusive": "circle-open",
}


def plain(text: str) -> str:
    """Return `text` so that a figure shows it as it is: markup in a title stays text."""
    return figure_text(text)


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """Return `text` on at most `lines` lines of about `width` characters, escaped."""
    parts = textwrap.wrap(str(text), width, break_long_words=True) or [""]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][: width - 1] + "…"]
    return "<br>".join(plain(part) for part in parts)


def shortened(text: str, width: int) -> str:
    """Return `text` cut to `width` characters, escaped."""
    return plain(text if len(text) <= width else text[: width - 1].rstrip() + "…")


def symbol_of(number: int) -> str:
    """Return the marker of a theme or source, which tells apart those that share a colour."""
    return SYMBOLS[max(number, 0) // len(PALETTE) % len(SYMBOLS)]


def tinted(colour: str, opacity: float) -> str:
    """Return a #rrggbb colour as rgba with `opacity`, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


@dataclass(frozen=True)
class Style:
    """How figures look; study.toml may ask for another width, font or palette.

    Attributes
    ----------
    width : float
        Of every figure in centimetres; type stays at its size in print.
    font : str or None
        First choice of font; None for the package's own.
    palette : tuple of str
        Colours as #rrggbb, as many as `PALETTE` or more.
    """

    width: float = 18.0
    font: str | None = None
    palette: tuple[str, ...] = PALETTE

    @property
    def pixels(self) -> int:
        """The width in CSS pixels."""
        return round(self.width * FULL_WIDTH / 18)

    @property
    def family(self) -> str:
        """The fonts, by choice."""
        return FONT if self.font is None else f"{self.font}, {FONT}"

    def colour_of(self, number: int) -> str:
        """Return the colour of a theme or source; past eight colours come again, with another symbol."""
        return OUTLIER if number < 0 else self.palette[number % len(PALETTE)]

    def verdict_colour(self, verdict: str) -> str:
        """Return the colour of a verdict."""
        return self.palette[_VERDICTS[verdict]] if verdict in _VERDICTS else _UNDECIDED

    def apply(self, fig: go.Figure, height: int, *, margin: Sequence[int] = (60, 14, 30, 44)) -> go.Figure:
        """Give `fig` this style and return it.

        Parameters
        ----------
        fig : Figure
        height : int
            CSS pixels.
        margin : left, right, top, bottom in pixels
        """
        left, right, top, bottom = margin
        font = {"family": self.family, "size": FONT_SIZE}
        fig.update_layout(
            template="none",
            width=self.pixels,
            height=height,
            paper_bgcolor="white",
            plot_bgcolor="white",
            font={**font, "color": INK},
            margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 2},
            legend={"font": {"size": FONT_SIZE}, "bgcolor": "rgba(255,255,255,0.85)", "itemsizing": "constant"},
            hoverlabel={"font": font, "align": "left"},
        )
        title = {"standoff": 6, "font": {"size": FONT_SIZE}}
        axis = {
            "showline": True,
            "linecolor": INK,
            "linewidth": 1,
            "gridcolor": RULE,
            "gridwidth": 0.6,
            "zeroline": False,
        }
        ticks = {"ticks": "outside", "ticklen": 3, "tickcolor": INK}
        fig.update_xaxes(**axis, **ticks, title=title)
        fig.update_yaxes(**axis, **ticks, title=title)
        return fig

    def empty(self, text: str) -> go.Figure:
        """Return a figure with one line in its middle: why there is nothing to see."""
        fig = self.apply(go.Figure(), 120)
        fig.add_annotation(
            text=plain(text), x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"color": QUIET}
        )
        fig.update_xaxes(visible=False)
        fig.update_yaxes(visible=False)
        return fig
