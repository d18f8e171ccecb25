"""Fitted courses that bend where a straight line does not follow the shares, and stay straight where it does."""

import numpy as np

from analysis.trends.bends import read_bends
from analysis.trends.cells import Cells
from analysis.trends.pooling import Readings, pooled_shares
from analysis.trends.slopes import fit_slopes


def _papers(shape: str, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    time = 2010 + rng.uniform(0, 10, 3000)
    strata = rng.integers(0, 3, 3000)
    middle = (time - 2015) / 5
    logit = -1.5 - 2.5 * middle**2 if shape == "peak" else -1.5 + 0.8 * middle
    return time, strata, rng.random(3000) < 1 / (1 + np.exp(-(logit + 0.3 * strata)))


def _readings(time: np.ndarray, strata: np.ndarray) -> tuple[Cells, Readings]:
    cells = Cells.of(time, strata)
    return cells, Readings.of_periods(cells, np.floor(time).astype(int) - 2010, 2010.5 + np.arange(10))


def test_a_peak_is_followed_where_a_line_passes_it_by() -> None:
    time, strata, inside = _papers("peak")
    cells, readings = _readings(time, strata)
    members = inside[:, None]
    bent = read_bends(time, strata, members, readings, np.ones(1))
    slopes = fit_slopes(cells, cells.successes(members), 0.95)
    shares, low, high = pooled_shares(slopes, [], readings, np.ones(1), 0.95, bent)
    straight = pooled_shares(slopes, [], readings, np.ones(1), 0.95)[0]
    true = np.array([inside[np.floor(time) == year].mean() for year in range(2010, 2020)])
    assert np.abs(shares[:, 0] - true).mean() < 0.5 * np.abs(straight[:, 0] - true).mean()
    assert ((low[:, 0] <= true + 0.03) & (true - 0.03 <= high[:, 0])).all()


def test_a_line_is_kept_where_it_does() -> None:
    straight = 0
    for seed in range(20):
        time, strata, inside = _papers("line", seed)
        _, readings = _readings(time, strata)
        straight += int(np.isnan(read_bends(time, strata, inside[:, None], readings, np.ones(1))[0]).all())
    # Akaike's criterion takes two needless bends in about one of seven
    assert straight >= 14


def test_few_papers_and_one_date_are_asked_for_no_bends() -> None:
    time, strata, inside = _papers("peak")
    _, readings = _readings(time, strata)
    few = np.zeros(len(time), dtype=bool)
    few[:10] = True
    assert np.isnan(read_bends(time, strata, few[:, None], readings, np.ones(1))[0]).all()
    once = np.full(len(time), 2012.5)
    assert np.isnan(read_bends(once, strata, inside[:, None], _readings(once, strata)[1], np.ones(1))[0]).all()
