"""Bursts and change points."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.trends.bursts import LEVEL, burst_states, find_bursts
from analysis.trends.exposure import Exposure
from analysis.trends.timeline import Calendar, burst_table, change_table

# no topic has a fitted slope
FLAT = pd.Series(dtype=float)


def cheapest(counts: np.ndarray, papers: np.ndarray, usual: float, ratio: float, gamma: float) -> float:
    """Kleinberg's cost of the best state sequence, by trying all of them."""
    raised, periods = min(ratio * usual, 0.999), len(counts)
    best = np.inf
    for states in product((0, 1), repeat=periods):
        cost, before = 0.0, 0
        for state, inside, all_papers in zip(states, counts, papers, strict=True):
            share = raised if state else usual
            cost -= inside * np.log(share) + (all_papers - inside) * np.log(1 - share)
            cost += gamma * np.log(periods) if state > before else 0.0
            before = state
        best = min(best, cost)
    return best


def cost_of(
    states: np.ndarray, counts: np.ndarray, papers: np.ndarray, usual: float, ratio: float, gamma: float
) -> float:
    shares = np.where(states, min(ratio * usual, 0.999), usual)
    entries = int((np.diff(np.concatenate([[0], states.astype(int)])) > 0).sum())
    likelihood = counts @ np.log(shares) + (papers - counts) @ np.log(1 - shares)
    return float(entries * gamma * np.log(len(counts)) - likelihood)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 30)), min_size=2, max_size=9),
    st.floats(1.2, 4),
    st.floats(0.2, 3),
)
def test_the_state_sequence_is_the_cheapest_of_all(pairs: list[tuple[int, int]], ratio: float, gamma: float) -> None:
    counts = np.array([inside for inside, _ in pairs])
    papers = counts + np.array([others for _, others in pairs]) + 1
    usual = (counts.sum() + 0.5) / (papers.sum() + 1)
    states, _ = burst_states(counts[None, :], papers, np.full(len(counts), usual), ratio, gamma)
    found = cost_of(states[0], counts, papers, usual, ratio, gamma)
    assert found == pytest.approx(cheapest(counts, papers, usual, ratio, gamma), abs=1e-8)


def planted(seed: int, factor: float) -> tuple[np.ndarray, np.ndarray]:
    """Return topics and periods of papers; topic 0 bursts in periods 8 to 11 of 20."""
    rng = np.random.default_rng(seed)
    periods = np.repeat(np.arange(20), rng.poisson(40, 20))
    inside = rng.random(len(periods)) < np.where((periods >= 8) & (periods <= 11), 0.05 * factor, 0.05)
    return np.where(inside, 0, rng.integers(1, 8, len(periods))), periods


def exposure_of(labels: np.ndarray, periods: np.ndarray) -> Exposure:
    groups = np.unique(labels)
    return Exposure.of(labels[:, None] == groups, periods, np.zeros(len(labels), dtype=int), np.arange(20.0))


def test_a_planted_burst_is_found_within_one_period() -> None:
    hits = 0
    for seed in range(20):
        bursts = [b for b in find_bursts(exposure_of(*planted(seed, 4))) if b.topic == 0 and b.q <= LEVEL]
        hits += any(abs(b.first - 8) <= 1 and abs(b.last - 11) <= 1 for b in bursts)
    assert hits >= 17


def test_corpora_without_bursts_seldom_show_one() -> None:
    shown = sum(any(b.q <= LEVEL for b in find_bursts(exposure_of(*planted(seed, 1)), 499)) for seed in range(60))
    # 5 % of 60 is 3, with a standard error of 1.7
    assert shown <= 7


def test_a_source_with_another_window_makes_no_burst() -> None:
    rng = np.random.default_rng(0)
    strata = np.repeat([0, 1], [600, 200])
    periods = np.where(strata == 0, rng.integers(0, 20, 800), rng.integers(14, 18, 800))
    labels = np.where(rng.random(800) < np.where(strata == 1, 0.5, 0.05), 0, 1)
    members = labels[:, None] == np.array([0, 1])
    apart = find_bursts(Exposure.of(members, periods, strata, np.arange(20.0)))
    pooled = find_bursts(Exposure.of(members, periods, np.zeros(800, dtype=int), np.arange(20.0)))
    assert any(b.topic == 0 and b.q <= LEVEL for b in pooled)
    assert not any(b.q <= LEVEL for b in apart)


