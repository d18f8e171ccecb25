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


def test_a_boom_moves_itself_and_not_the_others() -> None:
    # every other topic falls by as much: that is the boom's doing
    slopes = np.array([0.47, *[-0.07] * 6])
    ratio, low, high = relative_trends(slopes, slopes - 0.1, slopes + 0.1)
    assert ratio[0] == pytest.approx(np.exp(0.54))
    assert low[0] > 1
    np.testing.assert_allclose(ratio[1:], 1)
    assert ((low[1:] < 1) & (high[1:] > 1)).all()


@pytest.mark.parametrize("boom", [0.0, 0.8])
def test_intervals_of_still_topics_leave_no_change_out_as_often_as_they_say(boom: float) -> None:
    rng = np.random.default_rng(0)
    out = []
    for _ in range(400):
        spread = 0.1 * np.exp(rng.normal(0, 0.6, 12))
        slopes = rng.normal(0, spread) + boom * (np.arange(12) == 0) - boom / 10
        _, low, high = relative_trends(slopes, slopes - 1.96 * spread, slopes + 1.96 * spread)
        out.append(((low > 1) | (high < 1))[1:].mean())
    assert np.mean(out) == pytest.approx(0.05, abs=0.02)


def test_too_little_says_nothing_about_the_composition() -> None:
    for slopes in (np.array([0.1, 0.2]), np.array([0.1, 0.2, np.nan])):
        ratio, low, high = relative_trends(slopes, slopes - 0.1, slopes + 0.1)
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
