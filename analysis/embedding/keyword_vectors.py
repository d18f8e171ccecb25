"""Vectors of what papers' keywords say: the author's, or the terms that a database indexes them by."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from analysis.embedding.lexical import latent_semantic
from analysis.embedding.static import static_sums
from analysis.embedding.vectors import reduced, side_by_side, unit_rows

_RANK = 30
_WORD = re.compile(r"[^\W\d_][\w-]{2,}")
# a term counts that two papers have, and that tells papers apart: "Humans" is in most of a medical corpus
_FEWEST, _MOST_SHARE = 2, 0.5


def keyword_vectors(keywords: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors of papers' keywords: which terms they share, beside what the terms mean.

    A term is a keyword as a whole, a heading without its qualifier (MeSH's "Asthma/therapy"), and each of its words.

    Parameters
    ----------
    keywords : sequence of sequences of str, length n
        Empty where a record lists none.

    Returns
    -------
    vectors : ndarray of float32, shape (n, d)
        Unit rows, zero where nothing is known.
    known : ndarray of bool, shape (n,)
        Papers with a keyword that another paper has, too.

    Examples
    --------
    >>> rows, known = keyword_vectors([["Bees", "Honey"], ["Honey"], [], ["Ice"], ["Ice", "Bees"]])
    >>> known.tolist(), len(rows)
    ([True, True, False, True, True], 5)
    """
    counts = _weighted_terms([_terms(paper) for paper in keywords])
    known = np.diff(counts.indptr) > 0
    vectors = np.zeros((len(keywords), 1), dtype=np.float32)
    if not known.any():
        return vectors, known
    shared = unit_rows(latent_semantic(normalize(counts[known]), _RANK))
    meaning = unit_rows(
        static_sums([", ".join(sorted(paper)) for paper, has in zip(keywords, known, strict=True) if has])
    )
    joined = reduced(side_by_side(shared, unit_rows(meaning - meaning.mean(axis=0)), 0.5), _RANK)
    vectors = np.zeros((len(keywords), joined.shape[1]), dtype=np.float32)
    vectors[known] = joined
    return vectors, known


def _terms(keywords: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for keyword in keywords:
        plain = keyword.casefold().strip(" *.")
        found |= {plain, plain.partition("/")[0], *_WORD.findall(plain)}
    return found - {""}


def _weighted_terms(papers: Sequence[set[str]]) -> sparse.csr_matrix:
    """Return the rarity of each paper's terms, csr_matrix of float32, shape (n, terms)."""
    n_known = sum(bool(paper) for paper in papers)
    uses = Counter(term for paper in papers for term in paper)
    kept = sorted(term for term, count in uses.items() if _FEWEST <= count <= max(_FEWEST, _MOST_SHARE * n_known))
    column = {term: number for number, term in enumerate(kept)}
    rarity = np.log((1 + n_known) / (1 + np.array([uses[term] for term in kept], dtype=float))) + 1
    rows = [sorted(column[term] for term in paper if term in column) for paper in papers]
    columns = np.array([number for row in rows for number in row], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return sparse.csr_matrix((rarity[columns].astype(np.float32), columns, starts), shape=(len(papers), len(kept)))
