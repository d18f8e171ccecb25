"""Before and after: a step in a topic's share at a date that the reader names, beside its slope."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.trends.cells import Cells
from analysis.trends.conditional import SmallStrata, conditional_curve
from analysis.trends.false_discovery import q_values
from analysis.trends.periods import decimal_year
from analysis.trends.regression import drop_in_loglik, fit_firth, profile_interval
from analysis.trends.slopes import sparse_strata

EVENT_COLUMNS = [
    "event",
    "date",
    "family",
    "group",
    "n_before",
    "n_after",
    "share_before",
    "share_after",
    "odds_ratio",
    "low",
    "high",
    "p",
    "q",
    "note",
]
# papers of the corpus on either side below which no step can be told from a slope
_FEWEST_PAPERS = 20
_LEVEL = 0.95


@dataclass(frozen=True)
class Step:
    """A step in the log odds of one topic, its slope and stratum effects taken out.

    Attributes
    ----------
    value, low, high : float
        Log odds after the date less those before, with a 95 % interval.
    p : float
        Of the likelihood ratio.
    """

    value: float
    low: float
    high: float
    p: float


def find_step(cells: Cells, successes: np.ndarray, at: float) -> Step | None:
    """Fit a step at decimal year `at` beside a slope; None where the two cannot be told apart.

    Parameters
    ----------
    cells : Cells
        c cells.
    successes : ndarray, shape (c,)
    at : float
    """
    after = (cells.time >= at).astype(float)
    middle = float(np.average(cells.time, weights=cells.trials))
    columns = np.column_stack([cells.time - middle, after])
    if not 0 < successes.sum() < cells.trials.sum():
        return None
    if sparse_strata(cells):
        return _conditional_step(cells, successes, columns)
    design = np.column_stack([columns, cells.indicators])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    fit = fit_firth(design, successes, cells.trials, cells.level_start(successes, 2))
    drop = drop_in_loglik(design, successes, fit, [1], cells.trials)
    low, high = profile_interval(design, successes, fit, 1, _LEVEL, cells.trials)
    return Step(float(fit.coefficients[1]), low, high, float(stats.chi2.sf(2 * drop, 1)))


def event_table(
    events: Mapping[str, pd.Timestamp],
    members: np.ndarray,
    groups: pd.Index,
    time: np.ndarray,
    strata: np.ndarray,
    family: str,
) -> pd.DataFrame:
    """Test every group of a family for a step at every event; each event is a family of its own.

    Parameters
    ----------
    events : mapping of str to Timestamp
        Name and first day.
    members : ndarray of bool, shape (n, k)
    groups : Index, length k
    time : ndarray of float, shape (n,)
        Decimal years; NaN where unknown.
    strata : ndarray, shape (n,)
    family : str

    Returns
    -------
    DataFrame
        event, date, family, group, n_before, n_after (the group's dated papers), share_before, share_after (of the
        papers of the year before and after; NaN where there are none), odds_ratio (of the step), low, high
        (95 %), p, q, note. A step that cannot be told from a slope has odds ratio 1, interval 0 to infinity and p = q = 1.
    """
    dated = np.isfinite(time)
    frames = [pd.DataFrame(columns=EVENT_COLUMNS)]
    if dated.any() and len(groups):
        cells = Cells.of(time[dated], strata[dated])
        successes = cells.successes(members[dated])
        frames += [_of_event(name, day, cells, successes, groups, family) for name, day in events.items()]
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    numbers = dict.fromkeys(("share_before", "share_after", "odds_ratio", "low", "high", "p", "q"), "float64")
    texts = dict.fromkeys(("event", "family", "group", "note"), "str")
    return whole.astype(numbers | texts | {"date": "datetime64[us]", "n_before": "int64", "n_after": "int64"})


def _of_event(
    name: str, day: pd.Timestamp, cells: Cells, successes: np.ndarray, groups: pd.Index, family: str
) -> pd.DataFrame:
    at = float(decimal_year(pd.Series([day]))[0])
    later = cells.time >= at
    few = min(cells.trials[later].sum(), cells.trials[~later].sum()) < _FEWEST_PAPERS
    steps = [None if few else find_step(cells, column, at) for column in successes.T]
    p_values = np.array([1.0 if step is None else step.p for step in steps])
    asked = np.array([step is not None for step in steps])
    q = np.ones(len(steps))
    q[asked] = q_values(p_values[asked])
    shares = _shares_around(cells, successes, at)
    reason = (
        f"fewer than {_FEWEST_PAPERS} dated papers lie on one side of it"
        if few
        else "a step cannot be told from a slope"
    )
    with np.errstate(over="ignore"):
        ratios = np.array([(1.0, 0.0, np.inf) if s is None else np.exp([s.value, s.low, s.high]) for s in steps])
    return pd.DataFrame(
        {
            "event": name,
            "date": day,
            "family": family,
            "group": groups.astype(str),
            "n_before": successes[~later].sum(axis=0).astype(int),
            "n_after": successes[later].sum(axis=0).astype(int),
            "share_before": shares[0],
            "share_after": shares[1],
            "odds_ratio": ratios[:, 0],
            "low": ratios[:, 1],
            "high": ratios[:, 2],
            "p": p_values,
            "q": q,
            "note": ["" if known else f"Not assessable: {reason}." for known in asked],
        }
    )


def _shares_around(cells: Cells, successes: np.ndarray, at: float) -> np.ndarray:
    """Return the share of each group in the papers of the year before and after `at`, shape (2, k)."""
    found = np.full((2, successes.shape[1]), np.nan)
    before, after = (cells.time < at) & (cells.time >= at - 1), (cells.time >= at) & (cells.time < at + 1)
    for row, part in enumerate((before, after)):
        if cells.trials[part].sum() > 0:
            found[row] = successes[part].sum(axis=0) / cells.trials[part].sum()
    return found


def _conditional_step(cells: Cells, successes: np.ndarray, columns: np.ndarray) -> Step | None:
    strata, codes = SmallStrata.of(cells, columns), np.unique(cells.strata, return_inverse=True)[1]
    flat = strata.values.reshape(-1, 2)
    if np.linalg.matrix_rank(flat) < 2:
        return None
    inside = np.bincount(codes, weights=successes).astype(int)
    totals = successes @ (columns - strata.means[codes])
    coefficients, loglik = conditional_curve(strata, inside, totals)
    covariance = np.linalg.pinv(strata.moments(inside, coefficients)[2])
    drop = max(0.0, loglik - conditional_curve(strata.first(1), inside, totals[:1])[1])
    reach = stats.norm.isf((1 - _LEVEL) / 2) * float(np.sqrt(max(covariance[1, 1], 0.0)))
    value = float(coefficients[1])
    return Step(value, value - reach, value + reach, float(stats.chi2.sf(2 * drop, 1)))
