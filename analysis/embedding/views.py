"""Several views of the same papers, each a matrix of vectors.

The set was chosen on labelled corpora (tests/benchmarks/RESULTS.md): what words a paper has, what
they mean, both together, and who its nearest papers are by each. No view is best everywhere;
their consensus is close to the best one on each corpus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.corpus.text import without_addresses
from analysis.embedding.lexical import latent_semantic, tfidf, weighted_texts
from analysis.embedding.static import static_vectors
from analysis.embedding.vectors import centred, neighbour_graph, reduced, side_by_side, spectral_rows, unit_rows

Kind = Literal["lexical", "static", "transformer", "joint", "graph"]
_LARGEST_RANK = 60
_JOINED_RANK = 50
_NEIGHBOURS, _GRAPH_RANK = 10, 30


@dataclass(frozen=True)
class View:
    """One way to see the papers: a name, its kind, and float32 vectors, one unit row a paper."""

    name: str
    kind: Kind
    vectors: np.ndarray


def build_views(
    titles: Sequence[str], abstracts: Sequence[str], seed: int = 0, sentences: np.ndarray | None = None
) -> list[View]:
    """Build the default views: lexical, static, both side by side, and graphs of neighbours.

    Parameters
    ----------
    titles, abstracts : sequence of str, length n
    seed : int
        Of the randomised SVD.
    sentences : ndarray of float32, shape (n, d), optional
        A transformer's vectors; they add views of their own, as many as the static vectors have.

    Returns
    -------
    list of View
    """
    shown = [without_addresses(abstract) for abstract in abstracts]
    texts = {weight: weighted_texts(titles, shown, weight) for weight in (1, 2, 3)}
    # latent semantic vectors by title weight and longest term
    words = {
        (weight, longest): latent_semantic(tfidf(texts[weight], longest), _LARGEST_RANK, seed)
        for weight, longest in ((1, 1), (2, 1), (3, 1), (2, 2), (3, 2))
    }
    meaning = {weight: centred(static_vectors(texts[weight])) for weight in (1, 3)}

    def lexical(weight: int, longest: int, rank: int) -> View:
        vectors = unit_rows(words[weight, longest][:, :rank])
        return View(f"lexical-title{weight}-terms{longest}-{rank}", "lexical", vectors)

    def static(weight: int, rank: int) -> View:
        return View(f"static-title{weight}-{rank}", "static", reduced(meaning[weight], rank, seed))

    def joint(weight: int, longest: int, meant: int, rank: int, share: float) -> View:
        both = side_by_side(unit_rows(words[weight, longest][:, :_JOINED_RANK]), meaning[meant], share)
        return View(f"joint-title{weight}-terms{longest}-{rank}", "joint", reduced(both, rank, seed))

    views = [
        lexical(1, 1, 30), lexical(2, 2, 20), lexical(3, 2, 30), lexical(2, 1, 50),
        static(1, 30), static(3, 50), static(3, 30),
        joint(3, 2, 3, 30, 0.5), joint(2, 1, 1, 20, 0.5), joint(3, 1, 3, 40, 0.7),
    ]  # fmt: skip
    graphed = [views[position] for position in (0, 1, 4, 5, 7)]
    if sentences is not None:
        more = _sentence_views(sentences, words[3, 2], seed)
        views, graphed = [*views, *more], [*graphed, more[0], more[-1]]
    return [*views, *map(_graph, graphed)] if len(titles) > 3 else views


def _sentence_views(sentences: np.ndarray, words: np.ndarray, seed: int) -> list[View]:
    """Return the transformer's views, alone at two ranks and beside the words."""
    meant = centred(sentences)
    both = side_by_side(unit_rows(words[:, :_JOINED_RANK]), meant, 0.5)
    return [
        View("transformer-30", "transformer", reduced(meant, 30, seed)),
        View("transformer-50", "transformer", reduced(meant, 50, seed)),
        View("joint-transformer-30", "joint", reduced(both, 30, seed)),
    ]


def _graph(view: View) -> View:
    """Return the spectral embedding of a view's neighbour graph: papers are near that share neighbours."""
    affinity = neighbour_graph(view.vectors, _NEIGHBOURS)
    return View(f"graph-{view.name}", "graph", spectral_rows(affinity, _GRAPH_RANK))
