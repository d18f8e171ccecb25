"""What a caller may ask of any figure: a title, a width, a style, some topics, their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict

import pandas as pd
import plotly.graph_objects as go

from analysis.errors import InputError
from analysis.figures.drawing.spec import Drawing, FigureSpec
from analysis.figures.drawing.style import FONT_SIZE, Style
from analysis.figures.drawing.text import LINE, lines_of, plain
from analysis.validation import expect

_TITLE_SIZE = FONT_SIZE + 3
_SIZES = ("topic_size", "size", "n_topic", "n")
_NARROWEST, _WIDEST = 6.0, 60.0


class Options(TypedDict, total=False):
    """Keywords of every figure.

    Attributes
    ----------
    title : str
        Written above the figure.
    width : float
        Centimetres, 6 to 60; a column's width (8.5) is laid out anew.
    style : Style
    topics : sequence of int or str
        Topics, or themes where a figure shows them, by number or by label; others are left out.
    order : {"theme", "size", "name"} or sequence of int or str
        Of topics, from the top; those that a sequence leaves out follow.
    """

    title: str
    width: float
    style: Style
    topics: Sequence[int | str]
    order: Literal["theme", "size", "name"] | Sequence[int | str]


@dataclass(frozen=True)
class Picture:
    """A figure outside the catalogue, as far as options concern it; see `FigureSpec`."""

    name: str
    draw: Drawing
    rows: Literal["topic", "group", ""] = ""
    ordered: bool = False


def draw_with(spec: FigureSpec | Picture, frame: pd.DataFrame, options: Options) -> go.Figure:
    """Draw a figure's table as its caller asked.

    Raises
    ------
    InputError
        An option is not known, is of the wrong type, names topics that the figure does not show, or asks for an order
        that it cannot take.
    """
    unknown = sorted(set(options) - set(Options.__annotations__))
    if unknown:
        raise InputError(f"{spec.name} has no option {unknown[0]!r}; there are: {', '.join(Options.__annotations__)}")
    style = options.get("style") or Style()
    expect(style, Style, "style", "at.Style(width=8.5) is one", InputError)
    width = options.get("width")
    if width is not None:
        if not isinstance(width, int | float) or not _NARROWEST <= width <= _WIDEST:
            raise InputError(f"width must be centimetres from {_NARROWEST:g} to {_WIDEST:g}, not {width!r}")
        style = replace(style, width=float(width))
    shown = _ordered(spec, _chosen(spec, frame, options.get("topics")), options.get("order"))
    fig = spec.draw(shown, style)
    title = options.get("title")
    return fig if title is None else _titled(fig, title, style)


def _titled(fig: go.Figure, title: str, style: Style) -> go.Figure:
    """Write a title above a figure, which grows by as much."""
    expect(title, str, "title", "give a text", InputError)
    lines = lines_of(title, style.pixels - 24, _TITLE_SIZE, 4)
    room = round(len(lines) * _TITLE_SIZE * LINE + 10)
    return fig.update_layout(
        title={
            "text": "<br>".join(plain(line) for line in lines),
            "font": {"size": _TITLE_SIZE},
            "x": 0.01,
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 8},
        },
        height=fig.layout.height + room,
        margin={"t": fig.layout.margin.t + room},
    )


def _chosen(spec: FigureSpec | Picture, frame: pd.DataFrame, asked: Sequence[int | str] | None) -> pd.DataFrame:
    """Return the rows of the topics that were asked for."""
    if asked is None:
        return frame
    if not spec.rows:
        raise InputError(f"{spec.name} shows no single topics, so it takes no topics=")
    kept = _positions(spec, frame, asked, "topics")
    if not kept:
        raise InputError("topics is empty; name at least one")
    chosen = frame[_keys(spec, frame).isin(kept)]
    if "other" in frame:
        chosen = chosen[chosen["other"].isin(set(chosen[spec.rows]))]
    return chosen.reset_index(drop=True)


def _ordered(spec: FigureSpec | Picture, frame: pd.DataFrame, order: Any) -> pd.DataFrame:
    """Return the rows in the order that was asked for."""
    if order is None or order == "theme":
        return frame
    if not spec.rows or not spec.ordered:
        raise InputError(f"{spec.name} has an order of its own, so it takes no order=")
    keys = _keys(spec, frame)
    if order == "size":
        column = next((name for name in _SIZES if name in frame), None)
        if column is None:
            raise InputError(f"{spec.name} tells no sizes to order by; order by 'name', or list the topics")
        sizes = frame.groupby(keys, sort=False)[column].sum().sort_values(ascending=False, kind="stable")
        first = list(sizes.index)
    elif order == "name":
        first = list(frame.groupby(keys, sort=False)["label"].first().sort_values(key=lambda s: s.str.casefold()).index)
    elif isinstance(order, str):
        raise InputError(f"order must be 'theme', 'size', 'name' or a list of topics, not {order!r}")
    else:
        first = _positions(spec, frame, order, "order")
    rank = {key: place for place, key in enumerate(dict.fromkeys([*first, *keys]))}
    places = pd.DataFrame({"one": keys.map(rank)})
    if "other" in frame:
        places["other"] = frame["other"].map(lambda other: rank[("", other)])
    if "family" in frame:
        places.insert(0, "family", pd.factorize(frame["family"])[0])
    return frame.loc[places.sort_values(list(places.columns), kind="stable").index].reset_index(drop=True)


def _keys(spec: FigureSpec | Picture, frame: pd.DataFrame) -> pd.Series:
    """Return what each row is about: a family, or "", and a topic's number."""
    families = frame["family"] if "family" in frame else [""] * len(frame)
    return pd.Series(list(zip(families, frame[spec.rows], strict=True)), index=frame.index, dtype=object)


def _positions(spec: FigureSpec | Picture, frame: pd.DataFrame, asked: Any, option: str) -> list[tuple[str, object]]:
    """Return the keys of topics that are named by number or label."""
    if isinstance(asked, str | int) or not hasattr(asked, "__iter__"):
        raise InputError(f"{option} must be a list of topics, by number or label, not {asked!r}")
    keys = _keys(spec, frame)
    labels = frame.groupby(keys, sort=False)["label"].first()
    # where themes stand beside topics, a number is a topic's
    numbered = [key for key in labels.index if key[0] not in ("theme", "themes")]
    found: list[tuple[str, object]] = []
    for name in asked:
        matches = [key for key in numbered if key[1] == name] or [key for key in labels.index if labels[key] == name]
        if not matches:
            known = ", ".join(f"{labels[key]!r}" for key in labels.index[:6])
            raise InputError(
                f"{spec.name} shows no topic {name!r}; it shows: {known}{', …' if len(labels) > 6 else ''}"
            )
        found.extend(matches)
    return found
