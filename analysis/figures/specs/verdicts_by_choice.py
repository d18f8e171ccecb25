"""The multiverse of verdicts: what each theme and topic would be called under other choices."""

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import topic_order
from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import RULE, VERDICT_SYMBOLS, Style
from analysis.figures.drawing.text import SLANT, plain, slanted
from analysis.io.display import counted
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import DOWN, UP, VERDICTS

# rows of a page, and pixels that they and their heads may take
_MOST, _PAGE = 56, 890
# pixels at the right, where counts stand and the last slanted name leans
_RIGHT = 84
NONE = "No trend was tested under other choices."


def data(topics: Topics, trends: Trends) -> pd.DataFrame:
    """Return family, group, label, choice, verdict, odds_ratio, low, high, q, agrees; the reported verdict comes first."""
    parts = []
    families = (
        ("themes", list(topics.themes.index), topics.themes["label"], trends.theme_tests),
        ("topics", topic_order(topics.table, topics.themes), topics.table["label"], trends.tests),
    )
    columns = ["verdict", "odds_ratio", "low", "high", "q"]
    for family, order, labels, tests in families:
        kept = [topic for topic in order if topic in tests.index]
        reported = (
            tests.loc[kept, columns]
            .rename_axis("group")
            .reset_index()
            .assign(family=family, choice="as reported", agrees=True)
        )
        others = trends.sensitivity[trends.sensitivity["family"] == family]
        whole = pd.concat([reported, others[[*reported.columns]]], ignore_index=True) if len(others) else reported
        whole["label"] = whole["group"].map(labels)
        whole["rank"] = whole["group"].map({topic: rank for rank, topic in enumerate(kept)})
        parts.append(whole.sort_values("rank", kind="stable").drop(columns="rank"))
    frame = pd.concat(parts, ignore_index=True)
    return frame[["family", "group", "label", "choice", *columns, "agrees"]]


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return "" if (frame["choice"] != "as reported").any() else NONE


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: a row per theme or topic, a column per choice, a symbol per verdict; empty where there is no counterpart."""
    frame = _shown(frame)
    rows = frame.drop_duplicates(["family", "group"])[["family", "group", "label"]]
    split = int((rows["family"] == "themes").sum())
    positions = [number + (1 if number < split else 2) for number in range(len(rows))]
    row_of = dict(zip(zip(rows["family"], rows["group"], strict=True), positions, strict=True))
    choices = list(frame["choice"].drop_duplicates())
    column_of = {choice: number for number, choice in enumerate(choices)}
    fig = go.Figure()
    _verdict_marks(fig, frame, row_of, column_of, style)
    told_rows = label_rows(list(rows["label"]), style)
    heads = slanted(choices)
    top = heads.height + 6
    # what the slanted heads take is not left for rows
    body = min(told_rows.height * (len(rows) + 2), max(_PAGE - top, 12.5 * (len(rows) + 2)))
    fig = style.apply(fig, round(top + body + 46), margin=(told_rows.left + 6, _RIGHT, top, 46))
    told = _at_the_right(frame)
    for text, position in (("Themes", 0), ("Topics", split + 1)):
        fig.add_annotation(
            x=0, xref="paper", xanchor="right", y=position, text=f"<b>{text}</b>", showarrow=False, xshift=-6
        )
    for key, text in told.items():
        fig.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=row_of[key],
            text=text,
            showarrow=False,
            font={"size": 9},
        )
    fig.add_vline(x=0.5, line={"color": RULE, "width": 1})
    fig.update_layout(legend={"orientation": "h", "x": 0, "y": -6 / body, "yanchor": "top", "font": {"size": 10}})
    fig.update_xaxes(
        tickvals=list(range(len(choices))),
        ticktext=heads.texts,
        side="top",
        tickangle=-SLANT,
        tickfont={"size": 9},
        range=[-0.6, len(choices) - 0.4],
        ticks="",
        showline=False,
        showgrid=False,
    )
    fig.update_yaxes(
        range=[len(rows) + 1.7, -0.7],
        tickvals=positions,
        showgrid=True,
        ticks="",
        showline=False,
        tickfont={"size": told_rows.size},
        ticktext=told_rows.texts,
    )
    return fig


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a page holds: themes, topics with a verdict, those that some choice gives one, then others."""
    keys = pd.MultiIndex.from_frame(frame[["family", "group"]])
    told = frame["verdict"] != "inconclusive"
    rank = np.select(
        [frame["family"] == "themes", told & (frame["choice"] == "as reported"), told], [0, 1, 2], default=3
    )
    best = pd.Series(rank, index=keys).groupby(level=[0, 1], sort=False).min().sort_values(kind="stable")
    return frame[keys.isin(best.index[:_MOST])]


