"""Topics that follow a reader's outline, and those that it misses."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.embedding.lexical import weighted_texts
from analysis.embedding.views import View
from analysis.errors import OutlineWarning, TopicsError, warn
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.clustering.consensus import renumbered
from analysis.topics.clustering.granularity import smallest_topic
from analysis.topics.clustering.holding import HOLDS, topic_stability
from analysis.topics.methods import settled_curve
from analysis.topics.named import PaperFinder
from analysis.topics.outline.beliefs import Free, assign, choose_free
from analysis.topics.outline.match import Matcher
from analysis.topics.outline.reading import Outline, OutlineTopic
from analysis.topics.outline.report import OutlineFit, report_of, tell_unsupported
from analysis.topics.texts import Texts

# keywords of a group that nobody named, which seed it
_KEYWORDS = 10
# a topic that a redrawn clustering lacks is believed in by nobody
_LACKING = -20.0
# seeds of topics to the seeds as papers, seen in the views; None where nothing encodes texts
Encode = Callable[[Sequence[Sequence[str]]], Sequence[View] | None]


@dataclass(frozen=True)
class _Matches:
    """How papers match named topics and the groups beside them.

    ``named`` has a column for each topic's seeds, and one for these without each of its phrases; ``first`` says where
    each topic's columns begin.
    """

    named: np.ndarray
    first: np.ndarray
    free_parts: list[np.ndarray]
    matcher: Matcher

    @property
    def whole(self) -> np.ndarray:
        """The match with all phrases, shape (n, N)."""
        return self.named[:, self.first[:-1]]

    def without_a_phrase(self, rng: np.random.Generator) -> np.ndarray:
        """Return the match where each topic is short of a phrase drawn at random, shape (n, N)."""
        starts, widths = self.first[:-1], np.diff(self.first)
        return self.named[:, starts + np.where(widths > 1, 1 + rng.integers(np.maximum(widths - 1, 1)), 0)]

    def free(self, labels: np.ndarray) -> Free:
        """Return the groups beside the named topics, as one clustering has them."""
        count = self.free_parts[0].shape[1]
        members = [np.flatnonzero(labels == group) for group in range(count)]
        match = self.matcher.match_group(self.free_parts, members)
        match[:, [not len(rows) for rows in members]] = _LACKING
        return Free(labels, match)


def follow_outline(
    outline: Outline,
    clustering: Clustering,
    texts: Texts,
    views: Sequence[View],
    encode: Encode,
    keywords: Callable[[np.ndarray], list[list[str]]],
    seed: int,
) -> tuple[Clustering, OutlineFit]:
    """Give papers to the topics of an outline, and to groups of the consensus that it misses.

    Every paper's belief in a topic grows with how well it matches the topic's seeds, and with how often clusterings put it
    together with the topic's other papers. The redrawn clusterings are each short of one phrase of every topic.

    Parameters
    ----------
    outline : Outline
    clustering : Clustering
        Of n papers, as nobody guided it.
    texts : Texts
        Of the papers.
    views : sequence of View
        That the papers were clustered by.
    encode : callable
        Encodes seeds as the papers were.
    keywords : callable
        From labels to the keywords of each topic.
    seed : int

    Returns
    -------
    clustering : Clustering
        With the topics' labels and draws.
    fit : OutlineFit

    Raises
    ------
    TopicsError
        A paper is named as an example of two topics.

    Warns
    -----
    OutlineWarning
        An example is not in the corpus, or no paper speaks of a topic.
    """
    examples = _examples(outline.topics, PaperFinder(texts.ids, texts.titles))
    pinned = np.full(len(texts.ids), -1)
    for number, rows in enumerate(examples):
        pinned[rows] = number
    matches = _match(outline, texts, views, encode, keywords(clustering.labels), examples)
    smallest = smallest_topic(len(texts.ids))
    together, free = clustering.coassociation, matches.free(clustering.labels)
    kept = np.zeros(free.match.shape[1], dtype=bool)
    if not outline.complete:
        kept = choose_free(matches.whole, free, together.company, pinned, smallest)
    n_named = len(outline.topics)
    while True:
        beliefs = assign(matches.whole, free.match[:, kept], together.company, pinned, smallest)
        draws = _draws(matches, clustering, kept, pinned, smallest, seed)
        labels = beliefs.argmax(axis=1)
        stability = topic_stability(labels, draws, beliefs.shape[1])
        # what does not hold is no topic, unless a reader says that it is one
        unheld = np.flatnonzero(stability[n_named:] < HOLDS)
        if not len(unheld):
            break
        kept[np.flatnonzero(kept)[unheld]] = False
    table = report_of(outline, labels, beliefs, stability, matches.matcher, examples)
    tell_unsupported(table)
    of_outline = np.where(labels < n_named, labels, -1)
    numbered, drawn, _ = renumbered(labels, draws, {})
    count = int(numbered.max()) + 1
    curve = settled_curve(count, "the outline names them, but for those that it misses")
    guided = replace(
        clustering, labels=numbered, draws=drawn, closeness=together.closeness(numbered), find_curve=curve.copy
    )
    return guided, OutlineFit(of_outline, table)


def _examples(topics: Sequence[OutlineTopic], finder: PaperFinder) -> list[np.ndarray]:
    """Return the positions of each topic's example papers; raises TopicsError where two topics claim one."""
    found, owner = [], dict[int, str]()
    for topic in topics:
        rows = {row for row in map(finder.find, topic.papers) if row is not None}
        missing = [paper for paper in topic.papers if finder.find(paper) is None]
        if missing:
            warn(
                f"the outline's topic {topic.name!r} names papers that are not in the corpus, or have no abstract or no "
                f"findings: {missing}.",
                OutlineWarning,
            )
        for row in sorted(rows):
            if row in owner:
                raise TopicsError(
                    f"the outline names {finder.ids[row]!r} as a paper of {owner[row]!r} and of {topic.name!r}; an example "
                    "belongs to one topic"
                )
            owner[row] = topic.name
        found.append(np.array(sorted(rows), dtype=int))
    return found


