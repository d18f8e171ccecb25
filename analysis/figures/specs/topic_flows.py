"""Two fits side by side: which topic became which, as a Sankey diagram."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, Picture, draw_with
from analysis.figures.drawing.style import FONT_SIZE, OUTLIER, Style, tinted
from analysis.figures.drawing.text import wrapped
from analysis.topics.compare import TopicComparison

_ROW, _PAD = 26, 7


def data(comparison: TopicComparison) -> pd.DataFrame:
    """Return topic_a, label_a, topic_b, label_b, papers, matched (bool): every pair of topics with papers in common."""
    pairs = comparison.alignment
    of_a, of_b = pairs.set_index("topic_a")["label_a"], pairs.set_index("topic_b")["label_b"]
    partner = dict(zip(pairs["topic_a"], pairs["topic_b"], strict=True))
    frame = comparison.flows.copy()
    frame["label_a"] = [of_a[topic] for topic in frame["topic_a"]]
    frame["label_b"] = [of_b[topic] for topic in frame["topic_b"]]
    frame["matched"] = [partner.get(a) == b and b >= 0 for a, b in zip(frame["topic_a"], frame["topic_b"], strict=True)]
    return frame[["topic_a", "label_a", "topic_b", "label_b", "papers", "matched"]]


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: topics of the first fit at the left, of the second at the right, moved papers in grey."""
    left = frame.groupby("topic_a")["papers"].sum().sort_values(ascending=False)
    partner = frame[frame["matched"]].set_index("topic_b")["topic_a"]
    rank_of = {topic: rank for rank, topic in enumerate(left.index)}
    right = frame.groupby("topic_b")["papers"].sum()
    order = sorted(
        right.index, key=lambda topic: (rank_of[partner[topic]] if topic in partner else len(rank_of), -right[topic])
    )
    node = {topic: len(left) + position for position, topic in enumerate(order)}
    labels_a = frame.drop_duplicates("topic_a").set_index("topic_a")["label_a"]
    labels_b = frame.drop_duplicates("topic_b").set_index("topic_b")["label_b"]
    # both sides' names lie within the plot, with the bands between them
    room = style.pixels * 0.36
    names = [
        *(f"{wrapped(labels_a[topic], room, FONT_SIZE, 1)} ({left[topic]})" for topic in left.index),
        *(f"{wrapped(labels_b[topic], room, FONT_SIZE, 1)} ({right[topic]})" for topic in order),
    ]
    colours = [style.colour_of(position) for position in range(len(left))]
    of_right = [colours[rank_of[partner[topic]]] if topic in partner else OUTLIER for topic in order]
    height = _ROW * max(len(left), len(order))
    fig = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": names,
                "color": [*colours, *of_right],
                "pad": _PAD,
                "thickness": 10,
                "line": {"width": 0},
                "x": [0.001] * len(left) + [0.999] * len(order),
                "y": [*_middles(left, height, len(order)), *_middles(right[order], height, len(left))],
            },
            link={
                "source": [rank_of[topic] for topic in frame["topic_a"]],
                "target": [node[topic] for topic in frame["topic_b"]],
                "value": frame["papers"],
                "color": [
                    tinted(colours[rank_of[row.topic_a]], 0.5) if row.matched else "rgba(120,120,120,0.35)"
                    for row in frame.itertuples()
                ],
            },
        )
    )
    fig = style.apply(fig, height + 36, margin=(14, 14, 26, 10))
    for x, anchor, text in ((0.0, "left", "First fit"), (1.0, "right", "Second fit")):
        fig.add_annotation(
            x=x,
            xref="paper",
            xanchor=anchor,
            y=1.0,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=f"<b>{text}</b>",
        )
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    moved = int(frame.loc[~frame["matched"], "papers"].sum())
    return (
        f"Topics of two fits over the {int(frame['papers'].sum())} papers that both hold; partners (Hungarian matching over "
        f"shared papers) have one colour, the {moved} papers that changed sides are grey. In brackets: papers."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    total, moved = int(frame["papers"].sum()), int(frame.loc[~frame["matched"], "papers"].sum())
    return (
        f"Sankey diagram from {frame['topic_a'].nunique()} to {frame['topic_b'].nunique()} topics; {total - moved} of {total} "
        "papers stay with the partner of their topic."
    )


@checked
def topic_flows(comparison: TopicComparison, **options: Unpack[Options]) -> go.Figure:
    """Draw which topic became which; see `analysis.compare_topics`."""
    return draw_with(_PICTURE, data(comparison), options)


def _middles(sizes: pd.Series, height: int, opposite: int) -> list[float]:
    """Return where the middles of one side's nodes stand, 0 at the top and 1 at the bottom of `height` pixels."""
    # plotly gives both sides one scale: that of the side with more nodes, hence more gaps
    pixels = sizes * (height - _PAD * (max(len(sizes), opposite) - 1)) / sizes.sum()
    gap = (height - pixels.sum()) / max(len(sizes) - 1, 1)
    middles = pixels.cumsum() - pixels / 2 + gap * np.arange(len(sizes))
    return [float(min(max(value, 0.001), 0.999)) for value in middles / height]


_PICTURE = Picture("topic_flows", draw)
