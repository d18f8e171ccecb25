"""Field coverage: what each source tells of its papers."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analysis.corpus.paper import Corpus
from analysis.display import counted
from analysis.figures import matrix, theme

_FIELDS = {
    "abstract": "Abstract", "date": "Date", "day": "Date to the day", "authors": "Authors", "n_authors": "Number of authors",
    "organisation": "Organisation", "venue": "Venue", "doi": "DOI", "arxiv_id": "arXiv id", "url": "Address",
    "comments": "Comments",
}  # fmt: skip
_MOST_SOURCES = 30


def data(corpus: Corpus) -> pd.DataFrame:
    """Return source, field, label, n, n_source, share: papers a source lists first that have the field."""
    papers = corpus.papers
    has = pd.DataFrame({name: papers[name].notna() for name in _FIELDS if name in papers}, index=papers.index)
    has["abstract"] = corpus.has_abstract
    has["day"] = papers["date_precision"] == "day"
    sources = corpus.strata
    common = sources.value_counts().sort_values(ascending=False, kind="stable").index
    grouped = sources.where(sources.isin(common[:_MOST_SOURCES]), "other sources")
    table = has.groupby(grouped).sum().sort_index()
    sizes = grouped.value_counts()
    frame = table[list(_FIELDS)].stack().rename("n").reset_index()
    frame.columns = pd.Index(["source", "field", "n"])
    frame["label"] = frame["field"].map(_FIELDS)
    frame["n_source"] = frame["source"].map(sizes)
    frame["share"] = frame["n"] / frame["n_source"]
    return frame[["source", "field", "label", "n", "n_source", "share"]]


def draw(frame: pd.DataFrame) -> go.Figure:
    """Draw `data` as a heatmap, the share in per cent written in."""
    if frame.empty:
        return theme.note(theme.styled(go.Figure(), 120), "There is no paper.")
    wide = frame.pivot_table(index="source", columns="label", values="share", sort=False)
    sizes = frame.drop_duplicates("source").set_index("source")["n_source"]
    counts = frame.pivot_table(index="source", columns="label", values="n", sort=False).to_numpy()
    names = [f"{theme_name} (n = {sizes[theme_name]})" for theme_name in wide.index]
    texts = np.array([[_percent(value) for value in row] for row in wide.to_numpy()])
    hover = np.array([
        [f"{theme.plain(name)}, {label}: {int(n)} papers" for label, n in zip(wide.columns, row, strict=True)]
        for name, row in zip(names, counts, strict=True)
    ])  # fmt: skip
    scale = matrix.Scale(matrix.SHARES, 0, 1, "Share of<br>the papers")
    return matrix.heatmap(wide.to_numpy(), texts, names, list(wide.columns), scale, hover=hover)


def caption(frame: pd.DataFrame) -> str:
    """Return the figure's caption."""
    return (
        "Per cent of the papers that a source lists first for which each field is known after merging and supplements. "
        "What is missing stays unknown: no field is guessed."
    )


def alt(frame: pd.DataFrame) -> str:
    """Return a sentence that says what the figure shows."""
    if frame.empty:
        return "There is no paper, so no field to cover."
    totals = frame.groupby("label", sort=False)[["n", "n_source"]].sum()
    share = totals["n"] / totals["n_source"]
    full = ", ".join(share.index[share == 1]) or "none"
    none = ", ".join(share.index[share == 0]) or "none"
    return (
        f"Fields known in {counted(frame['source'].nunique(), 'source')}: for every paper {full}; for no paper {none}; "
        f"abstracts for {share['Abstract']:.0%} and dates for {share['Date']:.0%} of the papers."
    )


def field_coverage(corpus: Corpus) -> go.Figure:
    """Draw which fields each source tells."""
    return draw(data(corpus))


def _percent(share: float) -> str:
    """Return per cent without rounding to all or nothing."""
    if 0 < share < 0.01:
        return "<1"
    return ">99" if 0.99 < share < 1 else f"{100 * share:.0f}"
