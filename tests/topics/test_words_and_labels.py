"""Keywords, phrases and labels."""

import numpy as np
import pytest

from analysis.topics.labels import label_topics, title_case
from analysis.topics.phrases import STOP_WORDS, find_phrases, phrase_key, singular
from analysis.topics.quality import diversity, npmi_coherence
from analysis.topics.words import class_tfidf, topic_keywords, word_vectorizer
from tests.generators import VOCABULARIES, planted_corpus


def test_keywords_are_the_topics_own_words_and_not_the_fields() -> None:
    corpus, truth = planted_corpus(100)
    texts = (corpus.papers["title"] + ". " + corpus.papers["abstract"]).tolist()
    for topic, words in enumerate(topic_keywords(texts, truth[corpus.papers.index].to_numpy())):
        own = set(VOCABULARIES[topic].split())
        assert words
        assert all(set(word.split()) <= own for word, _ in words)
        assert all(weight > 0 for _, weight in words)


def test_texts_without_words_have_no_keywords() -> None:
    assert topic_keywords(["", " "], np.array([0, 1])) == [[], []]


def test_class_tfidf_is_higher_for_a_word_of_one_topic() -> None:
    counts = word_vectorizer(4).fit_transform(["apple pear", "apple", "pear", "pear"]).tocsr()
    weights = class_tfidf(counts, np.array([0, 0, 1, 1]))
    assert weights.shape[0] == 2
    assert weights[0].argmax() == 0


@pytest.mark.parametrize(
    ("word", "one"), [("studies", "study"), ("images", "image"), ("bias", "bias"), ("classes", "class"), ("gas", "gas")]
)
def test_singulars(word: str, one: str) -> None:
    assert singular(word) == one


def test_wordings_of_one_phrase_have_one_key() -> None:
    assert phrase_key("Vision-Language Models") == phrase_key("vision language model")


def test_phrases_stand_between_stop_words_and_end_in_nouns() -> None:
    titles = [
        "Electronic Health Records for Triage",
        "Mining Electronic Health Records",
        "Electronic Health Record Systems",
    ]
    abstracts = ["We mine electronic health records. Electronic health records help."] * 3
    keys = find_phrases(titles, abstracts).keys
    assert "electronic health record" in keys
    assert "electronic" not in keys
    assert "electronic health" not in keys


def test_labels_are_distinct_found_in_their_papers_and_no_stop_words() -> None:
    corpus, truth = planted_corpus(120)
    titles, abstracts = corpus.papers["title"].tolist(), corpus.papers["abstract"].tolist()
    labels = truth[corpus.papers.index].to_numpy()
    words = [[word for word, _ in own] for own in topic_keywords([*abstracts], labels)]
    found = label_topics(titles, abstracts, labels, words)
    assert len({label.text.lower() for label in found}) == len(found)
    for topic, label in enumerate(found):
        key = phrase_key(label.text)
        papers = [f"{titles[i]} {abstracts[i]}" for i in np.flatnonzero(labels == topic)]
        assert any(key in phrase_key(paper.replace(",", "")) for paper in papers)
        assert not set(label.text.lower().split()) & STOP_WORDS
        assert len(label.text.split()) <= 5


def test_labels_keep_acronyms_and_title_case() -> None:
    assert title_case("chest x-ray", {"x-ray": "X-ray"}) == "Chest X-Ray"
    assert title_case("mri reconstruction", {"mri": "MRI"}) == "MRI Reconstruction"
    assert title_case("state of the art", {}) == "State of the Art"


def test_a_topic_without_any_phrase_is_still_named() -> None:
    (label,) = label_topics(["", ""], ["", ""], np.array([0, 0]), [[]])
    assert label.text == "Topic 0"


def test_npmi_is_one_for_words_always_together_and_minus_one_for_never() -> None:
    texts = ["red green"] * 2 + ["blue"] * 2 + ["yellow"] * 2
    together, apart, single = npmi_coherence(texts, [["red", "green"], ["red", "blue"], ["red"]])
    assert together == pytest.approx(1)
    assert apart == pytest.approx(-1)
    assert single == 0


def test_diversity_counts_repeated_words() -> None:
    assert diversity([["a", "b"], ["a", "c"]]) == pytest.approx(0.75)
    assert diversity([]) == 0
