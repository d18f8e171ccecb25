"""Before and after an event: steps beside slopes."""

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.errors import SettingsError, TrendsError
from analysis.study.settings import read_settings
from analysis.trends.cells import Cells
from analysis.trends.events import EVENT_COLUMNS, event_table, find_step

pytestmark = pytest.mark.slow


def stepped(step: float, slope: float, seed: int, n_strata: int = 1, n_papers: int = 1500) -> tuple[np.ndarray, Cells]:
    rng = np.random.default_rng(seed)
    time, strata = rng.uniform(2016, 2026, n_papers), rng.integers(0, n_strata, n_papers)
    odds = -1.5 + slope * (time - 2021) + step * (time >= 2022.9) + rng.normal(0, 0.4, n_strata)[strata]
    cells = Cells.of(time, strata)
    return cells.successes((rng.random(n_papers) < 1 / (1 + np.exp(-odds)))[:, None])[:, 0], cells


@pytest.mark.parametrize("n_strata", [1, 4, 60])
def test_a_step_is_found_beside_a_slope(n_strata: int) -> None:
    found = [
        find_step(cells, inside, 2022.9) for inside, cells in (stepped(1.0, 0.1, seed, n_strata) for seed in range(8))
    ]
    assert sum(step.p < 0.05 for step in found if step) >= 7
    assert sum(step.low <= 1.0 <= step.high for step in found if step) >= 6
    assert np.mean([step.value for step in found if step]) == pytest.approx(1.0, abs=0.25)


@pytest.mark.parametrize("n_strata", [1, 60])
def test_a_slope_alone_is_no_step(n_strata: int) -> None:
    found = [
        find_step(cells, inside, 2022.9)
        for inside, cells in (stepped(0.0, 0.3, 1000 + seed, n_strata, 500) for seed in range(60))
    ]
    # 5 % of 60 is 3, with a standard error of 1.7
    assert sum(step.p < 0.05 for step in found if step) <= 7


def test_events_come_with_their_names_dates_and_a_row_a_group() -> None:
    rng = np.random.default_rng(0)
    days = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 2500, 400), unit="D")
    after = days >= "2022-11-30"
    kind = np.where(rng.random(400) < np.where(after, 0.6, 0.1), "models", "other")
    frame = pd.DataFrame({"title": [f"On subject {i}" for i in range(400)], "abstract": kind, "date": days})
    corpus = at.Corpus.from_frame(frame)
    topics = at.Topics.from_labels(corpus, kind)
    trends = at.fit_trends(corpus, topics, events={"ChatGPT": "2022-11-30", "too early": "1990-01-01"})
    assert list(trends.events.columns) == EVENT_COLUMNS
    of_topics = trends.events[trends.events["family"] == "topics"].set_index(["event", "group"])
    models = str(topics.table.index[topics.table["label"] == "models"][0])
    row = of_topics.loc[("ChatGPT", models)]
    assert row["date"] == pd.Timestamp("2022-11-30")
    assert row["low"] > 1
    assert row["share_before"] < row["share_after"]
    assert (of_topics.loc["ChatGPT", "q"] < 0.05).all()
    assert of_topics.loc["too early", "note"].str.startswith("Not assessable").all()
    assert (of_topics.loc["too early", ["p", "q", "odds_ratio"]] == 1).all().all()
    with pytest.raises(TrendsError, match="needs a date"):
        at.fit_trends(corpus, topics, events={"when": None})
    with pytest.raises(TrendsError, match="events"):
        at.fit_trends(corpus, topics, events=["2022"])  # type: ignore[arg-type]


def test_without_events_the_table_is_empty_and_typed() -> None:
    table = event_table(
        {}, np.zeros((3, 1), dtype=bool), pd.Index([0]), np.array([2020.0, 2021, 2022]), np.zeros(3), "topics"
    )
    assert table.empty
    assert table["date"].dtype == "datetime64[us]"


def test_events_of_a_study_are_read_and_checked(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "study.toml").write_text('[[events]]\nname = "ChatGPT"\ndate = 2022-11-30\n', encoding="utf-8")
    assert [(event.name, event.date) for event in read_settings(folder).events] == [("ChatGPT", "2022-11-30")]
    for wrong in ('date = "spring"', "date = 7", ""):
        (folder / "study.toml").write_text(f'[[events]]\nname = "x"\n{wrong}\n', encoding="utf-8")
        with pytest.raises(SettingsError):
            read_settings(folder)
    twice = '[[events]]\nname = "x"\ndate = "2020"\n' * 2
    (folder / "study.toml").write_text(twice, encoding="utf-8")
    with pytest.raises(SettingsError, match="one name"):
        read_settings(folder)
