"""Trends within a part of the papers: a concept among a topic's papers, or one topic against another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.trends.carried import carried_by
from analysis.trends.cells import Cells
from analysis.trends.ends import window_ends
from analysis.trends.false_discovery import q_values
from analysis.trends.family import LEVEL, TestSettings
from analysis.trends.influence import find_influence
from analysis.trends.permutation import can_vary, counted_normal_p, permutation_p
from analysis.trends.pooling import Readings, between_draws
from analysis.trends.series_p import series_p
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
    "p_series": "float64",
    "q_series": "float64",
    "series_holds": "boolean",
    "verdict": "str",
    "note": "str",
}
# fewer papers in or beside it than this say nothing of a pair
_FEWEST = 5
# a redrawn clustering agrees with a direction that it gives at this level
_AGREES = 0.1


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


def pair_table(
    pairs: Sequence[Pair],
    time: np.ndarray,
    strata: np.ndarray,
    settings: TestSettings,
    series: np.ndarray | None = None,
) -> pd.DataFrame:
    """Test every pair, all of them one family.

    Parameters
    ----------
    pairs : sequence of Pair
    time : ndarray of float, shape (n,)
        Decimal years; NaN where unknown.
    strata : ndarray of int, shape (n,)
    settings : TestSettings
    series : ndarray of int, shape (n,), optional
        Papers of one number are of one author group.

    Returns
    -------
    DataFrame
        kind, first, second, n (dated papers of the part), n_first (those that are counted), odds_ratio (per year: of the concept
        within the topic, or of the first topic over the second), low, high (95 %, redrawn clusterings included), share_first,
        share_last (fitted shares of the part at both ends of its window), p, q, robustness, p_series, q_series, series_holds (by
        author group; NaN and NA where authors are unknown), verdict (rising | falling | inconclusive), note (why it cannot be
        assessed, or what alone carries it; or empty).
    """
    if not pairs:
        return no_pairs()
    parts = [Part.of(pair, time, strata, series) for pair in pairs]
    frame = pd.DataFrame([_row(pair, part, (time, strata), settings) for pair, part in zip(pairs, parts, strict=True)])
    tested = (frame["note"] == "").to_numpy()
    p, q, q_series = frame["p"].to_numpy(dtype=float), np.ones(len(frame)), np.array(frame["p_series"], dtype=float)
    q[tested] = q_values(p[tested])
    asked = tested & np.isfinite(q_series)
    q_series[asked] = q_values(q_series[asked])
    crosses = ~((frame["low"] > 1) | (frame["high"] < 1)).to_numpy()
    doubtful = (frame["robustness"] < settings.robustness).to_numpy()
    claimed = tested & (q < settings.alpha) & ~crosses & ~doubtful
    notes = frame["note"].tolist()
    for row in np.flatnonzero(claimed):
        alone = _carried(parts[row], p[tested], int(tested[:row].sum()), settings)
        claimed[row], notes[row] = not alone, f"No verdict: {alone}." if alone else ""
    way = np.where(frame["odds_ratio"] > 1, "rising", "falling")
    frame = frame.assign(
        q=q,
        q_series=q_series,
        series_holds=pd.array(
            [bool(value < settings.alpha) if known else pd.NA for value, known in zip(q_series, asked, strict=True)]
        ),
        verdict=np.where(claimed, way, "inconclusive"),
        note=notes,
    )
    return frame[list(PAIR_COLUMNS)].astype(PAIR_COLUMNS)


@dataclass(frozen=True)
class Part:
    """The dated papers of a pair.

    Attributes
    ----------
    time, strata, counted : ndarray, shape (m,)
    series : ndarray of int, shape (m,), or None
    """

    time: np.ndarray
    strata: np.ndarray
    counted: np.ndarray
    series: np.ndarray | None

    @classmethod
    def of(cls, pair: Pair, time: np.ndarray, strata: np.ndarray, series: np.ndarray | None) -> "Part":
        """Take them from n papers, in one order whatever theirs is."""
        kept = np.flatnonzero(pair.inside & np.isfinite(time))
        kept = kept[np.lexsort((pair.counted[kept], strata[kept], time[kept]))]
        return cls(time[kept], strata[kept], pair.counted[kept], None if series is None else series[kept])

    @property
    def cells(self) -> Cells:
        """Their cells."""
        return Cells.of(self.time, self.strata)


def _row(pair: Pair, part: Part, papers: tuple[np.ndarray, np.ndarray], settings: TestSettings) -> dict[str, object]:
    known: dict[str, object] = {
        "kind": pair.kind,
        "first": pair.first,
        "second": pair.second,
        "n": len(part.time),
        "n_first": int(part.counted.sum()),
        "odds_ratio": 1.0,
        "low": 0.0,
        "high": np.inf,
        "share_first": np.nan,
        "share_last": np.nan,
        "p": 1.0,
        "robustness": np.nan,
        "p_series": np.nan,
        "note": "",
    }
    reason = _why_not(part.counted, part.time, part.strata)
    if reason:
        return known | {"note": f"Not assessable: {reason}."}
    cells, members = part.cells, part.counted[:, None]
    slopes = fit_slopes(cells, cells.successes(members), LEVEL)
    value, drawn = float(slopes.values[0]), [_drawn(*draw, *papers) for draw in pair.draws]
    ends = slopes.intervals()[0]
    between = between_draws(np.array([slope for slope, _ in drawn])[:, None])[0] if drawn else 0.0
    low, high = value + (ends - value) * np.sqrt(1 + between / slopes.variances[0])
    shares, _ = slopes.read(*_ends(cells))
    agreeing = [p < _AGREES and np.sign(slope) == np.sign(value) for slope, p in drawn]
    with np.errstate(over="ignore"):
        ratio, low, high = np.exp([value, low, high]).tolist()
    asked = (members, part.time, part.strata)
    count, seed = settings.n_permutations, settings.seed
    return known | {
        "odds_ratio": ratio,
        "low": low,
        "high": high,
        "share_first": float(shares[0, 0]),
        "share_last": float(shares[1, 0]),
        "p": float(permutation_p(*asked, count, seed)[0]),
        "robustness": float(np.mean(agreeing)) if drawn else np.nan,
        "p_series": np.nan if part.series is None else float(series_p(*asked, part.series, count, seed)[0]),
    }


def _carried(part: Part, p_values: np.ndarray, column: int, settings: TestSettings) -> str:
    """Say what alone carries a direction: one paper or one thin year; empty where nothing does."""
    cells = part.cells
    successes = cells.successes(part.counted[:, None])
    slopes = fit_slopes(cells, successes, LEVEL)
    influence = find_influence(cells, successes[:, 0], slopes.shares()[:, 0], float(slopes.values[0]))
    members = np.zeros((len(part.time), len(p_values)), dtype=bool)
    members[:, column] = part.counted
    papers = (part.time, part.strata, members)
    return carried_by(
        cells, papers, column, p_values, influence, settings.alpha, settings.n_permutations, settings.seed
    )


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
