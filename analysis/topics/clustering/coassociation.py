"""Who is how often together: the coassociation of many clusterings, small enough to resample.

Evidence accumulation after Fred and Jain (2005), IEEE TPAMI 27(6), 835-850. A corpus past a few
thousand papers is gathered into atoms, papers that nearly all clusterings keep together, as in
the microclusters of Huang et al. (2020), IEEE TKDE 32(6), 1212-1226; up to then every paper is an atom.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.cluster import KMeans

from analysis.topics.clustering.ensemble import Ensemble

MOST_ATOMS = 1_000
# width of the random projection in which atoms are found, and the rounds that finding them takes
_SKETCH, _ROUNDS = 64, 5
# less belief than this is rounding error
_NOBODY = 1e-4
# each view's runs are kept in this many blocks: a resample takes blocks, not single runs
_BLOCKS_A_VIEW = 2


@dataclass(frozen=True)
class Coassociation:
    """Coassociation of n papers in m atoms, by blocks of clusterings.

    Attributes
    ----------
    member : csr_matrix of float32, shape (n, clusters)
        Ones where a paper is in a cluster; the clusters of all runs side by side.
    run : ndarray of int, shape (clusters,)
        The run that each cluster is of.
    block : ndarray of int, shape (runs,)
    view_of_block : ndarray of int, shape (blocks,)
    atom : ndarray of int, shape (n,)
        Which atom each paper is in.
    sizes : ndarray of float64, shape (m,)
        Papers of each atom.
    blocks : ndarray of float32, shape (blocks, m, m)
        Share of each block's runs in which papers of two atoms are together.
    weight : ndarray of float, shape (blocks,)
        How much each block counts, as its view does.
    """

    member: sparse.csr_matrix
    run: np.ndarray
    block: np.ndarray
    view_of_block: np.ndarray
    atom: np.ndarray
    sizes: np.ndarray
    blocks: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, ensemble: Ensemble, seed: int = 0, most_atoms: int = MOST_ATOMS) -> "Coassociation":
        """Gather an ensemble's papers into at most `most_atoms` atoms and count who is together."""
        member, run = _indicator(ensemble.labels)
        atom = _atoms(member, most_atoms, seed)
        sizes = np.bincount(atom).astype(np.float64)
        gather = sparse.csr_matrix((1 / sizes[atom], (atom, np.arange(len(atom)))), dtype=np.float32)
        profile = (gather @ member).tocsc()
        # a view's runs take turns, so that each block holds all granularities
        turn = np.concatenate([np.arange(count) % _BLOCKS_A_VIEW for count in np.bincount(ensemble.view)])
        kinds, block = np.unique(ensemble.view * _BLOCKS_A_VIEW + turn, return_inverse=True)
        blocks = np.stack(
            [_together(profile[:, block[run] == number], (block == number).sum()) for number in range(len(kinds))]
        )
        views = kinds // _BLOCKS_A_VIEW
        weight = ensemble.weight[views] if len(ensemble.weight) else np.ones(len(kinds))
        return cls(member, run, block, views, atom, sizes, blocks, weight)

    def similarity(self, weights: np.ndarray | None = None) -> np.ndarray:
        """Return the coassociation of atoms, every block counted as much as it weighs or `weights` say, float32, shape (m, m).

        Ones on the diagonal where an atom is one paper.
        """
        weights = self.weight if weights is None else weights
        share = (weights / weights.sum()).astype(np.float32)
        return np.asarray(np.tensordot(share, self.blocks, axes=1))

    def closeness(self, labels: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Return each paper's mean coassociation with the other papers of each group.

        Parameters
        ----------
        labels : ndarray of int, shape (n,)
            Group of each paper, 0..K-1; -1 for none.
        weights : ndarray of float, shape (blocks,), optional

        Returns
        -------
        ndarray of float64, shape (n, K)
        """
        weights = self.weight if weights is None else weights
        of_run = weights[self.block] / np.bincount(self.block)[self.block] / weights.sum()
        known = np.flatnonzero(labels >= 0)
        ones = np.ones(len(known), dtype=np.float32)
        groups = sparse.csr_matrix((ones, (known, labels[known])), shape=(len(labels), int(labels.max()) + 1))
        held = (self.member.T @ groups).toarray() * of_run[self.run][:, None].astype(np.float32)
        totals = np.asarray(self.member @ held, dtype=np.float64)
        members = groups.toarray().astype(np.float64)
        others = np.bincount(labels[known], minlength=groups.shape[1])[None, :] - members
        return np.asarray(np.divide(totals - members, others, out=np.zeros_like(totals), where=others > 0))

    def company(self, beliefs: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Return each paper's mean coassociation with the other papers of each topic, to which these belong in part.

        Parameters
        ----------
        beliefs : ndarray of float, shape (n, K)
            How much each paper belongs to each topic, 0 upwards.
        weights : ndarray of float, shape (blocks,), optional

        Returns
        -------
        ndarray of float64, shape (n, K)
            Zero for a topic to which no other paper belongs.
        """
        weights = self.weight if weights is None else weights
        of_run = weights[self.block] / np.bincount(self.block)[self.block] / weights.sum()
        soft = beliefs.astype(np.float32)
        held = (self.member.T @ soft) * of_run[self.run][:, None].astype(np.float32)
        totals = np.asarray(self.member @ held, dtype=np.float64)
        others = soft.sum(axis=0, dtype=np.float64)[None, :] - soft
        means = np.divide(totals - soft, others, out=np.zeros_like(totals), where=others > _NOBODY)
        return np.asarray(np.maximum(means, 0))

    def between(self, rows: np.ndarray) -> np.ndarray:
        """Return the coassociation of a few papers with each other, float64, shape (rows, rows)."""
        of_run = self.weight[self.block] / np.bincount(self.block)[self.block] / self.weight.sum()
        chosen = self.member[rows]
        return np.asarray((chosen.multiply(of_run[self.run][None, :]) @ chosen.T).todense(), dtype=np.float64)

    def majority(self, labels: np.ndarray) -> np.ndarray:
        """Return the group (-1 counts as one) that most papers of each atom are in, shape (m,)."""
        counts = np.zeros((len(self.sizes), int(labels.max()) + 2))
        np.add.at(counts, (self.atom, labels), 1)  # -1 is the last column
        group = counts.argmax(axis=1)
        return np.where(group == counts.shape[1] - 1, -1, group)

    def resampled(self, rng: np.random.Generator) -> np.ndarray:
        """Resample the clusterings: views with replacement, then the blocks of each drawn view with replacement.

        Views of one weight are drawn among themselves, so that heavy ones count as much in every resample.

        Returns
        -------
        ndarray of float, shape (blocks,)
            How much each block counts: how often it was drawn, times its weight.
        """
        drawn = np.zeros(len(self.blocks))
        for weight in np.unique(self.weight):
            views = np.unique(self.view_of_block[self.weight == weight])
            for view in rng.choice(views, len(views)):
                blocks = np.flatnonzero(self.view_of_block == view)
                np.add.at(drawn, rng.choice(blocks, len(blocks)), weight)
        return drawn


def _indicator(labels: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return who is in which cluster of which run, shape (n, clusters), and the run of each cluster."""
    n_runs, n_papers = labels.shape
    counts = labels.max(axis=1) + 1
    first = np.concatenate([[0], np.cumsum(counts)])
    columns = (labels + first[:-1, None]).T.ravel()
    starts = np.arange(n_papers + 1) * n_runs
    ones = np.ones(len(columns), dtype=np.float32)
    return sparse.csr_matrix((ones, columns, starts), shape=(n_papers, int(first[-1]))), np.repeat(
        np.arange(n_runs), counts
    )


def _atoms(member: sparse.csr_matrix, most: int, seed: int) -> np.ndarray:
    """Gather papers that are together in nearly all runs; each alone where there are no more than `most`."""
    n_papers = member.shape[0]
    if n_papers <= most:
        return np.arange(n_papers)
    sketch = _sketch(member)
    centres = sketch[np.sort(np.random.default_rng([seed, 2]).choice(n_papers, most, replace=False))]
    with warnings.catch_warnings():
        # fewer distinct papers than atoms is an answer, not a fault
        warnings.simplefilter("ignore")
        labels = KMeans(most, init=centres, n_init=1, max_iter=_ROUNDS).fit(sketch).labels_
    return np.asarray(np.unique(labels, return_inverse=True)[1])


def _sketch(member: sparse.csr_matrix) -> np.ndarray:
    """Return the random projection of who is in which cluster, float32, shape (n, 64).

    It keeps the inner products, which are the coassociations (Johnson and Lindenstrauss 1984).
    """
    return np.asarray(member @ sketch_directions(member.shape[1]))


def sketch_directions(n_clusters: int) -> np.ndarray:
    """Return the directions of a sketch of who is in which cluster, float32, shape (clusters, 64)."""
    return np.random.default_rng(0).normal(size=(n_clusters, _SKETCH)).astype(np.float32)


def _together(profile: sparse.csc_matrix, n_runs: int) -> np.ndarray:
    """Return the share of runs in which papers of two atoms are together, float32, shape (m, m)."""
    dense = profile.toarray()
    return np.asarray(dense @ dense.T / np.float32(n_runs), dtype=np.float32)
