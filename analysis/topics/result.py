"""What a topic fit found."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import ArtefactError
from analysis.io.display import html_card
from analysis.io.latex_table import latex_table
from analysis.topics.novelty import no_candidates

if TYPE_CHECKING:
    from bertopic import BERTopic


@dataclass(frozen=True)
class Topics:
    """Topics, who belongs to them, and how sure that is.

    Attributes
    ----------
    table : DataFrame, index topic (0..K-1 by size; -1 first with ``outliers="keep"``)
        label, theme (label of the theme above), size (papers), share (of the papers with a
        topic or -1), keywords (list, best first), stability (0-1: mean agreement with its
        resampled selves), npmi (-1 to 1), representative_papers (list of paper_id).
    assignments : DataFrame, index paper_id
        topic, membership (0-1: how often the consensus, resampled, puts the paper there),
        runner_up (topic, -1 where there is none), runner_up_membership.
    themes : DataFrame, index theme (0..T-1 by size)
        label, size, topics (list).
    draws : DataFrame, index paper_id, one column per draw
        The topic in each clustering resampled from the consensus, numbered like `table`.
    layout : DataFrame, index paper_id
        x, y: a map on which papers of like consensus stand together.
    tree : DataFrame
        The merges of the topics, as scipy's linkage: left, right, height (0-1), size.
    granularity : DataFrame
        topics, stability, silhouette, together, chosen (bool), reason: the cuts that were weighed;
        see `analysis.topics.clustering.granularity.granularity_curve`.
    quality : DataFrame
        name, value, caveat: the fit as a whole, and what each measure does not tell.
    topic_quality : DataFrame, index topic (0..K-1)
        stability (0-1: mean Jaccard index with its resampled selves), npmi (-1 to 1), diversity
        (share of its keywords that no other topic has), silhouette (-1 to 1, in the consensus
        distance), membership (mean of its papers), coverage (share of its papers with a
        membership of at least one half). The caveats of `quality` hold.
    representatives : DataFrame
        topic, rank, paper_id, centrality (mean coassociation with the topic's other papers),
        similarity (coassociation with the most similar representative before it), reason.
    edits : DataFrame
        number, action, papers, applied (bool), outcome: what became of a reader's edits.
    landmarks : DataFrame
        paper_id, set_aside (0 upwards: which topic that a reader set aside whole it was in; else -1), stands_for (papers): the
        papers that the consensus was fitted to. Of a large corpus they are a sample, and all other papers were placed
        among them.
    candidates : DataFrame
        candidate, size, keywords (list), nearest (topic), papers (list of paper_id): groups of papers that are like each
        other and unlike what the topics were found in. Without rows where every paper was clustered.
    model_folder : Path or None
        Where the BERTopic model that holds the result is saved.
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
    model_folder: Path | None = None
    build_model: "Callable[[], BERTopic] | None" = None

    @functools.cached_property
    def bertopic(self) -> "BERTopic":
        """The BERTopic model that holds these topics, built or loaded when first asked for."""
        if self.build_model is not None:
            return self.build_model()
        if self.model_folder is None:
            raise ArtefactError("these topics were built without a BERTopic model; fit_topics makes one")
        from analysis.topics.model import load_model

        return load_model(self.model_folder)

    @property
    def theme_of_topic(self) -> dict[int, int]:
        """The number of the theme above each topic."""
        return {topic: theme for theme, topics in self.themes["topics"].items() for topic in topics}

    def to_latex(self) -> str:
        """Return the topic table as a booktabs table."""
        shown = self.table[["label", "theme", "size", "share", "stability", "npmi"]]
        return latex_table(shown.reset_index())

    def _repr_html_(self) -> str:
        shown = self.table[["label", "theme", "size", "share", "stability", "npmi"]].assign(
            keywords=self.table["keywords"].map(lambda words: ", ".join(words[:5]))
        )
        return html_card(f"Topics ({len(self.themes)} themes)", shown)

    def __repr__(self) -> str:
        return f"Topics({len(self.table)} topics in {len(self.themes)} themes over {len(self.assignments)} papers)"
