"""Papers placed in topics that other papers made: by the same base clusterings, hence by the same consensus."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.embedding.vectors import row_product
from analysis.embedding.views import View
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.describe.layout import AtomMap


@dataclass(frozen=True)
class Places:
    """Where placed papers stand.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        The topic that most resampled consensuses give; the consensus itself counts half a vote.
    draws : ndarray of int16, shape (draws, n)
        The topic by each resampled consensus.
    points : ndarray of float32, shape (n, 2)
        Place on the landmarks' map.
    """

    labels: np.ndarray
    draws: np.ndarray
    points: np.ndarray


@dataclass(frozen=True)
class Placer:
    """What places a paper: centres of the base clusterings, and how much of each topic their clusters hold.

    Attributes
    ----------
    names : tuple of str
        The views that new papers can be seen in.
    centres : tuple of ndarray of float32, one per view, shape (clusters, d)
        Of all runs on that view, stacked by rows.
    starts : tuple of ndarray of int, one per view, shape (runs + 1,)
        Where each run's centres begin.
    topic_weights : ndarray of float32, shape (1 + draws, clusters, K + 1)
        What a cluster adds to the closeness of its papers to each topic, and last to none: for the consensus and each
        resampled one.
    atoms : AtomMap
    """

    names: tuple[str, ...]
    centres: tuple[np.ndarray, ...]
    starts: tuple[np.ndarray, ...]
    topic_weights: np.ndarray
    atoms: AtomMap

    @classmethod
    def of(
        cls, clustering: Clustering, labels: np.ndarray, draws: np.ndarray, views: Sequence[View], points: np.ndarray
    ) -> "Placer":
        """Prepare to place papers among landmarks.

        Parameters
        ----------
        clustering : Clustering
            Of the landmarks.
        labels : ndarray of int, shape (n,)
            Their topics, 0..K-1; -1 for papers that speak for no topic.
        draws : ndarray of int, shape (draws, n)
        views : sequence of View
            Those that the landmarks were clustered by; graphs of neighbours say nothing of other papers.
        points : ndarray of float, shape (m, 2)
            Where the landmarks' atoms stand on the map.
        """
        together, ensemble = clustering.coassociation, clustering.ensemble
        seen = np.array([n for n, view in enumerate(views) if view.encodes_others and (ensemble.view == n).any()])
        runs = np.flatnonzero(np.isin(ensemble.view, seen))
        centres, starts = [], []
        for number in seen:
            # of papers that are alike k-means may find fewer clusters than it was asked for: the last ones hold none
            held = ensemble.labels.max(axis=1) + 1
            of_view = [ensemble.centres[run][: held[run]] for run in runs[ensemble.view[runs] == number]]
            centres.append(np.vstack(of_view))
            starts.append(np.concatenate([[0], np.cumsum([len(part) for part in of_view])]))
        columns = np.isin(together.run, runs)
        member = together.member[:, columns]
        of_run = np.searchsorted(runs, together.run[columns])
        blocks = together.block[runs]
        count = int(max(labels.max(), draws.max(initial=-1))) + 1
        weights = np.vstack([together.weight, clustering.weights])[: 1 + len(draws)]
        # what a redrawn clustering has in the place of a topic draws papers, too, and lends them no topic
        drawn_labels = np.where(draws < 0, count, draws)
        topic_weights = [
            _held(member, drawn, _of_runs(blocks, weight)[of_run], count + 1)
            for drawn, weight in zip([labels, *drawn_labels], weights, strict=True)
        ]
        atoms = AtomMap.of(together, member, points)
        return cls(
            tuple(views[number].name for number in seen), tuple(centres), tuple(starts), np.array(topic_weights), atoms
        )

    def clusters(self, views: Sequence[View]) -> sparse.csr_matrix:
        """Return who falls into which cluster of which run, csr_matrix of float32, shape (n, clusters)."""
        by_name = {view.name: view.vectors for view in views}
        nearest, first = [], 0
        for name, centres, starts in zip(self.names, self.centres, self.starts, strict=True):
            nearness = row_product(by_name[name], centres.T) - (centres**2).sum(axis=1) / 2
            for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
                nearest.append(nearness[:, start:stop].argmax(axis=1) + (first + start))
            first += len(centres)
        columns = np.stack(nearest, axis=1)
        n_papers, n_runs = columns.shape
        ones = np.ones(columns.size, dtype=np.float32)
        return sparse.csr_matrix((ones, columns.ravel(), np.arange(n_papers + 1) * n_runs), shape=(n_papers, first))

    def labels(self, views: Sequence[View]) -> np.ndarray:
        """Return the topic of each paper by the consensus alone, ndarray of int, shape (n,)."""
        return np.asarray((self.clusters(views) @ self.topic_weights[0][:, :-1]).argmax(axis=1))

    def place(self, views: Sequence[View]) -> Places:
        """Place papers, seen as the landmarks were."""
        member = self.clusters(views)
        closeness = np.asarray(member @ self.topic_weights[0][:, :-1])
        first = closeness.argmax(axis=1)
        draws = np.zeros((len(self.topic_weights) - 1, len(first)), dtype=np.int16)
        for number, weights in enumerate(self.topic_weights[1:]):
            nearest = np.asarray(member @ weights).argmax(axis=1)
            draws[number] = np.where(nearest == closeness.shape[1], -1, nearest)
        votes = np.stack([(draws == topic).sum(axis=0) for topic in range(closeness.shape[1])], axis=1).astype(float)
        votes[np.arange(len(first)), first] += 0.5
        return Places(votes.argmax(axis=1), draws, self.atoms.locate(member))


def _of_runs(blocks: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weight of each run: blocks count as they were drawn, runs of a block alike."""
    drawn = weights[blocks]
    # a resampled consensus may take no view that a new paper can be seen in: then all of them count
    drawn = drawn if drawn.any() else np.ones(len(blocks))
    of_run = drawn / np.bincount(blocks)[blocks]
    return np.asarray(of_run / of_run.sum())


def _held(member: sparse.csr_matrix, labels: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    known = np.flatnonzero(labels >= 0)
    sizes = np.maximum(np.bincount(labels[known], minlength=count), 1)
    ones = np.ones(len(known), dtype=np.float32)
    groups = sparse.csr_matrix((ones, (known, labels[known])), shape=(len(labels), count))
    return np.asarray((member.T @ groups).toarray() * weights[:, None] / sizes[None, :], dtype=np.float32)
