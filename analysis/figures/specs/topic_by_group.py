"""Topics by group: the share of each topic in countries, venues or sources, with what differs marked."""

import math
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.errors import InputError
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import source_names, topic_order
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import OUTLIER, QUIET, RULE, Style
from analysis.figures.drawing.text import plain, wrapped
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.groups.compare import GROUP_COLUMNS
from analysis.validation import expect

# groups and topics that have room side by side; the largest stand for the others
_MOST_GROUPS, _MOST_TOPICS = 6, 40
_NARROW_PANELS = 2
# pixels of a printed page
_PAGE = 900
# times the largest share that the axis reaches for an interval
_INTERVALS = 1.7
NONE = "No groups of papers are large enough to be compared."
# what is drawn where several groupings were compared: who and where before where from
_PREFERRED = ("country", "venue", "type", "language", "source")
_COLOURS = {"more": 2, "less": 1}
_SYMBOLS = {"more": "triangle-right", "less": "triangle-left", "alike": "square", "inconclusive": "circle-open"}
_WORDS = {"more": "more than elsewhere", "less": "less", "alike": "as much", "inconclusive": "inconclusive"}


def data(topics: Topics, groups: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Return by, group, topic, label, n, n_group, share, low, high, share_others, difference, q, verdict; of one grouping.

    Parameters
    ----------
    topics : Topics
    groups : DataFrame
        `Trends.groups`, or the table of `analysis.compare_groups`.
    by : str, optional
        Which grouping; where there are several, countries, then venues.
    """
    known = list(groups["by"].unique())
    if by is not None and by not in known:
        raise InputError(f"the table compares nothing by {by!r}; it holds: {', '.join(map(repr, known)) or 'nothing'}")
    ranked = sorted(known, key=lambda name: _PREFERRED.index(name) if name in _PREFERRED else -1)
    chosen = by or (ranked[0] if ranked else None)
    frame = groups[groups["by"] == chosen]
    first = frame.drop_duplicates("group").set_index("group")
    sizes, named = first["n_group"], first.loc[~first["gathered"], "n_group"]
    shown = (named if len(named) > 1 else sizes).nlargest(_MOST_GROUPS, keep="first").index
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic >= 0]
    if len(order) > _MOST_TOPICS:
        largest = set(topics.table["size"].drop(-1, errors="ignore").nlargest(_MOST_TOPICS).index)
        order = [topic for topic in order if topic in largest]
    frame = frame[frame["group"].isin(shown) & frame["topic"].isin(order)]
    rank = {topic: position for position, topic in enumerate(order)}
    place = {group: position for position, group in enumerate(shown)}
    frame = frame.assign(label=frame["topic"].map(topics.table["label"]))
    frame = frame.iloc[np.lexsort((frame["topic"].map(rank), frame["group"].map(place)))]
    columns = ["by", "group", "topic", "label", "n", "n_group", "share", "low", "high", "share_others"]
    return frame[[*columns, "difference", "q", "verdict"]].reset_index(drop=True)


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a column per group, a row per topic, share with interval; grey ticks are the other papers' shares."""
    if frame.empty:
        return style.empty(NONE)
    groups = list(frame["group"].unique())
    labels = frame.drop_duplicates("topic")["label"].tolist()
    sizes = frame.drop_duplicates("group")["n_group"].tolist()
    named = source_names(groups) if frame["by"].iloc[0] == "source" else dict(zip(groups, groups, strict=True))
    rows = label_rows(labels, style)
    across = min(len(groups), _NARROW_PANELS if style.narrow else _MOST_GROUPS)
    body = rows.height * len(labels)
    # a column has room for the largest groups alone
    groups = groups[: across * max(1, int(_PAGE / (body + 60)))]
    deep = math.ceil(len(groups) / across)
    wide = (style.pixels - rows.left - 20) / across
    titles = [
        f"{wrapped(named[group], wide - 8, 10, 4)}<br>(n = {_count(size)})"
        for group, size in zip(groups, sizes, strict=False)
    ]
    head = 12 + 14 * max(title.count("<br>") + 1 for title in titles)
    fig = make_subplots(
        rows=deep,
        cols=across,
        shared_yaxes=True,
        subplot_titles=titles,
        horizontal_spacing=0.018,
        vertical_spacing=(head + 22) / (deep * body + (deep - 1) * (head + 22)) if deep > 1 else 0,
    )
    positions = np.arange(len(labels))
    # room for what is there, and for intervals as far as they do not squeeze it
    widest = float(max(frame["share"].max(), frame["share_others"].max()))
    top = min(1.0, max(widest * 1.15, min(float(frame["high"].max()) * 1.03, widest * _INTERVALS)))
    for number, group in enumerate(groups):
        place = {"row": number // across + 1, "col": number % across + 1}
        _panel(fig, frame[frame["group"] == group], positions, top, place, style)
    _legend(fig, frame, style)
    for annotation in fig.layout.annotations:
        annotation.update(font={"size": 10}, yshift=2)
    whole = deep * body + (deep - 1) * (head + 22)
    foot = 110 if style.narrow else 66
    fig = style.apply(fig, round(foot + head + whole), margin=(rows.left + 6, 14, head, foot))
    start = -rows.left / (style.pixels - rows.left - 20)
    fig.update_layout(legend={"orientation": "h", "x": start, "y": -44 / whole, "yanchor": "top", "font": {"size": 10}})
    ticks = _ticks(top, wide)
    fig.update_xaxes(
        range=[-0.07 * top, top], tickvals=ticks, tickformat=".0%", tickfont={"size": 9.5}, tickangle=0, showline=False
    )
    fig.update_yaxes(
        range=[len(labels) - 0.4, -0.6],
        tickvals=positions,
        ticktext=rows.texts,
        tickfont={"size": rows.size},
        ticks="",
        showline=False,
        gridcolor=RULE,
    )
    fig.add_annotation(
        text="Share of the group’s papers", x=0.5, y=0, xref="paper", yref="paper", yshift=-34, showarrow=False
    )
    return fig


def _legend(fig: go.Figure, frame: pd.DataFrame, style: Style) -> None:
    """Add what the marks mean, as far as there are such."""
    for verdict in [name for name in _SYMBOLS if (frame["verdict"] == name).any()]:
        fig.add_scatter(
            x=[None], y=[None], mode="markers", name=_WORDS[verdict], marker=_marker(verdict, style), row=1, col=1
        )
    tick = {"symbol": "line-ns", "size": 9, "line": {"color": QUIET, "width": 1.6}}
    fig.add_scatter(x=[None], y=[None], mode="markers", name="the other papers’ share", marker=tick, row=1, col=1)


def _panel(
    fig: go.Figure, part: pd.DataFrame, positions: np.ndarray, top: float, place: dict[str, int], style: Style
) -> None:
    part = part.assign(place=positions)
    x: list[float | None] = []
    y: list[float | None] = []
    for row in part.itertuples():
        x += [row.low, min(row.high, top), None]
        y += [row.place, row.place, None]
    line = {"color": OUTLIER, "width": 2.4}
    fig.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False, **place)
    beyond = part[part["high"] > top]
    arrow = {"symbol": "triangle-right", "size": 7, "color": OUTLIER}
    fig.add_scatter(
        x=np.full(len(beyond), top * 0.985),
        y=beyond["place"],
        mode="markers",
        marker=arrow,
        hoverinfo="skip",
        showlegend=False,
        **place,
    )
    tick = {"symbol": "line-ns", "size": 9, "line": {"color": QUIET, "width": 1.6}}
    fig.add_scatter(
        x=part["share_others"],
        y=part["place"],
        mode="markers",
        marker=tick,
        hoverinfo="skip",
        showlegend=False,
        **place,
    )
    for verdict, rows in part.groupby("verdict", sort=False):
        hover = [
            f"<b>{plain(row.label)}</b><br>{_count(row.n)} of {_count(row.n_group)} papers of {plain(row.group)}: "
            f"{row.share:.1%} ({row.low:.1%}–{row.high:.1%})<br>other papers: {row.share_others:.1%}; q = {row.q:.3f}"
            for row in rows.itertuples()
        ]
        fig.add_scatter(
            x=rows["share"],
            y=rows["place"],
            mode="markers",
            marker=_marker(str(verdict), style),
            hovertext=hover,
            hovertemplate="%{hovertext}<extra></extra>",
            showlegend=False,
            **place,
        )


def _marker(verdict: str, style: Style) -> dict[str, object]:
    colour = style.palette[_COLOURS[verdict]] if verdict in _COLOURS else "#4D4D4D"
    return {"symbol": _SYMBOLS[verdict], "color": colour, "size": 8, "line": {"width": 1.3, "color": colour}}


def _ticks(top: float, pixels: float) -> list[float]:
    """Return round shares that leave room for their labels beside the next panel's."""
    step = next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5) if top / step <= pixels / 42), 0.5)
    return [float(value) for value in np.arange(0, top * 0.9, step)]


