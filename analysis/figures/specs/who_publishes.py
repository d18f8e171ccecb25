"""Who publishes: the countries, venues and authors of most papers, as the sources list them."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import plain
from analysis.listings.result import Bibliometrics, bibliometrics

_MOST = 10
NONE = "The sources list no countries, venues or authors of the papers."
_TITLES = {"country": "Countries", "venue": "Venues", "author": "Authors"}


def data(listed: Bibliometrics) -> pd.DataFrame:
    """Return kind, name, papers, fractional, known (papers of which any is known): the ten of most papers of each kind."""
    table = listed.table[listed.table["kind"].isin(_TITLES)].groupby("kind", sort=False).head(_MOST)
    table = table.assign(known=[listed.fact[kind] for kind in table["kind"]])
    return table[["kind", "name", "papers", "fractional", "known"]].reset_index(drop=True)


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as bars: a panel a kind, papers in full, the part by fraction darker."""
    kinds = [kind for kind in _TITLES if (frame["kind"] == kind).any()]
    if not kinds:
        return style.empty(NONE)
    frame = frame.sort_values("kind", key=lambda kind: kind.map(list(_TITLES).index), kind="stable", ignore_index=True)
    named = label_rows(list(frame["name"]), style, least=17, part=0.52)
    # a few long names are no reason for a longer page
    tall = named.height if style.narrow else min(named.height, 25)
    titles = [f"{_TITLES[kind]} ({frame.loc[frame['kind'] == kind, 'known'].iloc[0]:,} papers)" for kind in kinds]
    most = int(frame["kind"].value_counts().max())
    fig = make_subplots(
        rows=len(kinds), cols=1, subplot_titles=titles, vertical_spacing=46 / (len(kinds) * (46 + tall * most))
    )
    for number, kind in enumerate(kinds, start=1):
        part = frame[frame["kind"] == kind]
        texts = named.texts[part.index[0] : part.index[-1] + 1]
        hover = [
            f"<b>{plain(row.name)}</b><br>{row.papers:,} papers; {row.fractional:,.1f} by fraction"
            for row in part.itertuples(index=False)
        ]
        for column, colour, width in (("papers", "#BFD7EA", 0.8), ("fractional", style.palette[0], 0.4)):
            fig.add_bar(
                y=list(range(len(part))),
                x=part[column],
                orientation="h",
                width=width,
                marker={"color": colour},
                hovertext=hover,
                hovertemplate="%{hovertext}<extra></extra>",
                name="in full" if column == "papers" else "by fraction",
                showlegend=number == 1,
                row=number,
                col=1,
            )
        fig.update_yaxes(
            tickvals=list(range(len(part))),
            ticktext=texts,
            range=[most - 0.4, -0.6],
            showgrid=False,
            tickfont={"size": named.size},
            ticks="",
            row=number,
            col=1,
        )
    fig = style.apply(fig, round(60 + len(kinds) * (46 + tall * most)), margin=(named.left + 6, 16, 34, 46))
    fig.update_layout(
        barmode="overlay", legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"}
    )
    fig.update_xaxes(rangemode="tozero", nticks=4 if style.narrow else 6, tickfont={"size": 10})
    fig.update_xaxes(title_text="Papers", row=len(kinds), col=1)
    for annotation in fig.layout.annotations:
        annotation.update(font={"size": 11}, x=0, xanchor="left")
    return fig


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Countries, venues and authors of most papers with a topic, counted as the sources list them, in full and (darker) "
        "shared among the names on a paper; in brackets how many papers list any. Spellings of one author are one where surname "
        "and full given name agree. Counts of this corpus, not of the field."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    first = frame.drop_duplicates("kind")
    told = "; ".join(
        f"most by {_TITLES[row.kind].lower()} {row.name} ({row.papers:,})" for row in first.itertuples(index=False)
    )
    return f"Bars of papers by {', '.join(_TITLES[kind].lower() for kind in first['kind'])}: {told}."


@checked
def who_publishes(listed: Bibliometrics, **options: Unpack[Options]) -> go.Figure:
    """Draw the countries, venues and authors of most papers; see `analysis.bibliometrics`."""
    return draw_with(SPEC, data(listed), options)


SPEC = FigureSpec(
    "who_publishes",
    "Who publishes",
    lambda corpus, topics, trends: data(bibliometrics(corpus, topics)),
    draw,
    caption,
    alt,
    without,
)
