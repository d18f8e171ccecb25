"""A figure's own HTML page: it fills the window, says what it shows, and follows the reader's light or dark."""

import re
from collections.abc import Mapping
from importlib.resources import files

import plotly.graph_objects as go

from analysis.escaping import html_text
from analysis.figures.drawing.spec import FigureSpec

PLOTLY_JS = "plotly.min.js"


def figure_page(fig: go.Figure, spec: FigureSpec, words: Mapping[str, str], home: str = "index.html") -> str:
    """Return the page; it finds plotly.js beside it and has no random id.

    Parameters
    ----------
    fig : Figure
    spec : FigureSpec
    words : mapping with title, caption and alt
    home : str
        The page that it links back to.
    """
    body = fig.to_html(include_plotlyjs=False, full_html=False, div_id=spec.name, config={"displaylogo": False})
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    template = files("analysis.figures").joinpath("page.html").read_text("utf-8")
    parts = {
        "title": html_text(words["title"]),
        "alt": html_text(words["alt"]),
        "caption": html_text(words["caption"]),
        "plotly": PLOTLY_JS,
        "home": home,
        "name": spec.name,
        "body": body,
    }
    return re.sub(r"\{\{ (\w+) \}\}", lambda match: parts[match.group(1)], template)
