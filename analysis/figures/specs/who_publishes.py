"""Who publishes: the countries, venues and authors of most papers, as the sources list them."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.style import Style, plain, shortened
from analysis.listings.result import Bibliometrics

_MOST = 12
_ROW = 19
_TITLES = {"country": "Countries", "venue": "Venues", "author": "Authors"}


def data(listed: Bibliometrics) -> pd.DataFrame:
    """Return kind, name, papers, fractional, known (papers of which any is known): the twelve of most papers of each kind."""
    table = listed.table[listed.table["kind"].isin(_TITLES)].groupby("kind", sort=False).head(_MOST)
    table = table.assign(known=[listed.fact[kind] for kind in table["kind"]])
    return table[["kind", "name", "papers", "fractional", "known"]].reset_index(drop=True)


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as bars: a panel a kind, papers in full, the part by fraction darker."""
    kinds = [kind for kind in _TITLES if (frame["kind"] == kind).any()]
    if not kinds:
        return style.empty("The sources list no countries, venues or authors.")
    titles = [f"{_TITLES[kind]} ({frame.loc[frame['kind'] == kind, 'known'].iloc[0]:,} papers)" for kind in kinds]
    fig = make_subplots(rows=len(kinds), cols=1, subplot_titles=titles, vertical_spacing=0.1)
    for number, kind in enumerate(kinds, start=1):
        part = frame[frame["kind"] == kind]
        names = [shortened(name, 46) for name in part["name"]]
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
            ticktext=names,
            range=[_MOST - 0.4, -0.6],
            showgrid=False,
            tickfont={"size": 10},
            ticks="",
            row=number,
            col=1,
        )
    fig = style.apply(fig, 60 + len(kinds) * (46 + _ROW * _MOST), margin=(290, 16, 34, 44))
    fig.update_layout(
        barmode="overlay", legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"}
    )
    fig.update_xaxes(rangemode="tozero", nticks=6)
    fig.update_xaxes(title="Papers", row=len(kinds), col=1)
    for annotation in fig.layout.annotations:
        annotation.update(font={"size": 11}, x=0, xanchor="left")
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Countries, venues and authors of most papers with a topic, counted as the sources list them, in full and (darker) "
        "shared among the names on a paper; in brackets how many papers list any. Spellings of one author are one where surname "
        "and full given name agree. Counts of this corpus, not of the field."
    )


@checked
def who_publishes(listed: Bibliometrics) -> go.Figure:
    """Draw the countries, venues and authors of most papers; see `analysis.bibliometrics`."""
    return draw(data(listed))
