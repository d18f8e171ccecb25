"""Topics that hold."""

import numpy as np

from analysis.topics.clustering.holding import HOLDS, dissolve_unheld, topic_stability


def test_stability_is_the_mean_overlap_with_redrawn_selves() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1, -1])
    draws = np.array([[0, 0, 0, 0, 1, 1, -1], [0, 0, 1, 1, -1, -1, 0]])
    np.testing.assert_allclose(topic_stability(labels, draws), [(1 + 2 / 5) / 2, (1 + 0) / 2])
    assert np.isnan(topic_stability(labels, draws[:0])).all()
    assert topic_stability(labels, draws, 3)[2] == 0


def test_a_topic_that_no_redrawing_finds_again_is_dissolved_and_its_papers_find_others() -> None:
    labels = np.repeat([0, 1, 2], [10, 10, 6])
    rng = np.random.default_rng(0)
    # the last six are scattered over the other two
    cuts = [np.r_[np.repeat([0, 1], 10), rng.integers(0, 2, 6)] for _ in range(20)]

    def closeness(found: np.ndarray) -> np.ndarray:
        return np.stack([(np.array(cuts) == topic).mean(axis=0) for topic in range(int(found.max()) + 1)], axis=1)

    held, draws = dissolve_unheld(labels, cuts, closeness)
    assert held.max() == 1
    assert (held[:20] == np.repeat([0, 1], 10)).all()
    assert topic_stability(held, draws).min() >= HOLDS


def test_two_topics_are_left_however_little_they_hold() -> None:
    rng = np.random.default_rng(0)
    cuts = [rng.integers(0, 2, 20) for _ in range(20)]
    held, _ = dissolve_unheld(np.repeat([0, 1], 10), cuts, lambda found: np.ones((20, int(found.max()) + 1)), 1.0)
    assert held.max() == 1
