"""The look that study.toml asks for: width, font and palette of every figure."""

import json
import re
from dataclasses import dataclass

import plotly.graph_objects as go

from analysis.figures import theme

_PIXELS_A_CM = theme.FULL_WIDTH / 18


@dataclass(frozen=True)
class Look:
    """How figures are dressed after they are drawn.

    Attributes
    ----------
    width : float
        Of every figure in centimetres; type stays at its size in print.
    font : str or None
        First choice of font; None for the theme's own.
    palette : tuple of str
        Colours as #rrggbb, as many as `theme.PALETTE` or more.
    """

    width: float = 18.0
    font: str | None = None
    palette: tuple[str, ...] = theme.PALETTE


def dressed(fig: go.Figure, look: Look) -> go.Figure:
    """Return `fig` in another look; itself where nothing differs from the theme.

    Parameters
    ----------
    fig : Figure
        Drawn with the theme's own colours, which are exchanged for the look's in their order.
    look : Look
    """
    if look == Look():
        return fig
    changes = {}
    for own, other in zip(theme.PALETTE, look.palette, strict=False):
        changes[own.lower()] = other
        changes[_channels(own)] = _channels(other)
    pattern = re.compile("|".join(re.escape(key) for key in changes), re.IGNORECASE)
    text = pattern.sub(lambda found: changes[found.group().lower()], fig.to_json())
    dressed_figure = go.Figure(json.loads(text))
    dressed_figure.update_layout(width=round(look.width * _PIXELS_A_CM))
    if look.font is not None:
        family = f"{look.font}, {theme.FONT}"
        dressed_figure.update_layout(font={"family": family}, hoverlabel={"font": {"family": family}})
    return dressed_figure


def _channels(colour: str) -> str:
    """Return a #rrggbb colour as `theme.tinted` begins it."""
    return theme.tinted(colour, 1).rsplit(",", 1)[0] + ","
