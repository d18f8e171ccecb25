"""Is the test honest on this corpus? Its own papers and topics, with dates that are known to mean nothing."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analysis.trends.permutation import can_vary, permutation_p

# corpora without any trend, and permutations for each of their tests
MOST_CORPORA, FEWEST_CORPORA = 200, 20
_PERMUTATIONS = 499
# papers times topics times corpora that take some seconds
_BUDGET = 6_000_000
_LEVELS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
CALIBRATION_COLUMNS = ["test", "level", "share", "low", "high", "corpora", "topics"]


def null_calibration(members: np.ndarray, time: np.ndarray, strata: np.ndarray, seed: int) -> pd.DataFrame:
    """Test the topics on corpora whose dates were exchanged within sources, so that no trend is left.

    Parameters
    ----------
    members : ndarray of bool, shape (n, k)
        Which dated paper is in which topic.
    time : ndarray of float, shape (n,)
        Decimal years, none missing.
    strata : ndarray, shape (n,)
    seed : int

    Returns
    -------
    DataFrame
        test ("single tests": share of all p at or below the level; "any discovery": share of
        corpora with a q at or below it; "sources pooled": the latter for a test that compares
        dates across sources), level (0-1), share (0-1), low, high (95 % interval over corpora),
        corpora (int), topics (int). No rows where no topic can be tested.
    """
    if not members.size:
        return pd.DataFrame(columns=CALIBRATION_COLUMNS)
    members = members[:, can_vary(members, time, strata)]
    topics = members.shape[1]
    if not topics:
        return pd.DataFrame(columns=CALIBRATION_COLUMNS)
    corpora = int(np.clip(_BUDGET // (members.size), FEWEST_CORPORA, MOST_CORPORA))
    rng = np.random.default_rng([seed, 7])
    within, pooled = np.empty((corpora, topics)), np.empty((corpora, topics))
    nowhere = np.zeros(len(time), dtype=np.int64)
    for number in range(corpora):
        shuffled = _exchanged(time, strata, rng)
        within[number] = permutation_p(members, shuffled, strata, _PERMUTATIONS, seed + number)
        pooled[number] = permutation_p(members, shuffled, nowhere, _PERMUTATIONS, seed + number)
    discoveries = {
        "single tests": lambda level: (within <= level).mean(axis=1),
        "any discovery": lambda level: _any_discovery(within, level),
        "sources pooled": lambda level: _any_discovery(pooled, level),
    }
    several = len(np.unique(strata)) > 1
    rows = [
        (test, level, *_mean_and_interval(rates(level)), corpora, topics)
        for test, rates in discoveries.items()
        for level in _LEVELS
        if several or test != "sources pooled"
    ]
    return pd.DataFrame(rows, columns=CALIBRATION_COLUMNS)


def _exchanged(time: np.ndarray, strata: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shuffled = time.copy()
    for name in np.unique(strata):
        members = np.flatnonzero(strata == name)
        shuffled[members] = rng.permutation(time[members])
    return shuffled


def _any_discovery(p_values: np.ndarray, level: float) -> np.ndarray:
    return np.asarray((false_discovery_control(p_values, axis=1) <= level).any(axis=1), dtype=float)


def _mean_and_interval(rates: np.ndarray) -> tuple[float, float, float]:
    """Return the mean of rates by corpus and its 95 % interval; topics of one corpus share their dates."""
    mean = float(rates.mean())
    # half a corpus either way keeps the interval from vanishing where no corpus, or each, has a discovery
    spread = max(float(rates.std(ddof=1)) / np.sqrt(len(rates)), 0.5 / len(rates))
    return mean, max(0.0, mean - 1.96 * spread), min(1.0, mean + 1.96 * spread)
