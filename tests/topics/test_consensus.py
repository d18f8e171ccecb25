"""Co-association, cutting and redrawing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.topics.consensus import (
    Consensus,
    aligned,
    by_size,
    coassociation,
    cut,
    dissolved,
    mean_similarity,
    polished,
    redrawn_weights,
)
from analysis.topics.ensemble import granularities


def runs(truth: np.ndarray, count: int, noise: float, seed: int = 0) -> np.ndarray:
    """Clusterings that agree with the truth but for a share of papers put anywhere."""
    rng = np.random.default_rng(seed)
    labels = np.tile(truth, (count, 1))
    wrong = rng.random(labels.shape) < noise
    labels[wrong] = rng.integers(truth.max() + 1, size=wrong.sum())
    return labels


def test_coassociation_is_the_share_of_runs_together() -> None:
    labels = np.array([[0, 0, 1], [0, 1, 1], [-1, 0, 0]])
    together = coassociation(labels, np.ones(3))
    np.testing.assert_allclose(together, [[1, 1 / 3, 0], [1 / 3, 1, 2 / 3], [0, 2 / 3, 1]], atol=1e-6)


def test_weights_count_runs_more_than_once() -> None:
    labels = np.array([[0, 0, 1], [0, 1, 1]])
    np.testing.assert_allclose(coassociation(labels, np.array([3.0, 1.0]))[0, 1], 0.75, atol=1e-6)


def test_planted_groups_come_back() -> None:
    truth = np.repeat(np.arange(4), [30, 20, 15, 10])
    consensus = Consensus.of(runs(truth, 40, 0.3), np.ones(40))
    labels = cut(consensus, consensus.count_at(0.28), 4)
    np.testing.assert_array_equal(labels, truth)


def test_no_topic_is_smaller_than_asked() -> None:
    truth = np.repeat(np.arange(12), [20, 20] + [2] * 10)
    consensus = Consensus.of(runs(truth, 30, 0.05), np.ones(30))
    assert np.bincount(cut(consensus, 12, 4)).min() >= 4


def test_a_single_group_is_one_topic() -> None:
    consensus = Consensus.of(np.zeros((5, 20), dtype=int), np.ones(5))
    assert consensus.count_at(0.28) == 1
    assert not cut(consensus, 1, 4).any()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_numbering_by_size_keeps_groups_and_orders_them(values: list[int]) -> None:
    labels = np.array(values)
    numbered = by_size(labels)
    assert (np.diff(np.bincount(numbered)) <= 0).all()
    assert ((labels[:, None] == labels[None, :]) == (numbered[:, None] == numbered[None, :])).all()


@given(st.permutations(range(4)))
def test_alignment_undoes_a_renumbering(order: list[int]) -> None:
    reference = np.repeat(np.arange(4), [5, 4, 3, 2])
    np.testing.assert_array_equal(aligned(np.array(order)[reference], reference), reference)


def test_alignment_gives_a_surplus_group_to_the_one_that_holds_it() -> None:
    reference = np.array([0, 0, 0, 0, 1, 1])
    np.testing.assert_array_equal(aligned(np.array([0, 0, 0, 2, 1, 1]), reference), reference)


def test_dissolving_everything_leaves_one_group() -> None:
    similarity = np.eye(6, dtype=np.float32)
    assert len(np.unique(dissolved(similarity, np.arange(6), 10))) == 1


def test_polishing_moves_a_misplaced_paper_home() -> None:
    truth = np.repeat([0, 1], 5)
    similarity = (truth[:, None] == truth[None, :]).astype(np.float32)
    np.testing.assert_array_equal(polished(similarity, np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])), truth)


def test_mean_similarity_leaves_the_paper_itself_out() -> None:
    similarity = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], dtype=np.float32)
    np.testing.assert_allclose(mean_similarity(similarity, np.array([0, 0, 1]))[0], [0.5, 0])


def test_redrawing_keeps_the_number_of_runs() -> None:
    view = np.repeat([0, 1, 2], 10)
    drawn = redrawn_weights(view, np.random.default_rng(0))
    assert drawn.sum() == 30
    assert (drawn >= 0).all()


@pytest.mark.parametrize("n_papers", [10, 300, 10_000])
def test_granularities_never_ask_for_more_clusters_than_papers_allow(n_papers: int) -> None:
    counts = granularities(n_papers, 20)
    assert min(counts) >= 2
    assert max(counts) <= n_papers // 3
