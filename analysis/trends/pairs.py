"""Trends within a part of the papers: a concept among a topic's papers, or one topic against another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.ends import window_ends
from analysis.trends.false_discovery import q_values
from analysis.trends.family import LEVEL, TestSettings
from analysis.trends.permutation import can_vary, counted_normal_p, permutation_p
from analysis.trends.pooling import Readings, between_draws
from analysis.trends.slopes import fit_slopes

PAIR_COLUMNS = {
    "kind": "str",
    "first": "str",
    "second": "str",
    "n": "int64",
    "n_first": "int64",
    "odds_ratio": "float64",
    "low": "float64",
    "high": "float64",
    "share_first": "float64",
    "share_last": "float64",
    "p": "float64",
    "q": "float64",
    "robustness": "float64",
    "verdict": "str",
    "note": "str",
}
# fewer papers in or beside it than this say nothing of a pair
_FEWEST = 5


@dataclass(frozen=True)
class Pair:
    """A part of n papers, and what is counted in it.

    Attributes
    ----------
    kind : {"concept in topic", "topic against topic"}
    first, second : str
        The concept and the topic; or the topic that is asked about, and the one beside it.
    inside, counted : ndarray of bool, shape (n,)
        The papers of the part, and those that are counted; the latter are among the former.
    draws : sequence of pairs of ndarray of bool, each of shape (n,)
        The same in redrawn clusterings.
    """

    kind: str
    first: str
    second: str
    inside: np.ndarray
    counted: np.ndarray
    draws: Sequence[tuple[np.ndarray, np.ndarray]]


def no_pairs() -> pd.DataFrame:
    """Return the table of no pairs."""
    return pd.DataFrame(columns=list(PAIR_COLUMNS)).astype(PAIR_COLUMNS)


def pair_table(pairs: Sequence[Pair], time: np.ndarray, strata: np.ndarray, settings: TestSettings) -> pd.DataFrame:
    """Test every pair, all of them one family.

    Parameters
    ----------
    pairs : sequence of Pair
    time : ndarray of float, shape (n,)
        Decimal years; NaN where unknown.
    strata : ndarray of int, shape (n,)
    settings : TestSettings

    Returns
    -------
    DataFrame
        kind, first, second, n (dated papers of the part), n_first (those that are counted), odds_ratio (per year: of the concept
        within the topic, or of the first topic over the second), low, high (95 %, redrawn clusterings included), share_first,
        share_last (fitted shares of the part at both ends of its window), p, q, robustness, verdict (rising | falling |
        inconclusive), note (why it cannot be assessed, or empty).
    """
    if not pairs:
        return no_pairs()
    rows = [_row(pair, time, strata, settings) for pair in pairs]
    frame = pd.DataFrame(rows)
    tested = (frame["note"] == "").to_numpy()
    q = np.ones(len(frame))
    q[tested] = q_values(frame.loc[tested, "p"].to_numpy(dtype=float))
    crosses = ~((frame["low"] > 1) | (frame["high"] < 1))
    doubtful = frame["robustness"] < settings.robustness
    claimed = tested & (q < settings.alpha) & ~crosses & ~doubtful
    way = np.where(frame["odds_ratio"] > 1, "rising", "falling")
    frame = frame.assign(q=q, verdict=np.where(claimed, way, "inconclusive"))
    return frame[list(PAIR_COLUMNS)].astype(PAIR_COLUMNS)


def _row(pair: Pair, time: np.ndarray, strata: np.ndarray, settings: TestSettings) -> dict[str, object]:
    kept = pair.inside & np.isfinite(time)
    counted = pair.counted[kept]
    known: dict[str, object] = {
        "kind": pair.kind,
        "first": pair.first,
        "second": pair.second,
        "n": int(kept.sum()),
        "n_first": int(counted.sum()),
        "odds_ratio": 1.0,
        "low": 0.0,
        "high": np.inf,
        "share_first": np.nan,
        "share_last": np.nan,
        "p": 1.0,
        "robustness": np.nan,
        "note": "",
    }
    reason = _why_not(counted, time[kept], strata[kept])
    if reason:
        return known | {"note": f"Not assessable: {reason}."}
    cells = Cells.of(time[kept], strata[kept])
    slopes = fit_slopes(cells, cells.successes(counted[:, None]), LEVEL)
    value, drawn = float(slopes.values[0]), [_drawn(*draw, time, strata) for draw in pair.draws]
    ends = slopes.intervals()[0]
    between = between_draws(np.array([slope for slope, _ in drawn])[:, None])[0] if drawn else 0.0
    stretch = np.sqrt(1 + between / slopes.variances[0])
    low, high = value + (ends - value) * stretch
    shares, _ = slopes.read(*_ends(cells))
    agreeing = [p < 2 * stats.norm.sf(1.645) and np.sign(slope) == np.sign(value) for slope, p in drawn]
    with np.errstate(over="ignore"):
        ratio, low, high = np.exp([value, low, high]).tolist()
    return known | {
        "odds_ratio": ratio,
        "low": low,
        "high": high,
        "share_first": float(shares[0, 0]),
        "share_last": float(shares[1, 0]),
        "p": float(
            permutation_p(counted[:, None], time[kept], strata[kept], settings.n_permutations, settings.seed)[0]
        ),
        "robustness": float(np.mean(agreeing)) if drawn else np.nan,
    }


def _ends(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    readings = Readings.of(cells, window_ends(np.repeat(cells.time, cells.trials.astype(int)), None).times)
    return readings.times, readings.weights


def _drawn(inside: np.ndarray, counted: np.ndarray, time: np.ndarray, strata: np.ndarray) -> tuple[float, float]:
    """Return slope and p value in a redrawn clustering; no slope where the part has dissolved."""
    kept = inside & np.isfinite(time)
    if _why_not(counted[kept], time[kept], strata[kept]):
        return float("nan"), 1.0
    cells = Cells.of(time[kept], strata[kept])
    successes = cells.successes(counted[kept][:, None])
    return float(fit_slopes(cells, successes, LEVEL).values[0]), float(counted_normal_p(successes, cells)[0])


def _why_not(counted: np.ndarray, time: np.ndarray, strata: np.ndarray) -> str:
    """Say why a pair cannot be assessed; empty where it can."""
    fewer = min(int(counted.sum()), int((~counted).sum()))
    if fewer < _FEWEST:
        return f"it takes {_FEWEST} dated papers of either kind, and there are {fewer}"
    if not can_vary(counted[:, None], time, strata)[0]:
        return "within each stratum all dates are equal"
    return ""
