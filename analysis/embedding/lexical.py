"""Lexical vectors: TF-IDF of words and word pairs, reduced by a truncated SVD."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.extmath import randomized_svd


def weighted_texts(titles: Sequence[str], abstracts: Sequence[str], title_weight: int) -> list[str]:
    """Return one text a paper in which the title stands `title_weight` times before the abstract."""
    return [
        " ".join([*[f"{title}."] * title_weight, abstract]) for title, abstract in zip(titles, abstracts, strict=True)
    ]


def tfidf(texts: Sequence[str], longest: int = 2) -> sparse.csr_matrix:
    """Return sublinear TF-IDF of terms of up to `longest` words, rows of unit length (or zero).

    English function words are left out, and so are terms of a single paper and terms that
    stand in more than half of the papers; a corpus too small for that keeps all its terms.

    Returns
    -------
    csr_matrix of float32, shape (n, terms)
        Without columns where no text has a word.
    """
    for min_df, max_df in ((2, 0.5), (1, 1.0)):
        vectorizer = TfidfVectorizer(
            sublinear_tf=True,
            min_df=min_df,
            max_df=max_df,
            ngram_range=(1, longest),
            stop_words="english",
            dtype=np.float32,
        )
        try:
            matrix = vectorizer.fit_transform(texts)
        except ValueError:  # sklearn's word for: no term is left
            continue
        if (matrix.getnnz(axis=1) > 0).mean() > 0.5:
            return matrix.tocsr()
    return sparse.csr_matrix((len(texts), 0), dtype=np.float32)


def latent_semantic(matrix: sparse.csr_matrix, rank: int, seed: int) -> np.ndarray:
    """Return the leading left singular vectors times their values (Deerwester et al. 1990, JASIS 41(6), 391-407).

    Parameters
    ----------
    matrix : csr_matrix, shape (n, terms)
    rank : int
        At most one less than the smaller side counts.
    seed : int
        Of the randomised SVD (Halko et al. 2011).

    Returns
    -------
    ndarray of float32, shape (n, min(rank, n - 1, terms))
        Rows are not scaled, columns fall in weight: its first k columns are the rank-k result.
        A single zero column where the matrix has no columns.
    """
    rank = min(rank, matrix.shape[0] - 1, matrix.shape[1])
    if rank < 1:
        return np.zeros((matrix.shape[0], 1), dtype=np.float32)
    left, values, _ = randomized_svd(matrix, rank, n_iter=5, random_state=seed)
    return np.asarray(left * values, dtype=np.float32)
