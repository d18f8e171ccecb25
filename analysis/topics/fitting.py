"""From a corpus to its topics: landmarks, views, clusters, a reader's edits, all other papers, words and labels."""

import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.embedding.centring import LanguageGroups
from analysis.embedding.given import read_vectors
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import View
from analysis.errors import CorpusWarning, LanguagesWarning, SmallCorpusWarning, TopicsError, UnheldTopicsWarning, warn
from analysis.io.display import counted
from analysis.io.runner import Run
from analysis.io.steps import tell
from analysis.io.threads import WORTH_A_THREAD, one_thread
from analysis.topics.assembly import Fitted, Reading, describe
from analysis.topics.clustering.cluster import Clustering, one_cluster
from analysis.topics.clustering.consensus import renumbered
from analysis.topics.clustering.holding import HOLDS, topic_stability
from analysis.topics.copies import find_copies
from analysis.topics.curation import apply_edits, named_papers
from analysis.topics.describe.labeller import Labeller
from analysis.topics.describe.layout import map_of_papers
from analysis.topics.describe.tables import words_of
from analysis.topics.describe.words import TermSums, TermTable, topic_keywords
from analysis.topics.edits import Edit
from analysis.topics.grouping import Grouping, set_aside
from analysis.topics.landmarks import choose_landmarks
from analysis.topics.methods import SMALLEST_CORPUS, check_method, find_clusters, too_few
from analysis.topics.named import positions_of
from analysis.topics.options import FitOptions
from analysis.topics.outline.guided import follow_outline
from analysis.topics.outline.reading import Outline
from analysis.topics.outline.report import OutlineFit
from analysis.topics.partition_work import Placed, PlacementJob, place_partition
from analysis.topics.placement import Placer
from analysis.topics.tables import TopicTables
from analysis.topics.texts import Encoder, Facts, Texts, landmark_views, origin_of, seed_encoder
from analysis.topics.title_only import no_titles, place_by_title
from analysis.topics.view_table import view_table

# of more copies than this share a user is told
_MANY_COPIES = 0.1
# a topic of which this share is in one language holds that language alone
_ONE_LANGUAGE = 0.95
# papers less similar to their nearest atom than this share of the landmarks is are badly represented
_BADLY = 0.02


def fit(
    corpus: Corpus,
    options: FitOptions,
    run: Run,
    *,
    vectors: object = None,
    edits: Sequence[Edit] = (),
    labeller: Labeller | None = None,
    outline: Outline | None = None,
) -> TopicTables:
    """Find topics as `fit_topics` does.

    Parameters
    ----------
    corpus : Corpus
    options : FitOptions
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.
    vectors, edits, labeller, outline
        As in `fit_topics`.
    """
    facts = Facts.of(corpus)
    check_papers(len(facts.ids), len(corpus))
    _check(options, len(facts.ids))
    views = None if vectors is None else given_views(corpus, facts, vectors)
    with one_thread(), ThreadPoolExecutor(1) as beside:
        named = named_papers(edits) | (
            {paper for topic in outline.topics for paper in topic.papers} if outline else set()
        )
        chosen = find_landmarks(facts, options, positions_of(named, facts.ids, facts.titles) if named else None)
        texts = Texts.at(corpus.texts, facts.ids[chosen]).ignoring(options.extra_stop_words)
        chosen, texts, copies = _without_copies(chosen, texts, named)
        # of a few papers words are read beside the clustering, which leaves a core idle; else while the map is drawn
        few = len(texts.ids) < WORTH_A_THREAD
        read = beside.submit(Reading.of, texts).result if few else functools.cache(functools.partial(Reading.of, texts))
        population = round(len(facts.ids) * len(chosen) / (len(chosen) + len(copies)))
        tell("seeing papers by their words and vectors")
        shown = landmark_views(corpus, texts, facts, options, run, views)
        seen, encoder = shown.seen, shown.encoder
        tell("clustering them many times")
        clustering = _clustering(seen, encoder, texts, population, options)
        weighed = view_table(seen, shown.recorded, clustering)
        _tell_unheld(clustering, options)
        _tell_languages(facts, texts, clustering)
        guided = None
        if outline is not None:
            clustering, guided = _guided(outline, clustering, texts, read().counted, seen, encoder, options)
        grouping = apply_edits(
            clustering, texts.ids, texts.titles, edits, guided.names(clustering.labels) if guided else None
        )
        points = beside.submit(map_of_papers, clustering.coassociation, clustering.similarity, options.seed)
        read()
        origin = origin_of(shown.every, encoder, options)
        fitted = Fitted(
            corpus.texts,
            facts,
            chosen,
            texts,
            clustering,
            grouping,
            points.result,
            read,
            origin=origin,
            method=options.method,
            outline=guided,
            copies=copies,
            population=population,
        )
        tell("finding words and names of topics")
        if len(chosen) < len(facts.ids):
            fitted = with_others(fitted, seen, encoder, run)
        topics = in_order(describe(fitted, options.keep_outliers, run, labeller), corpus.ids)
        return topics.with_tables(title_only=_title_only(fitted, seen, encoder, run), views=weighed)


