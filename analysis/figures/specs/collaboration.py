"""Who works with whom: countries on a map, or authors where they stand together."""

from typing import Literal, Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.places import country_code
from analysis.errors import InputError
from analysis.figures.drawing.country_places import country_places
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import FULL_WIDTH, HALO, OUTLIER, QUIET, Style
from analysis.figures.drawing.text import plain, shortened
from analysis.io.display import counted
from analysis.listings.result import Bibliometrics, bibliometrics

Kind = Literal["country", "author"]
# the strongest links, and names that are written out
_MOST_LINKS, _MOST_NAMED = 120, 18
COLUMNS = ["kind", "part", "name", "other", "papers", "partners", "community", "x", "y"]
NONE = "The sources list no countries or authors that stand on the same papers."
_HEIGHT = {"country": 380, "author": 560}


def data(listed: Bibliometrics, kind: Kind = "country") -> pd.DataFrame:
    """Return kind, part ("node" or "link"), name, other (of a link), papers, partners, community, x, y (of a node).

    Countries lie where they are.
    """
    nodes, links = (frame[frame["kind"] == kind] for frame in (listed.nodes, listed.links))
    if kind == "country":
        places = country_places()
        where = [places.get(country_code(name) or "", (np.nan, np.nan)) for name in nodes["name"]]
        nodes = nodes.assign(x=[x for x, _ in where], y=[y for _, y in where]).dropna(subset="x")
    else:
        nodes = nodes[nodes["partners"] > 0]
    links = links[links["one"].isin(nodes["name"]) & links["other"].isin(nodes["name"])].head(_MOST_LINKS)
    parts = [nodes.assign(part="node"), links.rename(columns={"one": "name"}).assign(part="link")]
    frame = pd.concat([part.reindex(columns=COLUMNS) for part in parts if len(part)] or [pd.DataFrame(columns=COLUMNS)])
    return frame.reset_index(drop=True)


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return "" if (frame["part"] == "link").any() else NONE


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: circles by papers, lines by papers in common."""
    nodes, links = (frame[frame["part"] == part].reset_index(drop=True) for part in ("node", "link"))
    if nodes.empty:
        return style.empty(NONE)
    kind = str(nodes["kind"].iloc[0])
    fig = go.Figure()
    if kind == "country":
        every = np.array(list(country_places().values()))
        dots = {"size": 3, "color": OUTLIER}
        fig.add_scatter(x=every[:, 0], y=every[:, 1], mode="markers", marker=dots, hoverinfo="skip")
    place = nodes.set_index("name")[["x", "y"]].astype(float)
    most = float(links["papers"].max()) if len(links) else 1.0
    for row in links.iloc[::-1].itertuples():
        ends = place.loc[[row.name, row.other]]
        fig.add_scatter(
            x=ends["x"],
            y=ends["y"],
            mode="lines",
            line={"width": 0.5 + 6 * row.papers / most, "color": "rgba(107,107,107,0.35)"},
            hoverinfo="skip",
        )
    largest = int(nodes["papers"].max())
    hover = [
        f"<b>{plain(row.name)}</b><br>{int(row.papers):,} papers, with {int(row.partners)} others"
        for row in nodes.itertuples(index=False)
    ]
    fig.add_scatter(
        x=nodes["x"],
        y=nodes["y"],
        mode="markers",
        marker={
            "size": 5 + (14 if style.narrow else 27) * np.sqrt(nodes["papers"].astype(float) / largest),
            "color": [style.colour_of(int(number)) for number in nodes["community"]],
            "line": {"color": "white", "width": 1},
        },
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    _names(fig, nodes.head(_MOST_NAMED), largest)
    fig = style.apply(fig, round(_HEIGHT[kind] * min(1.0, style.pixels / FULL_WIDTH + 0.1)), margin=(8, 8, 8, 8))
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
            font={"size": 10, "color": QUIET, "shadow": HALO},
            borderpad=0,
        )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return NONE
    where = (
        "Circles lie at the middle of a country's time zones; grey dots are all countries."
        if frame["kind"].iloc[0] == "country"
        else "Near authors publish together; axes have no unit."
    )
    return (
        f"Who stands on the same papers, counted as the sources list them: size is papers, width papers in common (the strongest "
        f"{_MOST_LINKS} links), colour a community by modularity. {where} Counts of this corpus, not of the field."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    links = frame[frame["part"] == "link"]
    if links.empty:
        return NONE
    most = links.loc[links["papers"].astype(float).idxmax()]
    nodes = int((frame["part"] == "node").sum())
    return (
        f"Network of {nodes} {'countries' if most['kind'] == 'country' else 'authors'} with {counted(len(links), 'link')}; the "
        f"strongest joins {most['name']} and {most['other']} ({counted(int(most['papers']), 'paper')})."
    )


def _whichever(listed: Bibliometrics) -> pd.DataFrame:
    """Return the table of countries, or of authors where no countries stand on the same papers."""
    countries = data(listed, "country")
    return data(listed, "author") if without(countries) else countries


@checked
def collaboration(listed: Bibliometrics, kind: Kind = "country", **options: Unpack[Options]) -> go.Figure:
    """Draw which countries, or authors, stand on the same papers; see `analysis.bibliometrics`."""
    if kind not in _HEIGHT:
        raise InputError(f"kind must be 'country' or 'author', not {kind!r}")
    return draw_with(SPEC, data(listed, kind), options)


SPEC = FigureSpec(
    "collaboration",
    "Who works with whom",
    lambda corpus, topics, trends: _whichever(bibliometrics(corpus, topics)),
    draw,
    caption,
    alt,
    without,
)
