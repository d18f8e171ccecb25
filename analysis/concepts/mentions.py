"""Which paper mentions which concept, and which text is newer than its date."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.concepts.vocabulary import Vocabulary, mentioned, read_vocabulary
from analysis.corpus.paper import Corpus
from analysis.errors import VocabularyError
from analysis.io.display import html_card
from analysis.io.latex_table import latex_table
from analysis.io.partitions import Partitions
from analysis.io.runner import Run, in_turn
from analysis.validation import expect

ANACHRONISM_COLUMNS = ["paper_id", "date", "mention", "introduced", "days"]
# a year in a text counts as one when no other digit, letter or sign of a number touches it
# and may be ahead of the date by this many days, as that of next year's conference is
_PLANNED = 180
_YEAR = re.compile(r"(?<![\w.,/-])(20\d\d)(?![\w/]|[.,-]\d)")


@dataclass(frozen=True, eq=False, repr=False)
class Concepts:
    """Concepts and the papers that mention them.

    Attributes
    ----------
    table : DataFrame, index concept
        category, n (papers that mention it), share (of all papers).
    mentions : DataFrame of bool, index paper_id
        One column per concept.
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

    def __repr__(self) -> str:
        return f"Concepts({int((self.table['n'] > 0).sum())} of {len(self.table)} mentioned, in {len(self.mentions)} papers)"

    def _repr_html_(self) -> str:
        return html_card("Concepts", self.table[self.table["n"] > 0], self.anachronisms)


def find_concepts(corpus: Corpus, vocabulary: Vocabulary | None = None, *, run: Run = in_turn) -> Concepts:
    """Look for every concept of a vocabulary in titles and abstracts.

    Parameters
    ----------
    corpus : Corpus
    vocabulary : Vocabulary, optional
        The one for medical AI by default; see `analysis.concepts.vocabulary.read_vocabulary`.
    run : callable, optional
        Does a piece of work on every partition; see `analysis.io.runner.in_turn`.

    Raises
    ------
    VocabularyError
        `vocabulary` is none, or `corpus` is no corpus.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> df = pd.DataFrame({"title": ["Chest X-ray reports"], "abstract": ["Segmentation of the lung."]})
    >>> concepts = at.find_concepts(at.Corpus.from_frame(df))
    >>> bool(concepts.table["n"].sum() > 0)
    True
    """
    expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", VocabularyError)
    if vocabulary is not None:
        expect(vocabulary, Vocabulary, "vocabulary", "at.read_vocabulary makes one of a file", VocabularyError)
    vocabulary = read_vocabulary() if vocabulary is None else vocabulary
    papers, parts = corpus.facts("date", "date_precision").sort_index(), corpus.texts
    pieces = list(run("concepts", search_partition, ConceptJob(parts, vocabulary), len(parts)))
    names = [concept.name for concept in vocabulary.concepts]
    said = np.concatenate([np.zeros((0, len(names)), dtype=bool), *(piece["said"] for piece in pieces)])
    mentions = pd.DataFrame(said, index=papers.index, columns=names)
    counts = mentions.sum().astype("int64")
    table = pd.DataFrame(
        {
            "category": [concept.category for concept in vocabulary.concepts],
            "n": counts,
            "share": counts / max(len(papers), 1),
        },
        index=pd.Index(names, name="concept"),
    )
    return Concepts(table, mentions, _anachronisms(papers, pieces, vocabulary))


@dataclass(frozen=True)
class ConceptJob:
    """What every partition is looked through for."""

    parts: Partitions
    vocabulary: Vocabulary


