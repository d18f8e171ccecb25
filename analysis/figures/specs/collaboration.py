"""Who works with whom: countries on a map, or authors where they stand together."""

from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.places import country_code
from analysis.errors import InputError
from analysis.figures.drawing.country_places import country_places
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.style import OUTLIER, QUIET, Style, plain, shortened
from analysis.listings.result import Bibliometrics

Kind = Literal["country", "author"]
# the strongest links, and names that are written out
_MOST_LINKS, _MOST_NAMED = 120, 18
_HEIGHT = {"country": 380, "author": 560}


def data(listed: Bibliometrics, kind: Kind = "country") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return nodes (name, papers, partners, community, x, y) and links (one, other, papers); countries where they lie."""
    nodes, links = (frame[frame["kind"] == kind].drop(columns="kind") for frame in (listed.nodes, listed.links))
    if kind == "country":
        places = country_places()
        where = [places.get(country_code(name) or "", (np.nan, np.nan)) for name in nodes["name"]]
        nodes = nodes.assign(x=[x for x, _ in where], y=[y for _, y in where]).dropna(subset="x")
    else:
        nodes = nodes[nodes["partners"] > 0]
    links = links[links["one"].isin(nodes["name"]) & links["other"].isin(nodes["name"])].head(_MOST_LINKS)
    return nodes.reset_index(drop=True), links.reset_index(drop=True)


def draw(tables: tuple[pd.DataFrame, pd.DataFrame], kind: Kind = "country", style: Style = Style()) -> go.Figure:
    """Draw `data`: circles by papers, lines by papers in common."""
    nodes, links = tables
    if nodes.empty:
        return style.empty(f"The sources list no {'countries' if kind == 'country' else 'authors'}.")
    fig = go.Figure()
    if kind == "country":
        every = np.array(list(country_places().values()))
        dots = {"size": 3, "color": OUTLIER}
        fig.add_scatter(x=every[:, 0], y=every[:, 1], mode="markers", marker=dots, hoverinfo="skip")
    place = nodes.set_index("name")[["x", "y"]]
    most = max(int(links["papers"].max()), 1) if len(links) else 1
    for row in links.iloc[::-1].itertuples():
        ends = place.loc[[row.one, row.other]]
        fig.add_scatter(
            x=ends["x"],
            y=ends["y"],
            mode="lines",
            line={"width": 0.5 + 6 * row.papers / most, "color": "rgba(107,107,107,0.35)"},
            hoverinfo="skip",
        )
    largest = int(nodes["papers"].max())
    hover = [
        f"<b>{plain(row.name)}</b><br>{row.papers:,} papers, with {row.partners} others"
        for row in nodes.itertuples(index=False)
    ]
    fig.add_scatter(
        x=nodes["x"],
        y=nodes["y"],
        mode="markers",
        marker={
            "size": 5 + 27 * np.sqrt(nodes["papers"] / largest),
            "color": [style.colour_of(int(number)) for number in nodes["community"]],
            "line": {"color": "white", "width": 1},
        },
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    _names(fig, nodes.head(_MOST_NAMED), largest)
    fig = style.apply(fig, _HEIGHT[kind], margin=(8, 8, 8, 8))
    fig.update_layout(showlegend=False)
    axis = {"visible": False, "showgrid": False}
    fig.update_xaxes(**axis, range=[-172, 186] if kind == "country" else _spread(nodes["x"]))
    fig.update_yaxes(**axis, range=[-58, 78] if kind == "country" else _spread(nodes["y"]))
    return fig


def _spread(values: pd.Series) -> list[float]:
    """Return an axis' range with room for circles and, at its end, for names."""
    wide = float(np.ptp(values)) or 1.0
    return [float(values.min()) - 0.06 * wide, float(values.max()) + 0.14 * wide]


def _names(fig: go.Figure, nodes: pd.DataFrame, largest: int) -> None:
    """Write names beside the largest circles, where none stands already."""
    wide, high = np.ptp(nodes["x"]) or 1.0, np.ptp(nodes["y"]) or 1.0
    taken: list[tuple[float, float]] = []
    for row in nodes.itertuples(index=False):
        x, y = row.x / wide, row.y / high
        if any(abs(x - other) < 0.13 and abs(y - above) < 0.05 for other, above in taken):
            continue
        taken.append((x, y))
        fig.add_annotation(
            x=row.x,
            y=row.y,
            text=shortened(row.name, 26),
            showarrow=False,
            xanchor="left",
            xshift=4 + 13 * np.sqrt(row.papers / largest),
            font={"size": 10, "color": QUIET},
            bgcolor="rgba(255,255,255,0.7)",
            borderpad=0,
        )


def caption(kind: Kind = "country") -> str:
    """Return the figure's caption."""
    where = (
        "Circles lie at the middle of a country's time zones; grey dots are all countries."
        if kind == "country"
        else "Near authors publish together; axes have no unit."
    )
    return (
        f"Who stands on the same papers, counted as the sources list them: size is papers, width papers in common (the strongest "
        f"{_MOST_LINKS} links), colour a community by modularity. {where} Counts of this corpus, not of the field."
    )


@checked
def collaboration(listed: Bibliometrics, kind: Kind = "country") -> go.Figure:
    """Draw which countries, or authors, stand on the same papers; see `analysis.bibliometrics`."""
    if kind not in _HEIGHT:
        raise InputError(f"kind must be 'country' or 'author', not {kind!r}")
    return draw(data(listed, kind), kind)
