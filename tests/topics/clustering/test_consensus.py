"""Cutting a consensus, aligning and settling labels."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, silhouette_samples

from analysis.topics.clustering.coassociation import Coassociation
from analysis.topics.clustering.consensus import (
    Consensus,
    dissolved,
    majority_vote,
    matched,
    mean_similarity,
    merge_levels,
    polished,
    renumbered,
    share_together,
)
from analysis.topics.clustering.ensemble import Ensemble, granularities
from analysis.topics.clustering.granularity import choose_count, clear_cut, count_at, silhouette_widths


def runs(truth: np.ndarray, count: int, noise: float, seed: int = 0) -> np.ndarray:
    """Clusterings that agree with the truth but for a share of papers put anywhere."""
    rng = np.random.default_rng(seed)
    labels = np.tile(truth, (count, 1))
    wrong = rng.random(labels.shape) < noise
    labels[wrong] = rng.integers(truth.max() + 1, size=wrong.sum())
    return labels


def consensus_of(labels: np.ndarray, n_topics: int) -> Consensus:
    together = Coassociation.of(Ensemble(labels.astype(np.int32), np.arange(len(labels)) % 4))
    return Consensus.of(together.similarity(), together.sizes, n_topics)


def test_planted_groups_come_back() -> None:
    truth = np.repeat(np.arange(4), [30, 20, 15, 10])
    consensus = consensus_of(runs(truth, 40, 0.3), 4)
    assert count_at(merge_levels(consensus.similarity), 0.28) == 4
    found = consensus.cut(4, 4)
    np.testing.assert_array_equal(renumbered(found, found[None, :], {})[0], truth)


def test_no_topic_is_smaller_than_asked() -> None:
    truth = np.repeat(np.arange(12), [20, 20] + [2] * 10)
    assert np.bincount(consensus_of(runs(truth, 30, 0.05), 12).cut(12, 4)).min() >= 4


def test_a_single_group_is_one_topic() -> None:
    consensus = consensus_of(np.zeros((5, 20), dtype=int), 1)
    assert count_at(merge_levels(consensus.similarity), 0.28) == 1
    assert not consensus.cut(1, 4).any()


def test_merge_levels_rise_and_count_groups() -> None:
    similarity = np.array([[1, 0.9, 0.1], [0.9, 1, 0.3], [0.1, 0.3, 1]], dtype=np.float32)
    levels = merge_levels(similarity)
    np.testing.assert_allclose(levels, [0.2, 0.9], atol=1e-6)
    assert [count_at(levels, threshold) for threshold in (0.1, 0.5, 0.95)] == [1, 2, 3]


def test_groups_that_outlast_many_thresholds_are_taken_and_others_are_not() -> None:
    clear = np.array([0.03, 0.05, 0.06, 0.08, 0.2, 0.24, 0.27, 0.3, 0.33])
    assert clear_cut(clear) == 5
    count, reason = choose_count(clear, "balanced")
    assert count == 5
    assert "stay the same" in reason
    gradual = np.linspace(0.05, 0.5, 30)
    assert clear_cut(gradual) is None
    assert choose_count(gradual, "coarse")[0] < choose_count(gradual, "balanced")[0] < choose_count(gradual, "fine")[0]


def test_settling_follows_most_draws_unless_a_topic_would_vanish() -> None:
    labels = np.array([0, 0, 0, 1, 1])
    draws = np.tile([0, 0, 1, 1, 1], (5, 1))
    np.testing.assert_array_equal(majority_vote(labels, draws, 2), [0, 0, 1, 1, 1])
    np.testing.assert_array_equal(majority_vote(labels, draws, 3), labels)
    np.testing.assert_array_equal(majority_vote(labels, np.array([labels, 1 - labels]), 1), labels)


@given(st.lists(st.integers(-1, 5), min_size=1, max_size=40).filter(lambda values: max(values) >= 0))
def test_numbering_by_size_keeps_groups_and_orders_them(values: list[int]) -> None:
    labels = np.array(values)
    numbered, draws, names = renumbered(labels, labels[None, :], {int(labels.max()): "x"})
    known = labels >= 0
    np.testing.assert_array_equal(numbered >= 0, known)
    np.testing.assert_array_equal(draws[0], numbered)
    assert (np.diff(np.bincount(numbered[known])) <= 0).all()
    assert ((labels[:, None] == labels[None, :]) == (numbered[:, None] == numbered[None, :])).all()
    assert names == {int(numbered[labels.argmax()]): "x"}


def test_the_share_of_cuts_together_is_counted() -> None:
    cuts = [np.array([0, 0, 1]), np.array([0, 1, 1])]
    np.testing.assert_allclose(share_together(cuts), [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])


def test_a_redrawn_group_without_its_papers_takes_no_topics_number() -> None:
    reference = np.repeat([0, 1], [30, 10])
    # topic 1 dissolved into topic 0's group; the third of topic 0 that stands apart is no topic 1
    drawn = np.concatenate([np.ones(10, int), np.zeros(30, int)])
    np.testing.assert_array_equal(matched(drawn, reference), np.concatenate([np.full(10, -1), np.zeros(30)]))


@given(st.permutations(range(4)))
def test_alignment_undoes_a_renumbering(order: list[int]) -> None:
    reference = np.repeat(np.arange(4), [5, 4, 3, 2])
    np.testing.assert_array_equal(matched(np.array(order)[reference], reference), reference)


def test_drawn_clusters_that_are_like_no_topic_carry_no_number() -> None:
    reference = np.repeat([0, 1, 2], 20)
    drawn = np.concatenate([np.zeros(20, int), np.full(20, -1), [1, 2, 3, 4] * 5])
    found = matched(drawn, reference)
    assert (found[:20] == 0).all()
    assert (found[20:40] == -1).all()
    assert np.isin(found[40:], [-1, 2]).all()
    assert (found[40:] == 2).sum() == 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (matched(np.full(60, -1), reference) == -1).all()


def test_dissolving_everything_leaves_one_group() -> None:
    similarity = np.eye(6, dtype=np.float32)
    assert len(np.unique(dissolved(similarity, np.arange(6), 10, np.ones(6)))) == 1


def test_polishing_moves_a_misplaced_paper_home() -> None:
    truth = np.repeat([0, 1], 5)
    similarity = (truth[:, None] == truth[None, :]).astype(np.float32)
    np.testing.assert_array_equal(polished(similarity, np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]), np.ones(10)), truth)


def test_mean_similarity_leaves_the_paper_itself_out() -> None:
    similarity = np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]], dtype=np.float32)
    np.testing.assert_allclose(mean_similarity(similarity, np.array([0, 0, 1]), np.ones(3))[0], [0.5, 0])


@pytest.mark.parametrize("n_papers", [10, 300, 10_000])
def test_granularities_never_ask_for_more_clusters_than_papers_allow(n_papers: int) -> None:
    counts = granularities(n_papers, 20, n_papers)
    assert min(counts) >= 2
    assert max(counts) <= n_papers // 3


@pytest.mark.parametrize("sizes", [[40] * 6, [30] * 10, [60, 50, 40, 30, 20, 15, 10, 10], [200, 20, 20]])
@pytest.mark.parametrize("between", [0.0, 1e-3])
def test_groups_that_are_never_together_are_told_apart_though_their_eigenvalues_are_equal(
    sizes: list[int], between: float
) -> None:
    truth = np.repeat(np.arange(len(sizes)), sizes)
    similarity = np.where(truth[:, None] == truth[None, :], 1.0, between).astype(np.float32)
    found = Consensus.of(similarity, np.ones(len(truth)), len(sizes)).cut(len(sizes), 2)
    assert adjusted_mutual_info_score(truth, found) == pytest.approx(1)


@pytest.mark.parametrize(("count", "groups"), [(12, 2), (60, 5), (20, 19)])
def test_silhouettes_are_those_of_scikit_learn(count: int, groups: int) -> None:
    rng = np.random.default_rng(count)
    drawn = rng.random((count, count))
    similarity = ((drawn + drawn.T) / 2).astype(np.float32)
    np.fill_diagonal(similarity, 1)
    labels = np.concatenate([np.arange(groups), rng.integers(groups, size=count - groups)])
    known = silhouette_samples(np.maximum(1 - similarity.astype(float), 0), labels, metric="precomputed")
    np.testing.assert_allclose(silhouette_widths(similarity, labels), known, atol=1e-12)


def test_silhouettes_of_equals_and_of_one_group_are_zero() -> None:
    equal = np.ones((6, 6), dtype=np.float32)
    np.testing.assert_array_equal(silhouette_widths(equal, np.array([0, 0, 0, 1, 1, 1])), 0)
    np.testing.assert_array_equal(silhouette_widths(equal, np.zeros(6, dtype=int)), 0)
