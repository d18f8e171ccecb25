"""A corpus without any date: said once, no work done for it, and a section without trends."""

from pathlib import Path

import numpy as np
import pytest

import analysis as at
from tests.generators import planted_corpus


@pytest.fixture(scope="module")
def undated() -> tuple[at.Corpus, at.Topics, at.Trends]:
    planted, _ = planted_corpus(60, 4)
    corpus = at.Corpus.from_frame(planted.papers[["title", "abstract"]].reset_index(drop=True))
    topics = at.fit_topics(corpus)
    return corpus, topics, at.fit_trends(corpus, topics, events={"a day": "2020-01-01"})


def test_every_test_says_why_and_nothing_else_is_there(undated: tuple[at.Corpus, at.Topics, at.Trends]) -> None:
    trends = undated[2]
    assert (trends.tests["note"] == "Not assessable: no paper has a date.").all()
    assert (trends.tests["verdict"] == "inconclusive").all()
    for name in ("series", "curves", "events", "bursts", "change_points", "calibration", "period_words"):
        assert getattr(trends, name).empty, name
    assert np.isinf(trends.composition["high"]).all()


def test_the_section_says_it_once_and_prints_no_row_of_nothing(
    undated: tuple[at.Corpus, at.Topics, at.Trends], tmp_path: Path
) -> None:
    at.survey.write(*undated, tmp_path)
    text = (tmp_path / "section.md").read_text(encoding="utf-8")
    assert text.count("no paper has a date") == 1
    for absent in ("0.00 to", "infinity", "∞", "odds ratio", "trend_forest", "theme_shares", "Firth", "inconclusive"):
        assert absent not in text, absent
    for label in undated[1].table["label"]:
        assert label in text


def test_figures_of_trends_are_empty_and_say_so(undated: tuple[at.Corpus, at.Topics, at.Trends]) -> None:
    _, topics, trends = undated
    for fig in (at.figures.trend_forest(topics, trends), at.figures.theme_shares(topics, trends)):
        assert any("date" in str(note.text) for note in fig.layout.annotations)
