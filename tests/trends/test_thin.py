"""Thin periods are told together with their neighbours."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends.thin import merge_thin, spans, thin_limit


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.integers(1, 30))
def test_every_span_holds_enough_papers_unless_there_are_not_as_many(totals: list[int], least: int) -> None:
    found = spans(np.array(totals), least)
    assert set(np.diff(found)) <= {0, 1}
    assert found[0] == 0
    held = np.bincount(found, weights=totals)
    assert (held >= least).all() or len(held) == 1


def test_single_papers_of_early_years_do_not_make_periods_of_their_own() -> None:
    totals = np.array([1, 1, 0, 2, 1, 500, 800, 900])
    assert thin_limit(totals) == 80
    assert spans(totals, 80).tolist() == [0, 0, 0, 0, 0, 0, 1, 2]


def _series(n_topic: list[int], n_total: list[int]) -> pd.DataFrame:
    years = range(2010, 2010 + len(n_total))
    frame = pd.DataFrame(
        {
            "group": 0,
            "period": [str(year) for year in years],
            "start": pd.to_datetime([f"{year}-01-01" for year in years]),
            "end": pd.to_datetime([f"{year}-12-31" for year in years]),
            "partial": [False] * (len(n_total) - 1) + [True],
            "n_topic": n_topic,
            "n_total": n_total,
        }
    )
    share = frame["n_topic"] / frame["n_total"]
    return frame.assign(share=share, low=0.0, high=1.0, fitted=share, fitted_low=share / 2, fitted_high=1.0)


def test_merged_periods_count_all_their_papers_and_stand_where_most_of_them_do() -> None:
    merged = merge_thin(_series([1, 0, 10, 12, 1], [2, 2, 20, 40, 2]))
    assert merged["period"].tolist() == ["2010–2012", "2013–2014"]
    assert merged["n_topic"].tolist() == [11, 13]
    assert merged["n_total"].tolist() == [24, 42]
    np.testing.assert_allclose(merged["share"], [11 / 24, 13 / 42])
    np.testing.assert_allclose(merged["fitted"], [11 / 24, 13 / 42])
    assert merged["partial"].tolist() == [False, False]
    assert merged["merged"].all()
    # mid-year dates, by papers
    np.testing.assert_allclose(
        merged["at"], [(2010.5 * 2 + 2011.5 * 2 + 2012.5 * 20) / 24, (2013.5 * 40 + 2014.5 * 2) / 42], atol=0.01
    )


def test_well_filled_periods_stay_as_they_are() -> None:
    series = _series([10, 20, 30], [100, 90, 110])
    merged = merge_thin(series)
    assert merged["period"].tolist() == series["period"].tolist()
    assert not merged["merged"].any()
    assert merged["partial"].tolist() == [False, False, True]
