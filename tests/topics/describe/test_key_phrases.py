"""Key phrases: noun phrases that tell a topic's papers from the others."""

from pathlib import Path

import numpy as np
import pytest

import analysis as at
from analysis.topics.describe.key_phrases import KEY_PHRASE_COLUMNS, key_phrases, no_key_phrases
from analysis.topics.describe.labels import Wording, name_scores
from tests.generators import planted_corpus

ABSTRACTS = [
    "Mild cognitive impairment precedes dementia. We scan the hippocampus with MRI.",
    "In mild cognitive impairment the hippocampus shrinks, as MRI tells.",
    "MRI of the hippocampus tells mild cognitive impairment from ageing.",
    "The operating room is filmed by a ceiling camera and surgeons are trained.",
    "A ceiling camera follows surgeons through the operating room.",
    "Surgeons leave the operating room, and the ceiling camera counts them.",
]
LABELS = np.array([0, 0, 0, 1, 1, 1])
KEYWORDS = [["mild", "cognitive", "hippocampus", "mri"], ["operating", "room", "ceiling", "surgeons"]]


def _told(names: list[str]) -> dict[int, list[str]]:
    wording = Wording.of(["Of Brains"] * 3 + ["Of Rooms"] * 3, ABSTRACTS)
    frame = key_phrases(wording, LABELS, name_scores(wording, LABELS, KEYWORDS), names)
    assert dict(frame.dtypes.astype(str)) == KEY_PHRASE_COLUMNS
    assert (frame["papers"] == 3).all()
    assert frame["share"].to_numpy() == pytest.approx(1.0)
    return {topic: rows["phrase"].tolist() for topic, rows in frame.groupby("topic")}


def test_halves_of_terms_are_told_as_the_terms_and_as_running_text_writes_them() -> None:
    told = _told(["Brains", "Surgery"])
    assert told[0][0] == "mild cognitive impairment"
    assert {"hippocampus", "MRI"} <= set(told[0])
    assert {"operating room", "ceiling camera", "surgeons"} == set(told[1])


def test_a_phrase_that_the_label_holds_is_not_told_again() -> None:
    told = _told(["Mild Cognitive Impairment", "Operating Room"])
    assert "mild cognitive impairment" not in told[0]
    assert "operating room" not in told[1]


def test_topics_of_nothing_in_particular_have_none_and_an_empty_table_has_its_types() -> None:
    wording = Wording.of(["A", "B"], ["the of and", "of the and"])
    labels = np.array([0, 1])
    frame = key_phrases(wording, labels, name_scores(wording, labels, [[], []]), ["One", "Two"])
    assert not len(frame)
    assert frame.dtypes.equals(no_key_phrases().dtypes)


def test_fitted_topics_have_key_phrases_that_are_saved_and_loaded(tmp_path: Path) -> None:
    topics = at.fit_topics(planted_corpus(90)[0], seed=0)
    assert set(topics.key_phrases["topic"]) <= set(topics.table.index)
    assert len(topics.key_phrases)
    topics.save(tmp_path / "topics")
    loaded = at.load_topics(tmp_path / "topics")
    assert loaded.key_phrases.equals(topics.key_phrases)
