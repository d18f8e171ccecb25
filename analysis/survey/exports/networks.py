"""Networks of topics, papers and terms for Gephi, VOSviewer and their like, through networkx."""

import io
import json
from typing import Any, Literal

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.escaping import one_line, xml_text
from analysis.figures.drawing.style import Style
from analysis.figures.specs import topic_similarity
from analysis.topics.result import Topics
from analysis.trends.result import Trends

Network = Literal["topics", "papers", "terms"]
NETWORKS = ("topics", "papers", "terms")
# links below these shares say nothing; nearest papers that each paper is linked to
_LEAST_TOGETHER, _LEAST_PAPERS, _NEAREST = 0.01, 0.1, 10
# papers past which the network of all of them is nothing that a viewer can show
_MOST_PAPERS = 5_000
# terms of each topic, papers that two terms share at least
_TERMS_A_TOPIC, _LEAST_SHARED = 8, 2
_BLOCK = 500
_WORD = r"(?u)[\w-]+"


def network(
    corpus: Corpus, topics: Topics, trends: Trends, what: Network = "topics", papers: pd.Index | None = None
) -> nx.Graph:
    """Return a network.

    Parameters
    ----------
    corpus, topics, trends
    what : {"topics", "papers", "terms"}
        Topics, linked by how often redrawn clusterings keep their papers together; papers, each with the ten that are with it
        most often; terms of the topics, linked by the papers that hold both.
    papers : Index of paper_id, optional
        The papers that a network of papers shows; all with a topic by default.

    Returns
    -------
    networkx.Graph
        Nodes have label, group (number of the theme, of a term that of its topic), theme, x, y and size; links have weight.

    Raises
    ------
    InputError
        There is no such network, or more papers than a viewer can show.
    """
    if what == "topics":
        return _of_topics(topics, trends)
    if what == "papers":
        return _of_papers(corpus, topics, papers)
    if what == "terms":
        return _of_terms(topics)
    raise InputError(f"there is no network of {what!r}; there are: {', '.join(NETWORKS)}")


def _of_topics(topics: Topics, trends: Trends) -> nx.Graph:
    graph = nx.Graph()
    table = topics.table[topics.table.index >= 0]
    middles = topics.layout.groupby(topics.assignments["topic"]).median()
    for topic, row in table.iterrows():
        theme = topics.theme_of_topic[int(topic)]
        graph.add_node(
            str(topic),
            **_facts(str(row["label"]), theme, topics, middles.loc[topic], int(row["size"])),
            verdict=str(trends.tests["verdict"].get(topic, "inconclusive")),
        )
    frame = topic_similarity.data(topics).dropna(subset="together")
    for row in frame[(frame["topic"] < frame["other"]) & (frame["together"] >= _LEAST_TOGETHER)].itertuples():
        graph.add_edge(str(row.topic), str(row.other), weight=round(float(row.together), 4))
    return graph


def _of_papers(corpus: Corpus, topics: Topics, papers: pd.Index | None) -> nx.Graph:
    assigned = topics.assignments[topics.assignments["topic"] >= 0]
    assigned = assigned if papers is None else assigned[assigned.index.isin(papers)]
    if len(assigned) > _MOST_PAPERS:
        raise InputError(
            f"a network of {len(assigned):,} papers is more than a viewer can show; export those of --top 20, or of topics"
        )
    graph = nx.Graph()
    facts = corpus.rows(assigned.index, "title", "date")
    for paper, row in assigned.iterrows():
        theme = topics.theme_of_topic[int(row["topic"])]
        graph.add_node(
            str(paper),
            **_facts(one_line(facts.loc[paper, "title"]), theme, topics, topics.layout.loc[paper], 1),
            topic=str(topics.table.loc[row["topic"], "label"]),
            date="" if pd.isna(facts.loc[paper, "date"]) else f"{facts.loc[paper, 'date']:%Y-%m-%d}",
        )
    draws = topics.draws.loc[assigned.index].to_numpy()
    ids = [str(paper) for paper in assigned.index]
    for start in range(0, len(ids) if draws.shape[1] else 0, _BLOCK):
        part = draws[start : start + _BLOCK]
        same = (part[:, None, :] == draws[None, :, :]) & (part[:, None, :] >= 0)
        share = same.mean(axis=2)
        share[np.arange(len(part)), start + np.arange(len(part))] = 0
        for row, nearest in enumerate(np.argsort(-share, axis=1, kind="stable")[:, :_NEAREST]):
            for other in nearest[share[row, nearest] >= _LEAST_PAPERS]:
                graph.add_edge(ids[start + row], ids[other], weight=round(float(share[row, other]), 4))
    return graph


