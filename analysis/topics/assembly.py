"""From numbers to tables: what each topic holds, how it is called, and how sure that is."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.io.partitions import Partitions
from analysis.io.runner import Run
from analysis.io.threads import single_threads
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.describe.key_phrases import key_phrases
from analysis.topics.describe.labeller import Labeller, TopicBrief
from analysis.topics.describe.labels import Label, Wording, all_are_read, label_topics, name_scores, papers_to_read
from analysis.topics.describe.representatives import central_members, choose_representatives, why
from analysis.topics.describe.tables import (
    assignment_table,
    fit_quality,
    landmark_table,
    representative_table,
    separation,
    theme_table,
    topic_quality_table,
    topic_table,
    tree_table,
    words_of,
)
from analysis.topics.describe.theme_labels import name_themes
from analysis.topics.describe.themes import group_topics, mean_closeness, topic_tree
from analysis.topics.describe.words import TermSums, TermTable, count_words, topic_keywords
from analysis.topics.grouping import Grouping, set_aside
from analysis.topics.model import ModelParts
from analysis.topics.novelty import candidate_table, no_candidates, with_names
from analysis.topics.origin import TopicOrigin
from analysis.topics.outline.headings import under_headings
from analysis.topics.outline.report import OutlineFit, no_outline
from analysis.topics.partition_work import CountJob, Placed, count_partition, sum_counts
from analysis.topics.tables import TopicTables
from analysis.topics.texts import Facts, Texts

# of the badly represented papers the worst are searched for new topics
_MOST_SEARCHED = 6_000


@dataclass(frozen=True)
class Fitted:
    """A finished fit, before it is described.

    Attributes
    ----------
    parts : Partitions
        Texts of all papers.
    facts : Facts
        Of the n papers with an abstract.
    chosen : ndarray of int, shape (m,)
        Positions of the landmarks, in which topics were found: all papers, or a sample.
    texts : Texts
        Of the landmarks.
    clustering : Clustering
        Of the landmarks.
    grouping : Grouping
        Of the landmarks until other papers are placed, then of all papers.
    points : callable
        Where the same papers stand on the map, float (m or n, 2); waits where it is still being drawn.
    read : callable
        What the landmarks say, waited for where it is still being read.
    placed : Placed, optional
        The papers that are no landmarks.
    embeddings : ndarray of float32, shape (m, d), optional
        Of the landmarks, unit rows, where others were placed.
    origin : TopicOrigin, optional
        The landmarks' vectors, and what encodes other papers.
    words : mapping of topic to (word, weight) pairs
        Keywords that were given with the topics.
    method : {"consensus", "bertopic", "given"}
    outline : OutlineFit, optional
        What became of a reader's outline.
    copies : ndarray of int, shape (copies, 2)
        Positions of papers that repeat another's text, and of that one.
    population : int, optional
        How many papers the landmarks stand for; all but copies.
    """

    parts: Partitions
    facts: Facts
    chosen: np.ndarray
    texts: Texts
    clustering: Clustering
    grouping: Grouping
    points: Callable[[], np.ndarray]
    read: "Callable[[], Reading]"
    placed: Placed | None = None
    embeddings: np.ndarray | None = None
    origin: TopicOrigin | None = None
    words: Mapping[int, list[tuple[str, float]]] = field(default_factory=dict)
    method: str = "consensus"
    outline: OutlineFit | None = None
    copies: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), dtype=int))
    population: int | None = None

    @property
    def known(self) -> pd.Index:
        """Ids of the landmarks and of the papers that repeat another's text: they need not be placed."""
        return self.facts.ids[np.union1d(self.chosen, self.copies[:, 0])]

    @property
    def others(self) -> np.ndarray:
        """Positions of all other papers."""
        return np.setdiff1d(np.arange(len(self.facts.ids)), np.union1d(self.chosen, self.copies[:, 0]))


