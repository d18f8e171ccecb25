"""Topics that another tool made: labels given, everything else described as for fitted topics."""

import functools
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.alignment import aligned_to
from analysis.corpus.paper import Corpus
from analysis.errors import GivenTopicsWarning, TopicsError, warn
from analysis.io.display import counted
from analysis.io.runner import in_turn
from analysis.io.threads import one_thread
from analysis.topics.assembly import Fitted, Reading, describe
from analysis.topics.clustering.consensus import renumbered
from analysis.topics.describe.layout import map_of_papers
from analysis.topics.fitting import check_papers, find_landmarks, given_views, in_order, place_points
from analysis.topics.grouping import Grouping, edit_report
from analysis.topics.methods import settle, settled_curve
from analysis.topics.options import FitOptions
from analysis.topics.tables import TopicTables
from analysis.topics.texts import Facts, Texts, landmark_views, origin_of
from analysis.validation import expect, expect_seed, read_labels

# papers of each topic that are landmarks of a large corpus, whatever the draw
_ALWAYS = 5
# letters and digits at the end of a text by which papers that a document may be are looked up
_TAIL = 60
# the part of a model's representative documents that must stand where the model says
_IN_PLACE = 0.9

Words = Mapping[int, list[tuple[str, float]]]


def labelled_topics(
    corpus: Corpus,
    labels: Any,
    *,
    vectors: Any = None,
    seed: int = 0,
    words: Words | None = None,
    names: Mapping[int, str] | None = None,
) -> TopicTables:
    """Describe topics that are given as labels; see `Topics.from_labels`.

    Parameters
    ----------
    corpus : Corpus
    labels : array or Series, n papers
    vectors : optional
    seed : int
    words : mapping of label to (word, weight) pairs, optional
        Keywords that were given, too.
    names : mapping of label to text, optional
        What topics are called.
    """
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TopicsError)
    options = FitOptions(seed=expect_seed(seed, TopicsError))
    facts = Facts.of(corpus)
    check_papers(len(facts.ids), len(corpus))
    codes, given = _codes(labels, corpus, facts)
    texts_of_labels = {number: name for number, name in enumerate(given) if isinstance(name, str)}
    called = texts_of_labels if names is None else {n: names[name] for n, name in enumerate(given) if name in names}
    kept = {} if words is None else {number: words[name] for number, name in enumerate(given) if name in words}
    numbered, draws, called = renumbered(codes, np.zeros((0, len(codes)), dtype=int), called)
    position = {int(old): int(new) for old, new in zip(codes, numbered, strict=True) if old >= 0}
    kept = {position[old]: pairs for old, pairs in kept.items()}
    views = None if vectors is None else given_views(corpus, facts, vectors)
    with one_thread():
        chosen = find_landmarks(facts, options, _some_of_each(numbered))
        texts = Texts.at(corpus.texts, facts.ids[chosen])
        shown = landmark_views(corpus, texts, facts, options, in_turn, views)
        seen, encoder = shown.seen, shown.encoder
        curve = settled_curve(int(numbered.max()) + 1, "labels were given")
        clustering = settle(seen, numbered[chosen], draws[:, chosen], seed, curve.copy, len(facts.ids))
        points = map_of_papers(clustering.coassociation, clustering.similarity, seed)
        fitted = Fitted(
            corpus.texts,
            facts,
            chosen,
            texts,
            clustering,
            Grouping(numbered, draws, called, edit_report([])),
            lambda: points,
            functools.partial(Reading.of, texts),
            origin=origin_of(shown.every, encoder, options),
            words=kept,
            method="given",
        )
        if len(chosen) < len(facts.ids):
            fitted = place_points(fitted, seen, encoder, in_turn)
        return in_order(describe(fitted, keep_outliers=False, run=in_turn), corpus.ids)


def _codes(labels: Any, corpus: Corpus, facts: Facts) -> tuple[np.ndarray, pd.Index]:
    """Return the number of each paper's label in the order of `facts`, and the labels."""
    if labels is None or isinstance(labels, (str, bytes)) or not hasattr(labels, "__len__"):
        raise TopicsError("labels must be an array, a Series or a list: one label a paper")
    described = corpus.in_topics.to_numpy()
    aligned = aligned_to(labels, corpus.ids, "labels", TopicsError, rows=corpus.table_rows, required=described)
    codes, given = read_labels(aligned, TopicsError)
    left_out = int((codes[~described] >= 0).sum())
    if left_out:
        warn(
            f"{counted(left_out, 'paper')} with a label are left out: they have no abstract, or `Corpus.papers` tells why "
            "topics leave them out (excluded).",
            GivenTopicsWarning,
        )
    codes = codes[corpus.ids.get_indexer(facts.ids)]
    if codes.max() < 0:
        raise TopicsError("no paper with an abstract has a label: all are -1, None or empty")
    return codes, given


