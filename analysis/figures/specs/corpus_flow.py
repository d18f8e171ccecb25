"""The flow of records into papers, after the PRISMA 2020 diagram (Page et al. 2021, BMJ 372, n71)."""

from typing import Unpack

import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import source_names
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import INK, RULE, Style
from analysis.figures.drawing.text import lines_of, plain, text_width
from analysis.topics.result import Topics

# step at which the records of each source stand, and the phases that the steps belong to
_PHASES = ("Identification", "Screening", "Included")
_PHASE_OF = {0: 0, 1: 0, 2: 1, 3: 2, 4: 2}
_SIZE, _NARROW_SIZE, _LINE, _PAD, _GAP, _SPACE = 11, 9.5, 1.35, 9, 22, 6
# pixels of the phases' bars at the left, and the columns' part of the rest
_BAR, _MAIN, _BETWEEN = 22, 0.53, 0.07
# more sources than this are listed in two columns, where they have room
_ONE_COLUMN = 8


def data(corpus: Corpus, topics: Topics) -> pd.DataFrame:
    """Return column ("source", "main" or "aside"), step, label, n, detail: the boxes from top to bottom."""
    counts = corpus.counts
    files = corpus.source_of(corpus.occurrence_facts("file")["file"]).value_counts()
    files = files.rename_axis("source").reset_index(name="n").sort_values(["n", "source"], ascending=[False, True])
    dates_refused = int((corpus.rejects["scope"] == "date").sum())
    unread = int((corpus.rejects["scope"] == "file").sum())
    in_topics = int((topics.assignments["topic"] >= 0).sum())
    dated = int(corpus.facts("date")["date"].loc[topics.assignments.index].notna().sum())
    papers, identified = int(counts["papers"]), int(counts["records_read"])
    bare, excluded = int(counts["papers_without_abstract"]), int(counts["papers_excluded"])
    left = [(bare, "without an abstract"), (excluded, "of types or languages left out")]
    rows = [
        *(("source", 0, source, int(n), "") for source, n in zip(files["source"], files["n"], strict=True)),
        ("main", 0, "Records identified", identified, ""),
        ("aside", 1, "Duplicates merged", int(counts["records_merged"]), ""),
        ("aside", 1, "Records rejected", int(counts["records_rejected"]), f"{unread} files unread" if unread else ""),
        ("main", 2, "Papers screened", papers, ""),
        ("aside", 2, "Papers without a topic", papers - in_topics, _told(left)),
        ("main", 3, "Papers with a topic", in_topics, ""),
        ("aside", 3, "Papers without a date", in_topics - dated, _told([(dates_refused, "dates refused")])),
        ("main", 4, "Papers in the trends", dated, ""),
    ]
    return pd.DataFrame(rows, columns=["column", "step", "label", "n", "detail"])


