"""The public counts of who publishes what, where and with whom."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.author_groups import author_groups
from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError, InputError
from analysis.io.display import html_card
from analysis.io.latex_table import latex_table
from analysis.io.results import read_result, write_result
from analysis.listings.citing import most_cited, topic_coupling
from analysis.listings.counting import count_papers
from analysis.listings.networks import collaboration
from analysis.listings.people import group_names, in_one_name
from analysis.topics.result import Topics
from analysis.topics.tables import TopicTables
from analysis.trends.groups.reading import read_values
from analysis.trends.periods import decimal_year
from analysis.validation import expect, expect_count, expect_path

_KIND = "bibliometrics"
KINDS = ("country", "venue", "author", "author group")
_LINKED = ("country", "author")
# names of each kind that are kept, and that are drawn into graphs
_MOST, _MOST_LINKED = 200, 60


@dataclass(frozen=True, eq=False, repr=False)
class Bibliometrics:
    """Counts of what the sources list of papers with a topic; what they do not list is missing, not zero.

    Attributes
    ----------
    table : DataFrame
        kind ("country", "venue", "author", "author group"), name, papers, fractional (a paper shared among its names),
        first_year, last_year, topics (how many), top_topic, top_topic_papers; most papers first.
    by_topic, by_year : DataFrame
        kind, name, topic or year, papers.
    nodes, links : DataFrame
        Countries and authors that stand on the same papers; see `analysis.listings.networks.collaboration`.
    cited : DataFrame
        reference, papers (that cite it), cited (paper_id where the corpus holds it), topics.
    coupling : DataFrame
        topic_a, topic_b, shared, coupling: how far topics cite the same works.
    facts : DataFrame
        name, value: papers, and of how many each kind and references are known.
    """

    table: pd.DataFrame
    by_topic: pd.DataFrame
    by_year: pd.DataFrame
    nodes: pd.DataFrame
    links: pd.DataFrame
    cited: pd.DataFrame
    coupling: pd.DataFrame
    facts: pd.DataFrame

    @property
    def fact(self) -> dict[str, int]:
        """The facts as a mapping from name to number."""
        return dict(zip(self.facts["name"], self.facts["value"].astype(int), strict=True))

    def to_latex(self, kind: str = "venue", most: int = 15) -> str:
        """Return the names of one kind with most papers as a booktabs table."""
        shown = ["name", "papers", "fractional", "first_year", "last_year"]
        return latex_table(self.table.loc[self.table["kind"] == kind, shown].head(most))

    def save(self, folder: str | Path) -> None:
        """Save the tables in a folder; `at.load_bibliometrics` reads it.

        Raises
        ------
        ArtefactError
            The folder cannot be written, or holds a result of another kind.
        """
        tables = {item.name: getattr(self, item.name) for item in fields(self)}
        write_result(expect_path(folder, "folder", ArtefactError), _KIND, tables)

    def __repr__(self) -> str:
        counts = self.table["kind"].value_counts()
        told = ", ".join(f"{counts.get(kind, 0)} {name}" for kind, name in zip(KINDS, _PLURALS, strict=True))
        return f"Bibliometrics({self.fact['papers']} papers: {told}; {len(self.cited)} cited works)"

    def _repr_html_(self) -> str:
        shown = self.table.groupby("kind", sort=False).head(8).set_index(["kind", "name"])
        return html_card("Counts of what the sources list", self.facts.set_index("name").T, shown, self.cited.head(8))


_PLURALS = ("countries", "venues", "authors", "author groups")


def load_bibliometrics(folder: str | Path) -> Bibliometrics:
    """Load counts that `Bibliometrics.save` wrote.

    Raises
    ------
    ArtefactError
        The folder holds no counts, was saved in another format, or is damaged.
    """
    names = [item.name for item in fields(Bibliometrics)]
    return Bibliometrics(**read_result(expect_path(folder, "folder", ArtefactError), _KIND, names))


def bibliometrics(corpus: Corpus, topics: Topics, *, most: int = _MOST) -> Bibliometrics:
    """Count who publishes what, where and with whom, and what is cited most.

    Parameters
    ----------
    corpus : Corpus
    topics : Topics
        Papers with a topic are counted.
    most : int
        Names of each kind, and cited works, that are kept.

    Returns
    -------
    Bibliometrics

    Raises
    ------
    InputError
        The topics are of another corpus.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> df = pd.DataFrame({"title": ["Bees", "Hives", "Ice"], "abstract": ["Honey.", "Combs.", "Floes."]})
    >>> corpus = at.Corpus.from_frame(df.assign(venue=["A", "A", "B"]))
    >>> found = at.bibliometrics(corpus, at.Topics.from_labels(corpus, ["insects", "insects", "polar"]))
    >>> found.table[["kind", "name", "papers"]].to_numpy().tolist()
    [['venue', 'A', 2], ['venue', 'B', 1]]
    """
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", InputError)
    expect(topics, TopicTables, "topics", "at.fit_topics or at.Topics.from_labels makes them", InputError)
    topics.check_papers(corpus, InputError)
    kept = expect_count(most, "most", InputError)
    assigned = topics.assignments["topic"][topics.assignments["topic"] >= 0]
    ids, labels = assigned.index, assigned.to_numpy()
    years = decimal_year(corpus.facts("date").loc[ids, "date"])
    values = _values(corpus, ids, years)
    counted = [count_papers(kind, values[kind], labels, years, kept) for kind in KINDS]
    graphs = [collaboration(kind, values[kind], min(_MOST_LINKED, kept)) for kind in _LINKED]
    every = corpus.citations
    citations = every[every["paper_id"].isin(ids) & (every["by"] != "itself")]
    listed = {kind: sum(map(bool, values[kind])) for kind in KINDS}
    facts = {"papers": len(ids), **listed, "references": int(citations["paper_id"].nunique())}
    (table, by_topic, by_year), (nodes, links) = (
        [pd.concat(parts, ignore_index=True) for parts in zip(*found, strict=True)] for found in (counted, graphs)
    )
    return Bibliometrics(
        table,
        by_topic,
        by_year,
        nodes,
        links,
        most_cited(citations, assigned, kept),
        topic_coupling(citations, assigned),
        pd.DataFrame({"name": list(facts), "value": list(facts.values())}).astype({"name": "str", "value": "int64"}),
    )


def listed_counts(corpus: Corpus, topics: TopicTables, most: int) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the countries, venues and authors of most papers, and of how many papers each kind is known."""
    assigned = topics.assignments["topic"][topics.assignments["topic"] >= 0]
    ids, labels = assigned.index, assigned.to_numpy()
    years = decimal_year(corpus.facts("date").loc[ids, "date"])
    names = [value if isinstance(value, list) else [] for value in corpus.facts("authors").loc[ids, "authors"]]
    values = {
        "country": read_values(corpus, ids, "country"),
        "venue": read_values(corpus, ids, "venue"),
        "author": in_one_name(names),
    }
    tables = [count_papers(kind, own, labels, years, most)[0] for kind, own in values.items()]
    return pd.concat(tables, ignore_index=True), {kind: sum(map(bool, own)) for kind, own in values.items()}


def _values(corpus: Corpus, ids: pd.Index, years: np.ndarray) -> dict[str, Sequence[Sequence[str]]]:
    names = [value if isinstance(value, list) else [] for value in corpus.facts("authors").loc[ids, "authors"]]
    authors = in_one_name(names)
    return {
        "country": read_values(corpus, ids, "country"),
        "venue": read_values(corpus, ids, "venue"),
        "author": authors,
        "author group": group_names(author_groups(names, years), authors),
    }
