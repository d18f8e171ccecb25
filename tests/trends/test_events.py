"""Emergence, composition and vocabulary drift."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.topics.describe.words import TermTable, count_words
from analysis.trends.composition import relative_trends
from analysis.trends.drift import period_words, vocabulary_drift
from analysis.trends.emergence import emergence
from analysis.trends.language import drift_table, words_table


def test_emergence_says_since_when_how_steadily_and_how_large() -> None:
    counts = np.array([[0, 2, 0, 2], [5, 5, 5, 5], [0, 0, 0, 0]])
    found = emergence(counts, np.array([5, 10, 5, 10]))
    assert found.first.tolist() == [1, 0, -1]
    assert found.last.tolist() == [3, 3, -1]
    np.testing.assert_allclose(found.persistence, [2 / 3, 1, 0])
    np.testing.assert_allclose(found.recent, [0.2, 0.5, 0])


def test_empty_periods_do_not_count_against_persistence() -> None:
    assert emergence(np.array([[1, 0, 1]]), np.array([4, 0, 4])).persistence.tolist() == [1.0]


def test_a_boom_lowers_shares_but_not_the_ratios_of_the_others() -> None:
    years = np.arange(2015, 2025).astype(float)
    boom = np.round(20 * 1.6 ** (years - 2015))
    counts = np.column_stack([boom, *[np.full(10, 40.0)] * 6]).astype(int)
    ratio, low, high = relative_trends(counts, years, np.zeros(10))
    assert ratio[0] == pytest.approx(1.6 ** (6 / 7), rel=0.02)
    # each of the others moves against the mean by the same seventh, not by what its share lost
    np.testing.assert_allclose(ratio[1:], 1.6 ** (-1 / 7), rtol=0.02)
    assert (low <= ratio).all()
    assert (ratio <= high).all()


@pytest.mark.parametrize("counts", [np.ones((10, 2), dtype=int), np.ones((3, 5), dtype=int)])
def test_too_little_says_nothing_about_the_composition(counts: np.ndarray) -> None:
    ratio, low, high = relative_trends(counts, np.arange(len(counts)).astype(float), np.zeros(len(counts)))
    assert (ratio == 1).all()
    assert (low == 0).all()
    assert np.isinf(high).all()


def language(moves: bool) -> tuple[TermTable, np.ndarray]:
    """Return the words of 40 papers of one topic, the later half in other words where it `moves`."""
    rng = np.random.default_rng(0)
    early, late = ["convolution kernel pooling filter"] * 20, ["attention prompt token decoder"] * 20
    texts = [*early, *late] if moves else rng.permutation([*early, *late]).tolist()
    return count_words([f"{text} image paper" for text in texts]), np.linspace(2015, 2024, 40)


@pytest.mark.parametrize("moves", [True, False])
def test_drift_is_found_where_the_words_move_and_only_there(moves: bool) -> None:
    table, time = language(moves)
    row = drift_table(table, np.zeros(40, dtype=int), time, np.zeros(40), 0).loc[0]
    assert (row["q"] < 0.05) == moves
    assert (row["distance"] > 2 * row["usual"]) == moves
    if moves:
        assert "attention" in row["gained"]
        assert "convolution" in row["lost"]


def test_a_source_that_starts_later_is_no_drift() -> None:
    table, time = language(True)
    assert vocabulary_drift(table.counts, time, np.repeat([0, 1], 20), 199, 0).p == 1


def test_a_period_only_has_words_of_its_own_papers() -> None:
    table, time = language(True)
    periods = pd.DataFrame({"period": [str(year) for year in range(2015, 2025)]})
    numbers = np.minimum(np.floor(time - 2015).astype(int), 9)
    found = words_table(table, np.zeros(40, dtype=int), numbers, periods)
    for row in found.itertuples():
        own = numbers == int(row.period) - 2015
        said = set(table.terms[np.asarray(table.counts[own].sum(axis=0)).ravel() > 0])
        assert set(row.words) <= said
    assert found["words"].map(len).max() > 0


def test_small_topics_have_no_drift_and_no_nan() -> None:
    table = count_words(["one text here", "other text there"])
    row = drift_table(table, np.array([0, 0]), np.array([2020.0, np.nan]), np.zeros(2), 0).loc[0]
    assert (row["p"], row["q"], row["distance"]) == (1.0, 1.0, 0.0)
    assert period_words(sparse.csr_matrix((0, 3)), np.zeros(0, dtype=int), np.array(["a", "b", "c"])) == {}
