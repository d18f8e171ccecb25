"""Who is together with whom, by papers and by atoms."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from analysis.embedding.views import View, build_views
from analysis.topics.clustering.cluster import cluster, one_cluster
from analysis.topics.clustering.coassociation import Coassociation
from analysis.topics.clustering.ensemble import Ensemble, base_clusterings
from tests.generators import planted_corpus


def ensemble_of(n_papers: int, n_runs: int = 24, n_views: int = 3, seed: int = 0) -> Ensemble:
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(4), n_papers // 4)
    labels = np.where(rng.random((n_runs, len(truth))) < 0.2, rng.integers(4, size=(n_runs, len(truth))), truth)
    return Ensemble(labels.astype(np.int32), np.repeat(np.arange(n_views), n_runs // n_views))


def by_hand(labels: np.ndarray) -> np.ndarray:
    return (labels[:, :, None] == labels[:, None, :]).mean(axis=0)


def test_similarity_is_the_share_of_runs_together() -> None:
    ensemble = ensemble_of(40)
    together = Coassociation.of(ensemble)
    np.testing.assert_allclose(together.similarity(), by_hand(ensemble.labels), atol=1e-6)
    rows = np.array([0, 3, 39])
    np.testing.assert_allclose(together.between(rows), by_hand(ensemble.labels)[np.ix_(rows, rows)], atol=1e-6)


def test_weights_count_blocks_more_than_once() -> None:
    ensemble = ensemble_of(40, n_runs=6)
    together = Coassociation.of(ensemble)
    weights = np.zeros(len(together.blocks))
    weights[0] = 2.0
    np.testing.assert_allclose(together.similarity(weights), by_hand(ensemble.labels[:1]), atol=1e-6)


def test_a_view_counts_as_much_as_it_weighs_in_every_resample() -> None:
    plain = ensemble_of(40, n_runs=12)
    weighed = replace(plain, weight=np.array([1.0, 1.0, 6.0]))
    together = Coassociation.of(weighed)
    first, second, third = (by_hand(plain.labels[plain.view == view]) for view in range(3))
    np.testing.assert_allclose(together.similarity(), (first + second + 6 * third) / 8, atol=1e-6)
    rows = np.arange(5)
    np.testing.assert_allclose(together.between(rows), together.similarity()[:5, :5], atol=1e-6)
    rng = np.random.default_rng(0)
    for _ in range(10):
        drawn = together.resampled(rng)
        assert drawn[together.view_of_block == 2].sum() / drawn.sum() == pytest.approx(0.75)


def test_closeness_leaves_the_paper_itself_out_and_ignores_papers_without_a_group() -> None:
    ensemble = ensemble_of(40)
    similarity = by_hand(ensemble.labels)
    labels = np.repeat([0, 1, -1, 2], 10)
    close = Coassociation.of(ensemble).closeness(labels)
    assert close.shape == (40, 3)
    np.testing.assert_allclose(close[0, 0], similarity[0, 1:10].mean(), atol=1e-6)
    np.testing.assert_allclose(close[25], [similarity[25, labels == group].mean() for group in range(3)], atol=1e-6)


def test_atoms_give_the_mean_of_their_papers_and_the_same_closeness() -> None:
    ensemble = ensemble_of(80)
    few, all_papers = Coassociation.of(ensemble, most_atoms=20), Coassociation.of(ensemble)
    assert len(few.sizes) <= 20
    assert few.sizes.sum() == 80
    first, second = np.flatnonzero(few.atom == 0), np.flatnonzero(few.atom == 1)
    expected = by_hand(ensemble.labels)[np.ix_(first, second)].mean()
    np.testing.assert_allclose(few.similarity()[0, 1], expected, atol=1e-6)
    labels = np.repeat(np.arange(4), 20)
    np.testing.assert_allclose(few.closeness(labels), all_papers.closeness(labels), atol=1e-6)


def test_a_redraw_takes_as_many_blocks_as_there_are() -> None:
    together = Coassociation.of(ensemble_of(40))
    drawn = together.resampled(np.random.default_rng(0))
    assert drawn.sum() == len(together.blocks)
    assert (drawn >= 0).all()


def test_the_group_of_an_atom_is_that_of_most_of_its_papers() -> None:
    together = Coassociation.of(ensemble_of(80), most_atoms=8)
    labels = np.where(together.atom == 2, -1, 0)
    labels[np.flatnonzero(together.atom == 3)[:1]] = 1
    found = together.majority(labels)
    assert found[2] == -1
    assert (np.delete(found, [2, 3]) == 0).all()


@pytest.fixture(scope="module")
def views() -> list[View]:
    corpus, _ = planted_corpus(200)
    return build_views(corpus.papers["title"].tolist(), corpus.papers["abstract"].tolist())


def test_gathering_papers_into_atoms_gives_the_same_topics(views: list[View]) -> None:
    whole = cluster(views, "balanced", 0, n_runs=8)
    gathered = cluster(views, "balanced", 0, n_runs=8, most_atoms=60)
    assert len(gathered.similarity) <= 60
    assert adjusted_mutual_info_score(whole.labels, gathered.labels) > 0.95
    assert gathered.draws.shape[1] == 200
    assert gathered.labels.max() + 1 == gathered.closeness.shape[1]


def test_base_clusterings_beyond_what_a_run_fits_place_every_paper() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(3, size=3200)
    vectors = (np.eye(3)[truth] + rng.normal(scale=0.1, size=(3200, 3))).astype(np.float32)
    ensemble = base_clusterings([View("planted", "static", vectors)], n_runs=3)
    assert ensemble.labels.shape == (3, 3200)
    assert adjusted_mutual_info_score(truth, ensemble.labels[0]) > 0.7


def test_more_equal_papers_than_atoms_are_gathered_without_a_word() -> None:
    together = one_cluster(np.zeros((1200, 2)), "because").coassociation
    assert len(together.sizes) < 1200
    assert together.sizes.sum() == 1200
    np.testing.assert_allclose(together.similarity(), 1, atol=1e-5)


def test_one_cluster_is_sure_of_everybody() -> None:
    single = one_cluster(np.zeros((5, 2)), "because")
    assert not single.labels.any()
    assert (single.closeness == 1).all()
    assert single.find_curve()["reason"].tolist() == ["because"]
