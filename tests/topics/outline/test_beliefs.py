"""Beliefs by match and company: rows that sum to one, certain papers that stay, groups that nobody named."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.corpus.function_words import content_of
from analysis.topics.outline.beliefs import Free, assign, choose_free, settle_beliefs
from analysis.topics.outline.match import relevance, standardised
from analysis.topics.outline.terms import SeedTerms

NOBODY = np.full(6, -1)


def alone(beliefs: np.ndarray) -> np.ndarray:
    """Return company that tells nothing."""
    return np.ones_like(beliefs)


@given(arrays(float, (6, 3), elements=st.floats(-30, 30)), arrays(float, (6, 3), elements=st.floats(0, 1)))
def test_beliefs_are_shares(match: np.ndarray, company: np.ndarray) -> None:
    beliefs = settle_beliefs(match, lambda _: company, NOBODY)
    assert np.isfinite(beliefs).all()
    np.testing.assert_allclose(beliefs.sum(axis=1), 1)


def test_company_decides_where_words_do_not() -> None:
    near = np.repeat([[0.9, 0.1], [0.1, 0.9]], 3, axis=0)
    assert settle_beliefs(np.zeros((6, 2)), lambda _: near, NOBODY).argmax(axis=1).tolist() == [0, 0, 0, 1, 1, 1]


def test_a_certain_paper_stays() -> None:
    pinned = np.array([1, -1, -1, -1, -1, -1])
    beliefs = settle_beliefs(np.tile([5.0, -5.0], (6, 1)), alone, pinned)
    assert beliefs[0].tolist() == [0, 1]


def test_a_group_like_a_named_topic_is_none_of_its_own() -> None:
    named = np.repeat([[2.0], [-1.0]], 3, axis=0)
    labels = np.repeat([0, 1], 3)
    free = Free(labels, np.stack([np.where(labels == group, 2.0, -1.0) for group in (0, 1)], axis=1))
    assert choose_free(named, free, alone, NOBODY, 2).tolist() == [False, True]


def test_a_free_topic_of_too_few_papers_gets_none() -> None:
    named = np.zeros((6, 1))
    free = np.full((6, 1), -3.0)
    free[0] = 9.0
    assert (assign(named, free, alone, NOBODY, 2)[:, 1] == 0).all()
    assert assign(named, free, alone, NOBODY, 1)[:, 1].argmax() == 0


def test_rare_words_count_more_and_titles_thrice() -> None:
    titles, abstracts = ["Bees", "On ice", "On ice"], ["The ice melts", "Bees and bees", "Ice and snow"]
    terms = SeedTerms.of(titles, abstracts, 3)
    scores = relevance(*terms.counted([["bee"], ["ice"], ["penguin"]]))
    assert scores[0, 0] > scores[1, 0] > scores[2, 0] == 0
    assert (scores[:, 2] == 0).all()
    assert scores[0, 0] > scores[0, 1]


def test_mentions_are_word_for_word_over_plurals_and_function_words() -> None:
    terms = SeedTerms.of(
        ["Detection of polyps", "Polyp and detection"], ["Out of distribution data.", "The distribution."], 3
    )
    found = terms.mentions(
        [["detection of polyp"], ["out-of-distribution"], ["distribution"], ["nothing here"], ["polyps", "data"]]
    )
    assert found.tolist() == [1, 1, 2, 0, 2]


def test_phrases_of_scripts_without_spaces_are_found_however_they_are_parted() -> None:
    written = ["本文研究河流三角洲的泥沙输移", "合唱演唱与管风琴", "河流和泥沙"]
    terms = SeedTerms.of([""] * 3, [content_of(text, "zh") for text in written], 3, written)
    assert terms.mentions([["三角洲"], ["河流三角洲"], ["合唱演唱"], ["城市"]]).tolist() == [1, 1, 1, 0]
    scores = relevance(*terms.counted([["河流三角洲"], ["合唱演唱"]]))
    assert scores[0, 0] > scores[1, 0]
    assert scores[1, 1] > scores[0, 1]


def test_scores_that_do_not_vary_say_nothing() -> None:
    assert (standardised(np.ones((4, 2))) == 0).all()
