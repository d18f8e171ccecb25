"""Copies of a text count once when topics are found, and stand where it does."""

from pathlib import Path

import pandas as pd
import pytest

import analysis as at
from analysis.errors import CorpusWarning
from analysis.topics.copies import find_copies
from tests.generators import planted_corpus

NOTICE = (
    "This letter goes to every member of the society and tells of meetings, of grants and of members who have died."
)


def test_numbers_make_no_other_text_and_words_do() -> None:
    texts = [f"{NOTICE} Issue {number}." for number in range(3)] + [
        NOTICE.replace("society", "guild of bakers in town")
    ]
    assert find_copies(texts).tolist() == [0, 0, 0, 3]


def test_the_shortest_of_a_group_is_the_original_whatever_the_order() -> None:
    texts = [f"{NOTICE} And this is sent again.", NOTICE]
    assert find_copies(texts).tolist() == [1, 1]
    assert find_copies(texts[::-1]).tolist() == [0, 0]


def test_short_texts_copy_nothing() -> None:
    assert find_copies(["Of bees.", "Of bees.", "", ""]).tolist() == [0, 1, 2, 3]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return planted_corpus(80, 4)[0].papers.reset_index(names="id")[["id", "title", "abstract", "date"]]


@pytest.mark.slow
@pytest.mark.parametrize("titles", ["the same", "a new one each"])
def test_copies_leave_the_other_topics_as_they_are(frame: pd.DataFrame, titles: str) -> None:
    alone = at.fit_topics(at.Corpus.from_frame(frame)).assignments["topic"]
    one = frame.iloc[5]
    copies = pd.DataFrame(
        {
            "id": [f"z{number:03d}" for number in range(100)],
            "title": [one["title"] if titles == "the same" else f"Letter {number}" for number in range(100)],
            "abstract": [f"{one['abstract']} Issue {number}." for number in range(100)],
            "date": one["date"],
        }
    )
    with pytest.warns(CorpusWarning, match="100 abstracts of 180 repeat another"):
        topics = at.fit_topics(at.Corpus.from_frame(pd.concat([frame, copies])))
    found = topics.assignments["topic"]
    table = pd.crosstab(found[frame["id"]], alone)
    assert (table > 0).sum(axis=1).eq(1).all()
    assert (table > 0).sum(axis=0).eq(1).all()
    assert (found[copies["id"]] == found[one["id"]]).all()
    assert (topics.copies["original"] == one["id"]).all()
    assert len(topics.copies) == 100
    assert len(topics.landmarks) == 80
    assert topics.candidates.empty
    assert topics.table["size"].sum() == 180


@pytest.mark.slow
def test_copies_are_kept_placed_and_edited(frame: pd.DataFrame, tmp_path: Path) -> None:
    copies = frame.head(6).assign(id=[f"z{number}" for number in range(6)])
    corpus = at.Corpus.from_frame(pd.concat([frame, copies]))
    topics = at.fit_topics(corpus, edits=[at.Rename(papers=["z0"], label="Mine")])
    # a paper that a reader names is no copy
    assert set(topics.copies["paper_id"]) == {f"z{number}" for number in range(1, 6)}
    topics.save(tmp_path / "topics")
    again = at.load_topics(tmp_path / "topics")
    pd.testing.assert_frame_equal(again.copies, topics.copies, check_dtype=False)
    placed = again.place(at.Corpus.from_frame(frame))
    both = topics.assignments["topic"].loc[frame["id"]]
    assert (placed.assignments["topic"].loc[frame["id"]] == both).mean() > 0.95


@pytest.mark.slow
def test_a_corpus_of_one_text_is_one_topic() -> None:
    same = pd.DataFrame({"title": ["A letter"] * 30, "abstract": NOTICE})
    with pytest.warns(at.errors.SmallCorpusWarning):
        topics = at.fit_topics(at.Corpus.from_frame(same))
    assert len(topics.table) == 1
    assert topics.copies.empty
