"""The same papers clustered under other choices: what a trend must not hang on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.embedding.views import View, informative
from analysis.io.partitions import Partitions
from analysis.io.runner import Run
from analysis.io.steps import told_each
from analysis.io.threads import one_thread
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.clustering.density import N_DRAWS
from analysis.topics.methods import find_clusters
from analysis.topics.options import FitOptions
from analysis.topics.placement import Placer
from analysis.topics.texts import Encoder, Facts, Texts, landmark_views

# fewer papers are not clustered again
_FEWEST = 40
_PAST = "past alone"


@dataclass(frozen=True)
class OtherClustering:
    """A clustering under another choice: of which views, and at which rows of them; None for all."""

    clustering: Clustering
    views: Sequence[View]
    rows: np.ndarray | None = None


def topic_variants(
    corpus: Corpus, landmarks: pd.Index, options: FitOptions, run: Run, views: Sequence[View] | None = None
) -> pd.DataFrame:
    """Cluster landmarks again with other choices, and place all other papers.

    Parameters
    ----------
    corpus : Corpus
    landmarks : Index of paper_id
        The papers that topics were found in.
    options : FitOptions
        Of the fit that is being questioned.
    run : callable
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.
    views : sequence of View, optional
        Vectors of all papers, where the fit was given some.

    Returns
    -------
    DataFrame of int64, index paper_id
        One column per choice: "another seed", "coarser", "finer", "words alone" (lexical views and
        no vectors), "past alone" (topics found in the papers up to the median date, later ones
        placed in them afterwards, so that no topic knows the future); of BERTopic's method "another seed", "the
        consensus" and "past alone". A choice that this corpus does not allow, such as a finer cut of "fine", has no column.
    """
    facts = Facts.of(corpus)
    chosen = np.flatnonzero(facts.ids.isin(landmarks))
    with one_thread():
        texts = Texts.at(corpus.texts, facts.ids[chosen]).ignoring(options.extra_stop_words)
        seen = landmark_views(corpus, texts, facts, options, run, views)
        vectors, encoder = informative(seen.every), seen.encoder
        whole = encoder.encode(texts).whole if options.method == "bertopic" else None
        choices = other_choices(vectors, facts.dates.iloc[chosen], options, len(facts.ids), whole)
        columns = {name: np.empty(len(facts.ids), dtype=np.int64) for name in choices}
        placers = {}
        for name, choice in told_each("clustering papers again under another choice", choices.items(), len(choices)):
            columns[name][chosen], placers[name] = _settled(choice(), vectors)
        if len(chosen) < len(facts.ids):
            placing = VariantJob(corpus.texts, texts.ids, encoder, placers)
            pieces = list(run("variants", place_variants, placing, len(corpus.texts)))
            rest = np.setdiff1d(np.arange(len(facts.ids)), chosen)
            for name in choices:
                columns[name][rest] = np.concatenate([piece[name] for piece in pieces])
    return pd.DataFrame(columns, index=facts.ids, dtype="int64")


def _settled(other: OtherClustering, views: Sequence[View]) -> tuple[np.ndarray, Placer]:
    """Return the labels of all landmarks, and what places other papers: all that is kept of a clustering."""
    placer = _placer(other)
    if other.rows is None:
        return other.clustering.labels, placer
    labels = placer.labels(views)
    labels[other.rows] = other.clustering.labels
    return labels, placer


def other_choices(
    views: Sequence[View], dates: pd.Series, options: FitOptions, population: int, whole: np.ndarray | None = None
) -> dict[str, Callable[[], OtherClustering]]:
    """Return what clusters the landmarks anew under each other choice that they allow; see `topic_variants`.

    Parameters
    ----------
    views : sequence of View
    dates : Series of datetime64
        Of the same papers.
    options : FitOptions
    population : int
        How many papers these stand for.
    whole : ndarray of float32, shape (n, d), optional
        One vector a paper, which BERTopic's method needs.
    """
    granularity, seed = options.granularity, options.seed
    if len(dates) < _FEWEST or not views:
        return {}
    one_vector = views[0].vectors if whole is None else whole

    def again(chosen: Sequence[View], other: FitOptions) -> Callable[[], OtherClustering]:
        return lambda: OtherClustering(find_clusters(chosen, one_vector, other, population), chosen)

    if options.method == "bertopic":
        # the seeds after the first were drawn beside it
        choices = {"another seed": again(views, replace(options, seed=seed + N_DRAWS + 1))}
        choices["the consensus"] = again(views, replace(options, method="consensus"))
    else:
        choices = {"another seed": again(views, replace(options, seed=seed + 1))}
        for name, wanted in (("coarser", "coarse"), ("finer", "fine")):
            if granularity != wanted:
                choices[name] = again(views, replace(options, granularity=wanted))
        lexical = [view for view in views if view.kind == "lexical"]
        if 0 < len(lexical) < len(views):
            choices["words alone"] = again(lexical, options)
    past = _early(dates)
    if _FEWEST <= past.sum() < len(dates):
        choices[_PAST] = lambda: _from_the_past(views, one_vector, past, options, population)
    return choices


def _early(dates: pd.Series) -> np.ndarray:
    """Return which papers are dated up to the median date, bool (n,)."""
    known = dates.dropna()
    return np.asarray(dates <= known.quantile(0.5, interpolation="lower")) if len(known) else np.zeros(len(dates), bool)


def _from_the_past(
    views: Sequence[View], whole: np.ndarray, past: np.ndarray, options: FitOptions, population: int
) -> OtherClustering:
    earlier = [replace(view, vectors=view.vectors[past]) for view in views]
    wanted = options.granularity
    wanted = min(wanted, int(past.sum())) if isinstance(wanted, int) else wanted
    chosen = replace(options, granularity=wanted)
    clustering = find_clusters(earlier, whole[past], chosen, round(population * past.mean()))
    return OtherClustering(clustering, earlier, np.flatnonzero(past))


def _placer(other: OtherClustering) -> Placer:
    clustering = other.clustering
    no_points = np.zeros((len(clustering.similarity), 2))
    no_draws = np.zeros((0, len(clustering.labels)), dtype=int)
    return Placer.of(clustering, clustering.labels, no_draws, other.views, no_points)


@dataclass(frozen=True)
class VariantJob:
    """What every partition's papers, but for those that are `known`, are placed by under other choices."""

    parts: Partitions
    known: pd.Index
    encoder: Encoder
    placers: dict[str, Placer]


def place_variants(placing: VariantJob, number: int) -> dict[str, np.ndarray]:
    """Return one partition's topics under each choice, int16."""
    texts = Texts.in_partition(placing.parts, number).without(placing.known)
    if texts.ids.empty:
        return {name: np.zeros(0, dtype=np.int16) for name in placing.placers}
    labels: dict[str, list[np.ndarray]] = {name: [] for name in placing.placers}
    with one_thread():
        for block in texts.blocks():
            views = placing.encoder.encode(block).views
            for name, placer in placing.placers.items():
                labels[name].append(placer.labels(views).astype(np.int16))
    return {name: np.concatenate(parts) for name, parts in labels.items()}