def in_order(topics: TopicTables, ids: pd.Index) -> TopicTables:
    """Return topics whose papers stand in the order of a corpus' ids."""
    rows = topics.assignments.index.get_indexer(ids)
    rows = rows[rows >= 0]
    if np.array_equal(rows, np.arange(len(rows))):
        return topics
    return topics.with_tables(**{name: getattr(topics, name).iloc[rows] for name in ("assignments", "draws", "layout")})


def given_views(corpus: Corpus, facts: Facts, vectors: object) -> list[View]:
    """Return given vectors of the papers with an abstract, in the order of `facts`."""
    rows = corpus.ids.get_indexer(facts.ids)
    views = read_vectors(vectors, corpus.ids, corpus.in_topics.to_numpy(), corpus.table_rows)
    if np.array_equal(rows, np.arange(len(corpus))):
        # in their order as they are: a large corpus' vectors are not copied
        return views
    return [replace(view, vectors=view.vectors[rows]) for view in views]


def check_papers(n_papers: int, n_all: int) -> None:
    """Raise TopicsError where no paper has an abstract."""
    if n_papers == 0:
        what = f"none of the {n_all} papers has an abstract" if n_all else "the corpus has no papers"
        raise TopicsError(f"{what}, so there are no topics; topics are found in titles and abstracts")


def _check(options: FitOptions, n_papers: int) -> None:
    check_method(options)
    granularity = options.granularity
    if isinstance(granularity, bool) or not (
        isinstance(granularity, int) or granularity in ("coarse", "balanced", "fine")
    ):
        raise TopicsError(f"granularity must be 'coarse', 'balanced', 'fine' or a number, not {granularity!r}")
    if isinstance(granularity, int) and not 1 <= granularity <= n_papers:
        raise TopicsError(f"{granularity} topics were asked for; there are {n_papers} papers to make them from")


def _without_copies(chosen: np.ndarray, texts: Texts, named: set[str]) -> tuple[np.ndarray, Texts, np.ndarray]:
    """Return landmarks without copies of others, their texts, and positions of copies and originals, shape (copies, 2).

    Papers that a reader names stay, and all do where too few would be left.
    """
    original = find_copies(texts.abstracts)
    kept_for_sure = positions_of(named, texts.ids, texts.titles) if named else np.zeros(0, dtype=int)
    original[kept_for_sure] = kept_for_sure
    rows = np.arange(len(original))
    kept = np.flatnonzero(original == rows)
    if len(kept) == len(rows) or len(kept) < SMALLEST_CORPUS:
        return chosen, texts, np.zeros((0, 2), dtype=int)
    copies = np.flatnonzero(original != rows)
    if len(copies) >= _MANY_COPIES * len(rows):
        warn(
            f"{counted(len(copies), 'abstract')} of {len(rows):,} repeat another nearly word for word; each text counts once "
            "when topics are found, and its copies stand where it does. `Topics.copies` lists them.",
            CorpusWarning,
        )
    return chosen[kept], texts.rows(kept), np.column_stack([chosen[copies], chosen[original[copies]]])


