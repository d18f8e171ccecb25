"""What time a corpus can speak of."""

import pandas as pd

from analysis.corpus.paper import Corpus


def coverage(corpus: Corpus) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day that the corpus can speak of.

    A paper known to the month or year covers all of it; a source covers up to the day it was taken.
    """
    dated = corpus.facts("date", "date_precision").dropna(subset="date")
    month = dated["date_precision"].to_numpy() == "month"
    year = dated["date_precision"].to_numpy() == "year"
    dates = dated["date"]
    firsts = dates.where(~month, dates.dt.to_period("M").dt.start_time)
    firsts = firsts.where(~year, dates.dt.to_period("Y").dt.start_time)
    lasts = dates.where(~month, dates.dt.to_period("M").dt.end_time.dt.normalize())
    lasts = lasts.where(~year, dates.dt.to_period("Y").dt.end_time.dt.normalize())
    taken = (
        pd.to_datetime(corpus.pages["taken"].replace("", None))
        if len(corpus.pages)
        else pd.Series(dtype="datetime64[us]")
    )
    # a month-precise date cannot reach past the day on which the last source was taken
    last = taken.max() if taken.notna().any() else lasts.max()
    return firsts.min(), max(last, dates.max()) if not dates.empty else last
