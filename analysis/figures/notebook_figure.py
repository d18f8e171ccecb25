"""Figures as notebooks show them."""

import json
from typing import Any

import plotly.graph_objects as go

from analysis.errors import InputError
from analysis.figures.static import render
from analysis.validation import expect


class NotebookFigure:
    """A figure in a notebook: interactive where plotly runs, the persisted SVG everywhere else."""

    def __init__(self, figure: go.Figure, picture: str | None, alt: str) -> None:
        self.figure = figure
        self._picture = picture
        self._alt = alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {
            "text/plain": self._alt,
            "application/vnd.plotly.v1+json": json.loads(self.figure.to_json()),
        }
        if self._picture is not None:
            bundle["image/svg+xml"] = self._picture
        return bundle


def show(figure: go.Figure, alt: str = "A figure.") -> NotebookFigure:
    """Return any figure for a notebook: interactive, with a picture drawn now where there is a browser.

    Parameters
    ----------
    figure : Figure
    alt : str
        What it shows, for those who cannot see it.

    Raises
    ------
    InputError
        `figure` is no plotly figure, or `alt` no text.
    """
    expect(figure, go.Figure, "figure", "at.figures.topic_map(corpus, topics) makes one", InputError)
    expect(alt, str, "alt", "say what the figure shows", InputError)
    (picture,), _ = render([(figure, "svg")])
    return NotebookFigure(figure, None if picture is None else picture.decode("utf-8"), alt)
