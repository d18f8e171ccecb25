"""Trends of a corpus."""

import pandas as pd
import pytest

from analysis.corpus.paper import Corpus
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics
from analysis.trends.coverage import coverage
from analysis.trends.fit import fit_trends
from analysis.trends.result import SERIES_COLUMNS, Trends
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow


def test_every_topic_has_every_period_and_shares_add_up(planted: tuple[Corpus, Topics, Trends]) -> None:
    _, topics, trends = planted
    series = trends.series
    assert list(series.columns) == SERIES_COLUMNS
    assert len(series) == len(topics.table) * series["period"].nunique()
    assert series.groupby("period")["n_topic"].sum().equals(series.groupby("period")["n_total"].first())
    assert (series["low"] <= series["share"]).all()
    assert (series["share"] <= series["high"]).all()


def test_themes_are_a_family_of_their_own(planted: tuple[Corpus, Topics, Trends]) -> None:
    _, topics, trends = planted
    assert trends.theme_tests.index.tolist() == topics.themes.index.tolist()
    assert trends.theme_tests["n"].sum() == trends.tests["n"].sum()


def test_without_dates_nothing_is_assessed_and_nothing_fails() -> None:
    corpus, _ = planted_corpus(40, 2, dated=False)
    trends = fit_trends(corpus, fit_topics(corpus))
    assert trends.series.empty
    assert trends.tests["note"].str.startswith("Not assessable").all()
    assert trends.note["first_day"] == "none"


def test_a_corpus_covers_the_whole_of_a_month_it_knows() -> None:
    frame = pd.DataFrame({"title": ["A", "B"], "abstract": ["", ""], "date": ["2020-01", "2021-12"]})
    assert coverage(Corpus.from_frame(frame)) == (pd.Timestamp("2020-01-01"), pd.Timestamp("2021-12-31"))


def test_the_shipped_pages_cover_until_the_last_was_taken(shipped_corpus: Corpus) -> None:
    assert coverage(shipped_corpus)[1] == pd.Timestamp("2026-04-21")


@pytest.mark.parametrize("period", ["year", "quarter"])
def test_trends_print_themselves(planted: tuple[Corpus, Topics, Trends], period: str) -> None:
    corpus, topics, _ = planted
    trends = fit_trends(corpus, topics, period=period)  # type: ignore[arg-type]
    assert "<table" in trends._repr_html_()
    assert r"\bottomrule" in trends.to_latex()
