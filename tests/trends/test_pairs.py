"""Pairs: a concept within a topic, a topic against another; few, by name or by a screen, and honest without trends."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.concepts.vocabulary import Concept, Vocabulary
from analysis.survey.section import Section
from analysis.trends.pairs import Pair, pair_table
from analysis.trends.tests import TestSettings

pytestmark = pytest.mark.slow
QUICK = TestSettings(n_permutations=499)
VOCABULARY = Vocabulary((Concept("Segmentation", "task", ("segmentation",)), Concept("Reports", "task", ("report",))))


def corpus_of(
    seed: int, slope: float = 0.0, race: float = 0.0
) -> tuple[at.Corpus, at.Topics, at.concepts.mentions.Concepts]:
    """Three topics; segmentation is mentioned ever more in pathology (not elsewhere), and surgery outgrows pathology."""
    rng = np.random.default_rng(seed)
    time = 2014 + 10 * rng.random(360)
    odds = np.stack([np.zeros(360), race * (time - 2019), np.zeros(360)], axis=1)
    chance = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    topic = (chance.cumsum(axis=1) > rng.random(360)[:, None]).argmax(axis=1)
    said = rng.random(360) < 1 / (1 + np.exp(-np.where(topic == 0, slope * (time - 2019), 0.0)))
    names = np.array(["Pathology", "Surgery", "Genomics"])[topic]
    frame = pd.DataFrame(
        {
            "title": [f"Paper {number} on {name}" for number, name in enumerate(names)],
            "abstract": [
                f"{name} word. {'We do segmentation.' if one else 'None.'}"
                for name, one in zip(names, said, strict=True)
            ],
            "date": [f"{int(year)}-{1 + int(year % 1 * 12):02d}-15" for year in time],
        }
    )
    corpus = at.Corpus.from_frame(frame)
    return corpus, at.Topics.from_labels(corpus, names), at.find_concepts(corpus, VOCABULARY)


def test_a_concept_that_grows_within_one_topic_is_found_there() -> None:
    corpus, topics, concepts = corpus_of(0, slope=0.4)
    asked = [("segmentation", "PATHOLOGY"), ("Segmentation", "Surgery")]
    trends = at.fit_trends(corpus, topics, concepts=concepts, pairs=asked, settings=QUICK)
    first, second = trends.pairs.itertuples()
    assert (first.kind, first.first, first.second) == ("concept in topic", "Segmentation", "Pathology")
    assert (first.verdict, second.verdict) == ("rising", "inconclusive")
    assert first.share_last > first.share_first + 0.3
    text = Section.of(corpus, topics, trends).text_files()["section.md"]
    assert "Segmentation rises within Pathology from" in text


def test_a_topic_that_outgrows_another_is_told_from_one_that_does_not() -> None:
    corpus, topics, concepts = corpus_of(1, race=0.3)
    asked = [("Surgery", "Pathology"), ("Genomics", "Pathology")]
    pairs = at.fit_trends(corpus, topics, concepts=concepts, pairs=asked, settings=QUICK).pairs
    assert pairs["verdict"].tolist() == ["rising", "inconclusive"]
    assert pairs.loc[0, "n_first"] < pairs.loc[0, "n"] < 360


def test_without_trends_few_pairs_move() -> None:
    moved, p_values = 0, []
    for seed in range(4):
        corpus, topics, concepts = corpus_of(seed)
        pairs = at.fit_trends(corpus, topics, concepts=concepts, pairs="screen", settings=QUICK).pairs
        assert set(pairs["kind"]) == {"concept in topic"}
        p_values += pairs["p"].tolist()
        moved += (pairs["verdict"] != "inconclusive").any()
    assert np.mean(np.array(p_values) < 0.05) < 0.15
    assert moved <= 1


def test_redrawn_clusterings_widen_and_may_take_a_verdict_away() -> None:
    rng = np.random.default_rng(0)
    time = 2014 + 10 * rng.random(200)
    counted = rng.random(200) < 1 / (1 + np.exp(-0.4 * (time - 2019)))
    inside = np.ones(200, dtype=bool)
    steady = [(inside, counted)] * 10
    other = [(inside, rng.permutation(counted)) for _ in range(10)]
    sure, unsure = (
        pair_table(
            [Pair("topic against topic", "a", "b", inside, counted, draws)], time, np.zeros(200, dtype=int), QUICK
        ).loc[0]
        for draws in (steady, other)
    )
    assert (sure["verdict"], unsure["verdict"]) == ("rising", "inconclusive")
    assert unsure["high"] - unsure["low"] > sure["high"] - sure["low"]
    assert unsure["robustness"] < 0.5


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("Segmentation", "Patology")], "no topic is called 'Patology'; near to it are: Pathology"),
        ([("Segmentatoin", "Pathology")], "near to it are: Segmentation"),
        ([("Pathology", "Pathology")], "a pair is of two topics"),
        (["ab"], "a pair is two names"),
        ([("a", "b", "c")], "a pair is two names"),
        ("all", "'screen'"),
        ([(99, 0)], "is called 99"),
        (5, "list of pairs"),
    ],
)
def test_pairs_that_name_nothing_are_refused(pairs: object, message: str) -> None:
    corpus, topics, concepts = corpus_of(0)
    with pytest.raises(at.errors.TrendsError, match=message):
        at.fit_trends(corpus, topics, concepts=concepts, pairs=pairs, settings=QUICK)  # type: ignore[arg-type]


def test_a_pair_with_too_few_papers_says_so() -> None:
    corpus, topics, concepts = corpus_of(0)
    rare = replace(concepts, mentions=concepts.mentions.assign(Segmentation=np.arange(360) < 6))
    pairs = at.fit_trends(corpus, topics, concepts=rare, pairs=[("Segmentation", "Surgery")], settings=QUICK).pairs
    assert pairs.loc[0, "note"].startswith("Not assessable: it takes 5 dated papers of either kind")
    assert pairs.loc[0, "verdict"] == "inconclusive"


def test_a_pair_that_one_thin_year_carries_is_no_verdict() -> None:
    rng = np.random.default_rng(1)
    time = np.concatenate([2014 + 5 * rng.random(150), 2023.2 + np.arange(9) / 20])
    counted = np.concatenate([rng.random(150) < 0.4, np.ones(9, dtype=bool)])
    strata, inside = np.zeros(159, dtype=int), np.ones(159, dtype=bool)
    row = pair_table([Pair("topic against topic", "a", "b", inside, counted, [])], time, strata, QUICK).loc[0]
    assert row["q"] < 0.1
    assert row["verdict"] == "inconclusive"
    assert row["note"] == "No verdict: the few papers of 2023 alone carry it."


def test_pairs_are_asked_by_author_group_too() -> None:
    rng = np.random.default_rng(5)
    time = np.concatenate([2015 + 8 * rng.random(200), 2021.5 + 1.4 * rng.random(14)])
    counted = np.concatenate([rng.random(200) < 0.5, np.ones(14, dtype=bool)])
    series = np.concatenate([np.arange(200), np.full(14, 500)])
    pair = Pair("topic against topic", "a", "b", np.ones(214, dtype=bool), counted, [])
    known, unknown = (
        pair_table([pair], time, np.zeros(214, dtype=int), QUICK, groups).loc[0] for groups in (series, None)
    )
    assert known["verdict"] == "rising"
    assert not known["series_holds"]
    assert str(unknown["series_holds"]) == "<NA>"


def test_a_pair_asked_both_ways_round_is_one() -> None:
    corpus, topics, concepts = corpus_of(0)
    asked = [("Surgery", "Pathology"), ("Pathology", "Surgery")]
    assert len(at.fit_trends(corpus, topics, concepts=concepts, pairs=asked, settings=QUICK).pairs) == 1
