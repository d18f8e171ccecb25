"""Sentence vectors of papers: which model makes them, and what is kept of them."""

import json
from pathlib import Path

import numpy as np
import pytest

import analysis as at
from analysis.embedding.sentences import load_encoder, model_fingerprint, sentence_vectors
from analysis.errors import EmbeddingError, TopicsError
from tests.embedding.tiny_models import tiny_model
from tests.generators import planted_corpus

TITLES, ABSTRACTS = ["hive", "ice", "queen"], ["honey queen", "snow moraine", "hive hive"]


def test_a_fingerprint_tells_of_every_file_and_not_of_the_place(tmp_path: Path) -> None:
    one, other = tiny_model(tmp_path / "one"), tiny_model(tmp_path / "other")
    assert model_fingerprint(str(one)) == model_fingerprint(str(other))
    (other / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 12}))
    assert model_fingerprint(str(one)) != model_fingerprint(str(other))
    assert model_fingerprint("some/name") == "some/name"


def test_only_what_a_store_lacks_is_encoded(tmp_path: Path) -> None:
    model, store = str(tiny_model(tmp_path / "model")), tmp_path / "sentences"
    first = sentence_vectors(model, TITLES[:2], ABSTRACTS[:2], store=store)
    asked: list[int] = []

    def watched(name, work, shared, count):
        asked.extend(len(block) for block in shared.blocks)
        return (work(shared, number) for number in range(count))

    again = sentence_vectors(model, TITLES, ABSTRACTS, store=store, run=watched)
    assert asked == [1]
    np.testing.assert_array_equal(again[:2], first)
    np.testing.assert_allclose(again, sentence_vectors(model, TITLES, ABSTRACTS), atol=1e-6)


def test_a_damaged_store_is_made_again(tmp_path: Path) -> None:
    model, store = str(tiny_model(tmp_path / "model")), tmp_path / "sentences"
    first = sentence_vectors(model, TITLES, ABSTRACTS, store=store)
    for path in store.rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:40])
    np.testing.assert_array_equal(sentence_vectors(model, TITLES, ABSTRACTS, store=store), first)


def test_another_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    store = tmp_path / "sentences"
    one, other = (str(tiny_model(tmp_path / name, reads=reads)) for name, reads in (("one", 16), ("other", 12)))
    sentence_vectors(one, TITLES, ABSTRACTS, store=store)
    sentence_vectors(other, TITLES, ABSTRACTS, store=store)
    assert len(list(store.iterdir())) == 2


def test_a_known_model_that_was_not_fetched_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(EmbeddingError, match="topictrends model get minilm"):
        load_encoder("minilm")


def test_a_sentence_model_joins_the_views_of_a_fit(tmp_path: Path) -> None:
    corpus, _ = planted_corpus(40, 2)
    topics = at.fit_topics(corpus, transformer=tiny_model(tmp_path), granularity=2)
    assert len(topics.table) == 2
    with pytest.raises(TopicsError, match="not both"):
        at.fit_topics(corpus, transformer=tmp_path, vectors=np.eye(40))
    with pytest.raises(EmbeddingError, match="holds no"):
        (tmp_path / "model.onnx").unlink()
        at.fit_topics(corpus, transformer=tmp_path)