def _match(
    outline: Outline,
    texts: Texts,
    views: Sequence[View],
    encode: Encode,
    keywords: list[list[str]],
    examples: list[np.ndarray],
) -> _Matches:
    """Match papers with every topic's seeds, with these less each phrase, and with the keywords of unnamed groups."""
    variants: list[Sequence[str]] = []
    first, shown = [0], []
    for topic, rows in zip(outline.topics, examples, strict=True):
        seeds = topic.seeds
        own = [seeds] + [seeds[:left] + seeds[left + 1 :] for left in range(len(seeds)) if len(seeds) > 1]
        variants += own
        shown += [rows] * len(own)
        first.append(first[-1] + len(own))
    words: list[Sequence[str]] = [row[:_KEYWORDS] for row in keywords]
    encoded = encode([*variants, *words])
    seen = [view for view in views if view.encodes_others]
    if encoded is not None:
        names = {view.name for view in encoded}
        seen = [view for view in seen if view.name in names]
    written = weighted_texts(texts.titles, texts.abstracts, 1)
    matcher = Matcher(texts.content_titles, texts.content_abstracts, seen, written)

    def by_seeds(seeds: list[Sequence[str]], rows: slice) -> list[np.ndarray]:
        own = None if encoded is None else [replace(view, vectors=view.vectors[rows]) for view in encoded]
        return matcher.by_seeds(seeds, own)

    named = matcher.match(by_seeds(variants, slice(0, len(variants))), shown)
    return _Matches(named, np.array(first), by_seeds(words, slice(len(variants), None)), matcher)


def _draws(
    matches: _Matches, clustering: Clustering, kept: np.ndarray, pinned: np.ndarray, smallest: int, seed: int
) -> np.ndarray:
    """Return the topics of papers by redrawn clusterings, each short of one phrase of every topic, int (draws, n)."""
    rng = np.random.default_rng([seed, 3])
    rows = []
    for drawn, weights in zip(clustering.draws, clustering.weights, strict=True):
        company = functools.partial(clustering.coassociation.company, weights=weights)
        free = matches.free(drawn).match[:, kept]
        beliefs = assign(matches.without_a_phrase(rng), free, company, pinned, smallest)
        rows.append(beliefs.argmax(axis=1))
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(clustering.labels))