def describe(fitted: Fitted, keep_outliers: bool, run: Run, labeller: Labeller | None = None) -> TopicTables:
    """Build the tables of a finished fit.

    Sizes, shares and keywords count all papers; labels are read from landmarks, representatives are landmarks, and
    coherence is measured on them.

    Parameters
    ----------
    fitted : Fitted
    keep_outliers : bool
        Whether papers that are not sure of their topic become topic -1.
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.
    labeller : callable, optional
        Names the topics that no reader has named.

    Returns
    -------
    TopicTables
        By the ids of papers, in their order.
    """
    facts, chosen, clustering, texts, grouping = (
        fitted.facts,
        fitted.chosen,
        fitted.clustering,
        fitted.texts,
        fitted.grouping,
    )
    labels, draws, together = grouping.labels, grouping.draws, clustering.coassociation
    landmark_labels = labels[chosen]
    assignments = assignment_table(labels, draws, facts.ids, keep_outliers)
    kept = assignments["topic"].to_numpy()
    closeness = together.closeness(landmark_labels)
    tree = topic_tree(mean_closeness(closeness, landmark_labels))
    themes = group_topics(tree, clustering.similarity, together.majority(landmark_labels), labels)
    central = closeness[np.arange(len(landmark_labels)), landmark_labels]
    worded = _Worded.of(fitted, landmark_labels, central, run)
    representatives = _representatives(fitted, closeness, landmark_labels)
    named = _named(fitted, worded, landmark_labels, representatives, labeller)
    names = [label.text for label in named]

    def words_of_themes(numbers: np.ndarray) -> list[list[str]]:
        return [words_of(row) for row in topic_keywords(worded.sums.grouped(numbers), worded.counted.terms)]

    themes, theme_names = name_themes(worded.wording, landmark_labels, themes, tree, names, words_of_themes)
    sizes = pd.Series(kept).value_counts()
    followed = no_outline() if fitted.outline is None else fitted.outline.in_topics(landmark_labels, sizes)
    themes, theme_names = under_headings(
        followed, themes, theme_names, names, sizes.reindex(range(len(names)), fill_value=0).to_numpy()
    )
    theme_frame = theme_table(theme_names, kept, themes)
    silhouette = separation(together, clustering.similarity, landmark_labels, len(names))
    quality = topic_quality_table(labels, draws, silhouette, worded.counted, worded.keywords, named)
    table = topic_table(kept, worded.keywords, names, theme_frame, themes, quality, representatives)
    return TopicTables(
        table=table,
        assignments=assignments,
        themes=theme_frame,
        draws=pd.DataFrame(
            draws.astype(np.int16).T, index=facts.ids, columns=[f"draw_{number}" for number in range(len(draws))]
        ),
        layout=pd.DataFrame(fitted.points(), index=facts.ids, columns=["x", "y"], dtype="float64"),
        tree=tree_table(tree),
        granularity=clustering.find_curve,
        quality=fit_quality(table, kept, quality, facts.n_corpus),
        topic_quality=quality,
        representatives=representatives,
        key_phrases=key_phrases(worded.wording, landmark_labels, worded.scores, worded.own_words, names),
        edits=grouping.edits,
        landmarks=landmark_table(
            texts.ids, set_aside(clustering.labels, landmark_labels), fitted.population or len(facts.ids)
        ),
        copies=pd.DataFrame(
            {"paper_id": facts.ids[fitted.copies[:, 0]].array, "original": facts.ids[fitted.copies[:, 1]].array}
        ),
        candidates=with_names(worded.candidates, names),
        method=fitted.method,
        outline=followed,
        texts=fitted.parts,
        origin=fitted.origin,
        model_parts=functools.partial(
            ModelParts.of, texts.whole, kept[chosen], worded.keywords, names, worded.counted.terms, worded.sums.uses
        ),
    )


@dataclass(frozen=True)
class Reading:
    """What landmarks say whatever their topics, so that it can be read while these are looked for.

    Attributes
    ----------
    counted : TermTable
    wording : Wording, optional
        Of all of them, where labels are read from all.
    """

    counted: TermTable
    wording: Wording | None

    @classmethod
    def of(cls, texts: Texts) -> "Reading":
        """Read landmarks."""
        few = all_are_read(len(texts.ids))
        wording = Wording.of(texts.content_titles, texts.content_abstracts) if few else None
        return cls(count_words(texts.whole), wording)


