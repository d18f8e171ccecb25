"""The tables of topics, and what they were found in."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from analysis.alignment import matching_papers
from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError, TopicTrendsError
from analysis.io.display import html_card
from analysis.io.latex_table import latex_table
from analysis.io.partitions import FramePartitions, Partitions
from analysis.topics.copies import no_copies
from analysis.topics.describe.key_phrases import no_key_phrases
from analysis.topics.model import ModelParts, hold_in_bertopic, hold_papers
from analysis.topics.novelty import no_candidates
from analysis.topics.origin import StoredOrigin, TopicOrigin
from analysis.topics.outline.report import no_outline
from analysis.topics.texts import Texts
from analysis.topics.title_only import no_titles
from analysis.topics.view_table import no_views

if TYPE_CHECKING:
    from bertopic import BERTopic

# a membership that is not above this is not told of
_LEAST_MEMBERSHIP = 0.1


class Measured:
    """A table of a frozen dataclass that is given, or measured by a callable when it is first asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object | None, owner: type) -> "pd.DataFrame | Measured":
        if instance is None:
            return self
        held = instance.__dict__[self.name]
        if callable(held):
            held = instance.__dict__[self.name] = held()
        return held

    def __set__(self, instance: object, value: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        instance.__dict__[self.name] = value


@dataclass(frozen=True, eq=False, repr=False)
class TopicTables:
    """Topics, who belongs to them, and how sure that is.

    Attributes
    ----------
    table : DataFrame, index topic (0..K-1 by size; -1 first with ``outliers="keep"``)
        label, theme (label of the theme above), size (papers), share (of the papers with a
        topic or -1), keywords (list, best first), stability (0-1: mean agreement with its
        resampled selves), npmi (-1 to 1), representative_papers (list of paper_id).
    assignments : DataFrame, index paper_id
        In the order of the corpus, without papers that have no abstract: topic, membership (0-1: how often redrawn
        clusterings put the paper there; NaN where there are none, as of labels that were given), runner_up (topic, -1
        where there is none), runner_up_membership.
    themes : DataFrame, index theme (0..T-1 by size)
        label, size, topics (list).
    draws : DataFrame, index paper_id, one column per draw
        The topic in each redrawn clustering, numbered like `table`: resampled from the consensus, or fitted with another
        seed. Without columns where labels were given.
    layout : DataFrame, index paper_id
        x, y: a map on which papers of like consensus stand together.
    tree : DataFrame
        The merges of the topics, as scipy's linkage: left, right, height (0-1), size.
    granularity : DataFrame
        topics, stability, silhouette, together, chosen (bool), reason: other numbers of topics beside the chosen one; see
        `analysis.topics.clustering.granularity.granularity_curve`. Of a fit they are measured when first asked for.
    quality : DataFrame
        name, value, caveat: the fit as a whole, and what each measure does not tell.
    topic_quality : DataFrame, index topic (0..K-1)
        stability (0-1: mean Jaccard index with its resampled selves), npmi (-1 to 1), diversity
        (share of its keywords that no other topic has), silhouette (-1 to 1, in the consensus
        distance), membership (mean of its papers), coverage (share of its papers with a
        membership of at least one half), label_score (0 upwards: how well the label tells the topic's papers from the
        others; NaN where a reader or a labeller gave it), label_sure (bool: of labels that are not, half name something else).
        The caveats of `quality` hold.
    representatives : DataFrame
        topic, rank, paper_id, centrality (mean coassociation with the topic's other papers),
        similarity (coassociation with the most similar representative before it), reason.
    key_phrases : DataFrame
        topic, phrase (as papers write it), papers (of those that labels are read from: the topic's in which it stands), share
        (0-1, of those), score (how well it tells the topic's papers from the others, as of labels): up to ten noun phrases a
        topic, best first, that repeat neither its label nor one another. Without rows where nothing sets a topic apart.
    edits : DataFrame
        number, action, papers, applied (bool), outcome: what became of a reader's edits.
    landmarks : DataFrame
        paper_id, set_aside (0 upwards: which topic that a reader set aside whole it was in; else -1), stands_for (papers): the
        papers that the consensus was fitted to. Of a large corpus they are a sample, and all other papers were placed
        among them.
    copies : DataFrame
        paper_id, original (paper_id): papers whose abstract repeats another's nearly word for word. They were left out when
        topics were found, and are in the topic of the other.
    title_only : DataFrame, index paper_id
        topic, membership (0-1, lowered by how seldom a title alone finds its topic): papers without an abstract by what their
        titles say. They are not among `assignments`, and count in no size, share or trend.
    candidates : DataFrame
        candidate, size, keywords (list), nearest (topic), papers (list of paper_id): groups of papers that are like each
        other and unlike what the topics were found in. Without rows where every paper was clustered.
    outline : DataFrame
        name, heading (the outermost topic that it is a part of), topic (Int64: the one that holds most of its papers; NA where
        none does), size, support (-1 to 1: cosine of its phrases and its nearest papers), told (supported | weak |
        unsupported), mentions (papers, of those that topics were found in, in which a phrase stands), examples (papers that the
        outline names), margin (0-1: how much more its papers believe in it than in the next topic), stability (0-1: with
        redrawn clusterings and a phrase left out), neighbour (the next topic of the outline): a reader's outline, in its
        order. Without rows where topics followed none.
    views : DataFrame, index view
        views (how many), weight (share, 0-1), papers (with something to see), agreement (0-1: how far their nearest papers are
        those of the texts; NaN for texts), alone (share of papers whose own topic is nearest by these views alone), moved (share
        of papers that would be nearest to another topic without them). Without rows where labels were given.
    method : {"consensus", "bertopic", "given"}
        How the papers were clustered: by the consensus, by UMAP and HDBSCAN, or by somebody else.
    texts : Partitions or None
        Titles and abstracts of the corpus.
    origin : TopicOrigin or StoredOrigin or None
        The landmarks' vectors and what encodes other papers, by which new papers are placed.
    found_in : TopicTables or None
        The topics that these papers were placed in, where it was other papers that these were found in.
    model_parts : callable or None
        Returns what the BERTopic model that holds the result is built from.
    """

    table: pd.DataFrame
    assignments: pd.DataFrame
    themes: pd.DataFrame
    draws: pd.DataFrame
    layout: pd.DataFrame
    tree: pd.DataFrame
    granularity: pd.DataFrame
    quality: pd.DataFrame
    topic_quality: pd.DataFrame
    representatives: pd.DataFrame
    edits: pd.DataFrame
    landmarks: pd.DataFrame
    candidates: pd.DataFrame = field(default_factory=no_candidates)
    key_phrases: pd.DataFrame = field(default_factory=no_key_phrases)
    outline: pd.DataFrame = field(default_factory=no_outline)
    copies: pd.DataFrame = field(default_factory=no_copies)
    title_only: pd.DataFrame = field(default_factory=no_titles)
    views: pd.DataFrame = field(default_factory=no_views)
    method: str = "consensus"
    texts: Partitions | None = None
    origin: TopicOrigin | StoredOrigin | None = None
    found_in: "TopicTables | None" = None
    model_parts: Callable[[], ModelParts] | None = None

    def __getstate__(self) -> dict[str, Any]:
        # what measures it is larger than what it gives
        return {**self.__dict__, "granularity": self.granularity}

    def with_tables(self, **tables: Any) -> Self:
        """Return them with other tables; what is not measured yet is not measured."""
        return type(self)(**{item.name: self.__dict__[item.name] for item in fields(self)} | tables)

    @functools.cached_property
    def bertopic(self) -> "BERTopic":
        """The BERTopic model that holds these topics, built when first asked for.

        Its documents are `documents`: what it is handed by paper, such as timestamps or classes, has their order.
        """
        if self.model_parts is None:
            raise ArtefactError("these topics were built without a BERTopic model; fit_topics makes one")
        model = hold_in_bertopic(self.model_parts())
        return hold_papers(model, self.assignments["topic"].to_numpy(), self._representative_texts())

    @property
    def documents(self) -> pd.Series:
        """The text that topics saw of each paper (str, index paper_id), in the order of `assignments`.

        Raises
        ------
        ArtefactError
            The corpus is not at hand.
        """
        texts = self._texts_of(self.assignments.index)
        return pd.Series(texts, index=self.assignments.index, name="document", dtype="str")

    def check_papers(self, corpus: Corpus, fault: type[TopicTrendsError]) -> None:
        """Raise where these topics are of other papers than a corpus': ids that it lacks, or that mean other titles there.

        Titles are compared for the papers that represent topics, where all texts are in memory.
        """
        matching_papers(self.assignments.index, corpus.ids, "topics", fault)
        if not isinstance(self.texts, FramePartitions):
            return
        ids = pd.Index(self.representatives["paper_id"].unique())
        ids = ids[ids.isin(self.assignments.index) & ids.isin(self.texts.table.index)]
        there, here = self.texts.table.loc[ids, "title"], corpus.rows(ids, "title")["title"]
        other = ids[there.to_numpy() != here.to_numpy()]
        if len(other):
            raise fault(
                f"the topics are of other papers with the same ids: {other[0]!r} was {there[other[0]][:60]!r} and is "
                f"{here[other[0]][:60]!r}; place the new papers by topics.place(corpus)"
            )

    @property
    def memberships(self) -> pd.DataFrame:
        """paper_id, topic, membership (0-1): the share of redrawn clusterings that put a paper there, where above 0.1.

        By paper in the order of `assignments`, then by falling membership; without rows where nothing was redrawn.
        """
        draws = self.draws.to_numpy()
        count = len(self.topic_quality)
        shares = np.stack([(draws == topic).mean(axis=1) for topic in range(count)], axis=1) if draws.size else None
        rows, topics = np.nonzero(shares > _LEAST_MEMBERSHIP) if shares is not None else (np.zeros(0, int),) * 2
        held = shares[rows, topics] if shares is not None else np.zeros(0)
        order = np.lexsort((topics, -held, rows))
        ids = self.draws.index[rows[order]]
        return pd.DataFrame({"paper_id": ids.array, "topic": topics[order], "membership": held[order]})

    def _texts_of(self, ids: pd.Index) -> list[str]:
        if self.texts is None:
            raise ArtefactError("the texts of these topics are not at hand; load the study or folder that holds them")
        return Texts.at(self.texts, ids).whole

    def _representative_texts(self) -> dict[int, list[str]]:
        """Return the texts of the papers that stand for each topic; none where the corpus is not at hand."""
        if self.texts is None:
            return {}
        held = self.representatives[self.representatives["paper_id"].isin(self.assignments.index)]
        ids = pd.Index(held["paper_id"].unique())
        text = dict(zip(ids, self._texts_of(ids), strict=True))
        return {int(topic): [text[paper] for paper in papers] for topic, papers in held.groupby("topic")["paper_id"]}

    @property
    def theme_of_topic(self) -> dict[int, int]:
        """The number of the theme above each topic."""
        return {topic: theme for theme, topics in self.themes["topics"].items() for topic in topics}

    @property
    def beside_outline(self) -> list[int]:
        """Topics that a reader's outline does not name; none where topics followed no outline."""
        numbers = self.table.index[self.table.index >= 0]
        named = set(self.outline["topic"].dropna().astype(int))
        return [int(topic) for topic in numbers if topic not in named] if len(self.outline) else []

    @property
    def unsure_labels(self) -> list[int]:
        """Topics whose label may name something else; see `topic_quality`."""
        sure = self.topic_quality["label_sure"].astype(bool)
        return [int(topic) for topic in sure.index[~sure]]

    def to_latex(self) -> str:
        """Return the topic table as a booktabs table."""
        shown = self.table[["label", "theme", "size", "share", "stability", "npmi"]]
        return latex_table(shown.reset_index())

    def _repr_html_(self) -> str:
        shown = self.table[["label", "theme", "size", "share", "stability", "npmi"]].assign(
            keywords=self.table["keywords"].map(lambda words: ", ".join(words[:5]))
        )
        unsure = shown.index.isin(self.unsure_labels)
        shown["label"] = shown["label"].where(~unsure, shown["label"] + " (?)")
        told = "; (?): the name is unsure" if unsure.any() else ""
        return html_card(f"Topics ({len(self.themes)} themes{told})", shown)

    def __repr__(self) -> str:
        return f"Topics({len(self.table)} topics in {len(self.themes)} themes over {len(self.assignments)} papers)"


# a field like all others to whom makes and reads tables
setattr(TopicTables, "granularity", Measured("granularity"))  # noqa: B010
