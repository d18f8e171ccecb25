"""What speaks against a phrase as a topic's name."""

import numpy as np

from analysis.topics.describe.labels import Wording, label_topics, name_scores
from analysis.topics.describe.name_rules import kind_factors, kinds_or_places, rule_factors
from analysis.topics.describe.phrases import Phrases


def _phrases(names: list[str], papers: list[int], titled: list[int]) -> Phrases:
    rows = [np.arange(count) for count in papers]
    return Phrases([name.lower() for name in names], names, rows, [np.arange(count) for count in titled])


def test_words_of_many_abstracts_and_no_title_are_grammar() -> None:
    factors = rule_factors(_phrases(["theorem", "manifold", "rare word"], [200, 200, 3], [1, 40, 0]))
    assert factors[0] < 0.5
    assert factors[1] == 1
    assert factors[2] > 0.8


def test_without_titles_nothing_is_grammar() -> None:
    assert (rule_factors(_phrases(["theorem", "manifold"], [200, 200], [0, 0])) == 1).all()


def test_kinds_of_papers_and_places_count_only_where_they_set_a_topic_apart() -> None:
    phrases = _phrases(["case report", "Lima Metropolitana", "Latin America", "kidney", "turkey"], [9] * 5, [1] * 5)
    weak = kind_factors(kinds_or_places(phrases), np.full((1, 5), 0.5), np.full((1, 5), 0.5))[0]
    assert (weak[:3] < 0.5).all()
    # an animal is no country
    assert (weak[3:] == 1).all()
    assert (kind_factors(kinds_or_places(phrases), np.full((1, 5), 0.9), np.full((1, 5), 0.9)) == 1).all()


def test_a_word_that_covers_its_topic_stands_alone_and_grows() -> None:
    bees = [
        "We watch the brood of honey bees in hives.",
        "The queen of honey bees lays eggs.",
        "Honey bees fly to flowers.",
    ]
    ice = ["Snow falls on the glacier.", "A glacier melts.", "The glacier of the valley is old."]
    labels = np.repeat([0, 1], 9)
    wording = Wording.of(["On bees"] * 9 + ["On ice"] * 9, bees * 3 + ice * 3)
    found = label_topics(wording, labels, name_scores(wording, labels, [["bees"], ["glacier"]]))
    assert [label.text for label in found] == ["Honey Bees", "Glacier"]
    assert all(label.score > 0.5 for label in found)
