"""The BERTopic model that holds the result."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError
from analysis.io.files import read_arrays, write_arrays
from analysis.io.results import write_about
from analysis.topics.fit import fit_topics
from analysis.topics.model import ModelParts
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from tests.generators import planted_corpus

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
    topics.save(tmp_path / "topics")
    model = at.load_topics(tmp_path / "topics").bertopic
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


def test_a_fit_imports_bertopic_only_when_its_model_is_asked_for(tmp_path: Path) -> None:
    papers = tmp_path / "papers.parquet"
    planted_corpus(60)[0].papers.reset_index()[["title", "abstract"]].to_parquet(papers)
    program = f"""
import sys
import pandas as pd
import analysis as at
topics = at.fit_topics(at.Corpus.from_frame(pd.read_parquet({str(papers)!r})))
topics.save({str(tmp_path / "topics")!r})
topics = at.load_topics({str(tmp_path / "topics")!r})
assert "bertopic" not in sys.modules and "umap" not in sys.modules
assert len(topics.bertopic.topics_) == 60
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_topics_of_a_version_that_saved_models_as_bertopic_does_are_read_but_for_the_model(
    planted: tuple[Corpus, Topics, Trends], tmp_path: Path
) -> None:
    planted[1].save(tmp_path / "topics")
    model = tmp_path / "topics" / "model"
    (model / "parts.npz").unlink()
    (model / "topics.json").write_text("{}", encoding="utf-8")
    write_about(model, "model", [model / "topics.json"])
    topics = at.load_topics(tmp_path / "topics")
    pd.testing.assert_frame_equal(topics.assignments, planted[1].assignments)
    with pytest.raises(ArtefactError, match=r"earlier version.*BERTopic\.load reads it"):
        _ = topics.bertopic


def test_one_long_word_does_not_make_every_word_as_long_where_they_are_kept(tmp_path: Path) -> None:
    terms = np.array([*(f"word{number}" for number in range(2_000)), "x" * 20_000, "ends in nothing\0"], dtype=object)
    counts = np.ones((2, len(terms)))
    words = [[("x" * 20_000, 1.0)], []]
    parts = ModelParts.of(["one two", "three four"], np.array([0, 1]), words, ["One", "Two\nlines"], terms, counts)
    parts.save(tmp_path / "parts.npz")
    assert (tmp_path / "parts.npz").stat().st_size < 1_000_000
    kept = ModelParts.load(tmp_path / "parts.npz")
    assert (kept.terms.tolist(), kept.names, kept.keywords) == (terms.tolist(), parts.names, words)


@pytest.mark.parametrize("change", ["columns", "names", "vectors", "words"])
def test_parts_that_do_not_fit_together_are_a_clear_error(
    change: str, planted: tuple[Corpus, Topics, Trends], tmp_path: Path
) -> None:
    assert planted[1].model_parts is not None
    planted[1].model_parts().save(tmp_path / "parts.npz")
    arrays = read_arrays(tmp_path / "parts.npz")
    arrays["columns"] = arrays["columns"] + (1_000_000 if change == "columns" else 0)
    arrays |= {name: arrays[name][:1] for name in (change,) if name != "columns"}
    write_arrays(tmp_path / "parts.npz", arrays)
    with pytest.raises(ArtefactError, match="damaged"):
        ModelParts.load(tmp_path / "parts.npz")
