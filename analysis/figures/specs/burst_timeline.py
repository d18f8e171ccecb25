"""The burst timeline: when topics took more papers than their share, and when their level changed."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, QUIET, Style, tinted
from analysis.figures.drawing.text import plain
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends

NONE = "No topic has a burst, or a change of level, that exchanged dates do not give as often by chance."
# days; below this the axis tells months
_SHORT = 1500


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return topic, label, theme_number, kind, start, end, n, expected, p: what each topic's life holds.

    kind is "seen" (first to last dated paper), "burst", or "change" (start alone); n and expected
    are papers, of a burst those within it.
    """
    order = [topic for topic in topic_order(topics.table, topics.themes) if topic in trends.emergence.index]
    seen = trends.emergence.loc[order].reset_index()
    seen = seen[seen["n"] > 0].rename(columns={"first_seen": "start", "last_seen": "end"}).assign(kind="seen")
    bursts = trends.bursts.assign(kind="burst")
    changes = trends.change_points.assign(kind="change", end=trends.change_points["start"])
    columns = ["topic", "kind", "start", "end", "n", "expected", "p"]
    frame = pd.concat(
        [part.reindex(columns=columns) for part in (seen, bursts, changes) if len(part)]
        or [pd.DataFrame(columns=columns)],
        ignore_index=True,
    )
    frame["rank"] = frame["topic"].map({topic: rank for rank, topic in enumerate(order)})
    frame = frame.sort_values(["rank", "kind", "start"], kind="stable").drop(columns="rank").reset_index(drop=True)
    frame.insert(1, "label", frame["topic"].map(topics.table["label"]))
    frame.insert(2, "theme_number", frame["topic"].map(topics.theme_of_topic).fillna(-1).astype("int64"))
    return frame


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return "" if frame["kind"].isin(["burst", "change"]).any() else NONE


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a thin line while a topic is seen, a thick one in a burst, a tick where its level changed."""
    if frame.empty:
        return style.empty(NONE)
    fig = go.Figure()
    positions = {topic: position for position, topic in enumerate(frame["topic"].drop_duplicates())}
    rows = label_rows(list(frame.drop_duplicates("topic")["label"]), style, least=20)
    # marks stay within their rows
    bar, mark = min(9.0, 0.5 * rows.height), min(13.0, 0.65 * rows.height)
    for row in frame.itertuples():
        colour, position = style.colour_of(int(row.theme_number)), positions[row.topic]
        if row.kind == "change":
            fig.add_scatter(
                x=[row.start],
                y=[position],
                mode="markers",
                showlegend=False,
                marker={"symbol": "line-ns", "size": mark / 1.4, "line": {"color": INK, "width": 1.8}},
                hovertemplate=f"{plain(row.label)}: level changed (p = {row.p:.3f})<extra></extra>",
            )
            continue
        burst = row.kind == "burst"
        told = (
            f"burst, {int(row.n)} papers where {row.expected:.1f} were expected, p = {row.p:.4f}" if burst else "seen"
        )
        fig.add_scatter(
            x=[row.start, row.end],
            y=[position, position],
            mode="lines",
            showlegend=False,
            line={"color": colour if burst else tinted(colour, 0.6), "width": bar if burst else 1.6},
            hovertemplate=f"{plain(row.label)}: {told}<br>%{{x|%Y-%m-%d}}<extra></extra>",
        )
    for name, width in (("first to last paper", 1.6), ("burst", bar)):
        fig.add_scatter(x=[None], y=[None], name=name, mode="lines", line={"color": QUIET, "width": width})
    tick = {"symbol": "line-ns", "size": 11, "line": {"color": INK, "width": 1.8}}
    fig.add_scatter(x=[None], y=[None], name="change of level", mode="markers", marker=tick)
    fig = style.apply(fig, round(80 + rows.height * len(positions)), margin=(rows.left + 6, 16, 34, 46))
    fig.update_layout(
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 10}, "itemsizing": "trace"}
    )
    fig.update_yaxes(
        tickvals=list(positions.values()),
        ticktext=rows.texts,
        range=[len(positions) - 0.4, -0.6],
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": rows.size},
    )
    fig.update_xaxes(type="date", title_text="Date")
    if (frame["end"].max() - frame["start"].min()).days < _SHORT:
        # months as numbers: dates stand in no language
        fig.update_xaxes(tickformat="%Y-%m")
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Bursts: stretches in which a topic takes at least about twice its usual share within its sources (Kleinberg's "
        "automaton, with the papers of each period as exposure), shown only where exchanged dates give one as heavy in fewer "
        "than one corpus in twenty after Benjamini-Hochberg. Ticks: changes of a topic's level."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    topics, bursts = frame["topic"].nunique(), frame[frame["kind"] == "burst"]
    if bursts.empty:
        return f"Timeline of {counted(topics, 'topic')}: none has a burst that chance does not explain."
    told = "; ".join(
        f"{row.label}, {row.start:%Y-%m} to {row.end:%Y-%m} ({int(row.n)} papers where {row.expected:.1f} were expected)"
        for row in bursts.head(5).itertuples()
    )
    return f"Timeline of {counted(topics, 'topic')} with {counted(len(bursts), 'burst')}: {told}."


@checked
def burst_timeline(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the timeline of bursts."""
    return draw_with(SPEC, data(topics, trends), options)


SPEC = FigureSpec(
    "burst_timeline",
    "Bursts and changes of level",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    rows="topic",
)