def _told(parts: list[tuple[int, str]]) -> str:
    return "\n".join(f"{n:,} {what}" for n, what in parts if n)


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data`: sources above, what goes on at the left, what leaves at the right; boxes are as high as their text."""
    size = _NARROW_SIZE if style.narrow else _SIZE
    wide = style.pixels - 2 * _SPACE - _BAR - 8
    main = (_BAR + 8.0, _BAR + 8 + _MAIN * wide)
    aside = (main[1] + _BETWEEN * wide, main[1] + (1 - _MAIN) * wide)
    boxes = _boxes(frame, main, aside, size)
    rows, top = [], 0.0
    for step in sorted(boxes):
        height = max(len(box.lines) for box in boxes[step]) * size * _LINE + 2 * _PAD
        # a phase of one row is as high as its name is long
        height = max(height, text_width(_PHASES[step], size) + 10 if step < 2 else 0.0)
        rows.append((step, top, height))
        top += height + _GAP
    end = top - _GAP
    fig = style.apply(go.Figure(), round(end) + 2 * _SPACE, margin=(_SPACE, _SPACE, _SPACE, _SPACE))
    fig.update_xaxes(visible=False, range=[0, style.pixels - 2 * _SPACE])
    fig.update_yaxes(visible=False, range=[end, 0])
    for number, (step, above, height) in enumerate(rows):
        for box in boxes[step]:
            _box(fig, box, above, height, size)
        if number:
            middle = sum(main) / 2
            _arrow(fig, (middle, above - _GAP), (middle, above))
        if len(boxes[step]) > 1:
            _arrow(fig, (main[1], above + height / 2), (aside[0], above + height / 2))
    _phases(fig, rows, size)
    return fig


class _Box:
    """A box's place across, its lines, its colour."""

    def __init__(self, across: tuple[float, float], lines: list[str], *, filled: bool) -> None:
        self.across, self.lines, self.filled = across, lines, filled


def _boxes(
    frame: pd.DataFrame, main: tuple[float, float], aside: tuple[float, float], size: float
) -> dict[int, list[_Box]]:
    """Return the boxes by row from the top: the sources, then each step with what leaves after it."""
    sources = frame[frame["column"] == "source"]
    found: dict[int, list[_Box]] = {}
    kept = frame[frame["column"] == "main"].set_index("step")
    for row, step in enumerate(kept.index):
        lines = lines_of(
            f"{kept.loc[step, 'label']} (n\u00a0=\u00a0{kept.loc[step, 'n']:,})", main[1] - main[0] - 12, size, 3
        )
        texts = [f"<b>{plain(line)}</b>" for line in lines]
        # what a step takes out stands beside the step before it
        out = frame[(frame["column"] == "aside") & (frame["step"] == (step if row else 1))]
        leaving: list[str] = []
        for item in out.itertuples():
            leaving += [plain(line) for line in _lines(f"{item.label} (n\u00a0=\u00a0{item.n:,})", aside, size)]
            leaving += [f"  {plain(line)}" for part in item.detail.splitlines() for line in _lines(part, aside, size)]
        if row == 0:
            texts = [f"{texts[0]} from", *_source_lines(sources, main, size)]
        found[row] = [_Box(main, texts, filled=False)]
        if leaving:
            found[row].append(_Box(aside, leaving, filled=True))
    return found


def _lines(text: str, across: tuple[float, float], size: float) -> list[str]:
    return lines_of(text, across[1] - across[0] - 12, size, 3)


def _source_lines(sources: pd.DataFrame, across: tuple[float, float], size: float) -> list[str]:
    """Return every source with its records, in two columns' worth of a line where there are many and they are short."""
    names = source_names(list(sources["label"]))
    told = [f"{names[label]} (n\u00a0=\u00a0{n:,})" for label, n in zip(sources["label"], sources["n"], strict=True)]
    if len(told) <= _ONE_COLUMN:
        return [plain(line) for text in told for line in _lines(text, across, size)]
    lines = [""]
    for text in told:
        joined = f"{lines[-1]}; {text}" if lines[-1] else text
        if text_width(joined, size) > across[1] - across[0] - 16 and lines[-1]:
            lines[-1] += ";"
            lines.append(text)
        else:
            lines[-1] = joined
    return [plain(line) for text in lines for line in _lines(text, across, size)]


def _box(fig: go.Figure, box: _Box, above: float, height: float, size: float) -> None:
    fig.add_shape(
        type="rect",
        x0=box.across[0],
        x1=box.across[1],
        y0=above,
        y1=above + height,
        line={"color": INK, "width": 1},
        fillcolor="#F4F4F4" if box.filled else "#FFFFFF",
    )
    fig.add_annotation(
        x=sum(box.across) / 2,
        y=above + height / 2,
        showarrow=False,
        font={"size": size},
        text="<br>".join(box.lines),
    )


def _phases(fig: go.Figure, rows: list[tuple[int, float, float]], size: float) -> None:
    """Draw the bars that name PRISMA's phases at the left."""
    for number, name in enumerate(_PHASES):
        own = [(above, above + height) for row, above, height in rows if _PHASE_OF[row + (row > 0)] == number]
        if not own:
            continue
        start, end = own[0][0], own[-1][1]
        fig.add_shape(type="rect", x0=0, x1=_BAR, y0=start, y1=end, line={"color": INK, "width": 0.6}, fillcolor=RULE)
        fig.add_annotation(
            x=_BAR / 2, y=(start + end) / 2, text=name, textangle=-90, showarrow=False, font={"size": size}
        )


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "From records to papers (after PRISMA 2020): left, what went on; right, what left at each step and why. "
        "Records identified are papers, merged duplicates and rejects, without remainder."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    n = frame.drop_duplicates("label").set_index("label")["n"]
    return (
        f"Flow of {n['Records identified']:,} records of {int((frame['column'] == 'source').sum())} sources into "
        f"{n['Papers screened']:,} papers: {n['Duplicates merged']:,} merged, {n['Records rejected']:,} rejected; "
        f"{n['Papers in the trends']:,} papers have a topic and a date."
    )


@checked
def corpus_flow(corpus: Corpus, topics: Topics, /, **options: Unpack[Options]) -> go.Figure:
    """Draw the flow of records into papers."""
    return draw_with(SPEC, data(corpus, topics), options)


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
    "corpus_flow",
    "From records to papers",
    lambda corpus, topics, trends: data(corpus, topics),
    draw,
    caption,
    alt,
    body=True,
)
