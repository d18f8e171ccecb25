"""A reader's edits: applied in order, keyed by papers, never dropped in silence."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from analysis.corpus.paper import Corpus
from analysis.embedding.views import build_views
from analysis.errors import SettingsError, TopicEditWarning, TopicsError
from analysis.topics.clustering.cluster import Clustering, cluster
from analysis.topics.curation import apply_edits
from analysis.topics.describe.tables import OUTLIERS
from analysis.topics.edits import Edit, Merge, Move, Rename, SetAside, Split, read_edits
from analysis.topics.fit import fit_topics
from analysis.topics.grouping import Grouping
from analysis.trends.fit import fit_trends
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return planted_corpus(80, 4)[0]


@pytest.fixture(scope="module")
def clustering(corpus: Corpus) -> Clustering:
    papers = corpus.papers.sort_index()
    return cluster(build_views(papers["title"].tolist(), papers["abstract"].tolist()), "balanced", 0, n_runs=8)


def edited(corpus: Corpus, clustering: Clustering, *edits: Edit) -> Grouping:
    papers = corpus.papers.sort_index()
    return apply_edits(clustering, papers.index, papers["title"].tolist(), edits)


def papers_of(corpus: Corpus, labels: np.ndarray, topic: int, count: int = 3) -> list[str]:
    return [str(paper) for paper in corpus.papers.sort_index().index[labels == topic][:count]]


def test_without_edits_nothing_changes(corpus: Corpus, clustering: Clustering) -> None:
    grouping = edited(corpus, clustering)
    np.testing.assert_array_equal(grouping.labels, clustering.labels)
    np.testing.assert_array_equal(grouping.draws, clustering.draws)
    assert grouping.edits.empty


def test_a_topic_is_renamed_through_its_papers_or_their_titles(corpus: Corpus, clustering: Clustering) -> None:
    ids = papers_of(corpus, clustering.labels, 2)
    title = corpus.papers.loc[ids[0], "title"].upper()
    for papers in (ids, [title]):
        grouping = edited(corpus, clustering, Rename(papers=papers, label="My Name"))
        assert grouping.names == {2: "My Name"}
        assert grouping.edits["applied"].all()


def test_merged_topics_are_one_in_every_draw_and_the_rest_keeps_its_papers(
    corpus: Corpus, clustering: Clustering
) -> None:
    labels = clustering.labels
    papers = [papers_of(corpus, labels, topic, 1)[0] for topic in (1, 3)]
    grouping = edited(corpus, clustering, Merge(papers=papers, label="Both"))
    merged = np.isin(labels, [1, 3])
    (number,) = set(grouping.labels[merged].tolist())
    assert grouping.names == {number: "Both"}
    assert not (grouping.labels[~merged] == number).any()
    assert grouping.labels.max() == labels.max() - 1
    np.testing.assert_array_equal(grouping.draws == number, np.isin(clustering.draws, [1, 3]))
    assert (np.diff(np.bincount(grouping.labels)) <= 0).all()


def test_a_merge_can_be_split_again(corpus: Corpus, clustering: Clustering) -> None:
    labels = clustering.labels
    whole = Merge(papers=[papers_of(corpus, labels, topic, 1)[0] for topic in (1, 3)])
    grouping = edited(corpus, clustering, whole, Split(papers=papers_of(corpus, labels, 3, 5), label="Back"))
    (number,) = grouping.names
    agreement = ((grouping.labels == number) == (labels == 3)).mean()
    assert agreement > 0.95
    assert ((grouping.draws == number) == (clustering.draws == 3)).mean() > 0.9


def test_a_split_of_only_these_takes_only_these(corpus: Corpus, clustering: Clustering) -> None:
    papers = papers_of(corpus, clustering.labels, 0, 4)
    grouping = edited(corpus, clustering, Split(papers=papers, label="New", only_these=True))
    (number,) = grouping.names
    assert corpus.papers.sort_index().index[grouping.labels == number].tolist() == papers


def test_moved_papers_are_sure_of_their_new_topic(corpus: Corpus, clustering: Clustering) -> None:
    papers, to = papers_of(corpus, clustering.labels, 0, 2), papers_of(corpus, clustering.labels, 1)
    grouping = edited(corpus, clustering, Move(papers=papers, to=to))
    rows = corpus.papers.sort_index().index.get_indexer(papers)
    target = grouping.labels[corpus.papers.sort_index().index.get_loc(to[0])]
    assert (grouping.labels[rows] == target).all()
    assert (grouping.draws[:, rows] == target).all()


def test_papers_or_a_whole_topic_are_set_aside(corpus: Corpus, clustering: Clustering) -> None:
    papers = papers_of(corpus, clustering.labels, 0, 2)
    assert (edited(corpus, clustering, SetAside(papers=papers)).labels == -1).sum() == 2
    whole = edited(corpus, clustering, SetAside(papers=papers, whole_topic=True))
    assert (whole.labels == -1).sum() == (clustering.labels == 0).sum()
    assert whole.labels.max() == clustering.labels.max() - 1
    assert whole.draws.max() <= whole.labels.max()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda home: Rename(papers=["gone"], label="X"), "none of its papers is in the corpus"),
        (lambda home: Rename(papers=[home(0)[0], home(1)[0]], label="X"), "spread over 2 topics"),
        (lambda home: Merge(papers=home(0)), "in one topic already"),
        (lambda home: Split(papers=home(0, 99)), "lists all papers"),
        (lambda home: Move(papers=home(0), to=["gone"]), "none of its papers is in the corpus"),
    ],
)
def test_an_edit_that_no_longer_applies_is_reported_and_changes_nothing(
    corpus: Corpus, clustering: Clustering, make: object, reason: str
) -> None:
    edit = make(lambda topic, count=3: papers_of(corpus, clustering.labels, topic, count))  # type: ignore[operator]
    with pytest.warns(TopicEditWarning, match=reason):
        grouping = edited(corpus, clustering, edit)
    np.testing.assert_array_equal(grouping.labels, clustering.labels)
    np.testing.assert_array_equal(grouping.draws, clustering.draws)
    assert not grouping.names
    assert grouping.edits["applied"].tolist() == [False]
    assert reason in grouping.edits["outcome"].iloc[0]


def test_papers_that_left_the_corpus_are_named_and_the_others_still_count(
    corpus: Corpus, clustering: Clustering
) -> None:
    papers = [*papers_of(corpus, clustering.labels, 0), "gone"]
    with pytest.warns(TopicEditWarning, match="not in the corpus: gone"):
        grouping = edited(corpus, clustering, Rename(papers=papers, label="Kept"))
    assert grouping.names == {0: "Kept"}


def test_two_topics_cannot_have_one_name(corpus: Corpus, clustering: Clustering) -> None:
    first, second = (papers_of(corpus, clustering.labels, topic) for topic in (0, 1))
    with pytest.warns(TopicEditWarning, match="another topic is called"):
        grouping = edited(corpus, clustering, Rename(papers=first, label="One"), Rename(papers=second, label="ONE"))
    assert grouping.names == {0: "One"}


def test_setting_everything_aside_is_an_error(corpus: Corpus, clustering: Clustering) -> None:
    with pytest.raises(TopicsError, match="every paper aside"):
        edited(corpus, clustering, SetAside(papers=corpus.papers.index.tolist()))


def test_an_edited_fit_is_whole_and_carries_into_the_trends(corpus: Corpus) -> None:
    plain = fit_topics(corpus)
    first, second, last = (plain.assignments.index[plain.assignments["topic"] == topic].tolist() for topic in (0, 1, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        topics = fit_topics(
            corpus, edits=[Merge(papers=[first[0], second[0]], label="Together"), SetAside(papers=last[:2])]
        )
    assert topics.table.loc[0, "label"] == "Together"
    assert topics.table.loc[0, "size"] == len(first) + len(second)
    assert topics.table.loc[-1, "label"] == OUTLIERS
    assert topics.table["size"].sum() == 80
    assert topics.assignments.loc[last[:2], "topic"].tolist() == [-1, -1]
    assert topics.edits["applied"].tolist() == [True, True]
    assert set(topics.bertopic.topics_) == set(topics.table.index)
    tests = fit_trends(corpus, topics).tests
    assert tests.index.tolist() == topics.table.index[topics.table.index >= 0].tolist()
    assert tests.loc[0, "n"] == len(first) + len(second)


def test_a_file_of_edits_is_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "topic_edits.toml"
    path.write_text(
        '[[edit]]\naction = "rename"\npapers = ["a"]\nlabel = "A"\n'
        '[[edit]]\naction = "set_aside"\npapers = ["b"]\nwhole_topic = true\n'
    )
    assert read_edits(path) == [Rename(papers=["a"], label="A"), SetAside(papers=["b"], whole_topic=True)]
    assert read_edits(tmp_path / "none.toml") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[edit", "cannot be read"),
        ('[[edits]]\naction = "merge"', "edits is none of its keys"),
        ('[[edit]]\naction = "explode"\npapers = ["a"]', "edit 1"),
        (
            '[[edit]]\naction = "merge"\npapers = ["a"]\n[[edit]]\naction = "rename"\npapers = []\nlabel = "x"',
            "edit 2, papers",
        ),
        ('[[edit]]\naction = "rename"\npapers = ["a"]', "edit 1, label"),
        ('edit = "none"', "is wrong"),
    ],
)
def test_a_faulty_file_of_edits_is_a_clear_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "topic_edits.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=message):
        read_edits(path)
