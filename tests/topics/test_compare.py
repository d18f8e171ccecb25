"""Two fits side by side."""

import numpy as np
import pytest

from analysis.corpus.paper import Corpus
from analysis.errors import TopicsError
from analysis.topics.compare import compare_topics
from analysis.topics.result import Topics
from analysis.trends.result import Trends

Planted = tuple[Corpus, Topics, Trends]


def relabelled(topics: Topics, labels: np.ndarray) -> Topics:
    fields = {**topics.__dict__, "assignments": topics.assignments.assign(topic=labels)}
    fields.pop("bertopic", None)
    return Topics(**fields)


def test_a_fit_agrees_with_itself(planted: Planted) -> None:
    _, topics, _ = planted
    found = compare_topics(topics, topics)
    value = found.agreement.set_index("name")["value"]
    assert value["moved"] == 0
    assert value["adjusted_mutual_information"] == pytest.approx(1)
    assert (found.alignment["jaccard"] == 1).all()


def test_renumbering_moves_nothing(planted: Planted) -> None:
    _, topics, _ = planted
    count = len(topics.table)
    turned = relabelled(topics, (topics.assignments["topic"].to_numpy() + 1) % count)
    found = compare_topics(topics, turned)
    assert found.moved.empty
    assert (found.alignment["topic_b"] == (found.alignment["topic_a"] + 1) % count).all()


def test_papers_that_moved_are_named(planted: Planted) -> None:
    _, topics, _ = planted
    labels = topics.assignments["topic"].to_numpy().copy()
    labels[0] = (labels[0] + 1) % len(topics.table)
    found = compare_topics(topics, relabelled(topics, labels))
    assert found.moved.index.tolist() == [topics.assignments.index[0]]
    assert found.flows["papers"].sum() == len(labels)


def test_a_topic_that_was_merged_has_no_partner(planted: Planted) -> None:
    _, topics, _ = planted
    merged = np.where(topics.assignments["topic"] == len(topics.table) - 1, 0, topics.assignments["topic"])
    alignment = compare_topics(topics, relabelled(topics, merged)).alignment
    lonely = alignment[alignment["topic_b"] == -1]
    assert lonely["topic_a"].tolist() == [len(topics.table) - 1]
    assert lonely["shared"].tolist() == [0]


def test_fits_without_a_common_paper_are_a_clear_error(planted: Planted) -> None:
    _, topics, _ = planted
    fields = {**topics.__dict__, "assignments": topics.assignments.rename(index=lambda name: f"x{name}")}
    fields.pop("bertopic", None)
    with pytest.raises(TopicsError, match="no paper in common"):
        compare_topics(topics, Topics(**fields))


def test_only_shared_papers_count(planted: Planted) -> None:
    _, topics, _ = planted
    half = {**topics.__dict__, "assignments": topics.assignments.iloc[:50]}
    half.pop("bertopic", None)
    value = compare_topics(topics, Topics(**half)).agreement.set_index("name")["value"]
    assert value["shared_papers"] == 50
    assert value["only_a"] == len(topics.assignments) - 50
