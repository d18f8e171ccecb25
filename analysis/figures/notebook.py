"""Figures, tables and texts as notebooks show them."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.errors import InputError
from analysis.escaping import markdown_text
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
    """Markdown in a notebook, and how a terminal shows it."""

    def __init__(self, text: str, plain: str | None = None) -> None:
        self.text = text
        self._plain = text if plain is None else plain

    def __repr__(self) -> str:
        return f"{self._plain[:200]} ..." if len(self._plain) > 200 else self._plain

    def _repr_markdown_(self) -> str:
        return self.text


def show(
    figure: "go.Figure | pd.DataFrame | pd.Series | str | Sequence[str]", alt: str = "A figure."
) -> NotebookFigure | NotebookTable | NotebookText:
    """Return any figure, table or text for a notebook.

    A figure is interactive, with a picture drawn now where there is a browser, which is what a static export shows. A table
    has its text whole and at the left, its numbers rounded and at the right. A text is a paragraph that breaks between words,
    several texts are a list; letters that mean something in Markdown stay letters.

    Parameters
    ----------
    figure : Figure, DataFrame, str, or sequence or Series of str
    alt : str
        What a figure shows, for those who cannot see it.

    Raises
    ------
    InputError
        `figure` is none of these, or `alt` no text.

    Examples
    --------
    >>> show(["2 topics rise.", "17 are inconclusive."])
    * 2 topics rise.
    * 17 are inconclusive.
    """
    expect(alt, str, "alt", "say what the figure shows", InputError)
    if isinstance(figure, pd.DataFrame):
        return NotebookTable(figure)
    if isinstance(figure, str):
        return NotebookText(markdown_text(figure), figure)
    if isinstance(figure, (list, tuple, pd.Series)) and all(isinstance(text, str) for text in figure):
        plain = "\n".join(f"* {text}" for text in figure)
        return NotebookText("\n".join(f"* {markdown_text(text)}" for text in figure), plain)
    expect(
        figure,
        go.Figure,
        "figure",
        "at.figures.topic_map(corpus, topics) makes a figure; tables are DataFrames, texts are str",
        InputError,
    )
    (picture,), _ = render([(figure, "svg")])
    return NotebookFigure(figure, None if picture is None else picture.decode("utf-8"), alt)
