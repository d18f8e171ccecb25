"""Shares before and after: what the fitted course gives for both ends of the window, as a slope chart."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.label_layout import stack_labels
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.share_axis import placed, share_ticks
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import OUTLIER, QUIET, Style, tinted
from analysis.figures.drawing.text import LINE, lines_of, plain, text_width
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import MOVED

COLUMNS = [
    "family",
    "group",
    "label",
    "theme_number",
    "n",
    "verdict",
    "share_first",
    "share_first_low",
    "share_first_high",
    "share_last",
    "share_last_low",
    "share_last_high",
    "first_end",
    "last_end",
]
_HEADINGS = {"theme": "Themes", "topic": "Topics"}
# lines that have room in a panel: those that moved, then the largest
_MOST = 14
_SIZE, _TOP, _FOOT, _LEFT, _GAP = 10, 34, 26, 46, 14
# pixels between the two ends, and by how much intervals of one end stand apart
_SLOPE, _DODGE = 96, 0.045
# before the first end, and from there to the names, in slopes
_BEFORE, _TO_NAMES = 0.16, 1.46
_LEAST_HEIGHT = 300
NONE = "No share can be compared between two ends: papers lack dates, or their dates do not differ."


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return family, group, label, theme_number, n, verdict, fitted shares at both ends with intervals, and the ends' names.

    Of each family those that moved and, as far as there is room, the largest others: fourteen.
    """
    parts = []
    orders = (list(topics.themes.index), topic_order(topics.table, topics.themes))
    families = (("theme", trends.theme_tests, topics.themes["label"]), ("topic", trends.tests, topics.table["label"]))
    for (family, tests, labels), order in zip(families, orders, strict=True):
        kept = [group for group in order if group in tests.index and group >= 0]
        frame = tests.loc[kept].rename_axis("group").reset_index()
        frame = frame.assign(family=family, label=frame["group"].map(labels))
        numbers = frame["group"] if family == "theme" else frame["group"].map(topics.theme_of_topic)
        frame["theme_number"] = numbers.fillna(-1).astype("int64")
        frame = frame[frame["share_first"].notna()]
        height = frame[["share_first", "share_last"]].max(axis=1) + 10.0 * frame["verdict"].isin(MOVED)
        parts.append(frame.loc[height.nlargest(_MOST, keep="first").index.sort_values()])
    whole = pd.concat(parts, ignore_index=True)
    note = trends.note
    whole = whole.assign(first_end=str(note["first_end"]), last_end=str(note["last_end"]))
    # themes of one topic each are the topics again
    if (whole["family"] == "topic").sum() == len(topics.themes) == len(topics.table):
        whole = whole[whole["family"] == "topic"].reset_index(drop=True)
    return whole[COLUMNS]


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a panel per family, a line per group between its shares, named at the right; grey where nothing moved."""
    if frame.empty:
        return style.empty(NONE)
    families = [family for family in _HEADINGS if (frame["family"] == family).any()]
    beside = not style.narrow and len(families) > 1
    rows, columns = (1, len(families)) if beside else (len(families), 1)
    width = (style.pixels - _LEFT - 8 - (_GAP + 40) * (columns - 1)) / columns
    names = {family: _names(frame[frame["family"] == family], width - _TO_NAMES * _SLOPE) for family in families}
    tall = max(
        _LEAST_HEIGHT, *(round(sum(len(lines) for lines in told) * _SIZE * LINE + 30) for told in names.values())
    )
    body = tall * rows + (rows - 1) * (_TOP + _FOOT)
    fig = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=[f"<b>{_HEADINGS[family]}</b>" for family in families],
        horizontal_spacing=(_GAP + 40) / (style.pixels - _LEFT - 8) if columns > 1 else 0,
        vertical_spacing=(_TOP + _FOOT) / body if rows > 1 else 0,
    )
    for number, family in enumerate(families):
        place = {"row": number + 1 if not beside else 1, "col": number + 1 if beside else 1}
        part = frame[frame["family"] == family].reset_index(drop=True)
        _panel(fig, part, names[family], (width, float(tall)), place, style)
    for annotation in fig.layout.annotations[: len(families)]:
        annotation.update(font={"size": 11}, yshift=4)
    fig = style.apply(fig, body + _TOP + _FOOT, margin=(_LEFT, 8, _TOP, _FOOT))
    fig.update_layout(showlegend=False)
    last = width / _SLOPE
    fig.update_xaxes(
        range=[-_BEFORE, last - _BEFORE],
        tickvals=[0, 1],
        ticktext=[frame["first_end"].iloc[0], frame["last_end"].iloc[0]],
        tickfont={"size": 10},
        tickangle=0,
        showline=False,
        gridcolor=OUTLIER,
    )
    fig.update_yaxes(tickfont={"size": 10}, showgrid=False)
    return fig


def _names(part: pd.DataFrame, pixels: float) -> list[list[str]]:
    """Return each group's name with its two shares, in lines."""
    told = [
        f"{row.label} {_percent(row.share_first)}\u00a0→\u00a0{_percent(row.share_last)}" for row in part.itertuples()
    ]
    return [lines_of(text, pixels, _SIZE, 3) for text in told]


def _percent(share: float) -> str:
    if share < 0.0005:
        return "< 0.1%"
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}"


