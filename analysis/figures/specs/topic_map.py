"""The topic map: papers that the consensus keeps together stand together."""

import math
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.spatial import ConvexHull, QhullError
from sklearn.cluster import DBSCAN

from analysis.corpus.paper import Corpus
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.label_layout import lay_out_labels, place_near
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import HALO, Style, symbol_of, tinted
from analysis.figures.drawing.text import LINE, lines_of, plain, text_width, wrapped
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.topics.shown import shown_papers

_HEIGHT, _NARROW_HEIGHT = 490, 330
_MARGIN = 12
# a name's font, and pixels that it may be wide: of a page's figure, of a column's
_NAME, _NARROW_NAME = (10, 112), (8, 78)
# more topics than this are named where names have room beside their papers, the largest first
_ALL_NAMED = 32
# entries of the legend side by side, and the height of a line of it
_ENTRIES, _NARROW_ENTRIES, _ENTRY = 3, 2, 19
# points past this many are drawn by the graphics card
_MANY = 5_000
# share of a topic's papers, those nearest to its middle, that its region holds
_CENTRAL = 0.8
# papers of a topic that are farther apart than this share of the map's diagonal lie on islands of their own
_ISLAND = 0.04
# an island with a smaller part of its topic has no region of its own
_LEAST_PART = 0.15
# one in so many of a topic's papers must stand together to join islands
_TO_JOIN = 50


