"""The hierarchy of topics, and of themes above them."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.label_layout import stack_labels
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import LINE, lines_of, plain
from analysis.topics.result import Topics

# pixels for the themes' names at the right
_THEMES, _NAME = 138, 10
_AXIS = "How often papers of both sides are apart in the consensus (0: never, 1: always)"


def data(topics: Topics) -> pd.DataFrame:
    """Return the tree's nodes: node, parent (-1 at the root), height, position, topic, label, theme_number, theme, size.

    A node is a topic (topic >= 0, height 0) or a merge; position counts topics from the top.
    """
    table = topics.table[topics.table.index >= 0]
    count = len(table)
    theme_of = topics.theme_of_topic
    children = {
        count + i: (int(row.left), int(row.right), float(row.height)) for i, row in enumerate(topics.tree.itertuples())
    }
    parents = {child: node for node, (left, right, _) in children.items() for child in (left, right)}
    root = count + len(children) - 1
    positions: dict[int, float] = {}
    themes: dict[int, int] = {}
    _assign_positions(root, children, table["size"].to_dict(), positions)
    rows = []
    for node in [*range(count), *children]:
        leaves = _leaves(node, children)
        leaf_themes = {theme_of[leaf] for leaf in leaves}
        themes[node] = leaf_themes.pop() if len(leaf_themes) == 1 else -1
        is_topic = node < count
        rows.append(
            (
                node,
                parents.get(node, -1),
                0.0 if is_topic else children[node][2],
                positions[node],
                node if is_topic else -1,
                table.loc[node, "label"] if is_topic else "",
                themes[node],
                topics.themes.loc[themes[node], "label"] if themes[node] >= 0 else "",
                int(table.loc[leaves, "size"].sum()),
            )
        )
    return pd.DataFrame(
        rows, columns=["node", "parent", "height", "position", "topic", "label", "theme_number", "theme", "size"]
    )


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as a tree from the right (all papers) to the topics on the left, themes named beside them.

    In a column's width the themes are told by their colours alone.
    """
    fig = go.Figure()
    nodes = frame.set_index("node")
    leaves = nodes[nodes["topic"] >= 0].sort_values("position")
    rows = label_rows([f"{row.label} ({row.size:,})" for row in leaves.itertuples()], style, least=20)
    right = 12 if style.narrow else _THEMES
    for node, row in nodes[nodes["topic"] < 0].iterrows():
        for child in nodes.index[nodes["parent"] == node]:
            fig.add_scatter(
                x=[nodes.loc[child, "height"], row["height"], row["height"]],
                y=[nodes.loc[child, "position"], nodes.loc[child, "position"], row["position"]],
                mode="lines",
                hoverinfo="skip",
                showlegend=False,
                line={"color": style.colour_of(int(nodes.loc[child, "theme_number"])), "width": 1.6},
            )
    fig.add_scatter(
        x=leaves["height"],
        y=leaves["position"],
        mode="markers",
        showlegend=False,
        marker={"color": [style.colour_of(int(number)) for number in leaves["theme_number"]], "size": 7},
        customdata=leaves[["label", "theme", "size"]].map(plain).to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]} papers<extra></extra>",
        cliponaxis=False,
    )
    if not style.narrow:
        _name_themes(fig, leaves, rows.height, style)
    fig = style.apply(fig, round(56 + rows.height * len(leaves)), margin=(rows.left + 6, right, 10, 46))
    fig.update_yaxes(
        tickvals=leaves["position"].tolist(),
        range=[len(leaves) - 0.4, -0.6],
        showgrid=False,
        ticks="",
        showline=False,
        tickfont={"size": rows.size},
        ticktext=rows.texts,
    )
    low = frame.loc[frame["height"] > 0, "height"].min() if (frame["height"] > 0).any() else 0.0
    # the topics stand at the axis' left end, wherever it begins
    start = max(0.0, low - 0.08)
    fig.update_xaxes(
        title_text="Share of clusterings apart" if style.narrow else _AXIS,
        range=[start - 0.008, 1.0],
        tickformat=".1f",
    )
    for trace in fig.data:
        trace.x = tuple(max(value, start) for value in trace.x)
    return fig


def _name_themes(fig: go.Figure, leaves: pd.DataFrame, row: float, style: Style) -> None:
    """Write the themes' names at the right, by their topics' middle, apart from one another."""
    groups = leaves.groupby("theme_number", sort=False)
    lines = [lines_of(theme, _THEMES - 12, _NAME, 2) for theme in groups["theme"].first()]
    heights = np.array([len(parts) * _NAME * LINE + 2 for parts in lines])
    wanted = groups["position"].mean().to_numpy() * row
    placed = stack_labels(wanted, heights, -0.5 * row, (len(leaves) - 0.5) * row)
    for number, parts, position in zip(groups.groups, lines, placed, strict=True):
        fig.add_annotation(
            x=1.01,
            xref="paper",
            xanchor="left",
            y=float(position) / row,
            showarrow=False,
            align="left",
            text=f"<b>{'<br>'.join(plain(part) for part in parts)}</b>",
            font={"color": style.ink_of(int(number)), "size": _NAME},
        )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    leaves = frame[frame["topic"] >= 0]
    return (
        f"Hierarchy of {len(leaves)} topics in {leaves['theme_number'].nunique()} themes (colours; papers in "
        "brackets): average linkage of how often the consensus keeps papers of two topics apart."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    leaves = frame[frame["topic"] >= 0]
    sizes = leaves.groupby("theme")["size"].sum().sort_values(ascending=False)
    return f"Tree of {len(leaves)} topics in {len(sizes)} themes; the largest theme is {sizes.index[0]} ({sizes.iloc[0]} papers)."


@checked
def topic_tree(topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the hierarchy of themes and topics."""
    return draw_with(SPEC, data(topics), options)


def _leaves(node: int, children: dict[int, tuple[int, int, float]]) -> list[int]:
    if node not in children:
        return [node]
    left, right, _ = children[node]
    return _leaves(left, children) + _leaves(right, children)


def _assign_positions(
    root: int, children: dict[int, tuple[int, int, float]], sizes: dict[int, int], positions: dict[int, float]
) -> None:
    """Give each topic a row, larger branches first, and each merge the middle of its two sides."""

    def weight(node: int) -> int:
        return sum(sizes[leaf] for leaf in _leaves(node, children))

    def visit(node: int, following: int) -> int:
        if node not in children:
            positions[node] = float(following)
            return following + 1
        left, right, _ = children[node]
        first, second = sorted((left, right), key=lambda side: (-weight(side), side))
        following = visit(second, visit(first, following))
        positions[node] = (positions[left] + positions[right]) / 2
        return following

    visit(root, 0)


SPEC = FigureSpec(
    "topic_tree",
    "Hierarchy of themes and topics",
    lambda corpus, topics, trends: data(topics),
    draw,
    caption,
    alt,
    body=True,
)
