"""The BERTopic model that holds the result."""

from pathlib import Path

import numpy as np
import pytest

from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError
from analysis.topics.model import load_model, save_model
from analysis.topics.result import Topics
from analysis.trends.result import Trends

pytestmark = pytest.mark.slow


def test_the_model_holds_topics_keywords_and_labels(planted: tuple[Corpus, Topics, Trends]) -> None:
    _, topics, _ = planted
    model = topics.bertopic
    assert list(model.topics_) == topics.assignments["topic"].tolist()
    assert list(model.custom_labels_) == topics.table["label"].tolist()
    for topic, words in topics.table["keywords"].items():
        assert [word for word, _ in model.get_topic(topic)][: len(words)] == words


def test_a_saved_model_loads_and_places_new_texts_without_a_network(
    planted: tuple[Corpus, Topics, Trends], tmp_path: Path
) -> None:
    corpus, topics, _ = planted
    save_model(topics.bertopic, tmp_path / "model")
    model = load_model(tmp_path / "model")
    texts = (corpus.papers["title"] + ". " + corpus.papers["abstract"]).tolist()
    placed, _ = model.transform(texts)
    assert np.mean(np.array(placed) == topics.assignments["topic"].to_numpy()) > 0.9
    nearest, _ = model.find_topics("lava and magma of a volcano", top_n=1)
    assert "lava" in " ".join(topics.table.loc[nearest[0], "keywords"])


def test_a_folder_without_a_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="no saved topic model"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", ["topic_embeddings.bin", "model.pkl"])
def test_a_model_with_pickles_is_refused_unread(name: str, tmp_path: Path) -> None:
    np.save(tmp_path / "embedding_centre.npy", np.zeros(3))
    (tmp_path / name).write_bytes(b"pickle")
    with pytest.raises(ArtefactError, match="could run code"):
        load_model(tmp_path)