def _verdict_marks(
    fig: go.Figure,
    frame: pd.DataFrame,
    row_of: Mapping[tuple[str, int], int],
    column_of: Mapping[str, int],
    style: Style,
) -> None:
    """Draw a symbol per verdict where a row's choice has one."""
    for verdict in VERDICTS:
        part = frame[frame["verdict"] == verdict]
        if part.empty:
            continue
        fig.add_scatter(
            x=[column_of[choice] for choice in part["choice"]],
            y=[row_of[key] for key in zip(part["family"], part["group"], strict=True)],
            mode="markers",
            name=verdict,
            marker={
                "symbol": VERDICT_SYMBOLS[verdict],
                "color": style.verdict_colour(verdict),
                "size": 4 if verdict == "inconclusive" else 9,
                "line": {"width": 1},
            },
            customdata=part[["label", "choice", "odds_ratio", "low", "high", "q"]]
            .assign(label=part["label"].map(plain), choice=part["choice"].map(plain))
            .to_numpy(),
            hovertemplate="<b>%{customdata[0]}</b>, %{customdata[1]}<br>odds ratio per year %{customdata[2]:.2f} "
            "(%{customdata[3]:.2f}–%{customdata[4]:.2f}), q = %{customdata[5]:.3f}<extra></extra>",
        )


def _at_the_right(frame: pd.DataFrame) -> dict[tuple[str, int], str]:
    """Say of each theme and topic how many choices agree; of those without a verdict, which directions they find."""
    reported = frame[frame["choice"] == "as reported"].set_index(["family", "group"])["verdict"]
    told = {}
    for key, choices in frame[frame["choice"] != "as reported"].groupby(["family", "group"]):
        up, down = (int(choices["verdict"].isin(ways).sum()) for ways in (UP, DOWN))
        if reported[key] != "inconclusive":
            told[key] = f"{int(choices['agrees'].sum())} of {len(choices)}"
        elif up or down:
            told[key] = f"{f'▲{up}' if up else ''}{f' ▼{down}' if down else ''}".strip()
    return told


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    rows = len(frame.drop_duplicates(["family", "group"]))
    shown = f" At most {_MOST} rows are shown, those with a verdict first." if rows > _MOST else ""
    return (
        "Every verdict under every other choice: sources pooled, alone or left out, dates and papers left out, topics found "
        "with another seed, coarser, finer, from words alone or from past papers alone. At the right, how many choices agree "
        "with the verdict as reported; where none was, how many find a rise (▲) or a fall (▼). No symbol: the clustering has "
        "no such topic. A single choice has less power than the whole, so a direction that turns inconclusive is weaker "
        f"evidence against it than one that turns around.{shown}"
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    others = frame[frame["choice"] != "as reported"]
    reported = frame[(frame["choice"] == "as reported") & frame["verdict"].isin([*UP, *DOWN])]
    told = []
    for row in reported.itertuples():
        choices = others[(others["family"] == row.family) & (others["group"] == row.group)]
        reverse = DOWN if row.verdict in UP else UP
        told.append(
            f"{row.label}, {row.verdict}: {int(choices['agrees'].sum())} of {counted(len(choices), 'other choice')} agree and "
            f"{int(choices['verdict'].isin(reverse).sum())} turn it around"
        )
    head = f"Verdicts under {counted(others['choice'].nunique(), 'other choice')}: "
    return head + ("; ".join(told) if told else "no direction was claimed, so none has to survive") + "."


@checked
def verdicts_by_choice(topics: Topics, trends: Trends, /, **options: Unpack[Options]) -> go.Figure:
    """Draw every verdict under every other choice."""
    return draw_with(SPEC, data(topics, trends), options)


SPEC = FigureSpec(
    "verdicts_by_choice",
    "Verdicts under other choices",
    lambda corpus, topics, trends: data(topics, trends),
    draw,
    caption,
    alt,
    without,
    rows="group",
)
