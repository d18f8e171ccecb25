"""Every public function, given what it cannot use, says so in a typed error that tells what to do."""

# mypy: disable-error-code="arg-type, call-arg, call-overload, list-item"

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import analysis as at
from tests.generators import planted_corpus

N = 24


class World:
    """Results of two small corpora that share no paper, made without a fit."""

    def __init__(self) -> None:
        self.frame = pd.DataFrame(
            {
                "id": [f"p{i}" for i in range(N)],
                "title": [f"On {'bees' if i % 2 else 'ice'} {i}" for i in range(N)],
                "abstract": [f"{'Hives and honey' if i % 2 else 'Floes and glaciers'} {i}." for i in range(N)],
                "date": [2015 + i % 6 for i in range(N)],
            }
        )
        self.labels = ["bees" if i % 2 else "ice" for i in range(N)]
        self.corpus = at.Corpus.from_frame(self.frame)
        self.topics = at.Topics.from_labels(self.corpus, self.labels)
        settings = at.TestSettings(n_permutations=99)
        self.trends = at.fit_trends(self.corpus, self.topics, settings=settings)
        self.other = at.Corpus.from_frame(self.frame.assign(id=[f"q{i}" for i in range(N)]))
        three = [str(i % 3) for i in range(N)]
        self.other_topics = at.Topics.from_labels(self.other, three)
        self.other_trends = at.fit_trends(self.other, self.other_topics, settings=settings)
        self.dates = pd.date_range("2015-01-01", periods=N, freq="90D")
        self.vectors = np.random.default_rng(0).normal(size=(N, 8))


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def _spoilt(vectors: np.ndarray, row: int, value: float) -> np.ndarray:
    spoilt = vectors.copy()
    spoilt[row] = value
    return spoilt


