"""Topics that share papers: a family of its own, honest without trends, and open about what it rests on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.trends.overlap import overlapping_members
from analysis.trends.tests import TestSettings

pytestmark = pytest.mark.slow
QUICK = TestSettings(n_permutations=499)


def drawn_world(seed: int, second_slope: float = 0.0, n_papers: int = 240) -> tuple[at.Corpus, at.Topics]:
    """Papers of four topics, with a second topic in 40 % of the redrawn clusterings for half of them.

    The first topics do not move; topic 2 is the second one of ever more papers where there is a slope.
    """
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 4, n_papers)
    time = 2014 + 10 * rng.random(n_papers)
    chance = 1 / (1 + np.exp(-second_slope * (time - 2019)))
    second = np.where(rng.random(n_papers) < chance, 2, rng.choice([0, 1, 3], n_papers))
    second = np.where(rng.random(n_papers) < 0.5, second, first)
    draws = np.where(rng.random((n_papers, 20)) < 0.6, first[:, None], second[:, None])
    frame = pd.DataFrame(
        {
            "title": [f"Paper {number} of topic {label}" for number, label in enumerate(first)],
            "abstract": [f"word{label} term{label}" for label in first],
            "date": [f"{int(year)}-{1 + int(year % 1 * 12):02d}-15" for year in time],
        }
    )
    corpus = at.Corpus.from_frame(frame)
    topics = at.Topics.from_labels(corpus, first)
    # topics are numbered by size: draws follow
    number = dict(zip(first, topics.assignments.loc[corpus.ids, "topic"], strict=True))
    renamed = np.vectorize(number.get)(draws).astype(np.int16)
    table = pd.DataFrame(renamed, index=corpus.ids, columns=[f"draw_{column}" for column in range(20)])
    return corpus, replace(topics, draws=table.loc[topics.assignments.index])


def test_a_paper_belongs_where_a_quarter_of_the_draws_put_it() -> None:
    draws = np.array([[0, 1]] * 3 + [[1, 1]], dtype=int)
    assert overlapping_members(draws, np.array([0, 1])).tolist() == [[True, True], [False, True]]


def test_without_trends_the_family_finds_none_and_says_what_it_counts() -> None:
    moved, p_values = 0, []
    for seed in range(5):
        tests = at.fit_trends(*drawn_world(seed), settings=QUICK).overlap_tests
        assert len(tests) == 4
        assert tests["n"].sum() > 300
        assert tests["note"].str.startswith("Counting every paper that 25% of redrawn clusterings put there: ").all()
        p_values += tests["p"].tolist()
        moved += tests["verdict"].isin(["rising", "falling", "small rise", "small fall"]).any()
    assert np.mean(np.array(p_values) < 0.05) < 0.15
    assert moved <= 1


def test_a_topic_that_grows_as_a_second_topic_is_seen_there_alone() -> None:
    found = 0
    for seed in range(3):
        corpus, topics = drawn_world(seed, second_slope=0.9)
        trends = at.fit_trends(corpus, topics, settings=QUICK)
        rises = trends.overlap_tests["verdict"] == "rising"
        alone = trends.tests["verdict"].isin(["rising", "small rise"])
        found += bool((rises & ~alone).any())
        if (rises & ~alone).any():
            assert "rising" in at.survey.survey_tables(corpus, topics, trends)["overlap"]["verdict"].tolist()
    assert found >= 2


def test_where_nothing_was_redrawn_no_topics_overlap() -> None:
    corpus, topics = drawn_world(0)
    trends = at.fit_trends(corpus, replace(topics, draws=topics.draws.iloc[:, :0]), settings=QUICK)
    assert trends.overlap_tests.empty
