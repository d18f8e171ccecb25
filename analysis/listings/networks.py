"""Who works with whom: countries and authors on the same papers, as graphs."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import networkx as nx
import pandas as pd

NODE_COLUMNS = {
    "kind": "str",
    "name": "str",
    "papers": "int64",
    "partners": "int64",
    "community": "int64",
    "x": "float64",
    "y": "float64",
}
LINK_COLUMNS = {"kind": "str", "one": "str", "other": "str", "papers": "int64"}
# papers with more names than this link nobody: all pairs of a consortium say little, and are very many
_MOST_NAMES = 50


def collaboration(kind: str, values: Sequence[Sequence[str]], most: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the graph of names that stand on the same papers.

    Parameters
    ----------
    kind : str
    values : sequence of sequences of str
        Of each paper, each once.
    most : int
        Names that are kept: those of most papers.

    Returns
    -------
    nodes : DataFrame
        `NODE_COLUMNS`: papers, partners (others it stands with, of those kept), community (by modularity, Clauset, Newman and
        Moore 2004; the largest is 0), and a place in a plane: who is linked stands together (Kamada and Kawai 1989).
    links : DataFrame
        `LINK_COLUMNS`, most papers first.

    Examples
    --------
    >>> nodes, links = collaboration("country", [["PE", "US"], ["PE", "US"], ["PE"], ["ES"]], 9)
    >>> links.to_numpy().tolist(), nodes["name"].tolist()
    ([['country', 'PE', 'US', 2]], ['PE', 'US', 'ES'])
    """
    uses = Counter(name for names in values for name in names)
    kept = sorted(uses, key=lambda name: (-uses[name], name))[:most]
    place = {name: number for number, name in enumerate(kept)}
    pairs: Counter[tuple[str, str]] = Counter()
    for names in values:
        own = sorted((name for name in names if name in place), key=place.__getitem__)
        if len(names) <= _MOST_NAMES:
            pairs.update(combinations(own, 2))
    graph = nx.Graph()
    graph.add_nodes_from(kept)
    for (one, other), papers in sorted(pairs.items(), key=lambda item: (place[item[0][0]], place[item[0][1]])):
        graph.add_edge(one, other, weight=papers)
    where = _places(graph)
    communities = nx.community.greedy_modularity_communities(graph, weight="weight") if graph.number_of_edges() else []
    community = {name: number for number, members in enumerate(communities) for name in members}
    nodes = pd.DataFrame(
        [
            (kind, name, uses[name], graph.degree(name), community.get(name, number), *map(float, where[name]))
            for number, name in enumerate(kept)
        ],
        columns=list(NODE_COLUMNS),
    ).astype(NODE_COLUMNS)
    ranked = sorted(pairs, key=lambda pair: (-pairs[pair], place[pair[0]], place[pair[1]]))
    links = pd.DataFrame([(kind, *pair, pairs[pair]) for pair in ranked], columns=list(LINK_COLUMNS))
    return nodes, links.astype(LINK_COLUMNS)


def _places(graph: nx.Graph) -> dict[str, tuple[float, float]]:
    """Lay out every connected part, and stand the parts in rows, the largest first."""
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    where: dict[str, tuple[float, float]] = {}
    wide = 2.2 * sum(len(part) for part in parts) ** 0.5
    left = top = deep = 0.0
    for part in parts:
        side = 2 * len(part) ** 0.5
        if left and left + side > wide:
            left, top, deep = 0.0, top + deep, 0.0
        own = graph.subgraph(sorted(part))
        # what is close is many papers in common, by their logarithm
        far = {(one, other): 1 / (1 + math.log(link["weight"])) for one, other, link in own.edges(data=True)}
        nx.set_edge_attributes(own, far, "far")
        laid = nx.kamada_kawai_layout(own, weight="far", scale=0.38 * side) if len(part) > 1 else {min(part): (0, 0)}
        for name, (x, y) in laid.items():
            where[name] = (left + side / 2 + float(x), -top - side / 2 + float(y))
        left, deep = left + side, max(deep, side)
    return where
