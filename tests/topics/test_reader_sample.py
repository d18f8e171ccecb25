"""Topics checked by a reader: who is drawn, and what the answers say of all papers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.errors import ArtefactError, TopicsError
from analysis.escaping import csv_text
from analysis.topics.reader_sample import _quotas
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def corpus() -> at.Corpus:
    return planted_corpus(200, 4)[0]


@pytest.fixture(scope="module")
def topics(corpus: at.Corpus) -> at.Topics:
    return at.fit_topics(corpus)


def answered(corpus: at.Corpus, topics: at.Topics, size: int = 60, seed: int = 0) -> pd.DataFrame:
    """Return a sheet on which the reader agrees with the fit throughout."""
    sheet = at.draw_sample(corpus, topics, size=size, seed=seed)
    own = topics.assignments["topic"].loc[sheet["paper_id"]].map(topics.table["label"])
    return sheet.assign(topic=own.to_numpy())


def test_every_topic_is_asked_about_and_no_paper_twice(corpus: at.Corpus, topics: at.Topics) -> None:
    sheet = at.draw_sample(corpus, topics, size=40)
    assert sheet["paper_id"].is_unique
    assert len(sheet) == 40
    assert set(topics.assignments.loc[sheet["paper_id"], "topic"]) == set(topics.table.index)
    assert (sheet["topic"] == "").all()
    assert not sheet.equals(at.draw_sample(corpus, topics, size=40, seed=1))
    pd.testing.assert_frame_equal(sheet, at.draw_sample(corpus, topics, size=40))


def test_more_of_the_unsure_are_asked_about() -> None:
    quotas = _quotas(np.array([16, 100, 900]), 100)
    assert quotas.sum() == 100
    assert quotas[0] / 16 > quotas[1] / 100 > quotas[2] / 900
    assert _quotas(np.array([3, 0, 5]), 8).tolist() == [3, 0, 5]


def test_a_reader_who_agrees_finds_nothing_misplaced(corpus: at.Corpus, topics: at.Topics) -> None:
    check = at.check_sample(topics, answered(corpus, topics))
    assert (check.agreement, check.kappa) == (1, 1)
    share, low, high = check.misplaced
    assert share == 0 <= low < high < 0.1
    assert np.trace(check.confusion.to_numpy()) == 60


def test_the_interval_holds_the_truth_as_often_as_it_says(corpus: at.Corpus, topics: at.Topics) -> None:
    # papers of which 20 % are misplaced by the reader, more of the unsure ones
    rng = np.random.default_rng(0)
    placed = topics.assignments
    wrong = pd.Series(rng.random(len(placed)) < np.where(placed["membership"] < 0.9, 0.6, 0.15), index=placed.index)
    held = []
    for seed in range(60):
        sheet = answered(corpus, topics, size=50, seed=seed)
        sheet["topic"] = np.where(wrong[sheet["paper_id"]], "none", sheet["topic"])
        check = at.check_sample(topics, sheet)
        held.append(check.low <= 1 - wrong.mean() <= check.high)
    assert np.mean(held) > 0.85


def test_numbers_case_and_blanks_do_not_matter(corpus: at.Corpus, topics: at.Topics) -> None:
    sheet = answered(corpus, topics)
    numbers = sheet.assign(topic=topics.assignments["topic"].loc[sheet["paper_id"]].to_numpy().astype(str))
    shouted = sheet.assign(topic=" " + sheet["topic"].str.upper() + " ")
    assert at.check_sample(topics, numbers).agreement == at.check_sample(topics, shouted).agreement == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sheet_from_any_spreadsheet_is_read(
    corpus: at.Corpus, topics: at.Topics, tmp_path: Path, separator: str, encoding: str
) -> None:
    sheet = answered(corpus, topics)
    sheet.loc[:4, "topic"] = ""
    path = tmp_path / "sheet.csv"
    path.write_text(sheet.to_csv(sep=separator, index=False), encoding=encoding)
    check = at.check_sample(topics, path)
    assert (check.unanswered, len(check.answers)) == (5, 55)


def test_a_sheet_written_safely_is_read_back(corpus: at.Corpus, topics: at.Topics, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(csv_text(answered(corpus, topics)), encoding="utf-8")
    assert at.check_sample(topics, path).agreement == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda sheet: sheet.assign(topic="No such topic"), "line 2 of the sheet: there is no topic"),
        (lambda sheet: sheet.assign(topic=""), "no paper of the sheet has an answer"),
        (lambda sheet: sheet.assign(paper_id="nobody"), "is no paper"),
        (lambda sheet: pd.concat([sheet, sheet]), "twice"),
        (lambda sheet: sheet.drop(columns="topic"), "lacks the column"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said(
    corpus: at.Corpus, topics: at.Topics, change: Callable[[pd.DataFrame], pd.DataFrame], told: str
) -> None:
    with pytest.raises(TopicsError, match=told):
        at.check_sample(topics, change(answered(corpus, topics)))


def test_a_file_that_is_none_is_a_clear_error(topics: at.Topics, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="cannot be read"):
        at.check_sample(topics, tmp_path / "none.csv")
    (tmp_path / "sheet.csv").write_bytes(b"%PDF-1.4 ...")
    with pytest.raises(ArtefactError, match="binary"):
        at.check_sample(topics, tmp_path / "sheet.csv")


@pytest.mark.parametrize(
    "labels",
    [
        ["1"] * 20 + ["0"] * 12 + ["2"] * 8,
        ["none"] * 20 + ["x"] * 12 + ["y"] * 8,
        ["ABC"] * 20 + ["abc"] * 12 + ["y"] * 8,
        ["=SUM(A1)"] * 20 + ["a, b"] * 12 + ['"q"'] * 8,
    ],
)
def test_labels_that_look_like_something_else_mean_themselves(labels: list[str], tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"id": range(100, 140), "title": [f"Paper {number}" for number in range(40)], "abstract": "Of bees."}
    )
    corpus = at.Corpus.from_frame(frame)
    topics = at.Topics.from_labels(corpus, labels)
    sheet = answered(corpus, topics, size=40)
    assert at.check_sample(topics, sheet).agreement == 1
    path = tmp_path / "sheet.csv"
    path.write_text(csv_text(sheet) + ",,,\n\n", encoding="utf-8")
    assert at.check_sample(topics, path).agreement == 1


def test_a_table_that_pandas_read_is_understood(corpus: at.Corpus, topics: at.Topics) -> None:
    sheet = answered(corpus, topics)
    numbers = topics.assignments["topic"].loc[sheet["paper_id"]].to_numpy().astype(float)
    numbers[:3] = np.nan
    check = at.check_sample(topics, sheet.assign(topic=numbers).rename(columns={"topic": " Topic"}))
    assert (check.agreement, check.unanswered) == (1, 3)


def test_what_is_no_corpus_or_no_topics_is_refused(corpus: at.Corpus, topics: at.Topics) -> None:
    sheet = answered(corpus, topics)
    for wrong in (
        lambda: at.draw_sample(planted_corpus(20)[0], topics),
        lambda: at.draw_sample(corpus.papers, topics),
        lambda: at.check_sample(cast(Any, corpus), sheet),
        lambda: at.check_sample(topics, pd.concat([sheet, sheet[["topic"]]], axis=1)),
    ):
        with pytest.raises(at.errors.TopicTrendsError):
            wrong()
