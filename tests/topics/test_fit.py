"""Fitting topics to corpora with a known truth, and to corpora that are hardly any."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from analysis.corpus.paper import Corpus
from analysis.embedding.views import View
from analysis.errors import SmallCorpusWarning, TopicsError, UnheldTopicsWarning
from analysis.topics.describe.labels import SURE_LABEL
from analysis.topics.describe.tables import ASSIGNMENT_COLUMNS, TABLE_COLUMNS
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics, load_topics
from analysis.trends.family import TestSettings
from analysis.trends.fit import fit_trends
from analysis.trends.result import Trends
from tests.generators import VOCABULARIES, planted_corpus

pytestmark = pytest.mark.slow

Planted = tuple[Corpus, Topics, Trends]


def test_planted_topics_are_found_and_named_by_their_words(planted: Planted) -> None:
    _, topics, _ = planted
    _, truth = planted_corpus(120)
    labels = topics.assignments["topic"]
    assert adjusted_mutual_info_score(truth[labels.index], labels) > 0.9
    for topic, row in topics.table.iterrows():
        planted_topic = truth[labels.index[labels == topic]].mode()[0]
        words = set(VOCABULARIES[planted_topic].split())
        assert len(words & {word for keyword in row["keywords"] for word in keyword.split()}) >= 3
        assert words & set(row["label"].lower().split())


def test_tables_have_their_documented_columns(planted: Planted) -> None:
    corpus, topics, _ = planted
    assert list(topics.table.columns) == TABLE_COLUMNS
    assert list(topics.assignments.columns) == ASSIGNMENT_COLUMNS
    assert topics.table.index.tolist() == list(range(len(topics.table)))
    assert topics.table["size"].is_monotonic_decreasing
    assert topics.table["size"].sum() == len(corpus)
    assert topics.table["stability"].between(0, 1).all()
    assert topics.assignments["membership"].between(0, 1).all()
    assert set(topics.table["theme"]) <= set(topics.themes["label"])
    assert sorted(topic for own in topics.themes["topics"] for topic in own) == topics.table.index.tolist()
    for topic, papers in topics.table["representative_papers"].items():
        assert len(set(papers)) == 3
        assert (topics.assignments.loc[papers, "topic"] == topic).all()


def test_membership_and_runner_up_share_the_draws(planted: Planted) -> None:
    _, topics, _ = planted
    assigned = topics.assignments
    assert (assigned["membership"] + assigned["runner_up_membership"] <= 1 + 1e-9).all()
    assert (assigned["runner_up"] != assigned["topic"]).all()
    stays = topics.draws.eq(assigned["topic"], axis=0).mean(axis=1)
    np.testing.assert_allclose(stays, assigned["membership"])


def test_the_order_of_papers_changes_nothing() -> None:
    corpus, _ = planted_corpus(60, 3)
    shuffled = Corpus(corpus.papers.sample(frac=1, random_state=1), corpus.occurrences, corpus.rejects)
    first, second = fit_topics(corpus), fit_topics(shuffled)
    pd.testing.assert_index_equal(second.assignments.index, shuffled.papers.index)
    for name in ("assignments", "draws", "layout"):
        there, back = getattr(first, name), getattr(second, name)
        pd.testing.assert_frame_equal(there, back.loc[there.index])
    pd.testing.assert_frame_equal(first.table, second.table)
    settings = TestSettings(n_permutations=99)
    trends, again = fit_trends(corpus, first, settings=settings), fit_trends(shuffled, second, settings=settings)
    pd.testing.assert_frame_equal(trends.tests, again.tests)
    pd.testing.assert_frame_equal(trends.sensitivity, again.sensitivity)


def test_a_number_of_topics_is_taken_at_its_word() -> None:
    corpus, _ = planted_corpus(60, 3)
    assert len(fit_topics(corpus, granularity=5).table) == 5


def test_outliers_kept_are_topic_minus_one() -> None:
    rng = np.random.default_rng(0)
    corpus, _ = planted_corpus(80, 4)
    scrambled = corpus.papers.copy()
    # half of the papers say in their second half what others say, so clusterings differ over them
    others = rng.permutation(scrambled["abstract"].to_numpy())
    mixed = [own[:150] + other[150:] for own, other in zip(scrambled["abstract"], others, strict=True)]
    scrambled["abstract"] = np.where(rng.random(len(mixed)) < 0.5, mixed, scrambled["abstract"])
    topics = fit_topics(Corpus(scrambled, corpus.occurrences, corpus.rejects), outliers="keep", granularity=12)
    below = topics.assignments["membership"] < 0.5
    assert below.any()
    assert (topics.assignments.loc[below, "topic"] == -1).all()
    assert (topics.assignments.loc[~below, "topic"] >= 0).all()
    assert topics.table.loc[-1, "size"] == below.sum()
    assert topics.table["size"].sum() == 80


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_tiny_corpus_is_one_topic_and_says_why(count: int) -> None:
    corpus, _ = planted_corpus(count)
    with pytest.warns(SmallCorpusWarning, match="cannot be split"):
        topics = fit_topics(corpus)
    assert len(topics.table) == 1
    assert topics.assignments["topic"].tolist() == [0] * count
    assert "cannot be split" in topics.granularity["reason"].iloc[0]


def test_twenty_papers_give_few_topics() -> None:
    topics = fit_topics(planted_corpus(20, 2)[0])
    assert 1 <= len(topics.table) <= 5


def test_papers_with_one_and_the_same_text_are_one_topic() -> None:
    frame = pd.DataFrame(
        {"title": ["Same"] * 30, "abstract": ["the same words again"] * 30, "id": [f"{i:02d}" for i in range(30)]}
    )
    with pytest.warns(SmallCorpusWarning, match="same text"):
        topics = fit_topics(Corpus.from_frame(frame))
    assert len(topics.table) == 1


def test_one_abstract_five_hundred_times_is_one_topic_beside_the_others() -> None:
    corpus, truth = planted_corpus(60, 3)
    frame = corpus.papers[["title", "abstract"]].reset_index(names="id")
    copies = pd.DataFrame(
        {"id": [f"copy{i:03d}" for i in range(500)], "title": "Tidal Pools", "abstract": "Kelp and crabs."}
    )
    topics = fit_topics(Corpus.from_frame(pd.concat([frame, copies])))
    found = topics.assignments["topic"]
    assert len(set(found[copies["id"]])) == 1
    assert adjusted_mutual_info_score(truth[frame["id"]], found[frame["id"]]) > 0.8


def test_the_quality_of_each_topic_is_told_and_adds_up_to_that_of_the_whole(planted: Planted) -> None:
    _, topics, _ = planted
    assert topics.topic_quality.index.tolist() == topics.table.index.tolist()
    assert (
        topics.topic_quality[["stability", "diversity", "membership", "coverage"]]
        .apply(lambda c: c.between(0, 1))
        .all(axis=None)
    )
    assert (topics.topic_quality["label_sure"] == (topics.topic_quality["label_score"] >= SURE_LABEL)).all()
    assert topics.topic_quality[["npmi", "silhouette"]].apply(lambda c: c.between(-1, 1)).all(axis=None)
    whole = topics.quality.set_index("name")
    for name in ("stability", "npmi", "silhouette"):
        expected = np.average(topics.topic_quality[name], weights=topics.table["size"])
        assert whole.loc[name, "value"] == pytest.approx(expected)
    assert whole["caveat"].str.len().gt(20).all()


def test_representatives_come_with_a_reason_and_the_most_central_first(planted: Planted) -> None:
    _, topics, _ = planted
    for topic, own in topics.representatives.groupby("topic"):
        assert own["paper_id"].tolist() == topics.table.loc[topic, "representative_papers"]
        assert own["rank"].tolist() == [1, 2, 3]
        assert own["centrality"].iloc[0] == own["centrality"].max()
        assert own["reason"].str.contains("%").all()


def test_the_model_is_built_only_when_it_is_asked_for() -> None:
    topics = fit_topics(planted_corpus(40, 2)[0])
    assert "bertopic" not in vars(topics)
    assert len(topics.bertopic.topics_) == 40


def test_odd_papers_do_not_stop_a_fit() -> None:
    corpus, _ = planted_corpus(40, 2)
    frame = corpus.papers[["title", "abstract"]].reset_index(names="id")
    odd = pd.DataFrame(
        {"id": ["x1", "x2", "x3"], "title": ["", "One", "医用画像の研究"], "abstract": ["", "word", "日本語の要旨です"]}
    )
    topics = fit_topics(Corpus.from_frame(pd.concat([frame, odd])))
    # a paper without an abstract is given no topic
    assert len(topics.assignments) == 42
    assert "x1" not in topics.assignments.index
    assert topics.assignments["topic"].ge(0).all()


@pytest.mark.parametrize("granularity", ["medium", 0, 99, True, None])
def test_an_impossible_granularity_is_a_clear_error(granularity: object) -> None:
    with pytest.raises(TopicsError):
        fit_topics(planted_corpus(12, 2)[0], granularity=granularity)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "value", "message"), [(11, 1.0, "for 11 papers, and 12 papers in the corpus"), (12, np.nan, "not numbers")]
)
def test_views_that_do_not_fit_are_a_clear_error(rows: int, value: float, message: str) -> None:
    view = View("mine", "static", np.full((rows, 3), value, dtype=np.float32))
    with pytest.raises(TopicsError, match=message):
        fit_topics(planted_corpus(12, 2)[0], vectors=[view])


def test_an_empty_corpus_is_a_clear_error() -> None:
    with pytest.raises(TopicsError, match="no papers"):
        fit_topics(Corpus.from_frame(pd.DataFrame({"title": [], "abstract": []})))


def test_topics_print_themselves(planted: Planted) -> None:
    _, topics, _ = planted
    assert "<table" in topics._repr_html_()
    assert r"\toprule" in topics.to_latex()
    assert "papers" in repr(topics)


def test_more_topics_than_hold_are_given_and_told() -> None:
    rng = np.random.default_rng(0)
    words = [f"{first}{second}" for first in "bdgklmnp" for second in ("ana", "elo", "iru", "omu")]
    texts = [" ".join(words[rng.integers(len(words))] for _ in range(30)) for _ in range(80)]
    corpus = Corpus.from_frame(pd.DataFrame({"title": texts, "abstract": texts}))
    with pytest.warns(UnheldTopicsWarning, match="of the 12 topics"):
        topics = fit_topics(corpus, granularity=12)
    assert len(topics.table) == 12


def test_the_curve_is_measured_when_asked_for_and_travels_with_the_topics(tmp_path: Path) -> None:
    topics = fit_topics(planted_corpus(60, 3)[0])
    assert callable(topics.__dict__["granularity"])
    copy = Topics(**topics.__dict__)
    pickled = pickle.loads(pickle.dumps(topics))
    topics.save(tmp_path)
    loaded = load_topics(tmp_path)
    assert topics.granularity["chosen"].sum() == 1
    for other in (copy, pickled, loaded):
        pd.testing.assert_frame_equal(other.granularity, topics.granularity, check_dtype=False)
    # once measured it is kept
    assert topics.granularity is topics.granularity
