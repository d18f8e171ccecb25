"""From views to a clustering that holds still: ensemble, coassociation, count, cut, resampled cuts."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.embedding.views import View, share_of_sentences
from analysis.io.threads import WORTH_A_THREAD, each_in_a_thread
from analysis.topics.clustering.coassociation import MOST_ATOMS, Coassociation
from analysis.topics.clustering.consensus import (
    Consensus,
    majority_vote,
    matched,
    merge_levels,
    renumbered,
    share_together,
)
from analysis.topics.clustering.ensemble import Ensemble, base_clusterings
from analysis.topics.clustering.granularity import choose_count, granularity_curve, smallest_topic
from analysis.topics.clustering.holding import HOLDS, HOLDS_LANDMARKS, dissolve_unheld

_MOST_DRAWS, _FEWEST_DRAWS = 40, 20
# resampled consensuses that the granularity curve is measured with
_CURVE_DRAWS = 5
# and those that the number of topics is read from
_LEVEL_DRAWS = 20


@dataclass(frozen=True)
class Clustering:
    """Topics of n papers as numbers.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        0..K-1 by falling size.
    draws : ndarray of int32, shape (draws, n)
        Labels of resampled consensuses, numbered like `labels`; -1 where a group is like none of these topics.
    closeness : ndarray of float64, shape (n, K)
        Mean coassociation of each paper with the other papers of each topic.
    coassociation : Coassociation
    weights : ndarray of float64, shape (draws, blocks)
        How often each resampled consensus counts each block of base clusterings.
    ensemble : Ensemble
    similarity : ndarray of float32, shape (m, m)
        Coassociation of atoms.
    find_curve : callable
        Measures other numbers of topics beside the chosen one, as `granularity_curve`: only where somebody asks.
    """

    labels: np.ndarray
    draws: np.ndarray
    closeness: np.ndarray
    coassociation: Coassociation
    weights: np.ndarray
    ensemble: Ensemble
    similarity: np.ndarray
    find_curve: Callable[[], pd.DataFrame]


def cluster(
    views: Sequence[View],
    granularity: str | int,
    seed: int,
    n_runs: int | None = None,
    most_atoms: int = MOST_ATOMS,
    population: int | None = None,
) -> Clustering:
    """Cluster papers by the consensus of base clusterings over views.

    Parameters
    ----------
    views : sequence of View
    granularity : {"coarse", "balanced", "fine"} or int
    seed : int
    n_runs : int, optional
        Base clusterings per view.
    most_atoms : int
        Papers are gathered into this many atoms where there are more.
    population : int, optional
        How many papers these stand for, where they are landmarks of more.

    Returns
    -------
    Clustering
    """
    ensemble = base_clusterings(views, seed, n_runs, population)
    together = Coassociation.of(ensemble, seed, most_atoms)
    n_papers, sizes = len(together.atom), together.sizes
    weights = _resampled(together, seed, _number_of_draws(len(sizes)))
    similarity = together.similarity()
    levels = _settled_levels(together, similarity, weights[:_LEVEL_DRAWS])
    count, reason = choose_count(levels, granularity, share_of_sentences(views))
    smallest = 1 if isinstance(granularity, int) else smallest_topic(n_papers)

    def redrawn(drawn: np.ndarray) -> np.ndarray:
        return Consensus.of(together.similarity(drawn), sizes, count).cut(count, smallest)

    cuts = each_in_a_thread(redrawn, weights, len(sizes) >= WORTH_A_THREAD)
    # what the cuts of resampled consensuses keep together counts as much as what single runs do
    whole = Consensus.of((similarity + share_together(cuts)) / 2, sizes, count)
    first = _of_papers(together, whole.cut(count, smallest), None)
    drawn_papers = [_of_papers(together, labels, drawn) for labels, drawn in zip(cuts, weights, strict=True)]
    voted = majority_vote(first, np.array([matched(drawn, first) for drawn in drawn_papers]), smallest)
    # a number that was asked for is kept, whether its topics hold or not
    least = HOLDS if population is None or population == len(views[0].vectors) else HOLDS_LANDMARKS
    least = -1.0 if isinstance(granularity, int) else least
    held, draws = dissolve_unheld(np.unique(voted, return_inverse=True)[1], drawn_papers, together.closeness, least)
    labels, numbered, _ = renumbered(held, draws, {})

    find_curve = functools.partial(
        _curve, ensemble, seed, most_atoms, weights[:_CURVE_DRAWS], levels, count, reason, smallest
    )
    return Clustering(
        labels, numbered, together.closeness(labels), together, np.array(weights), ensemble, similarity, find_curve
    )


def _curve(
    ensemble: Ensemble,
    seed: int,
    most_atoms: int,
    weights: Sequence[np.ndarray],
    levels: np.ndarray,
    count: int,
    reason: str,
    smallest: int,
) -> pd.DataFrame:
    """Measure other numbers of topics: all matrices are made anew, so that none is kept until somebody asks."""
    together = Coassociation.of(ensemble, seed, most_atoms)
    plain = Consensus.of(together.similarity(), together.sizes, count)
    resampled = [Consensus.of(together.similarity(drawn), together.sizes, count) for drawn in weights]
    return granularity_curve(plain, resampled, levels, count, reason, smallest)


def recast(
    views: Sequence[View],
    labels: np.ndarray,
    draws: np.ndarray,
    seed: int,
    find_curve: Callable[[], pd.DataFrame],
    population: int | None = None,
) -> Clustering:
    """Return the clustering of papers whose topics are settled, so that other papers can be placed among them.

    The base clusterings and the resampled weights are those of `cluster` with the same views and seed.

    Parameters
    ----------
    views : sequence of View
    labels : ndarray of int, shape (n,)
        0..K-1; -1 for papers that speak for no topic.
    draws : ndarray of int, shape (draws, n)
    seed : int
    find_curve : callable
        As the fit gave it.
    population : int, optional
        How many papers these stood for when topics were found.
    """
    ensemble = base_clusterings(views, seed, population=population)
    together = Coassociation.of(ensemble, seed)
    weights = np.array(_resampled(together, seed, len(draws))).reshape(len(draws), len(together.blocks))
    return Clustering(
        labels, draws, together.closeness(labels), together, weights, ensemble, together.similarity(), find_curve
    )


def _resampled(together: Coassociation, seed: int, count: int) -> list[np.ndarray]:
    rng = np.random.default_rng([seed, 1])
    return [together.resampled(rng) for _ in range(count)]


def _settled_levels(together: Coassociation, similarity: np.ndarray, weights: Sequence[np.ndarray]) -> np.ndarray:
    """Return merge levels half from the consensus, half from the mean of resampled ones: the count depends on them."""
    resampled = np.mean([merge_levels(together.similarity(drawn)) for drawn in weights], axis=0)
    return np.asarray((merge_levels(similarity) + resampled) / 2)


def one_cluster(vectors: np.ndarray, reason: str) -> Clustering:
    """Return the clustering of papers that nothing splits; `vectors`, shape (n, d), are those of their first view."""
    n_papers = len(vectors)
    labels = np.zeros(n_papers, dtype=np.int32)
    centre = vectors.mean(axis=0, keepdims=True).astype(np.float32)
    ensemble = Ensemble(labels[None, :], np.zeros(1, dtype=int), (centre,))
    together = Coassociation.of(ensemble)
    curve = pd.DataFrame(
        {
            "topics": [1],
            "stability": [1.0],
            "silhouette": [0.0],
            "together": [1.0],
            "chosen": [True],
            "reason": [reason],
        }
    )
    draws = np.zeros((_MOST_DRAWS, n_papers), dtype=np.int32)
    weights = np.ones((_MOST_DRAWS, len(together.blocks)))
    return Clustering(
        labels.astype(int),
        draws,
        np.ones((n_papers, 1)),
        together,
        weights,
        ensemble,
        together.similarity(),
        curve.copy,
    )


def _of_papers(together: Coassociation, labels: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Return labels of papers from those of atoms; past one paper an atom, each goes where it is most together."""
    papers = labels[together.atom]
    if len(together.sizes) == len(together.atom):
        return np.asarray(papers)
    return np.asarray(np.unique(together.closeness(papers, weights).argmax(axis=1), return_inverse=True)[1])


def _number_of_draws(n_atoms: int) -> int:
    """Return how many consensuses are resampled: 40, falling to 20 where each costs a tenth of a second."""
    return int(np.clip(_MOST_DRAWS * 600 // n_atoms, _FEWEST_DRAWS, _MOST_DRAWS))
