"""Thin periods told together with their neighbours: what a handful of papers shows is an interval and no share."""

import numpy as np
import pandas as pd

from analysis.trends.shares import jeffreys_interval

# a tenth of the papers makes a period, but no fewer and no more than these, or this part of what periods usually hold
_PART, _FEWEST, _ENOUGH, _USUAL = 0.1, 5, 20, 0.1


def thin_limit(totals: np.ndarray) -> int:
    """Return how many papers a period holds at least, so that it is not told together with its neighbours.

    A tenth of all papers within 5 to 20; a tenth of the period that holds the median paper where that is more.

    Parameters
    ----------
    totals : ndarray of int, shape (r,)
        Papers of each period.

    Examples
    --------
    >>> thin_limit(np.array([5, 10, 15])), thin_limit(np.array([1, 800, 900, 1000]))
    (5, 90)
    """
    sizes = np.sort(totals)
    usual = _USUAL * float(sizes[np.searchsorted(np.cumsum(sizes), sizes.sum() / 2)]) if len(sizes) else 0.0
    return int(max(np.clip(round(_PART * float(totals.sum())), _FEWEST, _ENOUGH), usual))


def spans(totals: np.ndarray, least: int) -> np.ndarray:
    """Return which periods belong together, shape (r,): from the first on, until `least` papers are there.

    What is left at the end, or empty, joins the span before it.

    Parameters
    ----------
    totals : ndarray of int, shape (r,)
        Papers of each period, in time's order.
    least : int

    Examples
    --------
    >>> spans(np.array([1, 0, 3, 9, 2, 8, 7, 1]), 5).tolist()
    [0, 0, 0, 0, 1, 1, 2, 2]
    """
    numbers, number, held = np.zeros(len(totals), dtype=int), 0, 0
    for position, papers in enumerate(totals):
        if held >= least and papers > 0:
            number, held = number + 1, 0
        numbers[position] = number
        held += int(papers)
    return np.where(numbers == number, max(number - 1, 0), numbers) if held < least else numbers


def merge_thin(series: pd.DataFrame) -> pd.DataFrame:
    """Return a series of shares with thin periods merged, and curves that were fitted beside it averaged.

    Parameters
    ----------
    series : DataFrame
        group, period, start, end, partial, n_topic, n_total, share, low, high, and fitted, fitted_low and fitted_high.

    Returns
    -------
    DataFrame
        The same columns, with at (decimal year: the papers' mean date as far as periods tell it), merged (bool) and least
        (papers of a span); fitted shares are means over the papers. A merged period is partial where all its parts are.
    """
    calendar = series.drop_duplicates("period")
    if calendar.empty:
        return series.assign(at=pd.Series(dtype=float), merged=pd.Series(dtype=bool), least=pd.Series(dtype=int))
    totals = calendar["n_total"].to_numpy()
    least = thin_limit(totals)
    span_of = pd.Series(spans(totals, least), index=calendar["period"])
    middle = calendar["start"] + (calendar["end"] - calendar["start"]) / 2
    when = (middle.dt.year + (middle.dt.day_of_year - 1) / 365.25).to_numpy()
    weights = np.maximum(totals, 1e-9)
    frame = series.assign(span=series["period"].map(span_of).to_numpy())
    told = calendar.assign(span=span_of.to_numpy(), when=when * weights, weight=weights).groupby("span")
    names = told["period"].agg(_name)
    at = told["when"].sum() / told["weight"].sum()
    keys = [frame["group"], frame["span"]]
    grouped = frame.groupby(["group", "span"], sort=False)
    merged = grouped.agg(
        start=("start", "first"),
        end=("end", "last"),
        partial=("partial", "all"),
        n_topic=("n_topic", "sum"),
        n_total=("n_total", "sum"),
    )
    merged["share"] = (merged["n_topic"] / merged["n_total"]).where(merged["n_total"] > 0)
    merged["low"], merged["high"] = jeffreys_interval(merged["n_topic"].to_numpy(), merged["n_total"].to_numpy())
    for name in ("fitted", "fitted_low", "fitted_high"):
        known = frame["n_total"].where(frame[name].notna(), 0)
        total = (frame[name].fillna(0) * known).groupby(keys, sort=False).sum()
        count = known.groupby(keys, sort=False).sum()
        merged[name] = (total / count.where(count > 0)).to_numpy()
    merged = merged.reset_index()
    merged.insert(1, "period", merged["span"].map(names).astype("str"))
    merged["at"] = merged["span"].map(at)
    merged["merged"] = merged["span"].map(told.size() > 1)
    return merged.drop(columns="span").assign(least=least)


def _name(periods: pd.Series) -> str:
    first, last = str(periods.iloc[0]), str(periods.iloc[-1])
    if first == last:
        return first
    return f"{first}–{last}" if len(first) == len(last) == 4 else f"{first} to {last}"
