"""New papers in topics that stay, papers that are gone, and topics that a reader set aside."""

from collections.abc import Sequence

import pandas as pd
import pytest

from analysis.corpus.paper import Corpus
from analysis.corpus.schema import empty_rejects
from analysis.io.partitions import FramePartitions
from analysis.io.runner import in_turn
from analysis.topics.edits import Edit, SetAside
from analysis.topics.fit import fit_topics
from analysis.topics.fitting import fit
from analysis.topics.options import FitOptions
from analysis.topics.result import Topics
from analysis.topics.update import update_topics
from analysis.topics.variants import topic_variants
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

SIZE, KNOWN, LANDMARKS, PARTITION = 360, 280, 100, 50
OPTIONS = FitOptions(threshold=150, landmarks=LANDMARKS)


@pytest.fixture(scope="module")
def planted() -> tuple[Corpus, pd.Series]:
    """360 papers of four planted topics."""
    return planted_corpus(SIZE)


@pytest.fixture(scope="module")
def fitted(planted: tuple[Corpus, pd.Series]) -> Topics:
    """Topics of the first 280, by landmarks."""
    return _fit(planted[0])


def _fit(corpus: Corpus, edits: Sequence[Edit] = ()) -> Topics:
    known = Corpus(corpus.papers.iloc[:KNOWN], corpus.occurrences, corpus.rejects)
    return fit_topics(known, threshold=150, landmarks=LANDMARKS, edits=edits)


def _in_parts(papers: pd.DataFrame) -> Corpus:
    """Return a corpus of some papers that lies in small partitions."""
    parts = FramePartitions(papers.sort_index(), PARTITION)
    return Corpus(parts, FramePartitions(pd.DataFrame()), empty_rejects())


def _update(papers: pd.DataFrame, previous: Topics) -> Topics:
    return Topics.of(update_topics(_in_parts(papers), previous, OPTIONS, in_turn))


def test_one_new_paper_among_many_partitions_is_placed(planted: tuple[Corpus, pd.Series], fitted: Topics) -> None:
    corpus, truth = planted
    updated = _update(corpus.papers.iloc[: KNOWN + 1], fitted)
    new = corpus.papers.index[KNOWN]
    assert updated.assignments.index.difference(fitted.assignments.index).tolist() == [new]
    like = truth.index[:KNOWN][truth.iloc[:KNOWN] == truth[new]]
    assert updated.assignments.loc[new, "topic"] == fitted.assignments.loc[like, "topic"].mode()[0]


def test_where_papers_go_does_not_depend_on_updates_before(planted: tuple[Corpus, pd.Series], fitted: Topics) -> None:
    papers = planted[0].papers
    once = _update(papers, fitted)
    twice = _update(papers, _update(papers.iloc[:320], fitted))
    for name in ("table", "assignments", "draws", "layout", "quality", "topic_quality", "representatives"):
        pd.testing.assert_frame_equal(getattr(twice, name), getattr(once, name), check_exact=True, obj=name)


def test_papers_that_are_gone_stand_for_no_topic(planted: tuple[Corpus, pd.Series], fitted: Topics) -> None:
    papers = planted[0].papers
    first = fitted.representatives.loc[fitted.representatives["topic"] == 0, "paper_id"].tolist()
    gone = [*first, *fitted.landmarks["paper_id"].iloc[:5]]
    updated = _update(papers.iloc[:300].drop(gone), fitted)
    assert updated.assignments.index.intersection(gone).empty
    assert updated.table["size"].sum() == len(updated.assignments)
    assert updated.representatives["paper_id"].isin(updated.assignments.index).all()
    for topic, shown in updated.table["representative_papers"].items():
        assert shown == updated.representatives.loc[updated.representatives["topic"] == topic, "paper_id"].tolist()
        assert (updated.assignments.loc[shown, "topic"] == topic).all()
        assert shown
    assert updated.quality["value"].notna().all()
    back = _update(papers.iloc[:300], updated).assignments
    assert len(back) == 300
    assert (back.loc[gone, "topic"] == fitted.assignments.loc[gone, "topic"]).mean() > 0.9


def test_papers_like_those_of_a_topic_that_was_set_aside_get_no_topic(planted: tuple[Corpus, pd.Series]) -> None:
    corpus, truth = planted
    like = truth.index[:KNOWN][truth.iloc[:KNOWN] == 0]
    topics = _fit(corpus, [SetAside(papers=list(like[:3]), whole_topic=True)])
    assert set(topics.landmarks["set_aside"]) == {-1, 0}
    updated = _update(corpus.papers, topics)
    labels = updated.assignments.loc[corpus.papers.index[KNOWN:], "topic"]
    assert (labels[truth[labels.index] == 0] == -1).all()
    assert (labels[truth[labels.index] != 0] >= 0).all()
    assert updated.table.loc[-1, "size"] == (updated.assignments["topic"] == -1).sum()


def test_a_partition_without_abstracts_is_no_obstacle(planted: tuple[Corpus, pd.Series], fitted: Topics) -> None:
    papers = planted[0].papers.iloc[:KNOWN].sort_index()
    # ids that lie together between those of the others
    mute = (
        papers.iloc[:PARTITION]
        .assign(abstract="")
        .set_index(
            pd.Index([f"{papers.index[PARTITION - 1]}{number:03d}" for number in range(PARTITION)], name="paper_id")
        )
    )
    corpus = _in_parts(pd.concat([papers, mute]))
    assert (corpus.texts.read(1, ["abstract"])["abstract"] == "").all()
    topics = fit(corpus, OPTIONS, in_turn)
    pd.testing.assert_frame_equal(topics.table, fitted.table)
    variants = topic_variants(corpus, pd.Index(topics.landmarks["paper_id"]), OPTIONS, in_turn)
    assert variants.index.equals(papers.index)
