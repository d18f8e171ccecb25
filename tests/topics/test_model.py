"""The BERTopic model that holds the result."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError
from analysis.topics.fit import fit_topics
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


def test_papers_without_a_topic_are_told_by_the_words_that_weigh_most_among_theirs(
    planted: tuple[Corpus, Topics, Trends],
) -> None:
    vectors = np.random.default_rng(0).normal(size=(len(planted[0]), 6))
    model = fit_topics(planted[0], vectors=vectors, outliers="keep", granularity=4).bertopic
    assert -1 in model.topics_
    row = model.c_tf_idf_[0].toarray()[0]
    told = [word for word, _ in model.get_topic(-1)]
    weights = dict(zip(model.vectorizer_model.get_feature_names_out(), row.tolist(), strict=True))
    assert [weights[word] for word in told] == sorted(row.tolist(), reverse=True)[: len(told)]


@pytest.mark.parametrize("text", ["1 22 333 {} 4444", "volcano {} 7"], ids=["numbers alone", "one word"])
def test_papers_of_hardly_any_word_are_held_and_saved(text: str, tmp_path: Path) -> None:
    papers = [{"title": "1 2 3", "abstract": text.format(number) + " 55 66 77 88" * 9} for number in range(40)]
    vectors = np.random.default_rng(0).normal(0, 0.1, (40, 8)) + np.eye(8)[np.arange(40) % 2]
    topics = fit_topics(Corpus.from_frame(pd.DataFrame(papers)), vectors=vectors)
    topics.save(tmp_path / "topics")
    model = at.load_topics(tmp_path / "topics").bertopic
    assert list(model.topics_) == topics.assignments["topic"].tolist()


def test_a_folder_without_a_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="no saved topic model"):
        load_model(tmp_path)


@pytest.mark.parametrize("name", ["topic_embeddings.bin", "model.pkl"])
def test_a_model_with_pickles_is_refused_unread(name: str, tmp_path: Path) -> None:
    np.save(tmp_path / "embedding_centre.npy", np.zeros(3))
    (tmp_path / name).write_bytes(b"pickle")
    with pytest.raises(ArtefactError, match="could run code"):
        load_model(tmp_path)