@dataclass(frozen=True)
class _Worded:
    """What topics' papers say, before topics have names.

    Attributes
    ----------
    counted : TermTable
        Of the landmarks.
    sums : TermSums
        Of all papers.
    keywords : K lists of (word, weight)
    wording : Wording
        Of the landmarks that labels are read from.
    scores : ndarray of float, shape (K, phrases)
        How well each phrase names each topic.
    candidates : DataFrame
        For new topics.
    """

    counted: TermTable
    sums: TermSums
    keywords: list[list[tuple[str, float]]]
    wording: Wording
    scores: np.ndarray
    candidates: pd.DataFrame

    @property
    def own_words(self) -> list[list[str]]:
        """Keywords without weights."""
        return [words_of(row) for row in self.keywords]

    @classmethod
    def of(cls, fitted: Fitted, labels: np.ndarray, central: np.ndarray, run: Run) -> "_Worded":
        """Read the papers of each topic; `labels` and `central`, how much each belongs there, are those of the landmarks."""
        texts, read = fitted.texts, fitted.read()
        counted = read.counted
        with single_threads(1) as beside:
            candidates = beside.submit(_candidates, fitted)
            sums = _term_sums(fitted, counted, run)
        keywords = [fitted.words.get(topic, found) for topic, found in enumerate(topic_keywords(sums, counted.terms))]
        wording = read.wording
        if wording is None:
            wording = Wording.of(texts.content_titles, texts.content_abstracts, papers_to_read(labels, central))
        scores = name_scores(wording, labels, [words_of(row) for row in keywords])
        return cls(counted, sums, keywords, wording, scores, candidates.result())


def _named(
    fitted: Fitted, worded: _Worded, labels: np.ndarray, representatives: pd.DataFrame, labeller: Labeller | None
) -> list[Label]:
    """Return the topics' labels: a reader's, else a labeller's, else phrases of their papers."""
    given = fitted.grouping.names
    named = label_topics(worded.wording, labels, worded.scores, given)
    if labeller is None:
        return named
    titles = fitted.facts.titles.loc[representatives["paper_id"].unique()].to_dict()
    found = [label.text for label in named]
    # nothing tells how well a labeller's names fit
    return [Label(name, 0, 0) for name in _relabelled(labeller, found, given, worded.keywords, representatives, titles)]


def _term_sums(fitted: Fitted, words: TermTable, run: Run) -> TermSums:
    """Sum the landmarks' terms over all papers by topic; the words of a text that is repeated count once."""
    labels = fitted.grouping.labels
    sums = TermSums.of(words.counts, labels[fitted.chosen], int(labels.max()) + 1)
    if fitted.placed is None:
        return sums
    starts, ignored = fitted.placed.starts, fitted.texts.ignored
    counting = CountJob(fitted.parts, fitted.known, words.terms, labels.astype(np.int16), starts, ignored)
    return sums + sum_counts(run("words", count_partition, counting, len(fitted.parts)))


def _relabelled(
    labeller: Labeller,
    names: Sequence[str],
    given: Mapping[int, str],
    keywords: Sequence[Sequence[tuple[str, float]]],
    representatives: pd.DataFrame,
    titles: Mapping[object, str],
) -> list[str]:
    """Return names in which a labeller's stand where no reader has given one; it is shown representatives' titles."""
    shown = {
        topic: [titles[paper] for paper in papers] for topic, papers in representatives.groupby("topic")["paper_id"]
    }
    asked = [topic for topic in range(len(names)) if topic not in given]
    briefs = [TopicBrief(names[topic], words_of(keywords[topic]), shown[topic]) for topic in asked]
    answers = dict(zip(asked, labeller(briefs), strict=True))
    return [answers.get(topic, name) for topic, name in enumerate(names)]


def _representatives(fitted: Fitted, closeness: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Return each topic's central and mutually different landmarks, and why each was taken."""
    rows = []
    for topic in range(int(labels.max()) + 1):
        members = central_members(closeness[:, topic], labels == topic)
        ids, central = fitted.texts.ids[members].tolist(), closeness[members, topic]
        chosen, similarity = choose_representatives(central, fitted.clustering.coassociation.between(members))
        rows += [
            (topic, rank, ids[row], float(central[row]), alike, why(rank, float(central[row]), alike))
            for rank, (row, alike) in enumerate(zip(chosen, similarity, strict=True), start=1)
        ]
    return representative_table(rows)


def _candidates(fitted: Fitted) -> pd.DataFrame:
    """Look for new topics among the papers that no topic represents well; topics have no names yet."""
    placed = fitted.placed
    if placed is None or fitted.embeddings is None or not len(placed.odd):
        return no_candidates()
    worst = np.sort(np.argsort(placed.odd_similarity, kind="stable")[:_MOST_SEARCHED])
    pool = Texts.at(fitted.parts, fitted.facts.ids[fitted.others[placed.odd[worst]]])
    return candidate_table(
        pool, placed.odd_vectors[worst], fitted.texts, fitted.embeddings, fitted.grouping.labels[fitted.chosen]
    )
