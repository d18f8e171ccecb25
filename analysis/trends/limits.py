"""What the corpus is, and what that forbids to conclude: sentences that go with every result."""

import numpy as np
import pandas as pd

from analysis.concepts.mentions import Concepts
from analysis.corpus.languages import spoken_language
from analysis.corpus.paper import Corpus
from analysis.embedding.centring import LanguageGroups
from analysis.io.display import counted
from analysis.trends.coverage import Dated


def corpus_limitations(
    corpus: Corpus, dated: Dated, strata: np.ndarray, concepts: Concepts | None = None
) -> pd.DataFrame:
    """Return what readers of the trends must know about the sample.

    Parameters
    ----------
    corpus : Corpus
    dated : Dated
        The papers that the trends speak of.
    strata : ndarray of str, shape (n,)
        Source of each paper.
    concepts : Concepts, optional
        Whose anachronisms are told of.

    Returns
    -------
    DataFrame
        about ("sources", "windows", "dates", "texts", "languages", "shares"), text: one sentence each.
    """
    rows = [("sources", _sources(corpus, strata))]
    windows = _windows(dated.papers, strata)
    if windows:
        rows.append(("windows", windows))
    dates = _dates(dated)
    if dates:
        rows.append(("dates", dates))
    early = 0 if concepts is None else concepts.anachronisms["paper_id"].nunique()
    if early:
        rows.append(
            (
                "texts",
                f"{counted(early, 'paper')} {'mentions' if early == 1 else 'mention'} what came after the date given for "
                f"{'it' if early == 1 else 'them'}: the text is newer than the date, or the date is wrong, and its words are "
                "counted too early.",
            )
        )
    languages = _languages(corpus, dated.papers.index)
    if languages:
        rows.append(("languages", languages))
    rows.append(
        (
            "shares",
            "A trend here is a change of a topic's share among these papers, within the source that lists them first; it "
            "says nothing of how many papers a field publishes, and nothing of papers that no source lists.",
        )
    )
    return pd.DataFrame(rows, columns=["about", "text"]).astype("str")


def _languages(corpus: Corpus, ids: pd.Index) -> str:
    """Tell of papers in several languages; empty where all are in one."""
    facts = corpus.facts("language_detected", "language").loc[ids]
    groups = LanguageGroups.of([spoken_language(*codes) for codes in facts.itertuples(index=False, name=None)])
    if not groups.several:
        return ""
    counts = np.bincount(groups.number, minlength=len(groups.names))
    told = [f"{counted(int(count), 'paper')} in {name}" for name, count in zip(groups.names, counts, strict=True)]
    return (
        f"The papers are in several languages ({', '.join(told)}): a topic may be one language's part of its subject, and "
        "trends are tested within each language."
    )


def _sources(corpus: Corpus, strata: np.ndarray) -> str:
    names = np.unique(strata)
    if len(names) == 1:
        return f"All papers come from one source, {names[0]}: what its query and ranking leave out cannot be seen."
    shared = corpus.occurrence_parts.n_rows - len(corpus)
    return (
        f"The papers come from {counted(len(names), 'source')}, each another query with another choice of papers "
        f"({counted(shared, 'record')} merged): the mix of sources decides which topics are large, so sizes compare "
        "topics of this corpus, not of the field."
    )


def _windows(papers: pd.DataFrame, strata: np.ndarray) -> str:
    """Say that sources see different stretches of time, where they do."""
    dated = papers["date"].notna().to_numpy()
    spans = papers["date"][dated].groupby(strata[dated]).agg(["min", "max"])
    if spans.empty:
        return ""
    first, last = spans["max"].min(), spans["max"].max()
    if first == last:
        return ""
    return (
        f"The sources were seen until different days: the earliest last paper is of {first:%Y-%m-%d}, the latest of "
        f"{last:%Y-%m-%d}. After the former, what looks like a new topic can be one source's taste, which is why dates are "
        "compared within sources only."
    )


def _dates(dated: Dated) -> str:
    papers = dated.papers
    undated = int(papers["date"].isna().sum())
    coarse = int(papers["date_precision"].isin(["month", "year"]).sum())
    parts = []
    if undated:
        parts.append(f"{counted(undated, 'paper')} without a date {'is' if undated == 1 else 'are'} in no trend")
    if coarse:
        parts.append(
            f"{counted(coarse, 'date')} known to the month or year only {'is' if coarse == 1 else 'are'} put at its middle"
        )
    if dated.heaped:
        parts.append(
            f"{counted(dated.heaped, 'date')} on the first or last day of a year {'is' if dated.heaped == 1 else 'are'} read as "
            "the year alone, for their source heaps dates there"
        )
    return f"{'; '.join(parts)}." if parts else ""