def _panel(
    fig: go.Figure,
    part: pd.DataFrame,
    names: list[list[str]],
    size: tuple[float, float],
    place: dict[str, int],
    style: Style,
) -> None:
    moved_rows = part["verdict"].isin(MOVED)
    highs = part[["share_first_high", "share_last_high"]].max(axis=1)
    # of intervals alone there is no end worth a third of the panel, but for those of a claim
    top = min(1.05 * float(highs.max()), 1.6 * float(part[["share_first", "share_last"]].max(axis=None)) + 0.02)
    top = min(1.0, max(top, 1.03 * float(highs[moved_rows].max()) if moved_rows.any() else 0.0))
    offsets = {end: _dodge(part[f"share_{end}"].to_numpy()) for end in ("first", "last")}
    # first, so that lines to names lie below what they name
    _write_names(fig, part, names, 1 + offsets["last"], size, top, place, style)
    for number in part.index[np.argsort(moved_rows.to_numpy(), kind="stable")]:
        row = part.loc[number]
        moved = row["verdict"] in MOVED
        colour = style.colour_of(int(row["theme_number"])) if moved else "#9A9A9A"
        for end, at in (("first", 0), ("last", 1)):
            x = at + offsets[end][number]
            fig.add_scatter(
                x=[x, x],
                y=placed([row[f"share_{end}_low"], min(row[f"share_{end}_high"], top)]),
                mode="lines",
                line={"color": tinted(colour, 0.75 if moved else 0.4), "width": 2 if moved else 1.2},
                hoverinfo="skip",
                **place,
            )
        hover = (
            f"<b>{plain(row['label'])}</b>: {row['verdict']}<br>{row['first_end']}: {row['share_first']:.1%} "
            f"({row['share_first_low']:.1%}–{row['share_first_high']:.1%})<br>{row['last_end']}: {row['share_last']:.1%} "
            f"({row['share_last_low']:.1%}–{row['share_last_high']:.1%})"
        )
        fig.add_scatter(
            x=[0 + offsets["first"][number], 1 + offsets["last"][number]],
            y=placed([row["share_first"], row["share_last"]]),
            mode="lines+markers",
            line={"color": colour, "width": 2 if moved else 1.1},
            marker={"size": 6 if moved else 4, "color": colour},
            hovertext=hover,
            hovertemplate="%{hovertext}<extra></extra>",
            **place,
        )
    ticks, told = share_ticks(top)
    fig.update_yaxes(range=[0, placed(top)], tickvals=ticks, ticktext=told, **place)


def _dodge(shares: np.ndarray) -> np.ndarray:
    """Return by how much each interval stands beside its end, so that neighbours do not cover one another."""
    offsets = np.empty(len(shares))
    offsets[np.argsort(shares, kind="stable")] = (np.arange(len(shares)) % 5 - 2) * _DODGE
    return offsets


def _write_names(
    fig: go.Figure,
    part: pd.DataFrame,
    names: list[list[str]],
    ends: np.ndarray,
    size: tuple[float, float],
    top: float,
    place: dict[str, int],
    style: Style,
) -> None:
    """Write names at the right, each as near to its line's end as the others let it, joined by a thin line."""
    width, tall = size
    heights = np.array([len(lines) * _SIZE * LINE for lines in names])
    stands = placed(part["share_last"]) / placed(top)
    middles = stack_labels(stands * tall, heights, 0.0, tall)
    start = _TO_NAMES - _BEFORE
    for number, lines in enumerate(names):
        row = part.loc[number]
        y = float(middles[number] / tall * placed(top))
        moved = row["verdict"] in MOVED
        colour = style.ink_of(int(row["theme_number"])) if moved else QUIET
        fig.add_scatter(
            x=[ends[number], start - 0.03],
            y=[stands[number] * placed(top), y],
            mode="lines",
            line={"color": tinted(colour, 0.6) if moved else OUTLIER, "width": 0.7},
            hoverinfo="skip",
            **place,
        )
        text = "<br>".join(plain(line) for line in lines)
        fig.add_annotation(
            x=start,
            y=y,
            text=f"<b>{text}</b>"
            if moved and text_width(lines[0], _SIZE) * 1.06 < width - _TO_NAMES * _SLOPE
            else text,
            xanchor="left",
            align="left",
            showarrow=False,
            font={"size": _SIZE, "color": colour},
            borderpad=0,
            **place,
        )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    if frame.empty:
        return NONE
    first, last = frame["first_end"].iloc[0], frame["last_end"].iloc[0]
    full = any((frame["family"] == family).sum() == _MOST for family in _HEADINGS)
    shown = f" At most {_MOST} of a kind are shown: those that moved, then the largest." if full else ""
    return (
        f"Share of the papers in {first} and in {last} as the fitted course gives it, sources mixed as in all papers, with 95 % "
        "intervals (bars, side by side where they would cover one another; those of no claim cut at the axis, which is a "
        f"square-root one). Coloured: a change is claimed; grey: none is.{shown}"
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    moved = frame[frame["verdict"].isin(MOVED)]
    told = "; ".join(
        f"{row.label} from {_percent(row.share_first)} to {_percent(row.share_last)}" for row in moved.itertuples()
    )
    what = " and ".join(
        counted(int((frame["family"] == family).sum()), family)
        for family in _HEADINGS
        if (frame["family"] == family).any()
    )
    return f"Slope chart of {what}: {told or 'no change is claimed'}."


@checked
def before_after(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw shares at both ends of the window as a slope chart."""
    return draw_with(SPEC, data(topics, trends), options)


SPEC = FigureSpec(
    "before_after",
    "Shares before and after",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    body=True,
    rows="group",
)
