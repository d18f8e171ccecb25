"""Field coverage: what each source tells of its papers."""

from typing import Unpack

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.figures.drawing import matrix
from analysis.figures.drawing.inputs import checked
from analysis.figures.drawing.options import Options, draw_with
from analysis.figures.drawing.ordering import largest_sources, source_names
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import plain
from analysis.io.display import counted

_FIELDS = {
    "abstract": "Abstract",
    "date": "Date",
    "day": "Date to the day",
    "authors": "Authors",
    "n_authors": "Number of authors",
    "organisation": "Organisation",
    "venue": "Venue",
    "doi": "DOI",
    "arxiv_id": "arXiv id",
    "url": "Address",
    "comments": "Comments",
}
# what only some databases write: shown where a paper has it
_IF_KNOWN = {
    "affiliations": "Affiliations",
    "countries": "Countries",
    "keywords": "Keywords",
    "index_keywords": "Index keywords",
    "type": "Type",
    "language": "Language",
    "references": "References",
    "n_cited": "Citations",
}
_LABELS = _FIELDS | _IF_KNOWN
_MOST_SOURCES, _MOST_YEARS = 30, 25
NONE = "There is no paper, so no field to cover."


def data(corpus: Corpus) -> pd.DataFrame:
    """Return by, group, field, label, n, n_group, share: papers that have the field, by source and by year.

    by is "source" (the one that lists a paper first) or "year" (of its date; "undated" last).
    """
    papers = corpus.facts("date", "date_precision")
    has = corpus.known(*(name for name in _LABELS if name != "day"))
    has = has.drop(columns=[name for name in _IF_KNOWN if not has[name].any()])
    has["abstract"] = corpus.has_abstract
    has["day"] = papers["date_precision"] == "day"
    years = papers["date"].dt.year
    late = years.max() - _MOST_YEARS + 1
    named = years.map(
        lambda year: "undated" if pd.isna(year) else f"until {late - 1:.0f}" if year < late else f"{year:.0f}"
    )
    groups = {
        "source": largest_sources(corpus.strata, _MOST_SOURCES),
        "year": named.astype("str"),
    }
    return pd.concat([_by(has, groups[by], by) for by in groups], ignore_index=True)


def _by(has: pd.DataFrame, groups: pd.Series, by: str) -> pd.DataFrame:
    table = has.groupby(groups).sum().sort_index(key=lambda names: names.str.replace("until", ""))
    frame = table[[name for name in _LABELS if name in table]].stack().rename("n").reset_index()
    frame.columns = pd.Index(["group", "field", "n"])
    frame["n_group"] = frame["group"].map(groups.value_counts())
    frame["share"] = frame["n"] / frame["n_group"]
    return frame.assign(by=by, label=frame["field"].map(_LABELS))[
        ["by", "group", "field", "label", "n", "n_group", "share"]
    ]


def without(frame: pd.DataFrame) -> str:
    """Return why there is nothing to draw."""
    return NONE if frame.empty else ""


def draw(frame: pd.DataFrame, style: Style = Style()) -> go.Figure:
    """Draw `data` as a heatmap, the share in per cent written in."""
    if frame.empty:
        return style.empty(NONE)
    rows = frame.drop_duplicates(["by", "group"])
    wide = frame.pivot_table(index=["by", "group"], columns="label", values="share", sort=False)
    counts = frame.pivot_table(index=["by", "group"], columns="label", values="n", sort=False).to_numpy()
    called = source_names(rows.loc[rows["by"] == "source", "group"])
    names = [
        f"{called.get(row.group, row.group) if row.by == 'source' else row.group} (n = {row.n_group:,})"
        for row in rows.itertuples()
    ]
    texts = np.array([[_percent(value) for value in row] for row in wide.to_numpy()])
    hover = np.array(
        [
            [f"{plain(name)}, {label}: {int(n)} papers" for label, n in zip(wide.columns, row, strict=True)]
            for name, row in zip(names, counts, strict=True)
        ]
    )
    scale = matrix.Scale(matrix.SHARES, 0, 1, "Share of<br>the papers")
    return matrix.heatmap(wide.to_numpy(), texts, names, list(wide.columns), scale, style, hover=hover)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Per cent of the papers for which each field is known after merging and supplements: first by the source that lists them "
        "first, then by year. What is missing stays unknown: no field is guessed."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return NONE
    by_source = frame[frame["by"] == "source"]
    totals = by_source.groupby("label", sort=False)[["n", "n_group"]].sum()
    share = totals["n"] / totals["n_group"]
    full = ", ".join(share.index[share == 1]) or "none"
    none = ", ".join(share.index[share == 0]) or "none"
    return (
        f"Fields known in {counted(by_source['group'].nunique(), 'source')}: for every paper {full}; for no paper {none}; "
        f"abstracts for {share['Abstract']:.0%} and dates for {share['Date']:.0%} of the papers."
    )


@checked
def field_coverage(corpus: Corpus, /, **options: Unpack[Options]) -> go.Figure:
    """Draw which fields each source tells."""
    return draw_with(SPEC, data(corpus), options)


def _percent(share: float) -> str:
    """Return per cent without rounding to all or nothing."""
    if 0 < share < 0.01:
        return "<1"
    return ">99" if 0.99 < share < 1 else f"{100 * share:.0f}"


SPEC = FigureSpec(
    "field_coverage", "What each source tells", lambda corpus, topics, trends: data(corpus), draw, caption, alt, without
)