def _some_of_each(labels: np.ndarray) -> np.ndarray:
    """Return the positions of the first papers of each topic."""
    place = pd.Series(labels).groupby(labels).cumcount().to_numpy()
    return np.flatnonzero((labels >= 0) & (place < _ALWAYS))


def bertopic_labels(model: Any, corpus: Corpus) -> tuple[np.ndarray, Words, dict[int, str]]:
    """Return the label of each paper of the corpus, the words and the names of a fitted BERTopic model's topics.

    Raises
    ------
    TopicsError
        See `Topics.from_bertopic`.
    """
    if not hasattr(model, "topics_") or not hasattr(model, "topic_representations_"):
        raise TopicsError(f"model must be a BERTopic model, not a {type(model).__name__}")
    if model.topics_ is None:
        raise TopicsError("the BERTopic model is not fitted; model.fit(documents) fits it")
    topics, described = np.asarray(model.topics_, dtype=int), corpus.in_topics.to_numpy()
    if len(topics) not in (len(corpus), int(described.sum())):
        raise TopicsError(
            f"the BERTopic model was fitted to {len(topics):,} documents; the corpus has {len(corpus):,} papers, "
            f"{int(described.sum()):,} of them with an abstract: give the corpus that it was fitted to, in that order"
        )
    labels = topics
    if len(topics) != len(corpus):
        labels = np.full(len(corpus), -1)
        labels[described] = topics
    _check_documents(model, corpus, labels)
    held = {int(topic) for topic in np.unique(labels) if topic >= 0}
    empty = sorted(topic for topic in model.topic_representations_ if topic >= 0 and topic not in held)
    if empty:
        warn(
            f"{len(empty)} topic(s) of the BERTopic model hold no paper and are left out: {', '.join(map(str, empty[:10]))}",
            GivenTopicsWarning,
        )
    words = {
        topic: [(word, float(weight)) for word, weight in pairs if word]
        for topic, pairs in model.topic_representations_.items()
        if topic in held
    }
    return labels, {topic: pairs for topic, pairs in words.items() if pairs}, _names(model, held)


def _names(model: Any, held: set[int]) -> dict[int, str]:
    """Return the labels that were set on a model; of two that are equal the second says which topic it is."""
    if getattr(model, "custom_labels_", None) is None:
        return {}
    names, taken = {}, set()
    for topic, name in zip(sorted(model.topic_representations_), model.custom_labels_, strict=False):
        if topic in held and str(name).strip():
            text = str(name).strip()
            names[topic] = text if text.casefold() not in taken else f"{text} ({topic})"
            taken.add(text.casefold())
    return names


def _check_documents(model: Any, corpus: Corpus, labels: np.ndarray) -> None:
    """Hold the model's representative documents to the corpus: they must be its papers, where the model says they are."""
    documents = {
        topic: [text for text in texts if isinstance(text, str)]
        for topic, texts in (getattr(model, "representative_docs_", None) or {}).items()
    }
    papers: dict[str, list[tuple[str, int]]] = {}
    for row, abstract in enumerate(corpus.facts("abstract")["abstract"].tolist()):
        key = _letters(abstract)
        if key:
            papers.setdefault(key[-_TAIL:], []).append((key, row))
    found = [
        (topic, [row for key, row in papers.get(_letters(text)[-_TAIL:], []) if _letters(text).endswith(key)])
        for topic, texts in documents.items()
        for text in texts
    ]
    known = [(topic, rows) for topic, rows in found if rows]
    if not known:
        warn(
            "nothing tells whether the BERTopic model was fitted to these papers, in this order: none of its representative "
            "documents is the text of one",
            GivenTopicsWarning,
        )
        return
    if len(known) < _IN_PLACE * len(found):
        raise TopicsError(
            f"the BERTopic model was fitted to other documents: {len(found) - len(known)} of its {len(found)} representative "
            "documents are no paper of this corpus"
        )
    there = sum(bool((labels[rows] == topic).any()) for topic, rows in known)
    if there < _IN_PLACE * len(known):
        raise TopicsError(
            f"the BERTopic model was fitted to these papers in another order: {len(known) - there} of {len(known)} "
            "representative documents stand in other topics; make the corpus in the order of the model's documents"
        )


def _letters(text: str) -> str:
    """Return a text's letters and digits, by which it is known again behind a title or with other punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold())
