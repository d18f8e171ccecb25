"""Papers over time by the source that lists them first."""

from typing import cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.ordering import OTHERS, largest_sources
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style, shortened
from analysis.io.display import counted
from analysis.trends.coverage import coverage
from analysis.trends.periods import Period, calendar_periods, period_of
from analysis.trends.result import Trends
from analysis.validation import renamed_arguments

_MOST_SOURCES = 7
_FEW_SOURCES = 4


def data(corpus: Corpus, period: Period = "year") -> pd.DataFrame:
    """Return period, start, partial, source, n: papers with a date by period and first source, zeros included."""
    columns = ["period", "start", "partial", "source", "n"]
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
    return pd.concat(rows, ignore_index=True)[columns]


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as stacked bars; hatched bars are partial periods."""
    fig = go.Figure()
    if frame.empty:
        return style.empty("No paper has a date.")
    for number, (source, rows) in enumerate(frame.groupby("source", sort=False)):
        fig.add_bar(
            x=rows["period"],
            y=rows["n"],
            name=shortened(str(source), 28),
            width=0.8,
            legendgroup=str(source),
            showlegend=False,
            marker={
                "color": style.colour_of(number),
                "line": {"color": "white", "width": 0.5},
                "pattern": {
                    "shape": ["/" if partial else "" for partial in rows["partial"]],
                    "size": 5,
                    "solidity": 0.3,
                },
            },
            hovertemplate="%{x}: %{y} papers<extra>%{fullData.name}</extra>",
        )
        # a swatch of its own: the first bar's may be hatched
        fig.add_bar(
            x=[None],
            y=[None],
            name=shortened(str(source), 28),
            legendgroup=str(source),
            marker={"color": style.colour_of(number)},
        )
    totals = frame.groupby("period", sort=False)["n"].sum()
    fig.add_scatter(
        x=totals.index,
        y=totals,
        mode="text",
        text=totals.astype(str),
        textposition="top center",
        showlegend=False,
        hoverinfo="skip",
        cliponaxis=False,
    )
    # a long legend stands above the bars, a short one where early periods leave room
    legend = (
        {"x": 0.01, "y": 0.99}
        if frame["source"].nunique() <= _FEW_SOURCES
        else {"x": 0, "y": 1.02, "yanchor": "bottom", "orientation": "h"}
    )
    fig.update_layout(barmode="stack", legend=legend | {"title": {"text": "First listed on"}, "traceorder": "normal"})
    fig = style.apply(fig, 300)
    fig.update_xaxes(
        title="Year of first submission" if frame["period"].str.len().max() == 4 else "Period", type="category"
    )
    fig.update_yaxes(title="Papers", rangemode="tozero", range=[0, totals.max() * 1.12])
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    partial = sorted(set(frame.loc[frame["partial"], "period"])) if len(frame) else []
    hatched = f" Hatched: periods that the corpus covers only in part ({', '.join(partial)})." if partial else ""
    return (
        f"Papers by date of first submission and by the source that lists them first "
        f"(n = {int(frame['n'].sum())} dated papers).{hatched} Counts show what the sources hold, not how the field grows."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return "No paper has a date, so there is nothing to show over time."
    totals = frame.groupby("period", sort=False)["n"].sum()
    return (
        f"Stacked bars of {counted(int(totals.sum()), 'paper')} over {counted(len(totals), 'period')} and "
        f"{counted(frame['source'].nunique(), 'source')}; most fall in {totals.idxmax()} ({counted(int(totals.max()), 'paper')})."
    )


@renamed_arguments(granularity="period")
@checked
def papers_over_time(corpus: Corpus, period: Period = "year") -> go.Figure:
    """Draw papers over time by the source that lists them first."""
    return draw(data(corpus, period))


def _period_of(trends: Trends) -> Period:
    return cast(Period, trends.note["period"])


SPEC = FigureSpec(
    "papers_over_time",
    "Papers over time by source",
    lambda corpus, topics, trends: data(corpus, _period_of(trends)),
    draw,
    caption,
    alt,
)