def _count(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return NONE
    by = frame["by"].iloc[0]
    frames = {"source": "language and year", "language": "source and year", "corpus": "year"}
    within = frames.get(by, "source, language and year")
    return (
        f"Share of each topic among the papers of the largest groups by {by}, with 95 % Jeffreys intervals (arrows: beyond the "
        f"axis); a paper of several groups is in each. Marked is what differs from the other papers of the same {within} "
        "(papers' topics exchanged there, adaptive Benjamini-Hochberg over all groups and topics, borne out by redrawn "
        "clusterings); as much: the odds differ by less than what is small."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    differ = int(frame["verdict"].isin(["more", "less"]).sum())
    return (
        f"Dot plots of {counted(frame['topic'].nunique(), 'topic')} in {counted(frame['group'].nunique(), 'group')} by "
        f"{frame['by'].iloc[0]}; {differ} of {len(frame)} shares differ from those of the other papers."
    )


@checked
def topic_by_group(
    topics: Topics, /, groups: pd.DataFrame, by: str | None = None, **options: Unpack[Options]
) -> go.Figure:
    """Draw topics by group: `groups` is `Trends.groups` or the table of `analysis.compare_groups`."""
    expect(groups, pd.DataFrame, "groups", "give trends.groups, or the table of at.compare_groups", InputError)
    lacking = sorted(set(GROUP_COLUMNS) - set(groups.columns))
    if lacking:
        raise InputError(
            f"groups must be trends.groups, or the table of at.compare_groups; it lacks {', '.join(lacking[:4])}"
        )
    return draw_with(SPEC, data(topics, groups, by), options)


SPEC = FigureSpec(
    "topic_by_group",
    "Topics by group",
    lambda corpus, topics, trends: data(topics, trends.groups),
    draw,
    caption,
    alt,
    without,
    body=True,
    rows="topic",
)
