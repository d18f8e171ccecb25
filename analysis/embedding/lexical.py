"""Lexical vectors: TF-IDF of words, reduced by a truncated SVD."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import eigh
from scipy.sparse.linalg import svds
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfTransformer

from analysis.embedding.tokens import Tokens, count_given

WORD = r"\b\w\w+\b"
# a term stands in at least two papers, and in one of this many where there are more
_RAREST = 3000
# and in no more than this share of them
_COMMONEST = 0.5
# a corpus in which fewer papers than this share keep a term keeps all its terms
_FEWEST_WITH_TERMS = 0.5
# up to this many papers singular vectors come from the papers' inner products, past it from the sparse matrix
_DENSE = 1_500
# an axis of less weight than this is rounding error
_NO_WEIGHT = 1e-9


@dataclass(frozen=True)
class TermCounts:
    """How often each word stands in each title and in each abstract.

    Attributes
    ----------
    titles, abstracts : csr_matrix of float32, shape (n, terms)
    terms : ndarray of str, shape (terms,)
        In alphabetical order.
    """

    titles: sparse.csr_matrix
    abstracts: sparse.csr_matrix
    terms: np.ndarray


def weighted_texts(titles: Sequence[str], abstracts: Sequence[str], title_weight: int) -> list[str]:
    """Return one text per paper in which the title stands `title_weight` times before the abstract."""
    return [
        " ".join([*[f"{title}."] * title_weight, abstract]) for title, abstract in zip(titles, abstracts, strict=True)
    ]


def count_terms(titles: Sequence[str], abstracts: Sequence[str]) -> TermCounts:
    """Count words; English function words are left out.

    Words of too few papers and words that stand in more than half of the papers are left out;
    a corpus too small for that keeps all its words.

    Returns
    -------
    TermCounts
        Without columns where no text has a word.
    """
    n_papers = len(titles)
    counted, terms = Tokens.of([*titles, *abstracts], WORD, ENGLISH_STOP_WORDS).counts()
    counts = counted.astype(np.float32)
    in_titles, in_abstracts = counts[:n_papers], counts[n_papers:]
    present = (in_titles + in_abstracts) > 0
    papers = present.sum(axis=0).A1
    kept = (papers >= max(2, n_papers // _RAREST)) & (papers <= _COMMONEST * n_papers)
    if (present[:, kept].getnnz(axis=1) > 0).mean() <= _FEWEST_WITH_TERMS:
        kept = np.ones(len(papers), dtype=bool)
    return TermCounts(in_titles[:, kept], in_abstracts[:, kept], terms[kept])


def count_known_terms(titles: Sequence[str], abstracts: Sequence[str], terms: np.ndarray) -> TermCounts:
    """Count the words that other papers' `count_terms` kept, so that these papers are seen as those were."""
    counts = count_given([*titles, *abstracts], WORD, ENGLISH_STOP_WORDS, terms).astype(np.float32)
    return TermCounts(counts[: len(titles)], counts[len(titles) :], terms)


def fit_tfidf(counts: TermCounts) -> TfidfTransformer | None:
    """Learn in how many papers each word stands; None where there is no word."""
    if not len(counts.terms):
        return None
    return TfidfTransformer(sublinear_tf=True).fit(counts.titles + counts.abstracts)


def tfidf(counts: TermCounts, title_weight: int = 1, fitted: TfidfTransformer | None = None) -> sparse.csr_matrix:
    """Return sublinear TF-IDF, rows of unit length (or zero).

    Parameters
    ----------
    counts : TermCounts
    title_weight : int
        How often a word of the title counts.
    fitted : TfidfTransformer, optional
        From `fit_tfidf` of the papers that tell how rare a word is; these papers by default.

    Returns
    -------
    csr_matrix of float32, shape (n, terms)
    """
    weighted = (title_weight * counts.titles + counts.abstracts).tocsr()
    learnt = fitted or fit_tfidf(counts)
    return weighted if learnt is None else learnt.transform(weighted).astype(np.float32).tocsr()


def latent_semantic(matrix: sparse.csr_matrix, rank: int) -> np.ndarray:
    """Return the leading left singular vectors times their values (Deerwester et al. 1990, JASIS 41(6), 391-407).

    Exact, not randomised: what a random projection leaves out differs from seed to seed, and topics with it.

    Parameters
    ----------
    matrix : csr_matrix, shape (n, terms)
    rank : int
        At most one less than the number of papers counts.

    Returns
    -------
    ndarray of float32, shape (n, min(rank, n - 1, terms))
        Rows are not scaled, columns fall in weight: its first k columns are the rank-k result.
        A single zero column where the matrix has no columns.
    """
    n_papers, n_terms = matrix.shape
    rank = min(rank, n_papers - 1, n_terms)
    if rank < 1:
        return np.zeros((n_papers, 1), dtype=np.float32)
    exact = matrix.astype(np.float64)
    if n_terms == rank and n_papers > _DENSE:
        # as many axes as terms: a rotation, for which the sparse solver is not made
        _, axes = eigh((exact.T @ exact).toarray())
        return np.asarray(exact @ axes[:, ::-1], dtype=np.float32)
    if n_papers <= _DENSE:
        values, axes = eigh((exact @ exact.T).toarray(), subset_by_index=(n_papers - rank, n_papers - 1))
        return np.asarray(axes[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0)), dtype=np.float32)
    left, sizes, _ = svds(exact, k=rank, v0=np.ones(min(exact.shape)))
    order = np.argsort(-sizes)
    return np.asarray(left[:, order] * sizes[order], dtype=np.float32)


def term_axes(matrix: sparse.csr_matrix, scores: np.ndarray) -> np.ndarray:
    """Return the axes in term space on which `latent_semantic` found its scores, so that other papers get theirs.

    Parameters
    ----------
    matrix : csr_matrix, shape (n, terms)
    scores : ndarray, shape (n, rank)
        What `latent_semantic` returned for it.

    Returns
    -------
    ndarray of float32, shape (terms, rank)
        Right singular vectors; zero for axes without weight.
    """
    if not matrix.shape[1]:
        return np.zeros((0, scores.shape[1]), dtype=np.float32)
    weights = (scores.astype(np.float64) ** 2).sum(axis=0)
    products = np.asarray(matrix.T.astype(np.float64) @ scores)
    scaled = np.divide(products, weights, out=np.zeros_like(products), where=weights > _NO_WEIGHT)
    return np.asarray(scaled, dtype=np.float32)