def frame(labels: np.ndarray, periods: np.ndarray) -> tuple[np.ndarray, Calendar]:
    days = pd.Timestamp("2005-01-01") + pd.to_timedelta(periods * 365.25 + 30, unit="D")
    papers = pd.DataFrame({"date": pd.Series(days).dt.floor("D"), "date_precision": "day"})
    return labels, Calendar.fine(papers, (pd.Timestamp("2005-01-01"), pd.Timestamp("2024-12-31")))


def test_tables_name_days_and_counts() -> None:
    labels, calendar = frame(*planted(1, 5))
    table = burst_table(labels, np.zeros(len(labels)), calendar, FLAT, 0)
    row = table[table["topic"] == 0].iloc[0]
    assert abs(row["start"].year - 2013) <= 1
    assert row["n"] > row["expected"]


def test_a_step_is_a_change_point_and_a_flat_share_has_none() -> None:
    rng = np.random.default_rng(5)
    periods = np.repeat(np.arange(20), 60)
    labels = np.where(rng.random(1200) < np.where(periods >= 12, 0.4, 0.1), 0, rng.integers(1, 5, 1200))
    labels, calendar = frame(labels, periods)
    table = change_table(labels, np.zeros(1200), calendar, FLAT, 0)
    first = table[table["topic"] == 0].iloc[0]
    assert abs(first["start"].year - 2017) <= 1
    assert first["before"] < 1 < first["after"]
    flat, _ = frame(rng.integers(0, 4, 1200), periods)
    assert change_table(flat, np.zeros(1200), calendar, FLAT, 0).empty


def test_fewer_than_twelve_periods_have_no_change_points() -> None:
    dates = pd.Series(pd.to_datetime(["2024-01-05", "2024-02-05", "2024-08-05"] * 10))
    papers = pd.DataFrame({"date": dates, "date_precision": "day"})
    calendar = Calendar.fine(papers, (dates.min(), dates.max()))
    assert len(calendar.periods) == 8
    assert change_table(np.tile([0, 0, 1], 10), np.zeros(30), calendar, FLAT, 0).empty


def test_years_are_no_months() -> None:
    papers = pd.DataFrame(
        {"date": pd.to_datetime(["2023-07-01", "2024-01-05", "2024-12-05"]), "date_precision": ["year", "day", "day"]}
    )
    calendar = Calendar.fine(papers, (papers["date"].min(), papers["date"].max()))
    assert calendar.numbers.tolist()[0] == -1


def rising(seed: int, ratio: float) -> tuple[np.ndarray, Calendar]:
    """Return topics whose first rises by `ratio` a year over twenty years, and the years."""
    rng = np.random.default_rng(seed)
    periods = rng.integers(0, 20, 1500)
    first = rng.random(1500) < 1 / (1 + np.exp(-(-2.5 + np.log(ratio) * (periods - 10))))
    return frame(np.where(first, 0, rng.integers(1, 6, 1500)), periods)


def test_a_trend_is_neither_burst_nor_change_point() -> None:
    bursts = changes = 0
    for seed in range(15):
        labels, calendar = rising(seed, 1.3)
        slopes = pd.Series({0: np.log(1.3)})
        strata = np.zeros(len(labels))
        bursts += (burst_table(labels, strata, calendar, slopes, 0)["topic"] == 0).any()
        changes += (change_table(labels, strata, calendar, slopes, 0)["topic"] == 0).any()
    # 5 % of 15 is 0.75, with a standard error of 0.8
    assert bursts <= 3
    assert changes <= 3
    labels, calendar = rising(0, 1.3)
    assert (change_table(labels, np.zeros(len(labels)), calendar, FLAT, 0)["topic"] == 0).any()


def test_a_burst_lasts_half_of_the_window_at_most() -> None:
    rng = np.random.default_rng(0)
    periods = np.repeat(np.arange(20), 60)
    labels, calendar = frame(np.where(rng.random(1200) < np.where(periods >= 8, 0.5, 0.05), 0, 1), periods)
    table = burst_table(labels, np.zeros(1200), calendar, FLAT, 0)
    assert all((row.end.year - row.start.year + 1) <= 10 for row in table.itertuples())


def test_papers_drawn_along_a_course_lie_where_it_puts_them() -> None:
    labels, calendar = rising(3, 1.3)
    members = labels[:, None] == np.array([0])
    exposure = Exposure.of(members, calendar.numbers, np.zeros(len(labels)), calendar.middles, np.array([np.log(1.3)]))
    drawn = exposure.resampled(0, 2000, np.random.default_rng(0))
    assert (drawn.sum(axis=1) == members.sum()).all()
    np.testing.assert_allclose(drawn.mean(axis=0), exposure.expected[0], atol=1.0)
    np.testing.assert_allclose(exposure.expected.sum(), members.sum())