MISUSES: dict[str, Callable[[World], Any]] = {
    "from_frame(None)": lambda w: at.Corpus.from_frame(None),
    "from_frame(list)": lambda w: at.Corpus.from_frame([1, 2]),
    "from_frame without titles": lambda w: at.Corpus.from_frame(w.frame[["abstract"]]),
    "from_frame with a list in a cell": lambda w: at.Corpus.from_frame(w.frame.assign(title=[["a"]] * N)),
    "from_frame with one id twice": lambda w: at.Corpus.from_frame(w.frame.assign(id="x")),
    "from_frame with a date of 9999": lambda w: at.Corpus.from_frame(w.frame.assign(date="9999-12-31")),
    "load_corpus(None)": lambda w: at.load_corpus(None),
    "load_corpus(3)": lambda w: at.load_corpus(3),
    "load_corpus([])": lambda w: at.load_corpus([]),
    "load_corpus('')": lambda w: at.load_corpus(""),
    "load_corpus of no folder": lambda w: at.load_corpus("no such folder"),
    "load_corpus with columns as a list": lambda w: at.load_corpus(Path(__file__).parent, columns=["title"]),
    "load_corpus with an unknown date": lambda w: at.load_corpus(Path(__file__).parent, date_choice="latest"),
    "load_corpus with a supplement that is a number": lambda w: at.load_corpus(Path(__file__).parent, 3),
    "Corpus.load(None)": lambda w: at.Corpus.load(None),
    "Corpus.load of another folder": lambda w: at.Corpus.load(Path(__file__).parent),
    "Corpus.save(None)": lambda w: w.corpus.save(None),
    "fit_topics(None)": lambda w: at.fit_topics(None),
    "fit_topics(frame)": lambda w: at.fit_topics(w.frame),
    "fit_topics of an empty corpus": lambda w: at.fit_topics(at.Corpus.from_frame(w.frame[:0])),
    "fit_topics with a text as seed": lambda w: at.fit_topics(w.corpus, seed="0"),
    "fit_topics with a negative seed": lambda w: at.fit_topics(w.corpus, seed=-1),
    "fit_topics without a seed": lambda w: at.fit_topics(w.corpus, seed=None),
    "fit_topics with an unknown granularity": lambda w: at.fit_topics(w.corpus, granularity="medium"),
    "fit_topics with a granularity of None": lambda w: at.fit_topics(w.corpus, granularity=None),
    "fit_topics with an unknown method": lambda w: at.fit_topics(w.corpus, method="kmeans"),
    "fit_topics with unknown outliers": lambda w: at.fit_topics(w.corpus, outliers="drop"),
    "fit_topics with umap as a number": lambda w: at.fit_topics(w.corpus, method="bertopic", umap=3),
    "fit_topics with umap and the consensus": lambda w: at.fit_topics(w.corpus, umap={"n_neighbors": 5}),
    "fit_topics with edits as a text": lambda w: at.fit_topics(w.corpus, edits="edits.toml"),
    "fit_topics with edits that are none": lambda w: at.fit_topics(w.corpus, edits=[{"action": "rename"}]),
    "fit_topics with a labeller that cannot be called": lambda w: at.fit_topics(w.corpus, labeller="gpt"),
    "fit_topics with no landmarks": lambda w: at.fit_topics(w.corpus, landmarks=0),
    "fit_topics with a threshold of None": lambda w: at.fit_topics(w.corpus, threshold=None),
    "vectors of too few papers": lambda w: at.fit_topics(w.corpus, vectors=w.vectors[1:]),
    "vectors with NaN": lambda w: at.fit_topics(w.corpus, vectors=_spoilt(w.vectors, 3, np.nan)),
    "vectors with an infinity": lambda w: at.fit_topics(w.corpus, vectors=_spoilt(w.vectors, 3, np.inf)),
    "vectors with a row of zeros": lambda w: at.fit_topics(w.corpus, vectors=_spoilt(w.vectors, 3, 0.0)),
    "vectors of one column": lambda w: at.fit_topics(w.corpus, vectors=w.vectors[:, :1]),
    "vectors of one dimension": lambda w: at.fit_topics(w.corpus, vectors=w.vectors[:, 0]),
    "vectors as texts": lambda w: at.fit_topics(w.corpus, vectors=w.vectors.astype(str)),
    "vectors as a text": lambda w: at.fit_topics(w.corpus, vectors="embeddings.npy"),
    "no vectors in a list": lambda w: at.fit_topics(w.corpus, vectors=[]),
    "complex vectors": lambda w: at.fit_topics(w.corpus, vectors=w.vectors + 1j),
    "vectors of unknown papers": lambda w: at.fit_topics(w.corpus, vectors=pd.DataFrame(w.vectors, index=w.other.ids)),
    "two views of one name": lambda w: at.fit_topics(
        w.corpus, vectors=[at.View("a", "static", w.vectors), at.View("a", "static", w.vectors)]
    ),
    "from_labels(None)": lambda w: at.Topics.from_labels(None, w.labels),
    "from_labels without labels": lambda w: at.Topics.from_labels(w.corpus, None),
    "from_labels with too few": lambda w: at.Topics.from_labels(w.corpus, w.labels[1:]),
    "from_labels of unknown papers": lambda w: at.Topics.from_labels(w.corpus, pd.Series(w.labels, index=w.other.ids)),
    "from_labels with none but -1": lambda w: at.Topics.from_labels(w.corpus, [-1] * N),
    "from_labels with fractions": lambda w: at.Topics.from_labels(w.corpus, np.linspace(0, 1, N)),
    "from_labels with probabilities": lambda w: at.Topics.from_labels(w.corpus, np.ones((N, 2))),
    "from_bertopic(None)": lambda w: at.Topics.from_bertopic(None, w.corpus),
    "from_bertopic without a corpus": lambda w: at.Topics.from_bertopic(None, None),
    "load_topics(None)": lambda w: at.load_topics(None),
    "load_topics of another folder": lambda w: at.load_topics(Path(__file__).parent),
    "load_trends of another folder": lambda w: at.load_trends(Path(__file__).parent),
    "save(None)": lambda w: w.topics.save(None),
    "trends.save(3)": lambda w: w.trends.save(3),
    "place(None)": lambda w: w.topics.place(None),
    "place with vectors in topics of texts": lambda w: w.topics.place(w.other, vectors=w.vectors),
    "fit_trends(None)": lambda w: at.fit_trends(None, w.topics),
    "fit_trends with arguments turned around": lambda w: at.fit_trends(w.topics, w.corpus),
    "fit_trends with another corpus' topics": lambda w: at.fit_trends(w.corpus, w.other_topics),
    "fit_trends with an unknown period": lambda w: at.fit_trends(w.corpus, w.topics, period="week"),
    "fit_trends with an alpha of 5": lambda w: at.fit_trends(w.corpus, w.topics, alpha=5),
    "fit_trends with an alpha of None": lambda w: at.fit_trends(w.corpus, w.topics, alpha=None),
    "fit_trends with settings as a dict": lambda w: at.fit_trends(w.corpus, w.topics, settings={"alpha": 0.1}),
    "fit_trends with concepts as a frame": lambda w: at.fit_trends(w.corpus, w.topics, concepts=w.frame),
    "fit_trends with another corpus' concepts": lambda w: at.fit_trends(
        w.corpus, w.topics, concepts=at.find_concepts(w.other)
    ),
    "trend_tests of other lengths": lambda w: at.trend_tests(w.labels, w.dates[1:]),
    "trend_tests without labels": lambda w: at.trend_tests(None, w.dates),
    "trend_tests without dates": lambda w: at.trend_tests(w.labels, None),
    "trend_tests with a text as dates": lambda w: at.trend_tests(w.labels, "2020"),
    "trend_tests with epochs": lambda w: at.trend_tests(w.labels, w.dates.astype("int64")),
    "trend_tests with words as dates": lambda w: at.trend_tests(w.labels, ["soon"] * N),
    "trend_tests with strata of another length": lambda w: at.trend_tests(w.labels, w.dates, strata=["a"]),
    "trend_tests with lists as strata": lambda w: at.trend_tests(w.labels, w.dates, strata=[[1]] * N),
    "trend_tests with a seed of None": lambda w: at.trend_tests(w.labels, w.dates, seed=None),
    "trend_tests with draws of other papers": lambda w: at.trend_tests(w.labels, w.dates, draws=np.zeros((3, N - 1))),
    "find_concepts(None)": lambda w: at.find_concepts(None),
    "find_concepts with a path": lambda w: at.find_concepts(w.corpus, "vocabulary.toml"),
    "compare_topics(None, None)": lambda w: at.compare_topics(None, None),
    "compare_topics of other corpora": lambda w: at.compare_topics(w.topics, w.other_topics),
    "read_edits(3)": lambda w: at.read_edits(3),
    "read_vocabulary(3)": lambda w: at.read_vocabulary(3),
    "read_vocabulary of no file": lambda w: at.read_vocabulary("no such file"),
    "show(None)": lambda w: at.show(None),
    "show with a number as alt": lambda w: at.show(go.Figure(), 3),
    "survey.write without topics": lambda w: at.survey.write(w.corpus, None, w.trends, "x"),
    "survey.write without a folder": lambda w: at.survey.write(w.corpus, w.topics, w.trends, None),
    "survey.write with other trends": lambda w: at.survey.write(w.corpus, w.topics, w.other_trends, "x"),
    "survey.write with a title of None": lambda w: at.survey.write(w.corpus, w.topics, w.trends, "x", title=None),
    "Study.open(None)": lambda w: at.Study.open(None),
    "Study.open of no study": lambda w: at.Study.open(Path(__file__).parent),
    "a figure of another corpus": lambda w: at.figures.topic_map(w.corpus, w.other_topics),
    "a figure of other trends": lambda w: at.figures.trend_forest(w.topics, w.other_trends),
    "papers_over_time with an unknown period": lambda w: at.figures.papers_over_time(w.corpus, "week"),
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_a_misuse_is_a_typed_error_with_advice(misuse: str, world: World) -> None:
    with pytest.raises(at.errors.TopicTrendsError) as caught:
        MISUSES[misuse](world)
    message = str(caught.value)
    assert len(message) > 20
    assert message.endswith(".")


@pytest.mark.parametrize("name", at.figures.__all__)
@pytest.mark.parametrize("wrong", [None, "corpus", 3], ids=str)
def test_a_figure_of_something_else_is_a_typed_error(name: str, wrong: object) -> None:
    figure = getattr(at.figures, name)
    required = [parameter for parameter in _parameters(figure) if parameter.kind is not parameter.VAR_KEYWORD]
    count = sum(parameter.default is parameter.empty for parameter in required)
    with pytest.raises(at.errors.InputError, match="must be a"):
        figure(*[wrong] * count)


def _parameters(function: Callable[..., Any]) -> list[Any]:
    import inspect

    return list(inspect.signature(function).parameters.values())


@pytest.mark.parametrize("kind", [np.float16, np.float64, bool, int, object])
def test_vectors_of_any_type_of_number_are_taken(kind: type, world: World) -> None:
    vectors: np.ndarray = (10 * np.eye(2)[[i % 2 for i in range(N)]] + 1 * (kind is not bool)).astype(kind)
    topics = at.fit_topics(world.corpus, vectors=vectors, granularity=2)
    assert topics.assignments.groupby(world.labels)["topic"].nunique().tolist() == [1, 1]


def test_results_print_themselves_shortly_and_pickle(world: World) -> None:
    comparison = at.compare_topics(world.topics, world.topics)
    concepts = at.find_concepts(world.corpus)
    for result in (world.corpus, world.topics, world.trends, comparison, concepts):
        assert len(repr(result)) < 200
        again = pickle.loads(pickle.dumps(result))
        assert type(again) is type(result)
        assert repr(again) == repr(result)
        assert result != again


def test_public_names_are_seen() -> None:
    assert set(at.__all__) <= set(dir(at))
    assert set(at.figures.__all__) <= set(dir(at.figures))
    assert set(at.survey.__all__) <= set(dir(at.survey))
    assert (Path(at.__file__).parent / "py.typed").is_file()
    for name in at.__all__:
        thing = getattr(at, name)
        assert thing.__doc__, name


def test_the_guide_names_every_public_function() -> None:
    listed = (Path(at.__file__).parent.parent / "notebooks" / "guide" / "api.md").read_text(encoding="utf-8")
    functions = [name for name in at.__all__ if name.islower() and callable(getattr(at, name))]
    missing = [name for name in functions if f"at.{name}" not in listed]
    assert missing == []


def test_a_planted_corpus_is_refused_where_topics_are_asked_to_be_more_than_papers() -> None:
    with pytest.raises(at.errors.TopicsError, match="13 topics were asked for; there are 12 papers"):
        at.fit_topics(planted_corpus(12, 2)[0], granularity=13)
