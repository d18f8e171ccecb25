"""A figure by name: what it is drawn from, how, and the words that go with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.escaping import one_line
from analysis.figures.drawing.style import Style
from analysis.topics.result import Topics
from analysis.trends.result import Trends


class Drawing(Protocol):
    """Draws a figure's table in a style."""

    def __call__(self, frame: pd.DataFrame, style: Style = ..., /) -> go.Figure:
        """Return the figure."""
        ...


def always(frame: pd.DataFrame) -> str:
    """Return no reason to leave a figure out."""
    return ""


@dataclass(frozen=True)
class FigureSpec:
    """A figure of the catalogue.

    Attributes
    ----------
    name : str
        Of its files.
    title : str
    data : callable
        Returns the table that it is drawn from.
    draw : callable
        Draws the table in a style; a sentence where there is nothing to show.
    caption, alt : callable
        Return the caption, and what those are told who cannot see it.
    without : callable
        Returns a sentence where the table holds nothing worth a figure, which then stands in its place; else "".
    body : bool
        Whether it belongs into a survey's body; else into its supplement.
    rows : {"topic", "group", ""}
        The table's column of topics or themes by which a figure may be cut to some of them; "" where there is none.
    ordered : bool
        Whether those may stand in another order.
    """

    name: str
    title: str
    data: Callable[[Corpus, Topics, Trends], pd.DataFrame]
    draw: Drawing
    caption: Callable[[pd.DataFrame], str]
    alt: Callable[[pd.DataFrame], str]
    without: Callable[[pd.DataFrame], str] = always
    body: bool = False
    rows: Literal["topic", "group", ""] = ""
    ordered: bool = True

    def words(self, frame: pd.DataFrame, topics: Topics) -> dict[str, str]:
        """Return title, caption and alt text, each one line, for a table of `data`.

        The caption lists topics whose names are unsure, and those that a reader's outline does not name. Of a figure that
        is left out, caption and alt text say why.
        """
        reason = self.without(frame)
        if reason:
            return {"title": self.title, "caption": one_line(reason), "alt": one_line(reason)}
        unsure = _listed("Unsure names, better read with their keywords", topics.unsure_labels, frame, topics)
        beside = _listed("Not in the outline", topics.beside_outline, frame, topics)
        caption = f"{self.caption(frame)} {unsure} {beside}"
        return {"title": self.title, "caption": one_line(caption), "alt": one_line(self.alt(frame))}


def _listed(what: str, numbers: Sequence[int], frame: pd.DataFrame, topics: Topics) -> str:
    """Return a sentence that lists some topics' labels as far as `frame` shows them; empty without any."""
    shown = set(frame["label"]) if "label" in frame else set()
    labels = [label for label in topics.table["label"].reindex(numbers) if label in shown]
    return f"{what}: {', '.join(labels)}." if labels else ""
