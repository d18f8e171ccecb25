"""Key phrases: noun phrases that tell a topic's papers from the others."""

from pathlib import Path

import numpy as np
import pandas as pd

import analysis as at
from analysis.topics.describe.key_phrases import KEY_PHRASE_COLUMNS, key_phrases, no_key_phrases
from analysis.topics.describe.labels import Wording, name_scores
from tests.generators import planted_corpus

TITLES = ["The Hippocampus and MRI", "Ageing", "Brains", "Surgeons", "Filmed", "Watched"]
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


def _table(names: list[str]) -> pd.DataFrame:
    wording = Wording.of(TITLES, ABSTRACTS)
    frame = key_phrases(wording, LABELS, name_scores(wording, LABELS, KEYWORDS), KEYWORDS, names)
    assert dict(frame.dtypes.astype(str)) == KEY_PHRASE_COLUMNS
    return frame


def _told(names: list[str]) -> dict[int, list[str]]:
    return {topic: rows["phrase"].tolist() for topic, rows in _table(names).groupby("topic")}


def test_halves_of_terms_are_told_as_the_terms_and_as_running_text_writes_them() -> None:
    told = _told(["Brains", "Surgery"])
    assert {"mild cognitive impairment", "hippocampus", "MRI"} <= set(told[0])
    assert {"operating room", "ceiling camera", "surgeons"} <= set(told[1])
    first = _table(["Brains", "Surgery"]).set_index("phrase").loc["mild cognitive impairment"]
    assert (first["topic"], first["papers"], first["share"]) == (0, 3, 1.0)


def test_plain_words_that_no_title_holds_and_ends_of_sentences_are_no_phrases() -> None:
    # no title holds "scanner", which scores well, nor "vertex", a keyword
    keys = ["operating room", "patients admitted", "scanner", "vertex"]
    texts = [f"The {keys[0]} has a scanner. A vertex of {keys[1]}." for _ in range(3)]
    wording = Wording.of(["Nothing"] * 6, [*texts, "Bees.", "Bees.", "Bees."])
    own = [["scanner", "vertex", "operating room"], ["bees"]]
    scores = name_scores(wording, LABELS, own)
    assert scores[0, wording.phrases.keys.index("scanner")] > 0.15
    frame = key_phrases(wording, LABELS, scores, own, ["Surgery", "Hives"])
    assert frame.loc[frame["topic"] == 0, "phrase"].tolist() == ["operating room"]


def test_keywords_fill_up_where_phrases_are_few_and_stay_away_where_they_are_many() -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon"]
    wording = Wording.of([" of ".join(words)] * 3 + ["Bees"] * 3, [" of ".join(words)] * 3 + ["Bees."] * 3)
    keys = wording.phrases.keys
    own = [words, ["bees"]]
    for strong, told in ((1, 3), (4, 4)):
        scores = np.zeros((2, len(keys)))
        scores[0, [keys.index(word) for word in words[:strong]]] = 0.5
        frame = key_phrases(wording, LABELS, scores, own, ["Letters", "Hives"])
        assert (frame["topic"] == 0).sum() == told


def test_a_phrase_that_the_label_holds_is_not_told_again() -> None:
    told = _told(["Mild Cognitive Impairment", "Operating Room"])
    assert "mild cognitive impairment" not in told[0]
    assert "operating room" not in told[1]


def test_topics_of_nothing_in_particular_have_none_and_an_empty_table_has_its_types() -> None:
    wording = Wording.of(["A", "B"], ["the of and", "of the and"])
    labels = np.array([0, 1])
    frame = key_phrases(wording, labels, name_scores(wording, labels, [[], []]), [[], []], ["One", "Two"])
    assert not len(frame)
    assert frame.dtypes.equals(no_key_phrases().dtypes)


def test_fitted_topics_have_key_phrases_that_are_saved_and_loaded(tmp_path: Path) -> None:
    topics = at.fit_topics(planted_corpus(90)[0], seed=0)
    assert set(topics.key_phrases["topic"]) <= set(topics.table.index)
    assert len(topics.key_phrases)
    topics.save(tmp_path / "topics")
    loaded = at.load_topics(tmp_path / "topics")
    assert loaded.key_phrases.equals(topics.key_phrases)
