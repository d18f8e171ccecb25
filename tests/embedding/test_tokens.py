"""Words of many texts, beside scikit-learn's way of finding them."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from analysis.embedding.tokens import Tokens, count_given, count_given_by_block
from analysis.topics.describe.words import WORD_PATTERN

LETTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("ab -_.'İΣé\t ")
TEXTS = st.lists(st.text(LETTERS), max_size=5)
PATTERNS = pytest.mark.parametrize("pattern", [WORD_PATTERN, r"\b\w\w+\b"])


def _counts_of_sklearn(texts: list[str], pattern: str, longest: int, fewest: int) -> tuple[np.ndarray, list[str]]:
    vectorizer = CountVectorizer(
        ngram_range=(1, longest),
        stop_words=sorted(ENGLISH_STOP_WORDS),
        token_pattern=pattern,
        min_df=fewest,
        dtype=np.int32,
    )
    try:
        counts = vectorizer.fit_transform(texts).toarray()
    except ValueError:
        return np.zeros((len(texts), 0), dtype=np.int32), []
    return counts, vectorizer.get_feature_names_out().tolist()


@PATTERNS
@pytest.mark.parametrize(("longest", "fewest"), [(1, 1), (2, 1), (2, 2)])
@given(texts=TEXTS)
def test_words_and_pairs_are_those_of_sklearn(texts: list[str], pattern: str, longest: int, fewest: int) -> None:
    counts, terms = Tokens.of(texts, pattern, ENGLISH_STOP_WORDS).counts(longest == 2, fewest)
    expected, names = _counts_of_sklearn(texts, pattern, longest, fewest)
    assert terms.tolist() == names
    np.testing.assert_array_equal(counts.toarray(), expected)


@PATTERNS
@given(texts=TEXTS, others=TEXTS)
def test_given_terms_are_counted_as_sklearn_counts_them(texts: list[str], others: list[str], pattern: str) -> None:
    _, names = _counts_of_sklearn([*others, "one-word two words"], pattern, 2, 1)
    counts = count_given(texts, pattern, ENGLISH_STOP_WORDS, np.array(names, dtype=object))
    vectorizer = CountVectorizer(
        ngram_range=(1, 2), stop_words=sorted(ENGLISH_STOP_WORDS), token_pattern=pattern, vocabulary=names
    )
    np.testing.assert_array_equal(counts.toarray(), vectorizer.transform(texts).toarray())


@PATTERNS
@given(texts=TEXTS, most=st.sampled_from([0, 2, 100]))
def test_what_is_remembered_of_texts_before_counts_as_what_is_searched(
    texts: list[str], pattern: str, most: int
) -> None:
    texts = [*texts, *texts, "one-word two words"]
    counts, terms = Tokens.of(texts, pattern, ENGLISH_STOP_WORDS).counts(pairs=True)
    with mock.patch("analysis.embedding.tokens._MOST_PIECES", most):
        blocks = list(count_given_by_block([[text] for text in texts], pattern, ENGLISH_STOP_WORDS, terms))
    np.testing.assert_array_equal(sparse.vstack(blocks).toarray(), counts.toarray())


def test_prose_with_hyphens_addresses_quotes_and_other_scripts() -> None:
    texts = [
        "Chest X-ray reports: DINOv2-based “reading” of x-rays; state-of-the-art (p<0.05).",
        "L'apprentissage profond\u2014étude à l’Île; naïve_bayes, 3d-model and -dash- a1.",
        "深度学习 医学影像。Глубокое обучение; İstanbul\u00a0sample\tx-ray",
    ]
    for pattern in (WORD_PATTERN, r"\b\w\w+\b"):
        counts, terms = Tokens.of(texts, pattern, ENGLISH_STOP_WORDS).counts(pairs=True)
        expected, names = _counts_of_sklearn(texts, pattern, 2, 1)
        assert terms.tolist() == names
        np.testing.assert_array_equal(counts.toarray(), expected)
    assert {"x-ray", "state-of-the-art", "dinov2-based", "naïve_bayes"} <= set(
        Tokens.of(texts, WORD_PATTERN, ENGLISH_STOP_WORDS).words
    )


def test_texts_that_are_read_in_blocks_are_counted_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"word{i % 7} of word{i % 5} and word{i % 3}" for i in range(23)]
    whole, terms = Tokens.of(texts, WORD_PATTERN, ENGLISH_STOP_WORDS).counts(pairs=True)
    monkeypatch.setattr("analysis.embedding.tokens._AT_ONCE", 4)
    counts = count_given(texts, WORD_PATTERN, ENGLISH_STOP_WORDS, terms)
    np.testing.assert_array_equal(counts.toarray(), whole.toarray())


def test_no_terms_are_counted_as_none() -> None:
    none = np.zeros(0, dtype=object)
    assert count_given(["a text", ""], WORD_PATTERN, ENGLISH_STOP_WORDS, none).shape == (2, 0)
    assert count_given([], WORD_PATTERN, ENGLISH_STOP_WORDS, none).shape == (0, 0)
    assert Tokens.of(["", " "], WORD_PATTERN, ENGLISH_STOP_WORDS).counts(pairs=True)[0].shape == (2, 0)
