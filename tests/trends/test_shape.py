"""Turns of a share: peaks and troughs, and what is none."""

import numpy as np
import pytest

from analysis.trends.cells import Cells
from analysis.trends.dispersion import period_dispersion
from analysis.trends.periods import month_of
from analysis.trends.shape import FEWEST_FOR_A_TURN, Turn, TurnSearch, natural_spline
from analysis.trends.tests import mention_tests, trend_tests


def drawn(log_odds: object, n_papers: int = 2000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return memberships and dates from 2015 to 2025; `log_odds` is a function of the decimal year."""
    rng = np.random.default_rng(seed)
    time = rng.uniform(2015, 2025, n_papers)
    return rng.random(n_papers) < 1 / (1 + np.exp(-log_odds(time))), time  # type: ignore[operator]


def turn_of(members: np.ndarray, time: np.ndarray) -> Turn | None:
    cells = Cells.of(time, np.zeros(len(time), dtype=int))
    return TurnSearch(cells).turn(cells.successes(members[:, None])[:, 0])


def test_a_natural_spline_is_linear_beyond_its_knots() -> None:
    knots = np.array([0.0, 1.0, 2.0, 3.0])
    for line in (np.linspace(-5, -1, 5), np.linspace(4, 9, 5)):
        np.testing.assert_allclose(np.diff(natural_spline(line, knots), n=2, axis=0), 0, atol=1e-9)


@pytest.mark.parametrize(("sign", "shape"), [(1, "peak"), (-1, "trough")])
def test_a_planted_turn_is_found_with_its_year(sign: int, shape: str) -> None:
    found = turn_of(*drawn(lambda time: -1.5 - sign * 0.4 * np.abs(time - 2020)))
    assert found.shape == shape
    assert found.year == pytest.approx(2020, abs=1)
    assert found.p < 1e-4
    assert (found.before > 1) == (sign > 0)
    assert (found.after < 1) == (sign > 0)


def test_a_peak_is_neither_rising_nor_falling_and_the_sentence_says_when() -> None:
    # it rises for eight years and falls for two: a line alone would call it rising
    members, time = drawn(lambda time: -2 - np.where(time < 2022, -0.4, 0.5) * (time - 2022), 4000)
    row = mention_tests(members[:, None], time).iloc[0]
    assert row["odds_ratio"] > 1.1
    assert row["q"] < 0.1
    assert row["verdict"] == "peak"
    assert row["shape"] == "peak"
    assert row["turning_point"][:4] in {"2021", "2022"}
    assert "rose until about" in row["note"]
    assert "fallen since" in row["note"]


@pytest.mark.parametrize("case", ["step", "saturation", "line"])
def test_what_rises_without_falling_stays_rising(case: str) -> None:
    curves = {
        "step": lambda time: np.where(time < 2020, -3.0, 0.0),
        "saturation": lambda time: -4 + 4 / (1 + np.exp(-2 * (time - 2019))),
        "line": lambda time: -2 + 0.4 * (time - 2020),
    }
    members, time = drawn(curves[case], 3000)
    row = mention_tests(members[:, None], time).iloc[0]
    assert row["verdict"] == "rising"
    assert row["shape"] == "none"


def test_turns_are_rare_where_there_are_none() -> None:
    found = [turn_of(*drawn(lambda time: np.full(len(time), -1.5), 400, seed)).p < 0.05 for seed in range(200)]
    # at most 5 % of 200, with a standard error of 3
    assert sum(found) <= 18


def test_small_topics_and_few_dates_are_not_asked() -> None:
    members, time = drawn(lambda time: np.full(len(time), -1.0))
    few = members & (np.cumsum(members) < FEWEST_FOR_A_TURN)
    assert turn_of(few, time).shape == "none"
    assert turn_of(members, np.round(time / 20) * 20).p == 1


def test_cells_hold_every_paper_once() -> None:
    time, strata = np.array([2020.0, 2020.0, 2020.5, 2020.0]), np.array([0, 0, 0, 1])
    cells = Cells.of(time, strata)
    assert cells.trials.sum() == 4
    assert len(cells.time) == 3
    members = np.array([[True], [False], [True], [True]])
    assert cells.successes(members).sum() == 3
    part = cells.at(cells.strata == 0)
    assert part.trials.sum() == 3
    assert (part.cell == -1).sum() == 1


def test_periods_that_differ_by_more_than_chance_widen_the_interval() -> None:
    rng = np.random.default_rng(0)
    time = rng.uniform(2012, 2024, 4000)
    yearly = rng.normal(0, 0.8, 12)
    members = rng.random(4000) < 1 / (1 + np.exp(-(-1.5 + yearly[np.floor(time - 2012).astype(int)])))
    calm = rng.random(4000) < 0.2
    rough, smooth = (mention_tests(which[:, None], time).iloc[0] for which in (members, calm))
    assert rough["dispersion"] > 3
    assert rough["dispersion_p"] < 1e-3
    assert np.log(rough["high"] / rough["low"]) > 1.5 * np.log(smooth["high"] / smooth["low"])
    assert smooth["dispersion"] == pytest.approx(1, abs=1)


def test_too_few_periods_have_no_dispersion() -> None:
    cells = Cells.of(np.array([2020.1, 2020.2, 2021.0]), np.zeros(3, dtype=int))
    found = period_dispersion(cells, np.array([1.0, 0, 1]), np.array([0.5, 0.5, 0.5]))
    assert np.isnan(found.factor)
    assert np.isnan(found.p)
    assert found.stretch == 1


@pytest.mark.parametrize(("year", "month"), [(2020.0, "2020-01"), (2020.999, "2020-12"), (2021.5, "2021-07")])
def test_a_decimal_year_has_a_month(year: float, month: str) -> None:
    assert month_of(year) == month


def test_mentions_may_overlap_and_keep_their_names() -> None:
    import pandas as pd

    members, time = drawn(lambda time: -1 + 0.4 * (time - 2020), 1000)
    found = mention_tests(pd.DataFrame({"LLM": members, "any": members | (time > 0), "none": ~members & members}), time)
    assert found.loc["LLM", "verdict"] == "rising"
    assert "every dated paper" in found.loc["any", "note"]
    assert "none of its papers" in found.loc["none", "note"]
    same = trend_tests(np.where(members, 0, -1), time)
    assert same.loc[0, "odds_ratio"] == pytest.approx(found.loc["LLM", "odds_ratio"])


@pytest.mark.parametrize("share_of_old", [0.45, 0.55, 0.7])
def test_two_sources_from_years_far_apart_are_looked_at_for_a_turn(share_of_old: float) -> None:
    # three of four knots may fall within a few months: the spline's columns are almost alike there
    rng = np.random.default_rng(3)
    old = rng.random(150) < share_of_old
    time = np.where(old, 2005 + 0.1 * rng.random(150), 2026 - rng.exponential(2, 150))
    cells = Cells.of(time, old.astype(int))
    successes = cells.successes((rng.random((150, 15)) < 0.2).astype(float))
    for column in successes.T:
        turn = TurnSearch(cells).turn(column)
        assert turn.shape in {"peak", "trough", "none"}
        assert 0 <= turn.p <= 1


def test_sources_that_are_days_long_and_decades_apart_show_no_turn() -> None:
    rng = np.random.default_rng(0)
    old = np.arange(300) % 2
    time = 2023 - 21.0 * old + 0.01 * rng.random(300)
    cells = Cells.of(time, old)
    assert TurnSearch(cells).turn(cells.successes((rng.random((300, 1)) < 0.3).astype(float))[:, 0]).shape == "none"
