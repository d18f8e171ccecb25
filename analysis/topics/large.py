"""Topics of a corpus that is too large to be clustered whole: found in landmarks, and all other papers placed in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import View, fit_views, with_graphs
from analysis.io.partitions import Partitions, Run
from analysis.topics.clustering.cluster import Clustering, cluster
from analysis.topics.curation import Edit, apply_edits, named_papers
from analysis.topics.describe.labeller import Labeller
from analysis.topics.describe.large_tables import LargeFit, describe_large
from analysis.topics.describe.layout import map_of_atoms
from analysis.topics.grouping import Grouping, renumbered, set_aside
from analysis.topics.landmarks import choose_landmarks
from analysis.topics.partition_work import Placing, gather, place_partition
from analysis.topics.placement import Placer
from analysis.topics.result import Topics
from analysis.topics.texts import Facts, GivenEye, TextEye, Texts, sentences_of, texts_at

# a corpus of more papers is fitted by landmarks, so many of them
THRESHOLD, LANDMARKS = 20_000, 12_000
# papers less like their nearest atom than this share of the landmarks is are badly represented
_BADLY = 0.02


@dataclass(frozen=True)
class Choices:
    """How a large corpus is fitted; see `fit_topics` and `analysis.study.settings.TopicSettings`."""

    granularity: str | int
    keep_outliers: bool
    seed: int
    landmarks: int
    transformer: str | None = None
    download: bool = False


def fit_large(
    parts: Partitions, facts: Facts, choices: Choices, run: Run, *, views: Sequence[View] | None = None,
    edits: Sequence[Edit] = (), labeller: Labeller | None = None,
) -> Topics:  # fmt: skip
    """Find topics in landmarks and place all other papers in them.

    Parameters
    ----------
    parts : Partitions
    facts : Facts
    choices : Choices
    run : callable
        Does a piece of work on every partition; see `analysis.io.partitions.in_turn`.
    views : sequence of View, optional
        Vectors of all papers, instead of those made from texts.
    edits, labeller
        As in `fit_topics`.

    Returns
    -------
    Topics
    """
    required = named_papers(edits, facts.ids, facts.titles) if edits else None
    chosen = choose_landmarks(facts.periods, facts.sources, choices.landmarks, choices.seed, required)
    texts = texts_at(parts, facts.ids[chosen])
    seen, eye = landmark_views(texts, facts.ids, facts.ids[chosen], choices, views)
    clustering = cluster(seen, choices.granularity, choices.seed, population=len(facts.ids))
    grouping = apply_edits(clustering, texts.ids, texts.titles, edits)
    points = map_of_atoms(clustering.similarity, choices.seed)
    labels, draws = _with_topics_aside(clustering, grouping)
    placer = Placer.of(clustering, labels, draws, seen, points)
    whole = eye.see(texts).whole
    atoms = unit_rows(_means(whole, clustering.coassociation.atom))
    threshold = float(np.quantile((whole @ atoms.T).max(axis=1), _BADLY))
    placing = Placing(parts, eye, placer, atoms, threshold)
    placed = gather(run("place", place_partition, placing, len(parts)))
    whole_grouping = _settled(placed, chosen, grouping, labels, draws)
    fitted = LargeFit(facts, chosen, texts, whole, clustering, whole_grouping, placed, placing)
    return describe_large(fitted, choices.keep_outliers, run, labeller)


def landmark_views(
    texts: Texts, ids: pd.Index, landmarks: pd.Index, choices: Choices, views: Sequence[View] | None
) -> tuple[list[View], TextEye | GivenEye]:
    """Return the views of the landmarks, and what sees other papers the same way.

    Parameters
    ----------
    texts : Texts
        Of the landmarks.
    ids, landmarks : Index of paper_id
        Of all papers, and of the landmarks.
    choices : Choices
    views : sequence of View or None
        Vectors of all papers, instead of those made from texts.
    """
    if views is not None:
        given = GivenEye(views, ids)
        rows = ids.get_indexer(landmarks)
        return with_graphs([View(view.name, view.kind, view.vectors[rows]) for view in views]), given
    sentences = sentences_of(texts, choices.transformer, choices.download)
    found, model = fit_views(texts.titles, texts.abstracts, sentences)
    return found, TextEye(model, choices.transformer, choices.download)


def _with_topics_aside(clustering: Clustering, grouping: Grouping) -> tuple[np.ndarray, np.ndarray]:
    """Return the landmarks' labels in which topics that were set aside whole have numbers past all others.

    A paper like theirs goes where they went; it must not be drawn into a topic that a reader left alone.
    """
    labels, draws = grouping.labels.copy(), grouping.draws.astype(np.int64)
    count = int(max(labels.max(), draws.max())) + 1
    before = clustering.labels
    aside = set_aside(before, labels)
    for number in range(aside.max() + 1):
        topic = before[aside == number][0]
        labels[aside == number] = count + number
        draws[(clustering.draws == topic) & (draws < 0)] = count + number
    return labels, draws


def _means(vectors: np.ndarray, group: np.ndarray) -> np.ndarray:
    sums = np.zeros((int(group.max()) + 1, vectors.shape[1]))
    np.add.at(sums, group, vectors)
    return np.asarray(sums / np.bincount(group)[:, None], dtype=np.float32)


def _settled(
    placed: dict[str, np.ndarray], chosen: np.ndarray, grouping: Grouping, labels: np.ndarray, draws: np.ndarray
) -> Grouping:
    """Return the grouping of all papers: landmarks stay where the consensus has them, topics are numbered by size."""
    everyone, everywhere = placed["labels"].astype(np.int64), placed["draws"].astype(np.int64)
    everyone[chosen], everywhere[:, chosen] = labels, draws
    last = int(max(grouping.labels.max(), grouping.draws.max()))
    # numbers past the last are topics that were set aside
    everyone[everyone > last] = -1
    everywhere[everywhere > last] = -1
    return Grouping(*renumbered(everyone, everywhere, grouping.names), grouping.edits)