def _of_terms(topics: Topics) -> nx.Graph:
    table = topics.table[topics.table.index >= 0]
    home: dict[str, int] = {}
    for topic, words in table["keywords"].items():
        for word in words[:_TERMS_A_TOPIC]:
            home.setdefault(str(word).lower(), int(topic))
    graph = nx.Graph()
    if not home:
        return graph
    names, longest = sorted(home), max(len(term.split()) for term in home)
    counter = CountVectorizer(vocabulary=names, ngram_range=(1, longest), token_pattern=_WORD, binary=True)
    said = csr_matrix(counter.transform(topics.documents))
    together = (said.T @ said).tocoo()
    middles = topics.layout.groupby(topics.assignments["topic"]).median()
    counts = np.asarray(said.sum(axis=0)).ravel()
    for term, count in zip(names, counts, strict=True):
        topic = home[term]
        facts = _facts(term, topics.theme_of_topic[topic], topics, middles.loc[topic], int(count))
        graph.add_node(term, **facts | {"group": topic, "topic": str(table.loc[topic, "label"])})
    for one, other, count in zip(together.row, together.col, together.data, strict=True):
        if one < other and count >= _LEAST_SHARED:
            graph.add_edge(names[one], names[other], weight=int(count))
    return graph


def _facts(label: str, theme: int, topics: Topics, place: pd.Series, size: int) -> dict[str, Any]:
    return {
        "label": label,
        "group": theme,
        "theme": str(topics.themes.loc[theme, "label"]),
        "x": round(float(place["x"]), 4),
        "y": round(float(place["y"]), 4),
        "size": size,
    }


def gexf(graph: nx.Graph) -> bytes:
    """Return a network as GEXF, for Gephi."""
    target = io.BytesIO()
    nx.write_gexf(_printable(graph), target)
    return target.getvalue()


def graphml(graph: nx.Graph) -> bytes:
    """Return a network as GraphML."""
    target = io.BytesIO()
    nx.write_graphml(_printable(graph), target)
    return target.getvalue()


def vosviewer(graph: nx.Graph) -> bytes:
    """Return a network as VOSviewer's JSON: items with clusters and places, links with strengths."""
    number_of = {node: number for number, node in enumerate(graph, start=1)}
    items = [
        {
            "id": number_of[node],
            "label": facts["label"],
            "x": facts["x"],
            "y": facts["y"],
            "cluster": int(facts["group"]) + 1,
            "weights": {"Papers": facts["size"]},
            "description": facts.get("topic", facts["theme"]),
        }
        for node, facts in graph.nodes(data=True)
    ]
    links = [
        {"source_id": number_of[one], "target_id": number_of[other], "strength": facts["weight"]}
        for one, other, facts in graph.edges(data=True)
    ]
    groups = sorted({(int(facts["group"]), facts.get("topic", facts["theme"])) for _, facts in graph.nodes(data=True)})
    clusters = [{"cluster": group + 1, "label": name} for group, name in dict(groups).items()]
    colours = [
        {"cluster": one["cluster"], "color": Style().colour_of(int(str(one["cluster"])) - 1)} for one in clusters
    ]
    network = {"items": items, "links": links, "clusters": clusters}
    content = {"network": network, "config": {"color_schemes": {"cluster_colors": colours}}}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _printable(graph: nx.Graph) -> nx.Graph:
    """Return a copy whose texts hold no sign that XML forbids."""
    clean = nx.Graph()
    kept = {node: xml_text(str(node)) for node in graph}
    for node, facts in graph.nodes(data=True):
        told = {name: xml_text(value) if isinstance(value, str) else value for name, value in facts.items()}
        clean.add_node(kept[node], **told)
    clean.add_edges_from((kept[one], kept[other], facts) for one, other, facts in graph.edges(data=True))
    return clean
