"""Placing papers where a redrawn clustering has no topic for them."""

from typing import Any

import numpy as np

from analysis.embedding.views import View
from analysis.topics.placement import Placer


class Nowhere:
    """Stands for the map of atoms."""

    def locate(self, member: Any) -> np.ndarray:
        return np.zeros((member.shape[0], 2))


def test_what_a_redrawn_clustering_has_in_a_topics_place_lends_it_no_paper() -> None:
    centres = np.eye(3, dtype=np.float32)
    consensus = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype=np.float32)
    # topic 1 dissolved in part: the third cluster is a stranger's
    drawn = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.float32)
    placer = Placer(("one",), (centres,), (np.array([0, 3]),), np.array([consensus, drawn]), Nowhere())  # type: ignore[arg-type]
    papers = [View("one", "lexical", np.eye(3, dtype=np.float32))]
    placed = placer.place(papers)
    assert placed.labels.tolist() == [0, 1, 1]
    assert placed.draws.tolist() == [[0, 1, -1]]
    assert placer.labels(papers).tolist() == [0, 1, 1]
