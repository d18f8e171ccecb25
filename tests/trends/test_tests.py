"""The family of tests: planted trends, no trends, and what cannot be assessed."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import TrendsError
from analysis.trends.detectable import minimum_detectable_odds_ratio
from analysis.trends.tests import TEST_COLUMNS, TestSettings, trend_tests
from analysis.trends.verdict import VERDICTS, Evidence, final_verdict, first_verdict, sentence
from tests.generators import planted_trend

QUICK = TestSettings(n_permutations=499)


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
    np.testing.assert_allclose(tests["q"].to_numpy()[order], np.minimum(hochberg, 1))
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
    assert not found.isna().any().any()
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


def test_power_at_the_detectable_odds_ratio_is_about_what_it_says() -> None:
    labels, time = planted_trend(300, 0.0, base=0.3)
    ratio = minimum_detectable_odds_ratio(labels == 0, time, np.zeros(300), 0.1)
    settings = TestSettings(n_permutations=299, robustness=0)
    found = 0
    for seed in range(100):
        drawn, when = planted_trend(300, np.log(ratio), base=0.3, seed=seed)
        members = np.where(drawn == 0, 0, -1)
        found += trend_tests(members, when, alpha=0.1, settings=settings).loc[0, "p"] < 0.1
    # 80 % of 100, with a standard error of 4
    assert 65 <= found <= 95


def test_verdicts_follow_their_rules() -> None:
    assert first_verdict(2.0, 1.2, 3.0, 0.01, 0.1, 1.1) == "rising"
    assert first_verdict(0.5, 0.3, 0.8, 0.01, 0.1, 1.1) == "falling"
    assert first_verdict(1.0, 0.95, 1.05, 0.9, 0.1, 1.1) == "steady"
    assert first_verdict(1.0, 0.5, 2.0, 0.9, 0.1, 1.1) == "inconclusive"
    assert final_verdict("rising", 1.2, 3.0, 0.9, 0.8, 1.1) == "rising"
    assert final_verdict("rising", 1.2, 3.0, 0.5, 0.8, 1.1) == "inconclusive"
    assert final_verdict("rising", 0.9, 3.0, 1.0, 0.8, 1.1) == "inconclusive"
    assert final_verdict("rising", 0.99, 1.05, 0.5, 0.8, 1.1) == "steady"
    assert final_verdict("steady", 0.95, 1.05, 0.5, 0.8, 1.1) == "steady"


def test_a_direction_that_is_taken_away_says_why() -> None:
    text = sentence("inconclusive", "falling", Evidence(0.8, 0.6, 1.02, 0.02, 0.68, 1.4))
    assert "68%" in text
    assert "reaches past 1" in text


def test_where_every_resampled_clustering_agrees_the_interval_is_the_reason() -> None:
    text = sentence("inconclusive", "rising", Evidence(3.0, 0.9, 4000.0, 0.02, 1.0, 1.4))
    assert "but the interval reaches past 1 (" in text
    assert "over 1,000" in text


def test_a_topic_that_dissolves_in_most_draws_has_no_bounded_trend() -> None:
    labels, time = planted_trend(300, 0.6)
    draws = np.tile(labels, (10, 1))
    draws[:6] = 1
    found = trend_tests(labels, time, draws=draws, settings=QUICK)
    assert found.loc[0, "verdict"] == "inconclusive"
    assert np.isinf(found.loc[0, "high"])
    assert not found.isna().any().any()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_a_sentence(verdict: str) -> None:
    text = sentence(verdict, verdict, Evidence(1.5, 1.1, float("inf"), 0.04, 0.9, 2.0))  # type: ignore[arg-type]
    assert text.endswith(".")
    assert "nan" not in text


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
