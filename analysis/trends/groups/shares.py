"""Whether groups of papers differ in their topics' shares: compared within cells of source and period, never across them."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

# past so many papers, shares of so large a permutation variance have the normal approximation
_MANY_PAPERS, _ENOUGH_VARIANCE = 5_000, 25.0
# and the others so many permutations at most
_FEWER_PERMUTATIONS = 1_999
# past so many all of them have it: exchanging a million papers thousands of times takes minutes
_TOO_MANY_PAPERS = 100_000
_NO_VARIANCE = 1e-9


@dataclass(frozen=True)
class ShareDifferences:
    """How the shares of k topics differ between each of g groups and all other papers.

    Attributes
    ----------
    inside : ndarray of float, shape (g, k)
        Papers of the group in the topic, as they are counted.
    sizes : ndarray of float, shape (g,)
    values : ndarray of float, shape (g, k)
        Share in the group less that in the other papers of the same cells (Mantel and Haenszel's weights); NaN where no cell
        holds papers both in and out of the group.
    spread : ndarray of float, shape (g, k)
        Their standard errors.
    score, variance : ndarray of float, shape (g, k)
        Papers beyond what the cells' shares give, and the variance of that when papers' topics are exchanged within cells.
    """

    inside: np.ndarray
    sizes: np.ndarray
    values: np.ndarray
    spread: np.ndarray
    score: np.ndarray
    variance: np.ndarray

    @classmethod
    def of(cls, weights: np.ndarray, labels: np.ndarray, n_topics: int, cells: np.ndarray) -> "ShareDifferences":
        """Compare groups.

        Parameters
        ----------
        weights : ndarray of float, shape (n, g)
            How much each paper counts for each group, 0 to 1.
        labels : ndarray of int, shape (n,)
            Topics, 0..k-1; -1 for none.
        n_topics : int
        cells : ndarray of int, shape (n,)
            0 upwards.

        Examples
        --------
        >>> labels = np.array([0, 0, 1, 1, 1, 1])
        >>> found = ShareDifferences.of(np.eye(2)[[0, 0, 0, 1, 1, 1]], labels, 2, np.zeros(6, dtype=int))
        >>> found.values.round(2).tolist()
        [[0.67, -0.67], [-0.67, 0.67]]
        """
        count, n_groups = int(cells.max(initial=0)) + 1, weights.shape[1]
        totals = np.bincount(cells, minlength=count).astype(float)
        inside = labels >= 0
        topic = np.zeros((count, n_topics))
        np.add.at(topic, (cells[inside], labels[inside]), 1)
        in_group, both = np.zeros((count, n_groups)), np.zeros((count, n_groups, n_topics))
        np.add.at(in_group, cells, weights)
        rows, columns = np.nonzero(weights[inside])
        places = (cells[inside][rows], columns, labels[inside][rows])
        np.add.at(both, places, weights[inside][rows, columns])
        squares = np.zeros((count, n_groups))
        np.add.at(squares, cells, weights**2)
        score = both.sum(axis=0) - np.einsum("cg,ck->gk", in_group / totals[:, None], topic)
        several = totals > 1
        of_weights = (squares - in_group**2 / totals[:, None])[several] / (totals[several, None] - 1)
        of_topics = (topic - topic**2 / totals[:, None])[several]
        variance = np.maximum(of_weights.T @ of_topics, 0)
        values, spread = _mantel_haenszel(both, in_group, topic, totals)
        # where shares are 0 or 1 the formula knows no spread, and exchanging papers does
        weight = (in_group * (totals[:, None] - in_group) / totals[:, None]).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.maximum(spread, np.sqrt(variance) / weight[:, None])
        return cls(both.sum(axis=0), in_group.sum(axis=0), values, spread, score, variance)

    @property
    def comparable(self) -> np.ndarray:
        """Which shares some cell can tell of, bool, shape (g, k)."""
        return self.variance > _NO_VARIANCE

    def normal_p(self, fewer: float = 0.0) -> np.ndarray:
        """Return two-sided normal p values, shape (g, k), as if `fewer` papers were beyond what the cells give."""
        moved = np.maximum(np.abs(self.score) - fewer, 0)
        p_values = np.ones(self.score.shape)
        kept = self.comparable
        p_values[kept] = 2 * stats.norm.sf(moved[kept] / np.sqrt(self.variance[kept]))
        return np.asarray(np.clip(p_values, np.finfo(float).tiny, 1.0))


def _mantel_haenszel(
    both: np.ndarray, in_group: np.ndarray, topic: np.ndarray, totals: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return risk differences over cells and standard errors that hold in sparse ones.

    Sato (1989), Biometrics 45(4), 1323-1324: both for many small cells and for few large ones.
    """
    n1 = in_group[:, :, None]
    total = totals[:, None, None]
    n0, outside = total - n1, topic[:, None, :] - both
    weight = (n1 * n0 / total).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = ((both * n0 - outside * n1) / total).sum(axis=0) / weight
        first = ((n1**2 * outside - n0**2 * both + n1 * n0 * (n0 - n1) / 2) / total**2).sum(axis=0)
        second = ((both * (n0 - outside) + outside * (n1 - both)) / (2 * total)).sum(axis=0)
        variance = (values * first + second) / weight**2
    values = np.where(weight > _NO_VARIANCE, values, np.nan)
    return values, np.sqrt(np.maximum(variance, 0))


def exchange_p(
    weights: np.ndarray,
    labels: np.ndarray,
    cells: np.ndarray,
    found: ShareDifferences,
    n_permutations: int,
    seed: int,
) -> np.ndarray:
    """Return two-sided p values from exchanging papers' topics within cells, shape (g, k).

    One is added to both counts (Phipson and Smyth 2010). Past 5,000 papers shares that vary enough have the normal
    approximation, and the rest fewer permutations; past 100,000 all have it.

    Parameters
    ----------
    weights, labels, cells
        As in `ShareDifferences.of`.
    found : ShareDifferences
        Of them.
    n_permutations, seed : int
    """
    # half a paper, since papers are counted whole
    normal = found.normal_p(0.5)
    many = len(labels) > _MANY_PAPERS
    asked = found.comparable & ~(many & (found.variance >= _ENOUGH_VARIANCE))
    if not asked.any() or len(labels) > _TOO_MANY_PAPERS:
        return normal
    repeats = min(n_permutations, _FEWER_PERMUTATIONS) if many else n_permutations
    rng = np.random.default_rng(seed)
    n_groups, n_topics = found.score.shape
    order = np.argsort(cells, kind="stable")
    within, places = cells[order].astype(float), labels[order]
    papers, groups = np.nonzero(weights[order])
    held = weights[order][papers, groups]
    expected = found.inside - found.score
    observed = np.abs(found.score) - 1e-9
    reached = np.zeros(found.score.shape, dtype=np.int64)
    # papers in no topic have a column of their own behind the topics'
    columns = np.where(places < 0, n_topics, places)
    for _ in range(repeats):
        shuffled = columns[np.argsort(within + rng.random(len(within)))]
        counts = np.bincount(groups * (n_topics + 1) + shuffled[papers], held, n_groups * (n_topics + 1))
        reached += np.abs(counts.reshape(n_groups, -1)[:, :n_topics] - expected) >= observed
    return np.where(asked, (1 + reached) / (1 + repeats), normal)