def data(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return paper_id, title, date, topic, label, theme_number, theme, membership, x, y, topic_size; one row per dot.

    Of a large corpus the dots are an even draw from every topic.
    """
    shown = shown_papers(topics.assignments["topic"])
    frame = topics.assignments[["topic", "membership"]].iloc[shown].join(topics.layout.iloc[shown])
    papers = corpus.rows(frame.index, "title", "date")
    theme_of = topics.theme_of_topic
    frame["title"], frame["date"] = papers["title"], papers["date"].dt.strftime("%Y-%m-%d").fillna("")
    frame["label"] = frame["topic"].map(topics.table["label"])
    frame["theme_number"] = frame["topic"].map(theme_of).fillna(-1).astype(int)
    frame["theme"] = frame["theme_number"].map(topics.themes["label"]).fillna("Outliers")
    frame["topic_size"] = frame["topic"].map(topics.table["size"])
    columns = ["title", "date", "topic", "label", "theme_number", "theme", "membership", "x", "y", "topic_size"]
    return frame[columns].reset_index()


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: one dot per paper, coloured by theme, paler where membership is low, topics named."""
    fig = go.Figure()
    _regions(fig, frame[frame["topic"] >= 0], style)
    scatter = fig.add_scattergl if len(frame) > _MANY else fig.add_scatter
    for number, rows in frame.groupby("theme_number", sort=True):
        hover = [
            f"<b>{wrapped(title, 330, 11, 3)}</b><br>{plain(label)}<br>{date or 'undated'}"
            + ("" if np.isnan(share) else f", membership {share:.2f}")
            for title, label, date, share in zip(
                rows["title"], rows["label"], rows["date"], rows["membership"], strict=True
            )
        ]
        scatter(
            x=rows["x"],
            y=rows["y"],
            mode="markers",
            text=hover,
            hovertemplate="%{text}<extra></extra>",
            name=wrapped(rows["theme"].iloc[0], 118 if style.narrow else 158, 9 if style.narrow else 10, 2),
            marker={
                "color": style.colour_of(int(number)),
                "symbol": symbol_of(int(number)),
                "size": 6 if len(frame) < 2000 else 3,
                "opacity": rows["membership"].fillna(0.9).clip(0.3, 0.9).tolist() if len(frame) <= _MANY else 0.5,
                "line": {"width": 0},
            },
        )
    entries = _NARROW_ENTRIES if style.narrow else _ENTRIES
    legend = _ENTRY * math.ceil(frame["theme_number"].nunique() / entries) + 10
    height = _NARROW_HEIGHT if style.narrow else _HEIGHT
    fig = style.apply(fig, height + legend, margin=(_MARGIN, _MARGIN, _MARGIN, legend))
    fig.update_layout(
        legend={
            "orientation": "h",
            "x": 0,
            "y": -0.005,
            "yanchor": "top",
            "font": {"size": 9 if style.narrow else 10},
            "entrywidth": (style.pixels - 2 * _MARGIN) / entries - 46,
        },
    )
    ranges = [_padded(frame[axis]) for axis in ("x", "y")]
    fig.update_xaxes(visible=False, range=ranges[0])
    fig.update_yaxes(visible=False, range=ranges[1])
    area = np.array([style.pixels - 2 * _MARGIN, height - _MARGIN], dtype=float)
    _name_topics(fig, frame[frame["topic"] >= 0], ranges, area, style)
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    whole = _papers(frame)
    drawn = f", {len(frame):,} of them drawn evenly from every topic as dots" if len(frame) < whole else ""
    paler = ", paler where membership is low" if frame["membership"].notna().any() else ""
    topics = frame.loc[frame["topic"] >= 0, "topic"].nunique()
    named = "where names have room" if topics > _ALL_NAMED else "each with its name"
    return (
        f"Map of {whole:,} papers{drawn}: UMAP of their consensus distances, coloured by theme{paler}; {topics} topics, {named}, "
        "and a shade where four in five of a topic's papers lie. "
        "Neighbourhoods mean something; distances between far groups, and the axes, do not."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    in_topics = frame[frame["topic"] >= 0]
    largest = (
        in_topics.groupby("topic")[["label", "topic_size"]]
        .first()
        .sort_values("topic_size", ascending=False, kind="stable")
    )
    known = frame["membership"].dropna()
    sure = (
        f", and {(known >= 0.8).mean():.0%} of the papers shown have a membership of 0.8 or more" if len(known) else ""
    )
    return (
        f"Scatter map of {counted(_papers(frame), 'paper')} in {counted(len(largest), 'topic')}; the largest is "
        f"{largest['label'].iloc[0]} ({counted(int(largest['topic_size'].iloc[0]), 'paper')}){sure}."
    )


def _papers(frame: pd.DataFrame) -> int:
    """Return how many papers the map stands for."""
    return int(frame.groupby("topic")["topic_size"].first().sum())


@checked
def topic_map(corpus: Corpus, topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the map of papers and topics."""
    return draw_with(SPEC, data(corpus, topics), options)


def _padded(values: pd.Series) -> list[float]:
    low, high = float(values.min()), float(values.max())
    pad = 0.06 * (high - low) or 1.0
    return [low - pad, high + pad]


def _regions(fig: go.Figure, frame: pd.DataFrame, style: Style) -> None:
    """Shade where each topic's central papers lie, in its theme's colour: a theme is the regions of one colour."""
    reach = _ISLAND * float(np.linalg.norm(np.ptp(frame[["x", "y"]].to_numpy(), axis=0))) if len(frame) else 0.0
    for _, rows in frame.groupby("topic", sort=True):
        for central in central_papers(rows[["x", "y"]].to_numpy(), reach):
            if len(central) < _LEAST_PART * len(rows):
                continue
            try:
                corners = central[ConvexHull(central).vertices]
            except QhullError:
                # fewer than three papers, or papers on a line, have no region
                continue
            fig.add_scatter(
                x=[*corners[:, 0], corners[0, 0]],
                y=[*corners[:, 1], corners[0, 1]],
                mode="lines",
                fill="toself",
                fillcolor=tinted(style.colour_of(int(rows["theme_number"].iloc[0])), 0.1),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )


def central_papers(points: np.ndarray, reach: float) -> list[np.ndarray]:
    """Return four in five of a topic's papers, by the islands that they form on the map.

    Parameters
    ----------
    points : ndarray of float, shape (n, 2)
    reach : float
        Papers farther from every other one of an island are not of it; where a topic has hundreds of papers, a few
        between two islands do not join them.

    Returns
    -------
    list of ndarray, each of shape (m, 2)
        The largest islands first; of the last one those papers that are nearest to its middle.
    """
    island = DBSCAN(eps=max(reach, 1e-9), min_samples=1 + len(points) // _TO_JOIN).fit_predict(points)
    left, chosen = int(np.ceil(_CENTRAL * len(points))), []
    for number in np.argsort(-np.bincount(island[island >= 0]), kind="stable"):
        members = points[island == number]
        away = np.abs(members - np.median(members, axis=0)).sum(axis=1)
        chosen.append(members[np.argsort(away, kind="stable")[:left]])
        left -= len(chosen[-1])
        if left == 0:
            break
    return chosen


def _name_topics(
    fig: go.Figure, frame: pd.DataFrame, ranges: list[list[float]], area: np.ndarray, style: Style
) -> None:
    """Put each topic's name by the middle of its largest island, beside the dots where there is room."""
    size, widest = _NARROW_NAME if style.narrow else _NAME
    groups = frame.groupby("topic", sort=True)
    colours = [style.ink_of(int(number)) for number in groups["theme_number"].first()]
    lines = [lines_of(label, widest, size, 3) for label in groups["label"].first()]
    low, span = np.array([r[0] for r in ranges]), np.array([r[1] - r[0] for r in ranges])
    reach = _ISLAND * float(np.linalg.norm(np.ptp(frame[["x", "y"]].to_numpy(), axis=0))) if len(frame) else 0.0
    middles = np.array([np.median(central_papers(rows[["x", "y"]].to_numpy(), reach)[0], axis=0) for _, rows in groups])
    centres = (middles.reshape(-1, 2) - low) / span * area
    dots = (frame[["x", "y"]].to_numpy()[:: max(1, len(frame) // _MANY)] - low) / span * area
    boxes = np.array(
        [(max(text_width(line, size) for line in parts) + 4, len(parts) * size * LINE + 2) for parts in lines]
    )
    bounds = (0, float(area[0]), 0, float(area[1]))
    kept = np.ones(len(lines), dtype=bool)
    if len(lines) <= _ALL_NAMED:
        positions = lay_out_labels(centres, boxes, dots, bounds)
    else:
        order = np.argsort(-groups["topic_size"].first().to_numpy(), kind="stable")
        positions = np.empty_like(centres)
        found = place_near(centres[order], np.full(len(order), 3.0), boxes[order], bounds, dots)
        positions[order], kept[order] = found
    notes = []
    for number in np.flatnonzero(kept):
        parts, colour, centre, position, box = (
            lines[number],
            colours[number],
            centres[number],
            positions[number],
            boxes[number],
        )
        if (np.abs(position - centre) > box / 2 + 8).any():
            # as far as the name, not into it
            edge = position + (centre - position) * np.min(box / 2 / np.maximum(np.abs(centre - position), 1e-9))
            ends = np.array([centre, edge]) / area * span + low
            fig.add_scatter(
                x=ends[:, 0],
                y=ends[:, 1],
                mode="lines",
                line={"color": colour, "width": 0.7},
                hoverinfo="skip",
                showlegend=False,
            )
        at = position / area * span + low
        notes.append(
            {
                "x": float(at[0]),
                "y": float(at[1]),
                "text": "<br>".join(plain(part) for part in parts),
                "showarrow": False,
                "align": "center",
                "font": {"size": size, "color": colour, "shadow": HALO},
                "borderpad": 0,
            }
        )
    style.annotate(fig, notes)


SPEC = FigureSpec(
    "topic_map",
    "Topic map",
    lambda corpus, topics, trends: data(corpus, topics),
    draw,
    caption,
    alt,
    body=True,
    rows="topic",
    ordered=False,
)
