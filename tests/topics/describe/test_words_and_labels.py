"""Keywords, phrases and labels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.topics.describe.labels import (
    SURE_LABEL,
    Label,
    Wording,
    label_topics,
    name_scores,
    papers_to_read,
    title_case,
)
from analysis.topics.describe.phrases import STOP_WORDS, find_phrases, phrase_key, singular
from analysis.topics.describe.quality import diversity, npmi_coherence, own_share
from analysis.topics.describe.words import (
    TermSums,
    class_tfidf,
    count_given_words_by_block,
    count_words,
    topic_keywords,
)
from tests.generators import VOCABULARIES, planted_corpus


def _keywords(texts: list[str], labels: np.ndarray) -> list[list[tuple[str, float]]]:
    words = count_words(texts)
    return topic_keywords(TermSums.of(words.counts, labels), words.terms)


def test_sums_of_parts_are_those_of_the_whole() -> None:
    corpus, truth = planted_corpus(60)
    texts, labels = corpus.papers["abstract"].tolist(), truth[corpus.papers.index].to_numpy()
    words = count_words(texts)
    whole = TermSums.of(words.counts, labels)
    parts = [
        TermSums.of(next(count_given_words_by_block([texts[part]], words.terms)), labels[part], 4)
        for part in (slice(0, 25), slice(25, 60))
    ]
    joined = parts[0] + parts[1]
    for name in ("uses", "papers", "everywhere", "sizes", "n_papers"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))
    themes = np.array([0, 1, 0, 1])
    merged = TermSums.of(words.counts, themes[labels])
    for name in ("uses", "papers", "sizes"):
        np.testing.assert_array_equal(getattr(whole.grouped(themes), name), getattr(merged, name))


def test_keywords_are_the_topics_own_words_and_not_the_fields() -> None:
    corpus, truth = planted_corpus(100)
    texts = (corpus.papers["title"] + ". " + corpus.papers["abstract"]).tolist()
    for topic, words in enumerate(_keywords(texts, truth[corpus.papers.index].to_numpy())):
        own = set(VOCABULARIES[topic].split())
        assert words
        assert all(set(word.split()) <= own for word, _ in words)
        assert all(weight > 0 for _, weight in words)


def test_texts_without_words_have_no_keywords() -> None:
    assert _keywords(["", " "], np.array([0, 1])) == [[], []]


def test_class_tfidf_is_higher_for_a_word_of_one_topic() -> None:
    counts = count_words(["apple pear", "apple", "pear", "pear"]).counts
    weights = class_tfidf(TermSums.of(counts, np.array([0, 0, 1, 1])).uses)
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
    words = [[word for word, _ in own] for own in _keywords(abstracts, labels)]
    wording = Wording.of(titles, abstracts)
    found = label_topics(wording, labels, name_scores(wording, labels, words))
    assert len({label.text.lower() for label in found}) == len(found)
    for topic, label in enumerate(found):
        key = phrase_key(label.text)
        papers = [f"{titles[i]} {abstracts[i]}" for i in np.flatnonzero(labels == topic)]
        assert any(key in phrase_key(paper.replace(",", "")) for paper in papers)
        assert not set(label.text.lower().split()) & STOP_WORDS
        assert len(label.text.split()) <= 5


def test_the_bound_of_sure_labels_parts_right_from_wrong() -> None:
    graded = pd.read_csv(Path(__file__).parent / "labels_graded.csv")
    sure = graded["score"] >= SURE_LABEL
    wrong = graded["grade_after"] == "wrong"
    assert len(graded) == 95
    assert wrong[~sure].mean() > 0.4
    assert wrong[sure].mean() < 0.12
    assert (~sure).mean() < 0.35


def test_a_readers_name_is_sure_and_a_topics_number_is_not() -> None:
    assert Label("Bees", 0, 0).is_sure
    assert not Label("Topic 3", 0, 0, 0.0).is_sure


def test_labels_keep_acronyms_and_title_case() -> None:
    assert title_case("chest x-ray", {"x-ray": "X-ray"}) == "Chest X-Ray"
    assert title_case("mri reconstruction", {"mri": "MRI"}) == "MRI Reconstruction"
    assert title_case("state of the art", {}) == "State of the Art"


def test_a_topic_without_any_phrase_is_still_named() -> None:
    wording, labels = Wording.of(["", ""], ["", ""]), np.array([0, 0])
    (label,) = label_topics(wording, labels, name_scores(wording, labels, [[]]))
    assert label.text == "Topic 0"


def test_npmi_is_one_for_words_always_together_and_minus_one_for_never() -> None:
    table = count_words(["red green"] * 2 + ["blue"] * 2 + ["yellow"] * 2)
    together, apart, single = npmi_coherence(table, [["red", "green"], ["red", "blue"], ["red"]])
    assert together == pytest.approx(1)
    assert apart == pytest.approx(-1)
    assert single == 0


def test_diversity_counts_repeated_words() -> None:
    assert diversity([["a", "b"], ["a", "c"]]) == pytest.approx(0.75)
    assert diversity([]) == 0


def test_own_share_is_diversity_topic_by_topic() -> None:
    np.testing.assert_allclose(own_share([["a", "b"], ["a", "c", "d"], []]), [0.5, 2 / 3, 0])


def test_a_given_label_stays_and_no_other_topic_gets_one_like_it() -> None:
    corpus, truth = planted_corpus(120)
    titles, abstracts = corpus.papers["title"].tolist(), corpus.papers["abstract"].tolist()
    labels = truth[corpus.papers.index].to_numpy()
    words = [[word for word, _ in own] for own in _keywords(abstracts, labels)]
    wording = Wording.of(titles, abstracts)
    scores = name_scores(wording, labels, words)
    before = label_topics(wording, labels, scores)[1].text
    found = label_topics(wording, labels, scores, {0: before})
    assert found[0].text == before
    assert found[1].text != before


def test_labels_of_a_large_corpus_are_read_from_the_most_central_papers_of_every_topic() -> None:
    labels = np.repeat([0, 1, 2], [3000, 500, 10])
    centrality = np.random.default_rng(0).random(len(labels))
    rows = papers_to_read(labels, centrality)
    assert len(rows) < len(labels)
    assert set(labels[rows]) == {0, 1, 2}
    assert (labels[rows] == 2).sum() == 10
    left = np.setdiff1d(np.flatnonzero(labels == 0), rows)
    assert centrality[left].max() < centrality[rows[labels[rows] == 0]].min()
    np.testing.assert_array_equal(papers_to_read(labels[:100], centrality[:100]), np.arange(100))
