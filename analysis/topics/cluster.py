"""From views to a clustering that holds still: ensemble, co-association, count, cut, redrawn cuts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.embedding.views import View
from analysis.topics.coassociation import MOST_ATOMS, Coassociation
from analysis.topics.consensus import Consensus, aligned, by_size, merge_levels, settled
from analysis.topics.ensemble import Ensemble, base_clusterings
from analysis.topics.granularity import choose_count, granularity_curve, smallest_topic

_MOST_DRAWS, _FEWEST_DRAWS = 40, 20
# redrawn consensuses that the granularity curve is measured with
_CURVE_DRAWS = 5


@dataclass(frozen=True)
class Clustering:
    """Topics of n papers as numbers.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        0..K-1 by falling size.
    draws : ndarray of int32, shape (draws, n)
        Labels of redrawn consensuses, numbered like `labels`.
    closeness : ndarray of float64, shape (n, K)
        Mean co-association of each paper with the other papers of each topic.
    coassociation : Coassociation
    similarity : ndarray of float32, shape (m, m)
        Co-association of atoms.
    curve : DataFrame
        From `granularity_curve`.
    """

    labels: np.ndarray
    draws: np.ndarray
    closeness: np.ndarray
    coassociation: Coassociation
    similarity: np.ndarray
    curve: pd.DataFrame


def cluster(
    views: Sequence[View], granularity: str | int, seed: int, n_runs: int | None = None, most_atoms: int = MOST_ATOMS
) -> Clustering:
    """Cluster papers by the consensus of base clusterings over views.

    Parameters
    ----------
    views : sequence of View
    granularity : {"coarse", "balanced", "fine"} or int
    seed : int
    n_runs : int, optional
        Base clusterings a view.
    most_atoms : int
        Papers are gathered into this many atoms where there are more.

    Returns
    -------
    Clustering
    """
    together = Coassociation.of(base_clusterings(views, seed, n_runs), seed, most_atoms)
    n_papers, n_atoms = len(together.atom), len(together.sizes)
    similarity = together.similarity()
    levels = merge_levels(similarity)
    count, reason = choose_count(levels, granularity)
    smallest = 1 if isinstance(granularity, int) else smallest_topic(n_papers)
    whole = Consensus.of(similarity, together.sizes, count)
    first = by_size(_of_papers(together, whole.cut(count, smallest), None))
    rng = np.random.default_rng([seed, 1])
    draws, redrawn = [], []
    for number in range(_number_of_draws(n_atoms)):
        weights = together.redrawn(rng)
        other = Consensus.of(together.similarity(weights), together.sizes, count)
        draws.append(aligned(_of_papers(together, other.cut(count, smallest), weights), first))
        if number < _CURVE_DRAWS:
            redrawn.append(other)
    voted = settled(first, np.array(draws), smallest)
    labels = by_size(voted)
    number_of = np.zeros(int(first.max()) + 1, dtype=np.int32)
    number_of[voted] = labels
    curve = granularity_curve(whole, redrawn, levels, count, reason, smallest)
    return Clustering(labels, number_of[np.array(draws)], together.closeness(labels), together, similarity, curve)


def one_cluster(n_papers: int, reason: str) -> Clustering:
    """Return the clustering of papers that nothing splits."""
    labels = np.zeros(n_papers, dtype=np.int32)
    together = Coassociation.of(Ensemble(labels[None, :], np.zeros(1, dtype=int)))
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
    return Clustering(labels.astype(int), draws, np.ones((n_papers, 1)), together, together.similarity(), curve)


def _of_papers(together: Coassociation, labels: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Return labels of papers from those of atoms; past one paper an atom, each goes where it is most together."""
    papers = labels[together.atom]
    if len(together.sizes) == len(together.atom):
        return np.asarray(papers)
    return np.asarray(np.unique(together.closeness(papers, weights).argmax(axis=1), return_inverse=True)[1])


def _number_of_draws(n_atoms: int) -> int:
    """Return how many consensuses are redrawn: 40, falling to 20 where each costs a tenth of a second."""
    return int(np.clip(_MOST_DRAWS * 600 // n_atoms, _FEWEST_DRAWS, _MOST_DRAWS))
