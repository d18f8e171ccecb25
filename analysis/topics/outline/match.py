"""How well papers match seeds: words and pairs of words, and what these mean."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from analysis.embedding.static import static_sums
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import View
from analysis.topics.outline.terms import SeedTerms

# a word of a title counts as so many of an abstract's
TITLE_WEIGHT = 3
# Robertson and Zaragoza (2009), Foundations and Trends in Information Retrieval 3(4): saturation, and how much length counts
_SATURATION, _LENGTH = 1.2, 0.75
# a topic's nearest papers, by words and meaning, that stand for it in every view
_BEST = 5
_NO_SPREAD = 1e-9


def standardised(scores: np.ndarray) -> np.ndarray:
    """Return scores less their column's mean, in its standard deviations; zero where a column does not vary."""
    spread = scores.std(axis=0)
    return np.asarray((scores - scores.mean(axis=0)) / np.where(spread > _NO_SPREAD, spread, np.inf))


def relevance(counts: sparse.csr_matrix, wanted: sparse.csr_matrix) -> np.ndarray:
    """Return the logarithm of one plus the BM25 score of each paper for each seed.

    Parameters
    ----------
    counts : csr_matrix of int, shape (n, terms)
        How often a paper has each term.
    wanted : csr_matrix of int, shape (seeds, terms)
        Which terms are looked for, each once.

    Returns
    -------
    ndarray of float64, shape (n, seeds)
    """
    n_papers = counts.shape[0]
    holding = counts.getnnz(axis=0)
    rarity = np.log1p((n_papers - holding + 0.5) / (holding + 0.5))
    lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    relative = lengths / max(lengths.mean(), 1)
    weighted = counts.astype(np.float64).tocsr()
    paper = np.repeat(np.arange(n_papers), np.diff(weighted.indptr))
    weighted.data *= (_SATURATION + 1) / (weighted.data + _SATURATION * (1 - _LENGTH + _LENGTH * relative[paper]))
    looked_for = (wanted > 0).astype(np.float64) @ sparse.diags(rarity)
    return np.asarray(np.log1p((weighted @ looked_for.T).toarray()))


def centroid_match(views: Sequence[View], members: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean over views, by their weights, of each paper's cosine with the centroid of some papers.

    Parameters
    ----------
    views : sequence of View
        Of the same n papers.
    members : K arrays of int
        Positions of papers; none gives zeros.

    Returns
    -------
    ndarray of float64, shape (n, K)
    """
    total = np.zeros((len(views[0].vectors), len(members)))
    for view in views:
        centroids = np.stack(
            [view.vectors[rows].sum(axis=0) if len(rows) else np.zeros(view.vectors.shape[1]) for rows in members]
        )
        total += view.weight * (unit_rows(view.vectors) @ unit_rows(centroids).T)
    return total / sum(view.weight for view in views)


class Matcher:
    """Matches papers with seeds; the papers' side is computed once.

    Parameters
    ----------
    titles, abstracts : sequence of str, length n
    views : sequence of View
        Of these papers, graphs of neighbours left out.
    written : sequence of str, length n, optional
        Titles and abstracts, joined, as they are written, in which mentions are sought.
    """

    def __init__(
        self,
        titles: Sequence[str],
        abstracts: Sequence[str],
        views: Sequence[View],
        written: Sequence[str] | None = None,
    ) -> None:
        self._terms = SeedTerms.of(titles, abstracts, TITLE_WEIGHT, written)
        raw = unit_rows(TITLE_WEIGHT * static_sums(titles) + static_sums(abstracts))
        self._centre = raw.mean(axis=0)
        self._meaning = unit_rows(raw - self._centre)
        self.views = views

    def nearness(self, seeds: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the cosine of static vectors, less their mean, of each paper and each topic's phrases, shape (n, K)."""
        sums = np.stack([static_sums(list(phrases)).sum(axis=0) for phrases in seeds])
        return np.asarray(self._meaning @ unit_rows(unit_rows(sums) - self._centre).T, dtype=np.float64)

    def mentions(self, seeds: Sequence[Sequence[str]]) -> np.ndarray:
        """Return in how many papers any of each topic's phrases stands as it is, int (K,)."""
        return self._terms.mentions(seeds)

    def by_seeds(self, seeds: Sequence[Sequence[str]], encoded: Sequence[View] | None) -> list[np.ndarray]:
        """Return how well each paper matches each topic's seeds: by words, by static vectors, and by the views.

        Parameters
        ----------
        seeds : K sequences of str
        encoded : sequence of View, optional
            The seeds as papers, K rows; None where nothing encodes them, as with given vectors.

        Returns
        -------
        list of ndarray of float64, shape (n, K)
            Each in standard deviations over the papers.
        """
        parts = [standardised(relevance(*self._terms.counted(seeds))), standardised(self.nearness(seeds))]
        if encoded is not None:
            by_name = {view.name: view.vectors for view in encoded}
            near = [unit_rows(view.vectors) @ by_name[view.name].T for view in self.views]
            parts.append(standardised(np.average(near, axis=0, weights=[view.weight for view in self.views])))
        return parts

    def match(self, parts: Sequence[np.ndarray], examples: Sequence[np.ndarray]) -> np.ndarray:
        """Return how well each paper matches topics by their seeds, and by papers that are known to be theirs.

        Without such papers the five that match the seeds best stand for them, and count as one part more; n examples count
        n times as much as all seeds together, so that a topic may be told by examples alone.

        Parameters
        ----------
        parts : sequence of ndarray
            From `by_seeds`.
        examples : K arrays of int
            Positions of papers that belong to each topic for certain.

        Returns
        -------
        ndarray of float64, shape (n, K)
            In standard deviations over the papers.
        """
        seeded = np.mean(parts, axis=0)
        best = np.argsort(-seeded, axis=0, kind="stable")[:_BEST].T
        known = np.array([len(rows) for rows in examples])
        weight = np.where(known, known / (known + 1), 1 / (len(parts) + 1))
        stand_for = [rows if len(rows) else near for rows, near in zip(examples, best, strict=True)]
        return np.asarray((1 - weight) * seeded + weight * self.nearness_to(stand_for))

    def match_group(self, parts: Sequence[np.ndarray], members: Sequence[np.ndarray]) -> np.ndarray:
        """Return how well each paper matches groups by their keywords, and by their members as one part more, shape (n, G)."""
        return np.asarray(np.mean([*parts, self.nearness_to(members)], axis=0))

    def nearness_to(self, members: Sequence[np.ndarray]) -> np.ndarray:
        """Return how near each paper is to the centroids of some papers, in standard deviations, shape (n, K)."""
        return standardised(centroid_match(self.views, members))