def search_partition(looking: ConceptJob, number: int) -> dict[str, np.ndarray]:
    """Look through one partition.

    Returns
    -------
    dict of ndarray
        said: bool (n, concepts); introduced: bool (n, introductions); year_rows, years: a paper's position and a year
        that its text names, one pair for each.
    """
    papers = looking.parts.read(number, ["title", "abstract"])
    texts = pa.array(
        [f"{title}\n{abstract}" for title, abstract in zip(papers["title"], papers["abstract"], strict=True)],
        pa.string(),
    )
    named = [
        (row, int(year))
        for row in np.flatnonzero(pc.match_substring(texts, "20").to_numpy(zero_copy_only=False)).tolist()
        for year in sorted(set(_YEAR.findall(texts[row].as_py())))
    ]
    years = np.array(named, dtype=np.int64).reshape(-1, 2)
    return {
        "said": _table_of(texts, [concept.patterns for concept in looking.vocabulary.concepts]),
        "introduced": _table_of(texts, [item.patterns for item in looking.vocabulary.introductions]),
        "year_rows": years[:, 0],
        "years": years[:, 1],
    }


def _table_of(texts: pa.Array, patterns: Sequence[list[str]]) -> np.ndarray:
    columns = [np.asarray(mentioned(texts, alternatives), dtype=bool) for alternatives in patterns]
    return np.stack(columns, axis=1) if columns else np.zeros((len(texts), 0), dtype=bool)


def _anachronisms(
    papers: pd.DataFrame, pieces: Sequence[dict[str, np.ndarray]], vocabulary: Vocabulary
) -> pd.DataFrame:
    """Return which papers speak of what came after the last day that their date can mean."""
    starts = np.cumsum([0, *(len(piece["said"]) for piece in pieces)])
    introduced = np.concatenate(
        [np.zeros((0, len(vocabulary.introductions)), dtype=bool), *(p["introduced"] for p in pieces)]
    )
    frames = [
        _said_early(papers, np.flatnonzero(introduced[:, number]), introduction.name, introduction.date, 0)
        for number, introduction in enumerate(vocabulary.introductions)
    ]
    rows = np.concatenate(
        [np.zeros(0, dtype=int), *(p["year_rows"] + first for p, first in zip(pieces, starts[:-1], strict=True))]
    )
    years = np.concatenate([np.zeros(0, dtype=int), *(piece["years"] for piece in pieces)])
    # a year past the corpus is a forecast ("by 2050"), one within it a fact the text could not know
    last = papers["date"].max().year if papers["date"].notna().any() else 0
    frames += [
        _said_early(papers, rows[years == year], str(year), dt.date(year, 1, 1), _PLANNED)
        for year in np.unique(years).tolist()
        if year <= last
    ]
    whole = pd.concat([_no_anachronisms(), *(frame for frame in frames if len(frame))], ignore_index=True)
    order = np.argsort(whole["paper_id"].to_numpy(dtype=object), kind="stable")
    return whole.iloc[order].reset_index(drop=True)


def _said_early(papers: pd.DataFrame, rows: np.ndarray, mention: str, introduced: dt.date, slack: int) -> pd.DataFrame:
    """Return those of some papers whose date is more than `slack` days before what they mention."""
    early = papers.iloc[rows][["date", "date_precision"]].dropna(subset="date")
    latest = early["date"].where(
        early["date_precision"] != "month", early["date"].dt.to_period("M").dt.end_time.dt.normalize()
    )
    latest = latest.where(early["date_precision"] != "year", early["date"].dt.to_period("Y").dt.end_time.dt.normalize())
    days = (pd.Timestamp(introduced) - latest).dt.days
    early = early[days > slack]
    frame = pd.DataFrame(
        {
            "paper_id": early.index,
            "date": early["date"].to_numpy(),
            "mention": mention,
            "introduced": pd.Timestamp(introduced),
            "days": days[days > slack].to_numpy(),
        }
    )
    return _typed_anachronisms(frame)


def _no_anachronisms() -> pd.DataFrame:
    return _typed_anachronisms(pd.DataFrame(columns=ANACHRONISM_COLUMNS))


def _typed_anachronisms(frame: pd.DataFrame) -> pd.DataFrame:
    times = {"date": "datetime64[us]", "introduced": "datetime64[us]"}
    return frame.astype({"mention": "str", "days": "int64", **times})