def find_landmarks(facts: Facts, options: FitOptions, required: np.ndarray | None = None) -> np.ndarray:
    """Return the positions of the papers that topics are found in, those that are required among them."""
    if len(facts.ids) <= options.threshold:
        return np.arange(len(facts.ids))
    return choose_landmarks(facts.years, facts.strata, options.landmarks, options.seed, required)


def _clustering(
    views: Sequence[View], encoder: Encoder, texts: Texts, n_papers: int, options: FitOptions
) -> Clustering:
    """Cluster landmarks that stand for `n_papers`; too few of them, or all alike, are one topic."""
    reason = too_few(views)
    if reason:
        warn(f"one topic only: {reason}.", SmallCorpusWarning)
        return one_cluster(views[0].vectors, reason)
    whole = encoder.encode(texts).whole if options.method == "bertopic" else views[0].vectors
    return find_clusters(views, whole, options, n_papers)


def _tell_languages(facts: Facts, texts: Texts, clustering: Clustering) -> None:
    """Warn where papers are in several languages, and say how many topics hold but one of them."""
    groups = LanguageGroups.of(facts.languages)
    if not groups.several:
        return
    number = LanguageGroups.among(groups.names, texts.spoken).number
    table = np.zeros((int(clustering.labels.max()) + 1, len(groups.names)))
    inside = clustering.labels >= 0
    np.add.at(table, (clustering.labels[inside], number[inside]), 1)
    alone = int((table.max(axis=1) >= _ONE_LANGUAGE * table.sum(axis=1)).sum())
    counts = ", ".join(
        f"{count:,} {name}" for name, count in zip(groups.names, np.bincount(groups.number), strict=True)
    )
    warn(
        f"the papers are in several languages ({counts}). Vectors are centred by language, and language is a stratum of "
        f"trends; still {alone} of {len(table)} topics hold papers of one language alone. Where these are one subject in two "
        "languages, name a multilingual sentence model (transformer), or choose languages under [corpus] in study.toml.",
        LanguagesWarning,
    )


def _guided(
    outline: Outline,
    clustering: Clustering,
    texts: Texts,
    words: TermTable,
    views: Sequence[View],
    encoder: Encoder,
    options: FitOptions,
) -> tuple[Clustering, OutlineFit]:
    """Let the landmarks' topics follow an outline; their words are what seeds groups that it misses."""

    def keywords(labels: np.ndarray) -> list[list[str]]:
        return [words_of(row) for row in topic_keywords(TermSums.of(words.counts, labels), words.terms)]

    return follow_outline(outline, clustering, texts, views, seed_encoder(encoder), keywords, options.seed)


def _tell_unheld(clustering: Clustering, options: FitOptions) -> None:
    """Warn where more topics were asked for than hold; of a number that was not asked for those that do not are dissolved."""
    if not isinstance(options.granularity, int):
        return
    held = topic_stability(clustering.labels, clustering.draws)
    unheld = int((held < HOLDS).sum())
    # two are never dissolved either: of few papers that differ little no redrawing may find both
    if unheld and len(held) > 2:
        warn(
            f"{unheld} of the {len(held)} topics that were asked for do not hold: redrawn clusterings have little in common with "
            f"them (stability below {HOLDS}). Ask for fewer, or for “balanced”.",
            UnheldTopicsWarning,
        )


