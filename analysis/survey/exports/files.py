"""A study's papers and networks as files that other tools open."""

from collections.abc import Callable

import networkx as nx
import pandas as pd

from analysis.corpus.export import KINDS as TABLE_KINDS
from analysis.corpus.export import export
from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.survey.exports.columns import leading_papers, topic_columns
from analysis.survey.exports.networks import Network, gexf, graphml, network, vosviewer
from analysis.topics.result import Topics
from analysis.trends.result import Trends

_NETWORK_KINDS: dict[str, Callable[[nx.Graph], bytes]] = {"vosviewer": vosviewer, "gexf": gexf, "graphml": graphml}
KINDS = (*TABLE_KINDS, "zotero", *_NETWORK_KINDS)
# kinds that a file's ending does not name
_BY_ENDING = {"json": "vosviewer"}


def kind_of(ending: str, asked: str | None) -> str:
    """Return the kind of a file, as it was asked for or as its ending says.

    Raises
    ------
    InputError
        There is no such kind.
    """
    kind = asked or _BY_ENDING.get(ending, ending)
    if kind not in KINDS:
        raise InputError(f"there is no export {kind!r}; there are: {', '.join(KINDS)}")
    return kind


def exported(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    kind: str,
    *,
    top: int | None = None,
    what: Network = "topics",
) -> bytes:
    """Return a file for another tool.

    Parameters
    ----------
    corpus, topics, trends
    kind : {"csv", "jsonl", "parquet", "bib", "ris", "zotero", "vosviewer", "gexf", "graphml"}
        The first three hold topic, topic_label, theme, membership and verdict behind each paper's own columns; "zotero" is
        RIS with topics and themes among the keywords, which Zotero reads as tags.
    top : int, optional
        Papers of each topic, those that stand for it first; all papers by default.
    what : {"topics", "papers", "terms"}
        Of a network.

    Raises
    ------
    InputError
        There is no such kind or network, or `top` is no number from 1 on.
    """
    kind_of(kind, kind)
    if top is not None:
        chosen = leading_papers(topics, top)
        corpus = corpus.with_papers(corpus.rows(chosen))
    if kind in _NETWORK_KINDS:
        return _NETWORK_KINDS[kind](network(corpus, topics, trends, what, None if top is None else corpus.papers.index))
    columns = topic_columns(topics, trends)
    return _for_zotero(corpus, columns) if kind == "zotero" else export(corpus, kind, columns)


def _for_zotero(corpus: Corpus, columns: pd.DataFrame) -> bytes:
    papers = corpus.papers
    told = columns.reindex(papers.index)
    words = [
        [*(own if isinstance(own, list) else []), *([] if pd.isna(topic) else [str(topic), f"Theme: {theme}"])]
        for own, topic, theme in zip(papers["keywords"], told["topic_label"], told["theme"], strict=True)
    ]
    return export(corpus.with_papers(papers.assign(keywords=pd.Series(words, index=papers.index, dtype=object))), "ris")
