"""Each group's share of the papers of every period."""

import numpy as np
import pandas as pd

from analysis.trends.result import SERIES_COLUMNS
from analysis.trends.shares import count_by_period, jeffreys_interval
from analysis.trends.timeline import Calendar


def share_series(members: np.ndarray, groups: pd.Index, calendar: Calendar) -> pd.DataFrame:
    """Return one row per group and period, explicit zeros included, with Jeffreys intervals.

    Parameters
    ----------
    members : ndarray of bool, shape (n, k)
        Which paper is in which group; papers in none count in the totals alone.
    groups : Index, length k
    calendar : Calendar
        Papers without a period count nowhere.
    """
    periods, numbers = calendar.periods, calendar.numbers
    counts = count_by_period(members, numbers, len(periods))
    totals = np.broadcast_to(np.bincount(numbers[numbers >= 0], minlength=len(periods)), counts.shape)
    low, high = jeffreys_interval(counts, totals)
    frame = periods.loc[np.tile(periods.index, len(groups))].reset_index(drop=True)
    frame["group"] = np.repeat(groups.to_numpy(), len(periods))
    frame["n_topic"], frame["n_total"] = counts.ravel(), totals.ravel()
    with np.errstate(invalid="ignore"):
        frame["share"] = frame["n_topic"] / frame["n_total"]
    frame["low"], frame["high"] = low.ravel(), high.ravel()
    return frame[["group", *SERIES_COLUMNS[1:]]]
