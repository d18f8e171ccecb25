"""The flow of records into papers, after the PRISMA 2020 diagram (Page et al. 2021, BMJ 372, n71)."""

import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, Style, plain, shortened
from analysis.io.display import counted
from analysis.topics.result import Topics

_BOX_HEIGHT, _GAP = 70, 24
# the main column and the boxes beside it, in shares of the width
_MAIN, _SIDE = (0.0, 0.52), (0.6, 1.0)


def data(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return column ("main" or "aside"), step, label, n, detail: the boxes from top to bottom."""
    counts = corpus.counts
    files = corpus.source_of(corpus.occurrence_facts("file")["file"]).value_counts().sort_index()
    listed = "\n".join(f"{name}: {n}" for name, n in files.items())
    if len(files) > 4:
        listed = f"largest {files.idxmax()}: {files.max()}"
    dates_refused = int((corpus.rejects["scope"] == "date").sum())
    unread = int((corpus.rejects["scope"] == "file").sum())
    in_topics = int((topics.assignments["topic"] >= 0).sum())
    dated = int(corpus.facts("date")["date"].loc[topics.assignments.index].notna().sum())
    rows = [
        ("main", 0, "Records identified", int(counts["records_read"]), f"in {counted(len(files), 'source')}"),
        ("aside", 0, "Records by source", int(files.sum()), listed),
        ("main", 1, "Records that hold a paper", int(counts["records_read"] - counts["records_rejected"]), ""),
        (
            "aside",
            1,
            "Records rejected",
            int(counts["records_rejected"]),
            f"{counted(unread, 'file')} unread" if unread else "",
        ),
        ("main", 2, "Papers", int(counts["papers"]), "each with all its occurrences"),
        ("aside", 2, "Duplicates merged", int(counts["records_merged"]), ""),
        ("main", 3, "Papers with a topic", in_topics, ""),
        (
            "aside",
            3,
            "Papers without a topic",
            int(counts["papers"]) - in_topics,
            f"{int(counts['papers_without_abstract'])} without an abstract"
            + (
                f"\n{int(counts['papers_excluded'])} of types or languages left out"
                if counts["papers_excluded"]
                else ""
            ),
        ),
        ("main", 4, "Papers in the trends", dated, "with a date"),
        (
            "aside",
            4,
            "Papers undated",
            int(counts["papers_undated"]),
            f"{counted(dates_refused, 'date')} refused" if dates_refused else "",
        ),
    ]
    return pd.DataFrame(rows, columns=["column", "step", "label", "n", "detail"])


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: what goes on at the left, what leaves at the right."""
    steps = int(frame["step"].max()) + 1
    height = steps * _BOX_HEIGHT + (steps - 1) * _GAP
    fig = style.apply(go.Figure(), height + 16, margin=(8, 8, 8, 8))
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(visible=False, range=[height, 0])
    for row in frame.itertuples():
        left, right = _MAIN if row.column == "main" else _SIDE
        top = row.step * (_BOX_HEIGHT + _GAP)
        fig.add_shape(
            type="rect",
            x0=left,
            x1=right,
            y0=top,
            y1=top + _BOX_HEIGHT,
            line={"color": INK, "width": 1},
            fillcolor="#FFFFFF" if row.column == "main" else "#F4F4F4",
        )
        detail = "".join(f"<br>{shortened(line, 48)}" for line in row.detail.splitlines())
        fig.add_annotation(
            x=(left + right) / 2,
            y=top + _BOX_HEIGHT / 2,
            showarrow=False,
            font={"size": 10 if row.column == "aside" else 11},
            text=f"{plain(row.label)} (n = {row.n:,}){detail if row.column == 'main' else _small(detail)}",
        )
        if row.column == "main" and row.step:
            _arrow(fig, (0.26, top - _GAP), (0.26, top))
        if row.column == "aside":
            _arrow(fig, (_MAIN[1], top + _BOX_HEIGHT / 2), (_SIDE[0], top + _BOX_HEIGHT / 2))
    return fig


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "From records to papers: left, what was kept; right, what each step took out or where the records come from. "
        "Records read are papers, merged duplicates and rejects, without remainder."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    n = frame.set_index(["column", "step"])["n"]
    return (
        f"Flow of {n['main', 0]:,} records into {n['main', 2]:,} papers: {n['aside', 2]:,} merged, {n['aside', 1]:,} rejected; "
        f"{n['main', 4]:,} papers have a topic and a date."
    )


@checked
def corpus_flow(corpus: Corpus, topics: Topics) -> go.Figure:
    """Draw the flow of records into papers."""
    return draw(data(corpus, topics))


def _small(text: str) -> str:
    return f'<span style="font-size:9px">{text}</span>' if text else ""


def _arrow(fig: go.Figure, start: tuple[float, float], end: tuple[float, float]) -> None:
    fig.add_annotation(
        x=end[0],
        y=end[1],
        ax=start[0],
        ay=start[1],
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        text="",
        showarrow=True,
        arrowhead=2,
        arrowsize=1,
        arrowwidth=1,
        arrowcolor=INK,
    )


SPEC = FigureSpec(
    "corpus_flow", "From records to papers", lambda corpus, topics, trends: data(corpus, topics), draw, caption, alt
)
