"""Papers over time by the source that lists them first."""

import math
from typing import Unpack, cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import OTHERS, date_kind, largest_sources, source_names
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import text_width, wrapped
from analysis.io.display import counted
from analysis.trends.coverage import coverage
from analysis.trends.periods import Period, calendar_periods, period_of
from analysis.trends.result import Trends
from analysis.validation import renamed_arguments

_MOST_SOURCES = 7
# bars that are drawn without a rim between sources
_MANY = 40
# first years that together hold less than this share of the papers are one bar, if they are at least so many
_EARLY, _FEWEST_EARLY = 0.01, 3
NONE = "No paper has a date, so there is nothing to show over time."


def data(corpus: Corpus, period: Period = "year") -> pd.DataFrame:
    """Return period, start, partial, source, n, of: papers with a date by period and first source, zeros included.

    First periods that hold next to nothing are one, "until" the last of them; of is " of first submission" or
    " of publication" where that is known of all sources.
    """
    columns = ["period", "start", "partial", "source", "n", "of"]
    dates = corpus.facts("date")["date"]
    if dates.notna().sum() == 0:
        return pd.DataFrame(columns=columns)
    periods = calendar_periods(dates, period, coverage(corpus))
    numbers = period_of(dates, period, dates.min())
    grouped = largest_sources(corpus.strata, _MOST_SOURCES).to_numpy()
    sources = set(grouped)
    names = [*sorted(sources - {OTHERS}), *(sources & {OTHERS})]
    rows = []
    for name in names:
        counts = np.bincount(numbers[(grouped == name) & (numbers >= 0)], minlength=len(periods))
        rows.append(periods[["period", "start", "partial"]].assign(source=name, n=counts))
    frame = _gathered(pd.concat(rows, ignore_index=True), period)
    return frame.assign(of=date_kind(corpus.pages))[columns]


def _gathered(frame: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the counts with the first years in one row where they hold next to nothing."""
    totals = frame.groupby("period", sort=False)["n"].sum()
    early = int((totals.cumsum() < _EARLY * totals.sum()).sum())
    if period != "year" or early < _FEWEST_EARLY:
        return frame
    names = dict.fromkeys(totals.index[:early], f"until {totals.index[early - 1]}")
    frame = frame.assign(period=frame["period"].replace(names))
    grouped = frame.groupby(["source", "period"], sort=False)
    return grouped.agg(start=("start", "first"), partial=("partial", "all"), n=("n", "sum")).reset_index()


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as stacked bars; hatched bars are partial periods."""
    fig = go.Figure()
    if frame.empty:
        return style.empty(NONE)
    names = source_names(frame["source"].unique())
    shown = [wrapped(names[source], 170, 11, 2) for source in names]
    for number, ((source, rows), name) in enumerate(zip(frame.groupby("source", sort=False), shown, strict=True)):
        fig.add_bar(
            x=rows["period"],
            y=rows["n"],
            name=name,
            width=0.8,
            legendgroup=str(source),
            showlegend=False,
            marker={
                "color": style.colour_of(number),
                "line": {"color": "white", "width": 0.5 if len(rows) < _MANY else 0},
                "pattern": {
                    "shape": ["/" if partial else "" for partial in rows["partial"]],
                    "size": 5,
                    "solidity": 0.3,
                },
            },
            hovertemplate="%{x}: %{y} papers<extra>%{fullData.name}</extra>",
        )
        # a swatch of its own: the first bar's may be hatched
        fig.add_bar(x=[None], y=[None], name=name, legendgroup=str(source), marker={"color": style.colour_of(number)})
    totals = frame.groupby("period", sort=False)["n"].sum()
    _write_totals(fig, totals, style)
    several = len(names) > 1
    fig.update_layout(
        barmode="stack",
        showlegend=several,
        legend={
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "orientation": "h",
            "traceorder": "normal",
            "title": {"text": "First listed on  "},
        },
    )
    entries = 1 if style.narrow else 3
    head = 22 + (24 * math.ceil((len(names) + 1) / entries) if several else 0)
    fig = style.apply(fig, 250 + head, margin=(60, 14, head, 46))
    kept = max(1, math.ceil(len(totals) * (text_width(max(totals.index, key=len), 10) + 8) / (style.pixels - 74)))
    fig.update_xaxes(
        title_text=f"Year{frame['of'].iloc[0]}" if frame["period"].str.len().min() == 4 else "Period",
        type="category",
        # counted from the last, which is always told
        tickvals=list(totals.index)[::-1][::kept],
        tickfont={"size": 10},
        tickangle=0,
    )
    fig.update_yaxes(title_text="Papers", rangemode="tozero", range=[0, totals.max() * 1.12], tickfont={"size": 10})
    return fig


def _write_totals(fig: go.Figure, totals: pd.Series, style: Style) -> None:
    """Write each bar's total above it, where it does not run into the next one."""
    room = (style.pixels - 74) / len(totals)
    if text_width(f"{totals.max():,}", 9) > room - 2:
        return
    fig.add_scatter(
        x=totals.index,
        y=totals,
        mode="text",
        text=[f"{total:,}" if total else "" for total in totals],
        textposition="top center",
        textfont={"size": 9 if room < 34 else 11},
        showlegend=False,
        hoverinfo="skip",
        cliponaxis=False,
    )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return NONE
    partial = list(dict.fromkeys(frame.loc[frame["partial"], "period"]))
    hatched = f" Hatched: periods that the corpus covers only in part ({', '.join(partial)})." if partial else ""
    early = frame["period"].iloc[0]
    gathered = f" Years before {early[6:]} hold few papers and are one bar." if early.startswith("until ") else ""
    return (
        f"Papers by date{frame['of'].iloc[0]} and by the source that lists them first "
        f"(n = {int(frame['n'].sum()):,} dated papers).{hatched}{gathered} Counts show what the sources hold, not how the "
        "field grows."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    totals = frame.groupby("period", sort=False)["n"].sum()
    return (
        f"Stacked bars of {counted(int(totals.sum()), 'paper')} over {counted(len(totals), 'period')} and "
        f"{counted(frame['source'].nunique(), 'source')}; most fall in {totals.idxmax()} ({counted(int(totals.max()), 'paper')})."
    )


@renamed_arguments(granularity="period")
@checked
def papers_over_time(corpus: Corpus, /, period: Period = "year", **options: Unpack[Options]) -> go.Figure:
    """Draw papers over time by the source that lists them first."""
    return draw_with(SPEC, data(corpus, period), options)


def _period_of(trends: Trends) -> Period:
    return cast(Period, trends.note["period"])


SPEC = FigureSpec(
    "papers_over_time",
    "Papers over time by source",
    lambda corpus, topics, trends: data(corpus, _period_of(trends)),
    draw,
    caption,
    alt,
    without,
)
