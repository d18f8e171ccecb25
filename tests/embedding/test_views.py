"""Views of papers."""

import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.embedding.lexical import count_terms, latent_semantic, tfidf
from analysis.embedding.static import DIMENSIONS, static_sums, static_vectors
from analysis.embedding.vectors import neighbour_graph, reduced, row_product, spectral_rows, unit_rows
from analysis.embedding.views import View, build_views, with_graphs
from tests.generators import planted_corpus


def test_every_view_is_finite_and_of_unit_rows() -> None:
    corpus, _ = planted_corpus(60)
    views = build_views(corpus.papers["title"].tolist(), corpus.papers["abstract"].tolist())
    assert {view.kind for view in views} == {"lexical", "static", "joint", "graph"}
    assert len({view.name for view in views}) == len(views)
    for view in views:
        assert view.vectors.dtype == np.float32
        assert view.vectors.shape[0] == 60
        np.testing.assert_allclose(np.linalg.norm(view.vectors, axis=1), 1, atol=1e-4)


@pytest.mark.parametrize(
    "texts", [["", "", ""], ["the of and"] * 4, ["x"], ["word"] * 5, ["", "one word here", "日本語の要旨"]]
)
def test_texts_without_words_give_finite_vectors(texts: list[str]) -> None:
    for view in build_views(texts, texts):
        assert np.isfinite(view.vectors).all()
        assert len(view.vectors) == len(texts)


def test_given_views_are_joined_by_their_graphs_unless_there_is_one() -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
    given = [View("own", "transformer", vectors), View("more", "static", vectors[:, :4])]
    joined = with_graphs(given)
    assert [view.name for view in joined] == ["own", "more", "graph-own", "graph-more"]
    # the length of a given vector says nothing of who is near
    longer = with_graphs([View("own", "transformer", vectors * 7)])
    np.testing.assert_allclose(longer[1].vectors, joined[2].vectors, atol=1e-4)
    assert with_graphs(joined) == joined
    assert with_graphs([View("few", "static", vectors[:3])])[1:] == []


def test_loading_static_vectors_leaves_logging_alone() -> None:
    before = list(logging.getLogger().handlers)
    assert static_vectors(["a text"]).shape == (1, DIMENSIONS)
    assert logging.getLogger().handlers == before


def test_an_empty_text_has_a_zero_static_vector() -> None:
    vectors = static_vectors(["a text", " "])
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-4)
    assert not vectors[1].any()


def test_tfidf_without_any_word_has_no_columns() -> None:
    nothing = tfidf(count_terms(["", ""], ["", ""]))
    assert nothing.shape == (2, 0)
    assert latent_semantic(nothing, 5).shape == (2, 1)


def test_a_word_of_the_title_counts_as_often_as_asked() -> None:
    counts = count_terms(["red", "blue", "red"], ["blue green", "red green", "yellow"])
    light, heavy = tfidf(counts, 1).toarray(), tfidf(counts, 3).toarray()
    assert light.shape == (3, 4)
    blue, green, red, yellow = range(4)
    assert heavy[0, red] / heavy[0, green] > light[0, red] / light[0, green]
    assert heavy[2, red] / heavy[2, yellow] > light[2, red] / light[2, yellow]
    assert light[1, blue] > 0


def test_words_of_most_papers_or_of_one_are_left_out_of_a_larger_corpus() -> None:
    corpus, _ = planted_corpus(60)
    abstracts = [f"omnipresent {text} only{number}" for number, text in enumerate(corpus.papers["abstract"])]
    kept = count_terms(corpus.papers["title"].tolist(), abstracts).abstracts.shape[1]
    everything = count_terms([""] * 2, ["omnipresent lava", "omnipresent ash"])
    assert everything.abstracts.shape[1] == 3
    assert kept < len(set(" ".join(abstracts).split()))


def test_static_sums_add_up() -> None:
    whole, parts = static_sums(["lava ash"]), static_sums(["lava", "ash"])
    assert np.linalg.norm(whole[0] - parts.sum(axis=0)) < 0.2 * np.linalg.norm(whole)
    assert not static_sums([""]).any()


def test_a_neighbour_graph_is_symmetric_without_loops() -> None:
    rows = unit_rows(np.random.default_rng(0).normal(size=(30, 5)))
    graph = neighbour_graph(rows, 4)
    graph = graph.toarray()
    np.testing.assert_allclose(graph, graph.T, atol=1e-6)
    assert not np.diag(graph).any()
    assert ((graph > 0).sum(axis=1) >= 1).all()


def test_spectral_rows_tell_two_separate_groups_apart() -> None:
    affinity = np.kron(np.eye(2), np.ones((6, 6))) + 0.01
    rows = spectral_rows(affinity, 1)[:, 0]
    assert (np.sign(rows[:6]) != np.sign(rows[6:])).all()
    assert len(set(np.sign(rows[:6]))) == 1


def test_reducing_keeps_no_more_than_there_is() -> None:
    assert reduced(np.eye(4, dtype=np.float32), 10).shape == (4, 3)


@pytest.mark.parametrize(("papers", "terms"), [(40, 90), (1600, 80), (1600, 4), (40, 3)])
def test_latent_semantic_rows_keep_the_best_inner_products_of_their_rank(papers: int, terms: int) -> None:
    matrix = sparse.random(papers, terms, density=0.2, format="csr", rng=np.random.default_rng(0))
    rows = latent_semantic(matrix, 5)
    assert rows.shape == (papers, min(5, terms))
    singular = np.linalg.svd(matrix.toarray(), compute_uv=False)[: rows.shape[1]]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=0), singular, rtol=1e-4)


@settings(max_examples=40)
@given(
    first=st.integers(0, 2_000),
    count=st.integers(1, 2_100),
    kind=st.sampled_from(["float32", "float64"]),
    shape=st.tuples(st.integers(1, 300), st.integers(1, 400)),
)
def test_a_row_of_a_product_does_not_depend_on_the_rows_beside_it(
    first: int, count: int, kind: str, shape: tuple[int, int]
) -> None:
    rng = np.random.default_rng(0)
    rows, columns = rng.normal(size=(2_100, shape[0])).astype(kind), rng.normal(size=shape).astype(kind)
    whole = row_product(rows, columns)
    np.testing.assert_allclose(whole, rows @ columns, rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(row_product(rows[first : first + count], columns), whole[first : first + count])
