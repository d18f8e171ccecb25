"""Twins are found and near-twins are left alone, in libraries that say which is which."""

import numpy as np

from analysis.corpus.same_paper import group_records
from tests.corpus.twins import STRANGERS, TWINS, library, scores


def test_a_library_of_twins_and_near_twins() -> None:
    drawn = library(4000, np.random.default_rng(7))
    assert set(TWINS + STRANGERS) < set(drawn.kinds)
    found = scores(drawn, group_records(drawn.items).first)
    assert found["precision"] > 0.998
    assert found["recall"] > 0.98
    assert min(found[kind] for kind in TWINS) > 0.95


def test_the_order_of_records_changes_next_to_nothing() -> None:
    drawn = library(2000, np.random.default_rng(8))
    order = np.random.default_rng(9).permutation(len(drawn.items))
    first, turned = (group_records(items).first for items in (drawn.items, [drawn.items[i] for i in order]))
    assert abs(len(np.unique(first)) - len(np.unique(turned))) <= 2
