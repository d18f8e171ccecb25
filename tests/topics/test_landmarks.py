"""Topics of a corpus that is too large to be clustered whole."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from analysis.corpus.paper import Corpus
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import View, build_views, fit_views
from analysis.errors import TopicsError
from analysis.topics.edits import Edit, Rename, SetAside
from analysis.topics.fit import fit_topics
from analysis.topics.landmarks import choose_landmarks
from analysis.topics.novelty import candidate_groups
from analysis.topics.result import Topics
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

SIZE, LANDMARKS = 400, 120


@pytest.fixture(scope="module")
def planted_large() -> tuple[Corpus, pd.Series, Topics]:
    """400 papers of four planted topics, fitted by 120 landmarks."""
    corpus, truth = planted_corpus(SIZE)
    return corpus, truth, fit_topics(corpus, threshold=200, landmarks=LANDMARKS)


def test_all_papers_are_placed_in_topics_that_landmarks_gave(planted_large: tuple[Corpus, pd.Series, Topics]) -> None:
    corpus, truth, topics = planted_large
    assert len(topics.landmarks) < SIZE / 2
    assert topics.assignments.index.equals(corpus.papers.index)
    assert adjusted_mutual_info_score(truth[topics.assignments.index], topics.assignments["topic"]) > 0.95
    assert topics.table["size"].sum() == SIZE
    assert topics.table["size"].is_monotonic_decreasing
    assert topics.layout.notna().all(axis=None)


def test_words_count_all_papers_and_landmarks_represent_topics(planted_large: tuple[Corpus, pd.Series, Topics]) -> None:
    _, truth, topics = planted_large
    assert topics.table["keywords"].map(len).min() >= 3
    assert topics.representatives["paper_id"].isin(topics.landmarks["paper_id"]).all()
    for topic, papers in topics.table["representative_papers"].items():
        assert (topics.assignments.loc[papers, "topic"] == topic).all()
        assert len(set(truth[papers])) == 1


def test_the_bertopic_model_speaks_of_all_papers(planted_large: tuple[Corpus, pd.Series, Topics]) -> None:
    _, _, topics = planted_large
    model = topics.bertopic
    assert model.topics_ == topics.assignments["topic"].tolist()
    counts = model.get_topic_info().set_index("Topic")["Count"]
    assert counts.to_dict() == topics.table["size"].to_dict()
    assert model.c_tf_idf_.shape[0] == len(topics.table)


def test_the_order_of_papers_changes_nothing(planted_large: tuple[Corpus, pd.Series, Topics]) -> None:
    corpus, _, topics = planted_large
    turned = Corpus(corpus.papers.iloc[::-1], corpus.occurrences, corpus.rejects)
    again = fit_topics(turned, threshold=200, landmarks=LANDMARKS)
    pd.testing.assert_index_equal(again.assignments.index, turned.papers.index)
    pd.testing.assert_frame_equal(again.assignments.loc[topics.assignments.index], topics.assignments)


def test_given_vectors_place_papers_too() -> None:
    corpus, truth = planted_corpus(SIZE)
    papers = corpus.described
    views = build_views(papers["title"].tolist(), papers["abstract"].tolist())[:2]
    topics = fit_topics(corpus, vectors=views, threshold=200, landmarks=LANDMARKS)
    assert adjusted_mutual_info_score(truth[topics.assignments.index], topics.assignments["topic"]) > 0.9


def test_edits_reach_papers_that_are_no_landmarks() -> None:
    corpus, truth = planted_corpus(SIZE)
    plain = fit_topics(corpus, threshold=200, landmarks=LANDMARKS)
    others = plain.assignments.index.difference(pd.Index(plain.landmarks["paper_id"]))
    aside, kept = truth[others][truth[others] == 0].index[:3], truth[others][truth[others] == 1].index[:3]
    edits: list[Edit] = [
        SetAside(papers=list(aside), whole_topic=True),
        Rename(papers=list(kept), label="Concert Halls"),
    ]
    topics = fit_topics(corpus, threshold=200, landmarks=LANDMARKS, edits=edits)
    assert topics.edits["applied"].all()
    labels = topics.assignments["topic"]
    assert (labels[truth[truth == 0].index] == -1).mean() > 0.95
    assert (labels[truth[truth != 0].index] == -1).mean() < 0.05
    named = topics.table.index[topics.table["label"] == "Concert Halls"]
    assert (labels[truth[truth == 1].index] == named[0]).mean() > 0.95


def test_papers_are_seen_by_fitted_views_as_the_fit_saw_them() -> None:
    papers = planted_corpus(80)[0].papers
    titles, abstracts = papers["title"].tolist(), papers["abstract"].tolist()
    views, model = fit_views(titles, abstracts)
    seen = model.encode(titles[:20], abstracts[:20])
    assert [view.name for view in seen.views] == [view.name for view in views if view.kind != "graph"]
    for view, own in zip(views, seen.views, strict=False):
        np.testing.assert_allclose(view.vectors[:20], own.vectors, atol=1e-5)


def test_landmarks_keep_rare_periods_and_every_source() -> None:
    rng = np.random.default_rng(0)
    periods = np.concatenate([np.full(30, 1990), np.full(5_000, 2020), np.full(15_000, 2021)])
    sources = rng.integers(0, 7, len(periods))
    chosen = choose_landmarks(periods, sources, 2_000, 0)
    taken = np.bincount(periods[chosen])
    assert taken[1990] == 30
    assert taken[2020] == pytest.approx(500, abs=2)
    shares = np.bincount(sources[chosen]) / len(chosen)
    np.testing.assert_allclose(shares, np.bincount(sources) / len(sources), atol=0.01)
    assert len(np.unique(chosen)) == len(chosen)
    assert np.isin([7, 19_999], choose_landmarks(periods, sources, 50, 0, np.array([7, 19_999]))).all()


def test_a_group_that_landmarks_do_not_know_is_a_candidate_and_chance_is_none() -> None:
    rng = np.random.default_rng(0)
    known = unit_rows(np.repeat(np.eye(30)[:5], 200, axis=0) + 0.25 * rng.normal(size=(1_000, 30)))
    more = unit_rows(np.repeat(np.eye(30)[:5], 40, axis=0) + 0.25 * rng.normal(size=(200, 30)))
    new = unit_rows(np.eye(30)[[9] * 25] + 0.25 * rng.normal(size=(25, 30)))
    assert (candidate_groups(more, known) == -1).all()
    groups = candidate_groups(np.vstack([more, new]), known)
    assert (groups[200:] == 0).mean() > 0.5
    assert (groups[:200] == -1).all()
    assert (candidate_groups(new[:3], known) == -1).all()


def test_views_with_other_rows_than_papers_are_refused_before_the_work() -> None:
    corpus, _ = planted_corpus(SIZE)
    with pytest.raises(TopicsError, match="vectors for 3 papers, and 400 papers in the corpus"):
        fit_topics(corpus, vectors=[View("short", "static", np.ones((3, 4), dtype=np.float32))], threshold=200)
