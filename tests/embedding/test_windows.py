"""Texts that are longer than a model reads."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.embedding.windows import equal_windows, pooled_vectors
from analysis.errors import EmbeddingError


class LetterCounts:
    """Reads two words at a time and counts the letters a and b."""

    def windows(self, text: str) -> list[str]:
        words = text.split()
        return [" ".join(words[i : i + 2]) for i in range(0, len(words), 2)] or [""]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([[text.count("a"), text.count("b"), 0.5] for text in texts], dtype=np.float32)


def test_a_long_text_is_the_mean_of_its_windows() -> None:
    encoder = LetterCounts()
    whole = pooled_vectors(encoder, ["a a b b"])
    parts = pooled_vectors(encoder, ["a a", "b b"])
    expected = parts.mean(axis=0) / np.linalg.norm(parts.mean(axis=0))
    np.testing.assert_allclose(whole[0], expected, atol=1e-6)


def test_vectors_are_unit_rows_also_of_an_empty_text() -> None:
    np.testing.assert_allclose(np.linalg.norm(pooled_vectors(LetterCounts(), ["a", ""]), axis=1), 1, atol=1e-6)


def test_vectors_that_are_no_numbers_are_a_clear_error() -> None:
    class Broken(LetterCounts):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return np.full((len(texts), 3), np.nan, dtype=np.float32)

    with pytest.raises(EmbeddingError, match="not numbers"):
        pooled_vectors(Broken(), ["a"])


@given(st.lists(st.text("abc", min_size=1, max_size=5), max_size=30), st.integers(1, 7))
def test_windows_hold_every_token_once_and_none_is_too_long(words: list[str], longest: int) -> None:
    text = " ".join(words)
    ends = np.cumsum([len(word) + 1 for word in words]).tolist()
    spans = [(end - len(word) - 1, end - 1) for word, end in zip(words, ends, strict=True)]
    windows = equal_windows(text, spans, longest)
    assert " ".join(windows).split() == words
    assert max(len(window.split()) for window in windows) <= longest
    if words:
        assert (
            max(len(w.split()) for w in windows) - min(len(w.split()) for w in windows[:-1] or windows)
            <= longest // 2 + 1
        )
