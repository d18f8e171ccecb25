"""Views on disk."""

from pathlib import Path

import numpy as np
import pytest

import analysis.embedding.cache
from analysis.embedding.cache import cached_views
from tests.embedding.tiny_models import tiny_model

TEXTS = ["volcano lava ash", "violin sonata melody", "glacier ice snow", "bread dough yeast"]


def test_views_come_back_as_they_were_and_are_not_made_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "embeddings.npz"
    made, encoder = cached_views(path, TEXTS, TEXTS)
    monkeypatch.setattr(analysis.embedding.cache, "fit_views", lambda *_: pytest.fail("made twice"))
    again, same = cached_views(path, TEXTS, TEXTS)
    assert [(view.name, view.kind) for view in again] == [(view.name, view.kind) for view in made]
    for first, second in zip(made, again, strict=True):
        np.testing.assert_array_equal(first.vectors, second.vectors)
    for first, second in zip(encoder.encode(TEXTS, TEXTS).views, same.encode(TEXTS, TEXTS).views, strict=True):
        np.testing.assert_array_equal(first.vectors, second.vectors)


def test_other_texts_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.npz"
    cached_views(path, TEXTS, TEXTS)
    before = path.read_bytes()
    cached_views(path, TEXTS[::-1], TEXTS)
    assert path.read_bytes() != before


def test_a_transformer_adds_views_and_another_model_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.eye(4, dtype=np.float32)
    monkeypatch.setattr(analysis.embedding.cache, "sentence_vectors", lambda *_, **__: vectors)
    path = tmp_path / "embeddings.npz"
    plain, _ = cached_views(path, TEXTS, TEXTS)
    more, _ = cached_views(path, TEXTS, TEXTS, "a-model")
    assert {view.kind for view in more} - {view.kind for view in plain} == {"transformer"}
    before = path.read_bytes()
    cached_views(path, TEXTS, TEXTS, "another-model")
    assert path.read_bytes() != before


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.npz"
    path.write_bytes(b"damaged")
    assert cached_views(path, TEXTS, TEXTS)
    assert path.stat().st_size > 100


def test_views_that_were_kept_count_as_those_that_were_made(tmp_path: Path) -> None:
    model = str(tiny_model(tmp_path / "model"))
    texts = [f"hive honey {number} queen" if number % 3 else f"ice snow {number} moraine" for number in range(30)]
    made, _ = cached_views(tmp_path / "views.npz", texts, texts, model)
    kept, _ = cached_views(tmp_path / "views.npz", texts, texts, model)
    assert {view.weight for view in made} != {1.0}
    assert [(view.name, view.kind, view.weight) for view in kept] == [
        (view.name, view.kind, view.weight) for view in made
    ]
