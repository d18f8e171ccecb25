"""Several views of the same papers, each a matrix of vectors.

The set was chosen on labelled corpora (tests/benchmarks/RESULTS.md): what words a paper has, what
they mean, both together, and who its nearest papers are by each. No view is best everywhere;
their consensus is close to the best one on each corpus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.embedding.lexical import count_terms, latent_semantic, tfidf
from analysis.embedding.static import static_sums
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


def build_views(titles: Sequence[str], abstracts: Sequence[str], sentences: np.ndarray | None = None) -> list[View]:
    """Build the default views: lexical, static, both side by side, and graphs of neighbours.

    Parameters
    ----------
    titles, abstracts : sequence of str, length n
        Without web addresses, which say little of what a paper is about.
    sentences : ndarray of float32, shape (n, d), optional
        A transformer's vectors; they add views of their own, as many as the static vectors have.

    Returns
    -------
    list of View
    """
    counts = count_terms(titles, abstracts)
    # latent semantic vectors by title weight
    words = {weight: latent_semantic(tfidf(counts, weight), _LARGEST_RANK) for weight in (1, 2, 3)}
    of_titles, of_abstracts = static_sums(titles), static_sums(abstracts)
    meaning = {weight: centred(unit_rows(weight * of_titles + of_abstracts)) for weight in (1, 3)}

    def lexical(weight: int, rank: int) -> View:
        return View(f"lexical-title{weight}-{rank}", "lexical", unit_rows(words[weight][:, :rank]))

    def static(weight: int, rank: int) -> View:
        return View(f"static-title{weight}-{rank}", "static", reduced(meaning[weight], rank))

    def joint(weight: int, meant: int, rank: int, share: float) -> View:
        both = side_by_side(unit_rows(words[weight][:, :_JOINED_RANK]), meaning[meant], share)
        return View(f"joint-title{weight}-{rank}", "joint", reduced(both, rank))

    views = [
        lexical(1, 30), lexical(2, 20), lexical(3, 30), lexical(2, 50),
        static(1, 30), static(3, 50), static(3, 30),
        joint(3, 3, 30, 0.5), joint(2, 1, 20, 0.5), joint(3, 3, 40, 0.7),
    ]  # fmt: skip
    graphed = [views[position] for position in (0, 1, 4, 5, 7)]
    if sentences is not None:
        more = _sentence_views(sentences, words[3])
        views, graphed = [*views, *more], [*graphed, more[0], more[-1]]
    return [*views, *map(_graph, graphed)] if len(titles) > 3 else views


def _sentence_views(sentences: np.ndarray, words: np.ndarray) -> list[View]:
    """Return the transformer's views, alone at two ranks and beside the words."""
    meant = centred(sentences)
    both = side_by_side(unit_rows(words[:, :_JOINED_RANK]), meant, 0.5)
    return [
        View("transformer-30", "transformer", reduced(meant, 30)),
        View("transformer-50", "transformer", reduced(meant, 50)),
        View("joint-transformer-30", "joint", reduced(both, 30)),
    ]


def _graph(view: View) -> View:
    """Return the spectral embedding of a view's neighbour graph: papers are near that share neighbours."""
    affinity = neighbour_graph(view.vectors, _NEIGHBOURS)
    return View(f"graph-{view.name}", "graph", unit_rows(spectral_rows(affinity, _GRAPH_RANK)))
