"""Several views of the same papers, each a matrix of vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.corpus.text import without_addresses
from analysis.embedding.lexical import latent_semantic, tfidf, weighted_texts
from analysis.embedding.static import static_vectors
from analysis.embedding.vectors import centred

LEXICAL_RANKS = (20, 30, 50)
TITLE_WEIGHT = 3
STATIC = "static"


@dataclass(frozen=True)
class View:
    """One way to see the papers.

    ``kind`` is "lexical", "static" or "transformer": views of a kind say similar things, so
    each kind has the same say in the consensus. ``vectors`` are float32, one unit row a paper.
    """

    name: str
    kind: str
    vectors: np.ndarray


def build_views(titles: Sequence[str], abstracts: Sequence[str], seed: int = 0) -> list[View]:
    """Build the default views: lexical ones at several ranks and a static one.

    Parameters
    ----------
    titles, abstracts : sequence of str, length n
    seed : int
        Of the randomised SVD.

    Returns
    -------
    list of View
        The lexical ones come first, the static one last.
    """
    texts = [without_addresses(text) for text in weighted_texts(titles, abstracts, TITLE_WEIGHT)]
    matrix = tfidf(texts)
    views = [View(f"lexical-{rank}", "lexical", latent_semantic(matrix, rank, seed)) for rank in LEXICAL_RANKS]
    return [*views, View(STATIC, "static", centred(static_vectors(texts)))]