def with_others(fitted: Fitted, views: Sequence[View], encoder: Encoder, run: Run) -> Fitted:
    """Place all papers that are no landmarks in the landmarks' topics; copies go where their originals are."""
    n_papers, others = len(fitted.facts.ids), fitted.others
    labels, draws = _with_removed_topics(fitted.clustering, fitted.grouping)
    placed = embeddings = None
    if len(others):
        placed, embeddings = _placed(fitted, labels, draws, views, encoder, run)

    def everywhere(own: np.ndarray, of_placed: np.ndarray | None) -> np.ndarray:
        """Return values of all papers from those of landmarks and placed papers, along the first axis."""
        values = np.empty((n_papers, *own.shape[1:]), dtype=own.dtype)
        values[fitted.chosen] = own
        if of_placed is not None:
            values[others] = of_placed
        copy, source = fitted.copies.T
        values[copy] = values[source]
        return values

    all_labels = everywhere(labels, None if placed is None else placed.labels)
    all_draws = everywhere(draws.T.astype(np.int16), None if placed is None else placed.draws.T).T
    last = int(max(fitted.grouping.labels.max(), fitted.grouping.draws.max(initial=-1)))
    # numbers past the last are topics that were removed
    all_labels[all_labels > last] = -1
    all_draws[all_draws > last] = -1
    grouping = Grouping(*renumbered(all_labels, all_draws, fitted.grouping.names), fitted.grouping.edits)

    def points() -> np.ndarray:
        return everywhere(fitted.points(), None if placed is None else placed.points)

    return replace(fitted, grouping=grouping, points=points, placed=placed, embeddings=embeddings)


def _placed(
    fitted: Fitted, labels: np.ndarray, draws: np.ndarray, views: Sequence[View], encoder: Encoder, run: Run
) -> tuple[Placed, np.ndarray]:
    """Place the papers that are neither landmarks nor copies; return them, and the landmarks' embeddings."""
    atom = fitted.clustering.coassociation.atom
    placer = Placer.of(fitted.clustering, labels, draws, views, _means(fitted.points(), atom))
    embeddings = encoder.encode(fitted.texts).whole
    atoms = unit_rows(_means(embeddings, atom))
    min_similarity = float(np.quantile((embeddings @ atoms.T).max(axis=1), _BADLY))
    placing = PlacementJob(fitted.parts, fitted.known, encoder, placer, atoms, min_similarity)
    return Placed.of(run("place", place_partition, placing, len(fitted.parts))), embeddings


def _title_only(fitted: Fitted, views: Sequence[View], encoder: Encoder, run: Run) -> pd.DataFrame:
    """Return papers without an abstract in the topics that their titles speak of."""
    if fitted.facts.n_corpus == len(fitted.facts.ids):
        return no_titles()
    clustering, grouping, chosen = fitted.clustering, fitted.grouping, fitted.chosen
    labels, draws = grouping.labels, grouping.draws
    if len(labels) > len(chosen):
        labels, draws = labels[chosen], draws[:, chosen]
    points = fitted.points()
    points = points if len(points) == len(chosen) else points[chosen]
    placer = Placer.of(clustering, labels, draws, views, _means(points, clustering.coassociation.atom))
    return place_by_title(fitted.parts, fitted.texts, labels, encoder, placer, run)


def place_points(fitted: Fitted, views: Sequence[View], encoder: Encoder, run: Run) -> Fitted:
    """Place all papers that are no landmarks on the map; their topics are known."""
    chosen, labels = fitted.chosen, fitted.grouping.labels
    own = replace(fitted.grouping, labels=labels[chosen], draws=fitted.grouping.draws[:, chosen])
    landmarks = replace(fitted, grouping=own)
    placed = with_others(landmarks, views, encoder, run)
    return replace(fitted, points=placed.points, placed=placed.placed, embeddings=placed.embeddings)


def _with_removed_topics(clustering: Clustering, grouping: Grouping) -> tuple[np.ndarray, np.ndarray]:
    """Return the landmarks' labels in which topics that were set aside whole have numbers past all others.

    A paper like theirs goes where they went; it must not be drawn into a topic that a reader left alone.
    """
    labels, draws = grouping.labels.copy(), grouping.draws.astype(np.int64)
    count = int(max(labels.max(), draws.max(initial=-1))) + 1
    before = clustering.labels
    removed = set_aside(before, labels)
    for number in range(removed.max() + 1):
        topic = before[removed == number][0]
        labels[removed == number] = count + number
        draws[(clustering.draws == topic) & (draws < 0)] = count + number
    return labels, draws


def _means(vectors: np.ndarray, group: np.ndarray) -> np.ndarray:
    sums = np.zeros((int(group.max()) + 1, vectors.shape[1]))
    np.add.at(sums, group, vectors)
    return np.asarray(sums / np.bincount(group)[:, None])
