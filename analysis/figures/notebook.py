"""Figures, tables and texts as notebooks show them."""

import json
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.errors import InputError
from analysis.figures.static import render
from analysis.io.display import html_table
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


class NotebookTable:
    """A table in a notebook: text whole and at the left, numbers rounded and at the right."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.table = table

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return html_table(self.table)


class NotebookText:
    """Markdown in a notebook."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"{self.text[:200]} ..." if len(self.text) > 200 else self.text

    def _repr_markdown_(self) -> str:
        return self.text


def show(figure: go.Figure | pd.DataFrame, alt: str = "A figure.") -> NotebookFigure | NotebookTable:
    """Return any figure or table for a notebook.

    A figure is interactive, with a picture drawn now where there is a browser, which is what a static export shows. A table
    has its text whole and at the left, its numbers rounded and at the right.

    Parameters
    ----------
    figure : Figure or DataFrame
    alt : str
        What a figure shows, for those who cannot see it.

    Raises
    ------
    InputError
        `figure` is neither, or `alt` no text.
    """
    expect(alt, str, "alt", "say what the figure shows", InputError)
    if isinstance(figure, pd.DataFrame):
        return NotebookTable(figure)
    expect(
        figure,
        go.Figure,
        "figure",
        "at.figures.topic_map(corpus, topics) makes a figure; tables are DataFrames",
        InputError,
    )
    (picture,), _ = render([(figure, "svg")])
    return NotebookFigure(figure, None if picture is None else picture.decode("utf-8"), alt)
