"""One style for every figure: size, type, colour, and how text is put into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analysis.figures.drawing.text import wrapped

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
# white around letters, so that text reads over lines and points without a box that hides them
HALO = "0 0 2px white, 0 0 2px white, 0 0 3px white, 0 0 3px white"
# past the palette's end its colours come again, mixed so far with white, then with black
_ROUNDS = ((0.0, 255), (0.45, 255), (0.4, 0))
# contrast with white that text needs (WCAG 2.2, 1.4.3)
_CONTRAST = 4.5
# narrower figures are laid out for one column of a page
_COLUMN = 430
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


def symbol_of(number: int) -> str:
    """Return the marker of a theme or source, which tells apart those that share a colour."""
    return SYMBOLS[max(number, 0) // len(PALETTE) % len(SYMBOLS)]


def _mixed(colour: str, share: float, end: int) -> str:
    """Return a #rrggbb colour mixed with white (255) or black (0)."""
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(value + share * (end - value)):02X}" for value in channels)


def _contrast(colour: str) -> float:
    """Return the contrast of a #rrggbb colour with white, 1 to 21 (WCAG 2.2)."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05))


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

    @property
    def narrow(self) -> bool:
        """Whether a figure has no more than a column's width, and is laid out for it."""
        return self.pixels < _COLUMN

    def colour_of(self, number: int) -> str:
        """Return the colour of a theme or source; past eight they come again lighter, then darker, with another symbol."""
        if number < 0:
            return OUTLIER
        share, end = _ROUNDS[number // len(PALETTE) % len(_ROUNDS)]
        return _mixed(self.palette[number % len(PALETTE)], share, end)

    def ink_of(self, number: int) -> str:
        """Return the colour of a theme or source, dark enough for text on white."""
        colour = self.colour_of(number) if number >= 0 else QUIET
        share = next(share for share in np.arange(0, 1.01, 0.05) if _contrast(_mixed(colour, share, 0)) >= _CONTRAST)
        return _mixed(colour, float(share), 0)

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

    @staticmethod
    def annotate(fig: go.Figure, notes: Sequence[Mapping[str, object]]) -> None:
        """Add annotations to `fig`, all at once: one by one each is checked again with every further one."""
        fig.update_layout(annotations=[*fig.layout.annotations, *notes])

    def empty(self, text: str) -> go.Figure:
        """Return a figure with a sentence in its middle: why there is nothing to see."""
        fig = self.apply(go.Figure(), 120)
        lines = wrapped(text, self.pixels - 90, FONT_SIZE, 5)
        middle = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
        fig.add_annotation(text=lines, showarrow=False, font={"color": QUIET}, **middle)
        fig.update_xaxes(visible=False)
        fig.update_yaxes(visible=False)
        return fig
