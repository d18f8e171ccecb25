"""Exports, each opened by a reader of its format."""

import io
import json
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
import rispy

from analysis.corpus.formats import read_file
from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.survey.exports.files import KINDS, exported, kind_of
from analysis.topics.result import Topics
from analysis.trends.result import Trends

pytestmark = pytest.mark.slow
Results = tuple[Corpus, Topics, Trends]
COLUMNS = ["topic", "topic_label", "theme", "membership", "verdict"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_tables_hold_what_topics_say_of_each_paper(kind: str, planted: Results) -> None:
    corpus, topics, trends = planted
    content = exported(corpus, topics, trends, kind)
    read = {
        "csv": lambda: pd.read_csv(io.BytesIO(content)),
        "jsonl": lambda: pd.read_json(io.BytesIO(content), lines=True),
        "parquet": lambda: pd.read_parquet(io.BytesIO(content)),
    }[kind]
    frame = read().set_index("id")
    assert set(COLUMNS) <= set(frame.columns)
    assert frame["topic"].astype(int).to_dict() == topics.assignments["topic"].to_dict()
    assert (frame["topic_label"] == frame["topic"].map(topics.table["label"])).all()
    assert (frame["verdict"] == frame["topic"].map(trends.tests["verdict"])).all()


def test_papers_without_a_topic_have_empty_cells(planted: Results) -> None:
    corpus, topics, trends = planted
    numbers = topics.assignments["topic"].where(topics.assignments.index != "p00000", -1)
    fields = {**topics.__dict__, "assignments": topics.assignments.assign(topic=numbers)}
    fields.pop("bertopic", None)
    frame = pd.read_csv(io.BytesIO(exported(corpus, Topics(**fields), trends, "csv"))).set_index("id")
    assert frame.loc["p00000", COLUMNS].isna().all()


def test_what_is_exported_is_read_back_the_same(planted: Results, tmp_path: Path) -> None:
    corpus, topics, trends = planted
    path = tmp_path / "papers.csv"
    path.write_bytes(exported(corpus, topics, trends, "csv"))
    assert len(read_file(path, "papers.csv").records) == len(corpus.papers)


def test_zotero_gets_topics_and_themes_as_tags(planted: Results) -> None:
    corpus, topics, trends = planted
    entries = rispy.loads(exported(corpus, topics, trends, "zotero").decode())
    assert len(entries) == len(corpus.papers)
    by_title = dict(zip(corpus.papers["title"], corpus.papers.index, strict=True))
    for entry in entries:
        topic = int(topics.assignments.loc[by_title[entry["title"]], "topic"])
        theme = topics.themes.loc[topics.theme_of_topic[topic], "label"]
        assert {topics.table.loc[topic, "label"], f"Theme: {theme}"} <= set(entry["keywords"])


def test_top_keeps_the_papers_that_stand_for_each_topic(planted: Results) -> None:
    corpus, topics, trends = planted
    frame = pd.read_csv(io.BytesIO(exported(corpus, topics, trends, "csv", top=5))).set_index("id")
    assert (frame["topic"].value_counts() == 5).all()
    for topic, row in topics.table.iterrows():
        assert set(row["representative_papers"]) <= set(frame.index[frame["topic"] == topic])


@pytest.mark.parametrize("what", ["topics", "papers", "terms"])
def test_networks_open_in_networkx_with_their_facts(what: str, planted: Results) -> None:
    corpus, topics, trends = planted
    read = {
        "gexf": lambda content: nx.read_gexf(io.BytesIO(content)),
        "graphml": lambda content: nx.read_graphml(io.BytesIO(content)),
    }
    found = {kind: act(exported(corpus, topics, trends, kind, what=what)) for kind, act in read.items()}  # type: ignore[arg-type]
    expected = {"topics": len(topics.table), "papers": len(topics.assignments)}
    for graph in found.values():
        assert len(graph) == expected.get(what, len(graph)) > 3
        for _, facts in graph.nodes(data=True):
            assert {"label", "group", "theme", "x", "y", "size"} <= set(facts)
        assert all(facts["weight"] > 0 for _, _, facts in graph.edges(data=True))
    if what == "papers":
        inside = [
            topics.assignments.loc[one, "topic"] == topics.assignments.loc[other, "topic"]
            for one, other in found["gexf"].edges()
        ]
        assert sum(inside) > 0.9 * len(inside)


@pytest.mark.parametrize("what", ["topics", "terms"])
def test_vosviewer_finds_items_clusters_and_links_that_fit_its_schema(what: str, planted: Results) -> None:
    content = json.loads(exported(*planted, "vosviewer", what=what))  # type: ignore[arg-type]
    network = content["network"]
    ids = [item["id"] for item in network["items"]]
    assert len(set(ids)) == len(ids)
    clusters = {cluster["cluster"] for cluster in network["clusters"]}
    for item in network["items"]:
        assert isinstance(item["id"], int)
        assert isinstance(item["label"], str)
        assert {type(item["x"]), type(item["y"])} <= {int, float}
        assert item["cluster"] in clusters
        assert item["cluster"] >= 1
        assert all(isinstance(value, int | float) for value in item["weights"].values())
    for link in network["links"]:
        assert {link["source_id"], link["target_id"]} <= set(ids)
        assert link["strength"] > 0
    # the planted topics keep apart, their words do not
    assert bool(network["links"]) == (what == "terms")


def test_hostile_titles_make_no_broken_xml(planted: Results) -> None:
    corpus, topics, trends = planted
    titles = [["<b>&\x0b]]>", "\ud7ff\ufffe x", "עברית", "🧠"][i % 4] for i in range(len(corpus.papers))]
    hostile = corpus.with_papers(corpus.papers.assign(title=titles))
    for kind, read in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
        graph = read(io.BytesIO(exported(hostile, topics, trends, kind, what="papers")))
        assert len(graph) == len(titles)


def test_what_cannot_be_exported_is_said(planted: Results) -> None:
    with pytest.raises(InputError, match="no export 'doc'; there are: csv"):
        kind_of("doc", None)
    assert kind_of("json", None) == "vosviewer"
    assert {kind_of(kind, None) for kind in KINDS} == set(KINDS)
    with pytest.raises(InputError, match="no network of 'bees'"):
        exported(*planted, "gexf", what="bees")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="top must be"):
        exported(*planted, "csv", top=0)
