"""Calibration of the tests on a corpus: without a trend, what is found is what was asked for."""

import numpy as np
import pandas as pd
import pytest

from analysis.trends.calibration import CALIBRATION_COLUMNS, null_calibration


def two_windows(n: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return two sources with different windows and topics: pooled, every topic seems to move."""
    rng = np.random.default_rng(seed)
    late = np.arange(n) % 2 == 1
    time = np.where(late, 2022, 2018) + 3 * rng.random(n)
    labels = np.where(rng.random(n) < 0.8, late.astype(int), rng.integers(2, 5, n))
    return labels[:, None] == np.arange(5)[None, :], time, np.where(late, "late", "early")


def rate(frame: pd.DataFrame, test: str, level: float) -> pd.Series:
    return frame[(frame["test"] == test) & (frame["level"] == level)].iloc[0]


@pytest.mark.slow
def test_tests_within_sources_hold_their_level_and_pooled_ones_do_not() -> None:
    found = null_calibration(*two_windows(), seed=1)
    assert rate(found, "single tests", 0.1)["share"] == pytest.approx(0.1, abs=0.04)
    assert rate(found, "any discovery", 0.1)["low"] <= 0.1
    assert rate(found, "sources pooled", 0.1)["share"] > 0.9


@pytest.mark.slow
def test_rates_lie_within_their_intervals() -> None:
    found = null_calibration(*two_windows(), seed=1)
    assert list(found.columns) == CALIBRATION_COLUMNS
    assert ((found["low"] <= found["share"]) & (found["share"] <= found["high"])).all()
    assert (found["high"] > found["low"]).all()
    assert found.groupby("test")["share"].apply(lambda rates: rates.is_monotonic_increasing).all()


def test_one_source_has_nothing_to_pool() -> None:
    members, time, strata = two_windows(60)
    found = null_calibration(members, time, np.full(len(strata), "one"), seed=0)
    assert set(found["test"]) == {"single tests", "any discovery"}


def test_nothing_that_can_be_tested_gives_no_rows() -> None:
    members, time, strata = two_windows(20)
    assert null_calibration(members, np.full(20, 2020.0), strata, seed=0).empty
    assert null_calibration(members[:, :0], time, strata, seed=0).empty


def test_the_same_seed_gives_the_same_table() -> None:
    pd.testing.assert_frame_equal(
        null_calibration(*two_windows(60), seed=3), null_calibration(*two_windows(60), seed=3)
    )
