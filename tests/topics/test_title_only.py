"""Papers without an abstract: placed by title, told apart, and counted in no share."""

from pathlib import Path

import pandas as pd
import pytest

import analysis as at
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planted() -> tuple[at.Corpus, pd.Series]:
    corpus, truth = planted_corpus(120, 4)
    frame = corpus.papers.reset_index(names="id")[["id", "title", "abstract", "date"]]
    frame.loc[:29, "abstract"] = ""
    return at.Corpus.from_frame(frame), truth


@pytest.fixture(scope="module")
def topics(planted: tuple[at.Corpus, pd.Series]) -> at.Topics:
    return at.fit_topics(planted[0])


def test_a_title_alone_finds_its_topic_with_less_membership(
    planted: tuple[at.Corpus, pd.Series], topics: at.Topics
) -> None:
    truth = planted[1]
    bare = topics.title_only
    assert bare.index.tolist() == truth.index[:30].tolist()
    subject = (
        topics.assignments["topic"]
        .groupby(truth.loc[topics.assignments.index].to_numpy())
        .agg(lambda one: one.mode()[0])
    )
    assert (bare["topic"] == truth.loc[bare.index].map(subject)).mean() > 0.8
    assert bare["membership"].between(0, 1).all()
    assert bare["membership"].mean() <= topics.assignments["membership"].mean()


def test_they_are_in_no_size_and_coverage_counts_them_as_outside(topics: at.Topics) -> None:
    assert topics.table["size"].sum() == 90
    assert not topics.assignments.index.isin(topics.title_only.index).any()
    assert topics.quality.set_index("name").loc["coverage", "value"] == pytest.approx(0.75)


def test_they_are_saved_and_told_of(planted: tuple[at.Corpus, pd.Series], topics: at.Topics, tmp_path: Path) -> None:
    topics.save(tmp_path / "topics")
    again = at.load_topics(tmp_path / "topics")
    pd.testing.assert_frame_equal(again.title_only, topics.title_only, check_index_type=False)
    trends = at.fit_trends(planted[0], topics, settings=at.TestSettings(n_permutations=99))
    at.survey.write(planted[0], topics, trends, tmp_path / "section")
    assert "30 papers without an abstract were placed by title" in (tmp_path / "section" / "section.md").read_text(
        encoding="utf-8"
    )


def test_landmarks_and_partitions_place_titles_alike(planted: tuple[at.Corpus, pd.Series], topics: at.Topics) -> None:
    sampled = at.fit_topics(planted[0], threshold=60, landmarks=50)
    assert sampled.title_only.index.tolist() == topics.title_only.index.tolist()


def test_a_corpus_with_all_its_abstracts_has_none(topics: at.Topics) -> None:
    whole = at.fit_topics(planted_corpus(40, 3)[0])
    assert whole.title_only.empty
    assert whole.quality.set_index("name").loc["coverage", "value"] == 1
    placed = topics.place(planted_corpus(20, 4, seed=3)[0])
    assert placed.title_only.empty


def test_given_vectors_place_no_titles(planted: tuple[at.Corpus, pd.Series]) -> None:
    vectors = pd.get_dummies(planted[1]).to_numpy(float)
    assert at.fit_topics(planted[0], vectors=vectors).title_only.empty
