"""The multiverse of verdicts, and the clusterings it asks."""

import numpy as np
import pandas as pd
import pytest

from analysis.concepts.mentions import find_concepts
from analysis.corpus.paper import Corpus
from analysis.io.runner import in_turn
from analysis.topics.options import FitOptions
from analysis.topics.result import Topics
from analysis.topics.variants import topic_variants
from analysis.trends.coverage import Dated
from analysis.trends.family import TestSettings
from analysis.trends.fit import fit_trends
from analysis.trends.limits import corpus_limitations
from analysis.trends.result import Trends
from analysis.trends.sensitivity import SENSITIVITY_COLUMNS, PaperFacts, counterparts, sensitivity, survival
from analysis.trends.tests import trend_tests
from tests.generators import planted_corpus, planted_trend

pytestmark = pytest.mark.slow

QUICK = TestSettings(n_permutations=199)


def papers(labels: np.ndarray, time: np.ndarray, strata: np.ndarray | None = None, **changes: np.ndarray) -> PaperFacts:
    count = len(labels)
    facts = {
        "labels": labels,
        "time": time,
        "strata": np.full(count, "one") if strata is None else strata,
        "precision": np.full(count, "day"),
        "periods": np.nan_to_num(np.floor(time) - 2019, nan=-1).astype(int),
        "membership": np.ones(count),
        "draws": np.empty((0, count), dtype=int),
    }
    return PaperFacts(**(facts | changes))


def test_a_clear_trend_survives_and_a_source_that_makes_it_is_named() -> None:
    labels, time = planted_trend(600, 0.7)
    strata = np.where(np.arange(600) % 3 == 0, "calm", "moved")
    rng = np.random.default_rng(0)
    labels = np.where(strata == "calm", rng.permutation(labels), labels)
    reported = trend_tests(labels, time, strata, settings=QUICK)
    table = sensitivity(papers(labels, time, strata), reported, pd.DataFrame(index=range(600)), QUICK, "topics")
    assert list(table.columns) == SENSITIVITY_COLUMNS
    assert reported.loc[0, "verdict"] == "rising"
    verdicts = table[table["group"] == 0].set_index("choice")["verdict"]
    assert verdicts["moved alone"] == verdicts["without calm"] == "rising"
    assert verdicts["calm alone"] == "inconclusive"
    left = survival(table).set_index("group")
    assert 0 < left.loc[0, "survival"] < 1
    assert not table.isna().any().any()


def test_every_choice_is_judged_with_the_redrawn_clusterings_too() -> None:
    labels, time = planted_trend(600, 0.7)
    rng = np.random.default_rng(0)
    # half of the clusterings tear the topic apart
    draws = np.array([labels if number % 2 else rng.permutation(labels) for number in range(10)])
    other = pd.DataFrame({"another seed": 1 - labels})
    reported = trend_tests(labels, time, draws=draws, settings=QUICK)
    assert reported.loc[0, "verdict"] == "inconclusive"
    certain = sensitivity(papers(labels, time), reported, other, QUICK, "topics")
    told = sensitivity(papers(labels, time, draws=draws), reported, other, QUICK, "topics")
    assert (certain.loc[certain["group"] == 0, "verdict"] == "rising").all()
    assert (told.loc[told["group"] == 0, "verdict"] == "inconclusive").all()
    # that others find nothing either is no agreement
    assert survival(told)["survival"].isna().all()
    assert survival(certain).set_index("group").loc[0, "up"] == len(certain) / 2


def test_undated_papers_are_dated_at_random_and_pooled() -> None:
    labels, time = planted_trend(400, 0.6)
    time[::3] = np.nan
    reported = trend_tests(labels, time, settings=QUICK)
    table = sensitivity(papers(labels, time), reported, pd.DataFrame(index=range(400)), QUICK, "topics")
    row = table[(table["choice"] == "undated papers dated at random") & (table["group"] == 0)].iloc[0]
    # papers without a trend join the others, so the slope shrinks towards none
    assert 1 < row["odds_ratio"] < reported.loc[0, "odds_ratio"]
    assert row["low"] < row["odds_ratio"] < row["high"]


