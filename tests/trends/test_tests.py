"""The family of tests: planted trends, no trends, and what cannot be assessed."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import TrendsError
from analysis.trends.tests import TEST_COLUMNS, TestSettings, mention_tests, trend_tests
from tests.generators import planted_trend

QUICK = TestSettings(n_permutations=499)
# what stays unknown where a topic cannot be assessed
UNKNOWN = {
    "beyond_wandering",
    "wandering_p",
    "dispersion",
    "dispersion_p",
    "p_series",
    "q_series",
    "series_holds",
    *(f"share_{end}{bound}" for end in ("first", "last") for bound in ("", "_low", "_high")),
}


@pytest.mark.parametrize(("slope", "verdict"), [(0.6, "rising"), (-0.6, "falling")])
def test_a_planted_trend_is_found_with_its_size(slope: float, verdict: str) -> None:
    labels, time = planted_trend(600, slope)
    row = trend_tests(labels, time).loc[0]
    assert row["verdict"] == verdict
    assert row["low"] < np.exp(slope) < row["high"]


def test_a_large_corpus_without_trend_is_steady() -> None:
    labels, time = planted_trend(20_000, 0.0, base=0.4)
    assert trend_tests(labels, time, settings=QUICK).loc[0, "verdict"] == "steady"


def test_dates_and_decimal_years_give_the_same() -> None:
    dates = pd.Series(pd.date_range("2019-01-01", periods=60, freq="30D"))
    labels = np.tile([0, 1, 1], 20)
    from analysis.trends.periods import decimal_year

    first, second = (trend_tests(labels, when, settings=QUICK) for when in (dates, decimal_year(dates)))
    pd.testing.assert_frame_equal(first, second)


def test_q_values_are_those_of_the_published_procedures() -> None:
    rng = np.random.default_rng(3)
    tests = trend_tests(rng.integers(0, 4, 200), rng.uniform(2015, 2020, 200), settings=QUICK)
    order = np.argsort(tests["p"].to_numpy())
    p = tests["p"].to_numpy()[order]
    hochberg = np.minimum.accumulate((p * 4 / np.arange(1, 5))[::-1])[::-1]
    null = min(1.0, (1 + (p > 0.5).sum()) / 2)
    np.testing.assert_allclose(tests["q"].to_numpy()[order], np.minimum(np.minimum(hochberg, 1) * null, 1))
    np.testing.assert_allclose(tests["q_by"].to_numpy()[order], np.minimum(hochberg * (1 + 1 / 2 + 1 / 3 + 1 / 4), 1))


def test_strata_take_away_a_trend_that_only_they_make() -> None:
    rng = np.random.default_rng(0)
    strata = np.repeat([0, 1], 150)
    time = np.where(strata == 0, rng.uniform(2016, 2020, 300), rng.uniform(2020, 2024, 300))
    labels = np.where(rng.random(300) < np.where(strata == 0, 0.1, 0.6), 0, 1)
    assert trend_tests(labels, time).loc[0, "verdict"] == "rising"
    assert trend_tests(labels, time, strata).loc[0, "q"] > 0.1


def test_resampled_clusterings_widen_the_interval_and_can_take_a_verdict_away() -> None:
    labels, time = planted_trend(300, 0.6)
    rng = np.random.default_rng(0)
    scrambled = np.array([rng.permutation(labels) for _ in range(10)])
    certain, shaken = trend_tests(labels, time), trend_tests(labels, time, draws=scrambled)
    assert certain.loc[0, "verdict"] == "rising"
    assert shaken.loc[0, "verdict"] == "inconclusive"
    assert shaken.loc[0, "robustness"] < 0.8
    assert shaken.loc[0, "high"] > certain.loc[0, "high"]
    assert trend_tests(labels, time, draws=np.tile(labels, (10, 1))).loc[0, "robustness"] == 1


def test_outliers_count_among_the_papers_but_are_not_tested() -> None:
    labels, time = planted_trend(200, 0.0)
    found = trend_tests(np.where(labels == 1, -1, labels), time, settings=QUICK)
    assert found.index.tolist() == [0]


@pytest.mark.parametrize(
    ("labels", "dates", "strata", "reason"),
    [
        ([0, 0, 1, 1], [2020.0] * 4, None, "all dates are equal"),
        ([0, 0, 1, 1], [np.nan] * 4, None, "no paper has a date"),
        ([0, 0, 0, 0], [2020.0, 2021.0, 2022.0, 2023.0], None, "every dated paper"),
        ([0, 0, 1, 1], [2020.0, 2021.0, 2022.0, np.nan], [0, 1, 2, 3], "within each stratum"),
    ],
)
def test_what_cannot_be_assessed_says_why_and_holds_no_nan(
    labels: list[int], dates: list[float], strata: list[int] | None, reason: str
) -> None:
    found = trend_tests(labels, dates, strata)
    assert list(found.columns) == TEST_COLUMNS
    known = found.drop(columns=[name for name in found if name in UNKNOWN])
    assert not known.isna().any().any()
    assert found["note"].str.contains(reason).any()
    assert found.loc[found["note"].str.contains(reason), "verdict"].eq("inconclusive").all()


def test_a_topic_without_dated_papers_is_not_assessed_but_others_are() -> None:
    labels, time = planted_trend(300, 0.6)
    found = trend_tests(np.append(labels, 2), np.append(time, np.nan))
    assert found.loc[0, "verdict"] == "rising"
    assert "none of its papers has a date" in found.loc[2, "note"]


def test_wrong_arguments_are_clear_errors() -> None:
    with pytest.raises(TrendsError, match="same papers"):
        trend_tests([0, 1], [2020.0])
    with pytest.raises(TrendsError, match="alpha"):
        trend_tests([0, 1], [2020.0, 2021.0], alpha=1.5)
    with pytest.raises(TrendsError, match="is not an ISO date"):
        trend_tests([0, 1], ["spring", "2021-01-01"])


def test_a_topic_that_dissolves_in_most_draws_has_no_bounded_trend() -> None:
    labels, time = planted_trend(300, 0.6)
    draws = np.tile(labels, (10, 1))
    draws[:6] = 1
    found = trend_tests(labels, time, draws=draws, settings=QUICK)
    assert found.loc[0, "verdict"] == "inconclusive"
    assert np.isinf(found.loc[0, "high"])
    assert (found.loc[0, "share_last_low"], found.loc[0, "share_last_high"]) == (0, 1)
    assert (found.loc[0, "detectable_rise"], found.loc[0, "detectable_fall"]) == (np.inf, 0)


def test_series_whose_numbers_stand_in_other_orders_are_refused() -> None:
    rng = np.random.default_rng(0)
    dates = pd.Series(pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 2000, 40), unit="D"))
    labels = pd.Series(np.where(dates > dates.median(), "new", "old"))
    with pytest.raises(TrendsError, match="same numbers in other orders"):
        trend_tests(labels, dates.sample(frac=1, random_state=3))
    ids = [f"p{i}" for i in range(40)]
    source = pd.Series(rng.choice(["a", "b"], 40), index=ids)
    named = dates.set_axis(ids)
    right = trend_tests(labels.to_numpy(), named, source)
    turned = trend_tests(labels.to_numpy(), named, source.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(right, turned)


@pytest.mark.parametrize("unit", ["Y", "M", "D", "ns"])
def test_numpy_dates_of_any_unit_are_read(unit: str) -> None:
    dates = (pd.Timestamp("2018-01-01") + pd.to_timedelta(np.arange(60) * 30, unit="D")).to_numpy()
    labels = np.where(np.arange(60) < 30, 0, 1)
    assert trend_tests(labels, dates.astype(f"datetime64[{unit}]"))["verdict"].tolist() == ["falling", "rising"]


def test_strata_and_draws_of_other_shapes_are_refused() -> None:
    with pytest.raises(TrendsError, match="strata must have one dimension"):
        trend_tests([0, 1], [2020.0, 2021.0], strata=pd.DataFrame({"a": [1, 2]}))
    with pytest.raises(TrendsError, match="draws must have one row per clustering"):
        trend_tests([0, 1], [2020.0, 2021.0], draws=[[1], [1, 2]])
    with pytest.raises(TrendsError, match="complex numbers"):
        trend_tests([0, 1], [2020.0 + 1j, 2021.0])


def test_a_direction_is_told_as_shares_at_both_ends() -> None:
    labels, time = planted_trend(3000, 0.4)
    row = trend_tests(labels, time, settings=QUICK).loc[0]
    years = [time < time.min() + 1, time > time.max() - 1]
    for end, part in zip(("first", "last"), years, strict=True):
        low, high = row[f"share_{end}_low"], row[f"share_{end}_high"]
        assert low < row[f"share_{end}"] < high
        assert row[f"share_{end}"] == pytest.approx((labels[part] == 0).mean(), abs=0.06)
    assert row["share_first"] < row["share_last"]
    assert f"{100 * row['share_last']:.0f} % (" in row["note"]


def test_a_change_within_the_band_is_small_and_the_band_is_that_of_the_window() -> None:
    rng = np.random.default_rng(0)
    time = rng.uniform(2016, 2026, 60_000)
    members = np.where(rng.random(60_000) < 1 / (1 + np.exp(-(-1.0 + np.log(1.02) * (time - 2021)))), 0, 1)
    assert trend_tests(members, time, settings=QUICK).loc[0, "verdict"] == "small rise"
    wide = TestSettings(n_permutations=499, equivalence_change=1.05)
    assert trend_tests(members, time, settings=wide).loc[0, "verdict"] == "rising"
    # over 54 years a tenth a year is no small change
    long = rng.uniform(1972, 2026, 20_000)
    slow = np.where(rng.random(20_000) < 1 / (1 + np.exp(-(-1.0 + np.log(1.03) * (long - 1999)))), 0, 1)
    assert trend_tests(slow, long, settings=QUICK).loc[0, "verdict"] == "rising"


def test_a_level_share_over_a_short_window_can_be_steady() -> None:
    rng = np.random.default_rng(1)
    time = rng.uniform(2024, 2025.5, 20_000)
    assert trend_tests(np.where(rng.random(20_000) < 0.4, 0, 1), time, settings=QUICK).loc[0, "verdict"] == "steady"


def test_no_one_paper_and_no_thin_year_carries_a_direction() -> None:
    rng = np.random.default_rng(2)
    time = np.append(rng.uniform(2022, 2026, 200), 2006.5)
    labels = np.append(np.where(rng.random(200) < 0.06, 0, 1), 0)
    with_it, without = trend_tests(labels, time).loc[0], trend_tests(labels[:-1], time[:-1]).loc[0]
    assert with_it["q"] < 0.1 < without["q"]
    assert with_it["verdict"] == "inconclusive"
    assert with_it["set_aside"] == "its paper of 2006 alone carries it"
    assert with_it["influence"] > 2
    few = np.append(time, [2006.2, 2006.7])
    carried = trend_tests(np.append(labels, [0, 0]), few).loc[0]
    assert carried["verdict"] == "inconclusive"
    assert "few papers of 2006 alone carry it" in carried["set_aside"]


@pytest.mark.parametrize("n_strata", [12, 13, 40])
def test_a_peak_is_seen_however_many_sources_there_are(n_strata: int) -> None:
    rng = np.random.default_rng(n_strata)
    strata = rng.integers(0, n_strata, 600)
    time = rng.uniform(2016, 2026, 600)
    odds = -0.8 - 0.7 * np.abs(time - 2021) + rng.normal(0, 0.4, n_strata)[strata]
    row = trend_tests(np.where(rng.random(600) < 1 / (1 + np.exp(-odds)), 0, 1), time, strata, settings=QUICK).loc[0]
    assert row["verdict"] == "peak"
    assert row["turning_point"][:4] in {"2020", "2021"}


def test_dates_heaped_on_new_year_by_a_source_stand_at_mid_year() -> None:
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        time = rng.uniform(2018, 2024, 300)
        first = rng.random(300) < 0.2
        heaped = rng.random(300) < np.where(first, 0.9, 0.2)
        row = trend_tests(np.where(first, 0, 1), np.where(heaped, np.floor(time), time), settings=QUICK).loc[0]
        found.append(row["p"] < 0.05)
    # 5 % of 40 is 2, with a standard error of 1.4; read as days, they give 10
    assert sum(found) <= 6


def test_a_steep_trend_of_thousands_of_papers_hangs_on_none_of_them() -> None:
    rng = np.random.default_rng(0)
    time = rng.uniform(2016, 2026, 5000)
    # 19 groups without a trend beside it: few permutations tell no p small enough to be scaled
    members = rng.random((5000, 20)) < 0.1
    members[:, 0] = rng.random(5000) < 1 / (1 + np.exp(2 - 0.5 * (time - 2021)))
    row = mention_tests(members, time, settings=QUICK).loc[0]
    assert (row["verdict"], row["set_aside"]) == ("rising", "")
