"""Dates that are no days, and what a corpus covers."""

import numpy as np
import pandas as pd
import pytest

from analysis.corpus.paper import Corpus
from analysis.trends.coverage import Dated, coverage
from analysis.trends.heaps import at_mid_year, year_heaps


def corpus_of(dates: list[str]) -> Corpus:
    return Corpus.from_frame(
        pd.DataFrame({"title": [f"On subject {i}" for i in range(len(dates))], "abstract": "a", "date": dates})
    )


def test_new_year_is_a_heap_where_a_source_writes_it_for_the_year() -> None:
    rng = np.random.default_rng(0)
    time = np.concatenate([rng.uniform(2015, 2025, 80), 2015 + rng.integers(0, 10, 30)])
    heaped = year_heaps(time, np.zeros(110))
    assert heaped[80:].all()
    assert heaped[:80].sum() <= 1
    np.testing.assert_allclose(at_mid_year(time, heaped)[80:] % 1, 0.5)


def test_journals_dated_on_the_first_of_every_month_are_no_heap() -> None:
    days = pd.Series(pd.date_range("2015-01-01", "2024-12-01", freq="MS"))
    from analysis.trends.periods import decimal_year

    assert not year_heaps(np.tile(decimal_year(days), 3), np.zeros(360)).any()


def test_each_source_is_looked_at_on_its_own() -> None:
    rng = np.random.default_rng(1)
    time = np.concatenate([rng.uniform(2015, 2025, 200), 2015.0 + rng.integers(0, 10, 40)])
    time[:2] = 2020.0
    heaped = year_heaps(time, np.repeat(["days", "years"], [200, 40]))
    assert heaped[200:].all()
    assert not heaped[:200].any()


def test_the_last_day_of_years_is_a_heap_too() -> None:
    rng = np.random.default_rng(2)
    time = np.concatenate([rng.uniform(2015, 2025, 60), 2015 + rng.integers(0, 10, 20) + 364 / 365])
    assert year_heaps(time, np.zeros(80))[60:].all()


def test_years_alone_do_not_complete_a_year_that_days_show_to_be_under_way() -> None:
    dated = Dated.of(corpus_of(["2024"] * 10 + ["2025"] * 10 + ["2026"] * 8 + ["2026-02-20", "2026-03-01"]))
    assert dated.covered[1] == pd.Timestamp("2026-03-01")
    this_year = dated.papers["date"][dated.papers["date_precision"].eq("year") & (dated.papers["date"].dt.year == 2026)]
    assert (this_year < "2026-03-01").all()
    assert (this_year > "2026-01-01").all()
    # other years stand where they did
    assert dated.papers["date"].dt.strftime("%m-%d").iloc[0] == "07-02"


@pytest.mark.parametrize(("last", "until"), [(9, "2026-12-31"), (3, "2026-06-30")])
def test_a_last_year_known_by_years_alone_is_whole_where_it_holds_its_papers(last: int, until: str) -> None:
    assert coverage(corpus_of(["2024"] * 10 + ["2025"] * 10 + ["2026"] * last))[1] == pd.Timestamp(until)


def test_no_dates_cover_nothing() -> None:
    assert all(pd.isna(day) for day in coverage(corpus_of(["", "", ""])))
