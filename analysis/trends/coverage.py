"""What time a corpus can speak of, and where papers stand whose dates are no days."""

from dataclasses import dataclass

import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.trends.heaps import year_heaps
from analysis.trends.periods import decimal_year

# a last year that is known by years alone is whole where it holds at least this part of the papers of the year before
_WHOLE = 0.5


@dataclass(frozen=True)
class Dated:
    """Papers' dates as trends read them.

    Attributes
    ----------
    papers : DataFrame, index paper_id
        date, date_precision ("day", "month", "year" or "none").
    heaped : int
        Papers whose day was their source's way to say that it knows the year alone.
    covered : tuple of Timestamp
        First and last day that the corpus can speak of.
    """

    papers: pd.DataFrame
    heaped: int
    covered: tuple[pd.Timestamp, pd.Timestamp]

    @classmethod
    def of(cls, corpus: Corpus, ids: pd.Index | None = None) -> "Dated":
        """Read the dates of the papers `ids`, in their order; of all by default.

        Days heaped on the first or last day of a year are known to the year. A paper known to the year stands at its middle; in
        the last year, at the middle of what the corpus covers of it.
        """
        every = corpus.facts("date", "date_precision")
        papers = every if ids is None else every.loc[ids]
        strata = corpus.strata.loc[papers.index].to_numpy()
        heaped = year_heaps(decimal_year(papers["date"]), strata) & (papers["date_precision"] == "day").to_numpy()
        precision = papers["date_precision"].where(~heaped, "year")
        covered = _covered(papers["date"], precision, _last_taken(corpus))
        years = papers["date"].dt.year
        # the last year's papers stand within what is covered of it, heaped ones no longer at the year's edge
        cut = (
            (years == covered[1].year)
            & (precision == "year")
            & (covered[1] < papers["date"].dt.to_period("Y").dt.end_time)
        )
        moved = (cut | heaped) & papers["date"].notna()
        starts = pd.to_datetime({"year": years[moved], "month": 1, "day": 1}).astype("datetime64[us]")
        ends = starts + pd.Timedelta(days=364)
        ends = ends.where(~cut[moved], covered[1])
        dates = papers["date"].copy()
        dates[moved] = starts + (ends - starts).dt.days // 2 * pd.Timedelta(days=1)
        return cls(papers.assign(date=dates, date_precision=precision), int(heaped.sum()), covered)


def coverage(corpus: Corpus) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day that the corpus can speak of; see `Dated`."""
    return Dated.of(corpus).covered


def _last_taken(corpus: Corpus) -> pd.Timestamp:
    """Return the day on which the last source was taken; NaT where none says so."""
    if not len(corpus.pages):
        return pd.NaT
    return pd.to_datetime(corpus.pages["taken"].replace("", None)).max()


def _covered(dates: pd.Series, precision: pd.Series, taken: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return what dated papers cover: a paper known to the month all of it, one known to the year its year if that is whole."""
    kept = dates.notna()
    dates, precision = dates[kept], precision[kept]
    if dates.empty:
        return pd.NaT, pd.NaT
    year, month = precision == "year", precision == "month"
    firsts = dates.where(~month, dates.dt.to_period("M").dt.start_time)
    first = firsts.where(~year, dates.dt.to_period("Y").dt.start_time).min()
    lasts = dates.where(~month, dates.dt.to_period("M").dt.end_time.dt.normalize())
    if pd.notna(taken):
        # a paper known to the month cannot reach past the day on which the last source was taken
        return first, max(taken, dates[~year].max()) if (~year).any() else taken
    precise = lasts[~year].max() if (~year).any() else pd.NaT
    last_year = int(dates.dt.year.max())
    if pd.notna(precise) and precise.year >= last_year:
        return first, precise
    return first, _end_of_last_year(dates, last_year, precise)


def _end_of_last_year(dates: pd.Series, last_year: int, precise: pd.Timestamp) -> pd.Timestamp:
    """Return the last day covered where the last year is known by years alone: half of the year where it holds too few papers."""
    counts = dates.dt.year.value_counts()
    before = counts.get(last_year - 1, 0)
    whole = not before or counts[last_year] >= _WHOLE * before
    end = pd.Timestamp(last_year, 12, 31) if whole else pd.Timestamp(last_year, 6, 30)
    return max(end, precise) if pd.notna(precise) else end
