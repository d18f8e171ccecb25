"""Calibration on this corpus: how often the tests find a trend where dates mean nothing."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, Style
from analysis.trends.result import Trends

# symbol, position in the palette, name
_MARKERS = {
    "single tests": ("circle", 0, "single tests at p"),
    "any discovery": ("square", 2, "any discovery at q, as reported"),
    "sources pooled": ("diamond-open", 1, "any discovery at q, sources pooled"),
}
# of a page's figure, of a column's
_UP = ("Share of tests, or of corpora, with a false trend", "Share with a false trend")
NONE = "No topic can be tested, so there is nothing to calibrate."


def data(trends: Trends) -> pd.DataFrame:
    """Return `Trends.calibration`."""
    return trends.calibration


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: the level asked for across, what was found up; an honest test lies on the diagonal."""
    if frame.empty:
        return style.empty(NONE)
    fig = go.Figure()
    end = float(frame["level"].max()) * 1.04
    fig.add_scatter(
        x=[0, end],
        y=[0, end],
        mode="lines",
        name="nominal",
        hoverinfo="skip",
        line={"color": INK, "width": 1, "dash": "dash"},
    )
    for test, rows in frame.groupby("test", sort=False):
        symbol, position, name = _MARKERS[str(test)]
        colour = style.palette[position]
        fig.add_scatter(
            x=rows["level"],
            y=rows["share"],
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 1.5},
            marker={"symbol": symbol, "size": 7},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": rows["high"] - rows["share"],
                "arrayminus": rows["share"] - rows["low"],
                "thickness": 1,
                "width": 3,
                "color": colour,
            },
            hovertemplate="asked for %{x:.0%}, found %{y:.1%}<extra></extra>",
        )
    fig = style.apply(fig, 330 if style.narrow else 390, margin=(62, 16, 100 if style.narrow else 56, 46))
    fig.update_layout(legend={"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "font": {"size": 10}})
    fig.update_xaxes(range=[0, end], tickformat=".0%", title_text="Level asked for")
    top = min(1.02, max(end, 1.05 * float(frame["high"].max())))
    fig.update_yaxes(
        range=[0, top],
        tickformat=".0%",
        title_text=_UP[style.narrow],
    )
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return NONE
    corpora, topics = int(frame["corpora"].iloc[0]), int(frame["topics"].iloc[0])
    told = (frame["test"] == "sources pooled").any()
    pooled = " Diamonds: what a test that compares dates across sources would have called." if told else ""
    return (
        f"The trend tests on this corpus with its dates exchanged within sources, {corpora} times over, so that each of its "
        f"{topics} topics is without a trend: share of single tests at or below a level, and share of corpora with any discovery "
        f"at or below it, with 95 % intervals over corpora. On or below the diagonal is honest.{pooled}"
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    at = frame[frame["level"] == 0.1].set_index("test")
    single, discovery = at.loc["single tests"], at.loc["any discovery"]
    pooled = (
        f"; a test that pools sources has one in {at.loc['sources pooled', 'share']:.0%}"
        if "sources pooled" in at.index
        else ""
    )
    return (
        f"Calibration where dates mean nothing: at a level of 10 %, {single['share']:.1%} of single tests reject, and "
        f"{discovery['share']:.0%} of the corpora ({discovery['low']:.0%} to {discovery['high']:.0%}) have any false "
        f"discovery{pooled}."
    )


@checked
def calibration(trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the calibration of the tests on this corpus."""
    return draw_with(SPEC, data(trends), options)


SPEC = FigureSpec(
    "calibration",
    "Calibration on this corpus",
    lambda corpus, topics, trends: data(trends),
    draw,
    caption,
    alt,
    without,
)
