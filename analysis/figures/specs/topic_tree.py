"""The hierarchy of topics, and of themes above them."""

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style, plain, shortened, wrapped
from analysis.topics.result import Topics

_ROW = 21


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
    """Draw `data` as a tree from the right (all papers) to the topics on the left."""
    fig = go.Figure()
    nodes = frame.set_index("node")
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
    leaves = nodes[nodes["topic"] >= 0].sort_values("position")
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
    for number, rows in leaves.groupby("theme_number"):
        fig.add_annotation(
            x=1.01,
            xref="paper",
            xanchor="left",
            y=rows["position"].mean(),
            showarrow=False,
            align="left",
            text=f"<b>{wrapped(rows['theme'].iloc[0], 20, 2)}</b>",
            font={"color": style.colour_of(int(number)), "size": 10},
        )
    fig = style.apply(fig, 70 + _ROW * len(leaves), margin=(216, 132, 10, 40))
    fig.update_yaxes(
        tickvals=leaves["position"].tolist(),
        range=[len(leaves) - 0.4, -0.6],
        showgrid=False,
        ticks="",
        showline=False,
        ticktext=[
            f"{shortened(label, 30)} ({size})" for label, size in zip(leaves["label"], leaves["size"], strict=True)
        ],
    )
    low = frame.loc[frame["height"] > 0, "height"].min() if (frame["height"] > 0).any() else 0.0
    # the topics stand at the axis' left end, wherever it begins
    start = max(0.0, low - 0.08)
    fig.update_xaxes(
        title="How often papers of both sides are apart in the consensus (0: never, 1: always)",
        range=[start - 0.008, 1.0],
        tickformat=".1f",
    )
    for trace in fig.data:
        trace.x = tuple(max(value, start) for value in trace.x)
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    leaves = frame[frame["topic"] >= 0]
    return (
        f"Hierarchy of {len(leaves)} topics in {leaves['theme_number'].nunique()} themes (colours, names at the right; papers in "
        "brackets): average linkage of how often the consensus keeps papers of two topics apart."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    leaves = frame[frame["topic"] >= 0]
    sizes = leaves.groupby("theme")["size"].sum().sort_values(ascending=False)
    return f"Tree of {len(leaves)} topics in {len(sizes)} themes; the largest theme is {sizes.index[0]} ({sizes.iloc[0]} papers)."


@checked
def topic_tree(topics: Topics) -> go.Figure:
    """Draw the hierarchy of themes and topics."""
    return draw(data(topics))


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
    "topic_tree", "Hierarchy of themes and topics", lambda corpus, topics, trends: data(topics), draw, caption, alt
)
