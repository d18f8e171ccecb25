"""The table of a family of tests: a row for each group, assessed or not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analysis.trends.ends import Ends
from analysis.trends.false_discovery import q_values
from analysis.trends.family import Found, TestSettings
from analysis.trends.periods import month_of
from analysis.trends.sentences import Story, sentence, told_reasons
from analysis.trends.shrinkage import shrunken
from analysis.trends.verdict import Rules

_NUMBERS = (
    "odds_ratio low high p q robustness share_first share_first_low share_first_high share_last share_last_low "
    "share_last_high detectable_rise detectable_fall odds_ratio_shrunken wandering_p influence q_by dispersion dispersion_p "
    "q_turn p_series q_series"
).split()
_TEXTS = "verdict course since shape turning_point set_aside note".split()
TEST_COLUMNS = [
    "n",
    "odds_ratio",
    "low",
    "high",
    "p",
    "q",
    "robustness",
    "verdict",
    "course",
    "share_first",
    "share_first_low",
    "share_first_high",
    "share_last",
    "share_last_low",
    "share_last_high",
    "detectable_rise",
    "detectable_fall",
    "odds_ratio_shrunken",
    "wandering_p",
    "beyond_wandering",
    "influence",
    "p_series",
    "q_series",
    "series_holds",
    "since",
    "q_by",
    "dispersion",
    "dispersion_p",
    "shape",
    "turning_point",
    "q_turn",
    "set_aside",
    "note",
]


@dataclass(frozen=True)
class Labelled:
    """What the rows of a family are made of beside what its tests found.

    Attributes
    ----------
    p, wandering, by_series : ndarray of float, shape (k,)
        The last by author group; NaN where authors are unknown.
    ends : Ends
    settings : TestSettings
    """

    p: np.ndarray
    wandering: np.ndarray
    by_series: np.ndarray
    ends: Ends
    settings: TestSettings


def assessed_rows(found: Found, known: Labelled) -> list[dict[str, Any]]:
    """Return one row for each of k groups that could be assessed, by `TEST_COLUMNS`."""
    q_by = false_discovery_control(known.p, method="by")
    beyond = beyond_wandering(known.wandering, known.settings.alpha)
    asked = np.isfinite(known.by_series).all() and len(known.by_series) > 0
    q_series = q_values(known.by_series) if asked else known.by_series
    estimates = found.estimates
    toward_mean = shrunken(estimates.slopes.values, estimates.slopes.variances * estimates.stretch**2)
    return [
        {
            "n": int(found.n[group]),
            **_estimate(found, group),
            "odds_ratio_shrunken": float(np.exp(toward_mean[group])),
            "p": float(known.p[group]),
            "q": float(found.q[group]),
            "q_by": float(q_by[group]),
            **_judgement(found, group, known.settings.rules, known.ends, float(q_series[group])),
            **_shares(found, group),
            "wandering_p": float(known.wandering[group]),
            "beyond_wandering": beyond[group],
            "p_series": float(known.by_series[group]),
            "q_series": float(q_series[group]),
            "series_holds": bool(q_series[group] < known.settings.alpha) if asked else pd.NA,
        }
        for group in range(len(found.q))
    ]


def beyond_wandering(p_values: np.ndarray, alpha: float) -> list[Any]:
    """Return which groups moved beyond their usual wandering, False discovery held at alpha; NA where that cannot be asked."""
    known = np.isfinite(p_values)
    moved = np.zeros(len(p_values), dtype=bool)
    moved[known] = q_values(p_values[known]) < alpha
    return [bool(value) if asked else pd.NA for value, asked in zip(moved, known, strict=True)]


def not_assessable(count: int, reason: str) -> dict[str, Any]:
    """Return the row of a group of `count` dated papers that cannot be assessed for `reason`."""
    nothing = dict.fromkeys(_NUMBERS, float("nan"))
    bounds = {
        "odds_ratio": 1.0,
        "odds_ratio_shrunken": 1.0,
        "low": 0.0,
        "high": float("inf"),
        "p": 1.0,
        "q": 1.0,
        "q_by": 1.0,
        "q_turn": 1.0,
    }
    unknown = {
        "odds_ratio_shrunken": 1.0,
        "robustness": 0.0,
        "detectable_rise": float("inf"),
        "detectable_fall": 0.0,
        "influence": 0.0,
    }
    texts = {
        "verdict": "inconclusive",
        "course": "",
        "since": "",
        "shape": "none",
        "turning_point": "",
        "set_aside": "",
    }
    return {
        "n": count,
        **nothing,
        **bounds,
        **unknown,
        **texts,
        "beyond_wandering": pd.NA,
        "series_holds": pd.NA,
        "note": f"Not assessable: {reason}.",
    }


def tests_table(rows: list[dict[str, Any]], groups: Any) -> pd.DataFrame:
    """Return rows as the table of a family, index topic."""
    frame = pd.DataFrame(rows, columns=TEST_COLUMNS, index=pd.Index(groups, name="topic"))
    numbers = dict.fromkeys(_NUMBERS, "float64")
    return frame.astype(
        numbers
        | {"n": "int64", "beyond_wandering": "boolean", "series_holds": "boolean"}
        | dict.fromkeys(_TEXTS, "str")
    )


def _estimate(found: Found, group: int) -> dict[str, float]:
    estimates = found.estimates
    with np.errstate(over="ignore"):
        ratio, low, high = (
            float(np.exp(values[group])) for values in (estimates.slopes.values, estimates.low, estimates.high)
        )
    return {
        "odds_ratio": ratio,
        "low": low,
        "high": high,
        "detectable_rise": float(found.rises[group]),
        "detectable_fall": float(found.falls[group]),
        "dispersion": estimates.dispersions[group].factor,
        "dispersion_p": estimates.dispersions[group].p,
    }


def _judgement(found: Found, group: int, rules: Rules, ends: Ends, q_series: float) -> dict[str, Any]:
    judged = found.judged
    turn, onset, evidence = judged.turns[group], judged.onsets[group], judged.evidence[group]
    turned = month_of(turn.year) if turn.shape != "none" else ""
    since = month_of(onset.time) if onset.kind != "none" else ""
    own = judged.verdicts[group] in ("new", "ended")
    first, last = (
        (float(share), float(low), float(high))
        for share, low, high in zip(*(part[:, group] for part in found.at_ends), strict=True)
    )
    story = Story(
        ends.names,
        first,
        last,
        (float(found.rises[group]), float(found.falls[group])),
        since if own else turned,
        judged.courses[group],
        (turn.before, turn.after),
        (onset.kind, since),
        q_series if q_series >= rules.alpha else None,
    )
    direction = rules.direction(evidence.q, evidence.change)
    verdict = judged.verdicts[group]
    return {
        "verdict": verdict,
        "robustness": evidence.robustness,
        "course": judged.courses[group] if own else "",
        "since": since,
        "shape": turn.shape,
        "turning_point": turned,
        "q_turn": float(judged.turn_q[group]),
        "influence": judged.influences[group].largest,
        "set_aside": told_reasons(judged.reasons[group]),
        "note": sentence(verdict, judged.reasons[group], direction, evidence, story),
    }


def _shares(found: Found, group: int) -> dict[str, float]:
    return {
        f"share_{end}{bound}": float(values[number, group])
        for number, end in enumerate(("first", "last"))
        for bound, values in zip(("", "_low", "_high"), found.at_ends, strict=True)
    }
