"""Which paper mentions which concept, and which text is newer than its date."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.concepts.vocabulary import Vocabulary, mentioned, read_vocabulary
from analysis.corpus.paper import Corpus
from analysis.display import html_card
from analysis.latex_table import latex_table

ANACHRONISM_COLUMNS = ["paper_id", "date", "mention", "introduced", "days"]
# a year in a text counts as one when no other digit, letter or sign of a number touches it
# and may be ahead of the date by this many days, as that of next year's conference is
_PLANNED = 180
_YEAR = re.compile(r"(?<![\w.,/-])(20\d\d)(?![\w/]|[.,-]\d)")


@dataclass(frozen=True)
class Concepts:
    """Concepts and the papers that mention them.

    Attributes
    ----------
    table : DataFrame, index concept
        category, n (papers that mention it), share (of all papers).
    mentions : DataFrame of bool, index paper_id
        One column a concept.
    anachronisms : DataFrame
        paper_id, date, mention, introduced (its first day), days (by which the date is too
        early): papers whose text speaks of what came after their date, so that the page's text
        is newer than its date.
    """

    table: pd.DataFrame
    mentions: pd.DataFrame
    anachronisms: pd.DataFrame

    def to_latex(self) -> str:
        """Return the concepts as a booktabs table."""
        return latex_table(self.table.reset_index())

    def _repr_html_(self) -> str:
        return html_card("Concepts", self.table[self.table["n"] > 0], self.anachronisms)


def find_concepts(corpus: Corpus, vocabulary: Vocabulary | None = None) -> Concepts:
    """Look for every concept of a vocabulary in titles and abstracts.

    Parameters
    ----------
    corpus : Corpus
    vocabulary : Vocabulary, optional
        The one for medical AI by default; see `analysis.concepts.vocabulary.read_vocabulary`.
    """
    chosen = read_vocabulary() if vocabulary is None else vocabulary
    papers = corpus.papers.sort_index()
    texts = pa.array(
        [f"{title}\n{abstract}" for title, abstract in zip(papers["title"], papers["abstract"], strict=True)],
        pa.string(),
    )
    mentions = pd.DataFrame(
        {concept.name: mentioned(texts, concept.patterns) for concept in chosen.concepts}, index=papers.index
    )
    counts = mentions.sum().astype("int64")
    table = pd.DataFrame(
        {
            "category": [concept.category for concept in chosen.concepts],
            "n": counts,
            "share": counts / max(len(papers), 1),
        },
        index=pd.Index(mentions.columns, name="concept"),
    )
    return Concepts(table, mentions, _anachronisms(papers, texts, chosen))


def _anachronisms(papers: pd.DataFrame, texts: pa.Array, vocabulary: Vocabulary) -> pd.DataFrame:
    last = papers["date"].max()
    introduced = [
        (introduction.name, pd.Timestamp(introduction.date), mentioned(texts, introduction.patterns))
        for introduction in vocabulary.introductions
    ]
    rows = []
    for position in np.flatnonzero(papers["date"].notna().to_numpy()).tolist():
        date = papers["date"].iloc[position]
        latest = _latest_day(date, papers["date_precision"].iloc[position])
        found = [(name, day) for name, day, said in introduced if said[position] and day > latest]
        # a year past the corpus is a forecast ("by 2050"), one within it a fact the text could not know
        years = [pd.Timestamp(int(year), 1, 1) for year in sorted(set(_YEAR.findall(texts[position].as_py())))]
        found += [(str(day.year), day) for day in years if day <= last and (day - latest).days > _PLANNED]
        rows += [(papers.index[position], date, name, day, int((day - latest).days)) for name, day in found]
    frame = pd.DataFrame(rows, columns=ANACHRONISM_COLUMNS)
    times = {"date": "datetime64[us]", "introduced": "datetime64[us]"}
    return frame.astype({"paper_id": "str", "mention": "str", "days": "int64", **times})


def _latest_day(date: pd.Timestamp, precision: str) -> pd.Timestamp:
    """Return the last day that a date of this precision can mean."""
    if precision == "month":
        return date.to_period("M").end_time.normalize()
    if precision == "year":
        return pd.Timestamp(date.year, 12, 31)
    return date