def test_coarse_dates_edges_and_unsure_papers_are_asked_about() -> None:
    labels, time = planted_trend(300, 0.0)
    precision = np.where(np.arange(300) < 40, "month", "day")
    membership = np.where(np.arange(300) < 30, 0.3, 0.9)
    facts = papers(labels, time, precision=precision, membership=membership)
    reported = trend_tests(labels, time, settings=QUICK)
    table = sensitivity(facts, reported, pd.DataFrame(index=range(300)), QUICK, "themes")
    counts = table[table["group"] == 0].set_index("choice")["n"]
    assert set(counts.index) == {
        "day-precise dates alone",
        "first and last period left out",
        "unsure papers in no topic",
    }
    assert (counts < reported.loc[0, "n"]).all()


def test_topics_of_another_clustering_are_matched_by_their_papers() -> None:
    first, second = np.array([0, 0, 0, 0, 1, 1, 1, -1]), np.array([5, 5, 5, 2, 2, 2, 2, 2])
    found = counterparts(first, second)
    assert found["other"].to_dict() == {0: 5, 1: 2}
    assert found.loc[0, "overlap"] == pytest.approx(3 / 4)
    assert counterparts(np.zeros(9, dtype=int), np.arange(9)).empty


def test_variants_cluster_anew_and_the_past_knows_no_future(planted: tuple[Corpus, Topics, Trends]) -> None:
    corpus, topics, _ = planted
    landmarks = pd.Index(topics.landmarks["paper_id"])
    found = topic_variants(corpus, landmarks, FitOptions(), in_turn)
    assert set(found.columns) == {"another seed", "coarser", "finer", "words alone", "past alone"}
    assert (found >= 0).all().all()
    assert found.index.equals(topics.assignments.index)
    assert set(topic_variants(corpus, landmarks, FitOptions("fine"), in_turn).columns) == {
        "another seed",
        "coarser",
        "words alone",
        "past alone",
    }
    trends = fit_trends(corpus, topics, variants=found)
    assert set(found.columns) <= set(trends.sensitivity["choice"])
    assert trends.survival["survival"].dropna().between(0, 1).all()


def test_few_papers_have_no_variants() -> None:
    corpus, _ = planted_corpus(20, 2)
    assert topic_variants(corpus, corpus.papers.index, FitOptions(), in_turn).shape == (20, 0)


def test_concepts_are_a_family_of_their_own(planted: tuple[Corpus, Topics, Trends]) -> None:
    corpus, topics, without = planted
    trends = fit_trends(corpus, topics, concepts=find_concepts(corpus))
    assert without.concept_tests.empty
    assert without.topic_concepts.empty
    assert trends.concept_tests.index.name == "concept"
    assert set(trends.concept_series["concept"] if len(trends.concept_series) else []) == set(
        trends.concept_tests.index
    )


def test_every_result_says_what_it_forbids(shipped_corpus: Corpus) -> None:
    notes = corpus_limitations(shipped_corpus, Dated.of(shipped_corpus), shipped_corpus.strata.to_numpy())
    assert notes["about"].tolist() == ["sources", "windows", "dates", "shares"]
    assert "68 records merged" in notes.loc[0, "text"]
    told = corpus_limitations(
        shipped_corpus, Dated.of(shipped_corpus), shipped_corpus.strata.to_numpy(), find_concepts(shipped_corpus)
    ).set_index("about")["text"]
    assert told["texts"].startswith("1 paper mentions what came after")
    single = Corpus.from_frame(pd.DataFrame({"title": ["A"], "abstract": ["b"]}))
    texts = corpus_limitations(single, Dated.of(single), single.strata.to_numpy())["text"]
    assert "one source" in texts[0]
    assert "1 paper without a date is in no trend" in texts[1]
