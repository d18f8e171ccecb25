"""The corpus: one table of papers, where each of them stood, and what could not be read."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.dates import DateError, parse_iso_date
from analysis.corpus.text import clean_text, is_abstract, title_key
from analysis.errors import CorpusError
from analysis.io.display import html_card
from analysis.io.partitions import FramePartitions, Partitions, read_rows, read_whole

PAPER_COLUMNS = [
    "title", "abstract", "date", "date_precision", "date_inferred", "n_authors", "authors", "organisation",
    "comments", "doi", "arxiv_id", "url", "venue", "sources",
]  # fmt: skip
OCCURRENCE_COLUMNS = [
    "file", "ordinal", "line_start", "line_end", "paper_id", "title", "date", "date_raw", "n_authors",
    "organisation", "comments", "doi", "arxiv_id", "pmid", "venue",
]  # fmt: skip
MERGE_COLUMNS = ["file", "ordinal", "paper_id", "joined", "reason"]
FILLED_COLUMNS = ["paper_id", "field", "value", "source", "retrieved"]
REJECT_COLUMNS = ["file", "line", "reason", "excerpt", "scope"]
CONFLICT_COLUMNS = ["paper_id", "field", "kept", "kept_from", "other", "other_from"]
PAGE_COLUMNS = [
    "file", "format", "taken", "taken_status", "taken_evidence", "records", "rejects", "dated", "yearless",
]  # fmt: skip
_PAPER_TYPES = {
    "date": "datetime64[us]", "date_inferred": "bool", "n_authors": "Int64", "comments": "Int64",
    **dict.fromkeys(("title", "abstract", "date_precision", "organisation", "doi", "arxiv_id", "url", "venue"), "str"),
}  # fmt: skip
_OCCURRENCE_TYPES = {
    "date": "datetime64[us]", "n_authors": "Int64", "comments": "Int64",
    **dict.fromkeys(("ordinal", "line_start", "line_end"), "int64"),
    **dict.fromkeys(
        ("file", "paper_id", "title", "date_raw", "organisation", "doi", "arxiv_id", "pmid", "venue"), "str"
    ),
}  # fmt: skip


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Corpus:
    """Papers, their occurrences in the exports, and the rejects.

    Papers and occurrences may lie on disk in partitions; what is asked of them is read when it is asked, and kept.

    Attributes
    ----------
    papers : DataFrame, index ``paper_id`` (str, sorted)
        One row per paper: title, abstract, date (datetime64, midnight, NaT if unknown; a month
        stands at its 15th, a year at 2 July), date_precision (day | month | year | none),
        date_inferred (bool: the page left out the year), n_authors (Int64), authors (list or
        NA), organisation, comments (Int64), doi, arxiv_id, url, venue, sources (list of
        "file#ordinal", in file order; the first is the paper's stratum).
    occurrences : DataFrame
        One row per record that was read: file, ordinal, line_start, line_end (1-based,
        inclusive), paper_id, title, date, date_raw, n_authors, organisation, comments, doi,
        arxiv_id, pmid, venue.
    rejects : DataFrame
        file, line, reason, excerpt, scope ("file", "record", "date" where only the date of a
        kept record was refused, or "damage" beside the records). Records read = papers + merged duplicates + rejects of
        scope "record".
    conflicts : DataFrame
        Facts on which occurrences of one paper disagree, which was kept, and both sources.
    pages : DataFrame
        One row per file: its format, the day it was taken with the status of that knowledge
        (shown | proved | bounded | unknown) and its evidence, and its counts.
    merges : DataFrame
        One row per record that joined an earlier one: file, ordinal, paper_id, joined (the earlier
        one's "file#ordinal"), reason.
    filled : DataFrame
        One row per cell that a service filled: paper_id, field, value, source, retrieved.
    paper_parts, occurrence_parts : Partitions
        Where papers and occurrences lie.
    """

    paper_parts: Partitions
    occurrence_parts: Partitions
    rejects: pd.DataFrame
    conflicts: pd.DataFrame
    pages: pd.DataFrame
    merges: pd.DataFrame
    filled: pd.DataFrame

    def __init__(
        self,
        papers: pd.DataFrame | Partitions,
        occurrences: pd.DataFrame | Partitions,
        rejects: pd.DataFrame,
        conflicts: pd.DataFrame | None = None,
        pages: pd.DataFrame | None = None,
        merges: pd.DataFrame | None = None,
        filled: pd.DataFrame | None = None,
    ) -> None:
        tables = {
            "paper_parts": FramePartitions(papers) if isinstance(papers, pd.DataFrame) else papers,
            "occurrence_parts": FramePartitions(occurrences) if isinstance(occurrences, pd.DataFrame) else occurrences,
            "rejects": rejects,
            "conflicts": pd.DataFrame(columns=CONFLICT_COLUMNS) if conflicts is None else conflicts,
            "pages": pd.DataFrame(columns=PAGE_COLUMNS) if pages is None else pages,
            "merges": typed_merges(pd.DataFrame(columns=MERGE_COLUMNS)) if merges is None else merges,
            "filled": typed_filled(pd.DataFrame(columns=FILLED_COLUMNS)) if filled is None else filled,
        }
        for name, table in tables.items():
            object.__setattr__(self, name, table)

    @classmethod
    def from_frame(cls, df: pd.DataFrame) -> "Corpus":
        """Build a corpus from a table of one paper a row; nothing is merged.

        Parameters
        ----------
        df : DataFrame
            Columns title and abstract (str); optional date (ISO string, year, date), id
            (unique) and source (the stratum: which query or database it came from).

        Raises
        ------
        CorpusError
            A required column is missing, an id repeats, or a date cannot be read.
        """
        return cls(*_frame_tables(df), empty_rejects())

    def with_papers(self, papers: pd.DataFrame) -> "Corpus":
        """Return a corpus with other papers, and all else as it is."""
        return Corpus(papers, self.occurrence_parts, self.rejects, self.conflicts, self.pages, self.merges, self.filled)

    @cached_property
    def papers(self) -> pd.DataFrame:
        """All papers with all their columns; see the class."""
        return typed_papers(read_whole(self.paper_parts))

    @cached_property
    def occurrences(self) -> pd.DataFrame:
        """All records that were read, in the order of files; see the class."""
        return typed_occurrences(in_file_order(read_whole(self.occurrence_parts)))

    def facts(self, *columns: str) -> pd.DataFrame:
        """Return some columns of all papers, index paper_id, without reading the others."""
        if "papers" in self.__dict__:
            return self.papers[list(columns)]
        return typed_papers(read_whole(self.paper_parts, columns))

    def rows(self, ids: pd.Index, *columns: str) -> pd.DataFrame:
        """Return some papers in the order of their ids: some columns of them, or all."""
        if "papers" in self.__dict__:
            return self.papers.loc[ids, list(columns) or PAPER_COLUMNS]
        return typed_papers(read_rows(self.paper_parts, ids, columns or None))

    def known(self, *columns: str) -> pd.DataFrame:
        """Return which facts of each paper are known (bool, index paper_id), one column a fact."""
        parts = self.paper_parts
        return pd.concat([parts.read(number, columns).notna() for number in range(len(parts))])

    def occurrence_facts(self, *columns: str) -> pd.DataFrame:
        """Return some columns of all occurrences, in the order of papers or files, without reading the others."""
        return typed_occurrences(read_whole(self.occurrence_parts, columns))

    @property
    def texts(self) -> Partitions:
        """Titles and abstracts of all papers, a partition at a time, in the order of their ids."""
        return sorted_parts(self.paper_parts)

    @cached_property
    def has_abstract(self) -> pd.Series:
        """Which papers have an abstract that says something (bool, index paper_id)."""
        parts = self.paper_parts
        found = [
            parts.read(number, ["abstract"])["abstract"].map(is_abstract).astype(bool) for number in range(len(parts))
        ]
        return (pd.concat(found) if found else pd.Series(dtype=bool)).rename("has_abstract")

    @property
    def described(self) -> pd.DataFrame:
        """The papers with an abstract, sorted by id: those that are given a topic."""
        return self.papers[self.has_abstract].sort_index()

    @cached_property
    def strata(self) -> pd.Series:
        """The first page, in file order, that lists each paper (str, index paper_id)."""
        parts = self.paper_parts
        found = [
            parts.read(number, ["sources"])["sources"].map(lambda sources: sources[0].rpartition("#")[0]).astype("str")
            for number in range(len(parts))
        ]
        return (pd.concat(found) if found else pd.Series(dtype="str")).rename("stratum")

    @property
    def counts(self) -> pd.Series:
        """The flow from records to papers: read, rejected, merged, papers, dated, undated (int)."""
        occurrences, rejected = self.occurrence_parts.n_rows, int((self.rejects["scope"] == "record").sum())
        dated = int(self.facts("date")["date"].notna().sum())
        return pd.Series(
            {
                "records_read": occurrences + rejected,
                "records_rejected": rejected,
                "records_merged": occurrences - len(self),
                "papers": len(self),
                "papers_dated": dated,
                "papers_undated": len(self) - dated,
                "papers_without_abstract": int((~self.has_abstract).sum()),
            },
            name="count",
        )

    def __len__(self) -> int:
        return self.paper_parts.n_rows

    def __repr__(self) -> str:
        return (
            f"Corpus({len(self):,} papers of {self.occurrence_parts.n_rows:,} records, {len(self.rejects):,} rejects)"
        )

    def _repr_html_(self) -> str:
        shown = self.facts("title", "date", "date_precision", "arxiv_id").head(5)
        return html_card("Corpus", self.counts.to_frame().T, shown)


def sorted_parts(parts: Partitions) -> Partitions:
    """Return partitions whose index rises; those on disk were written so."""
    if isinstance(parts, FramePartitions) and not parts.table.index.is_monotonic_increasing:
        return FramePartitions(parts.table.sort_index(), parts.size)
    return parts


def _frame_tables(df: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the papers and occurrences of `Corpus.from_frame`."""
    missing = [name for name in ("title", "abstract") if name not in df.columns]
    if missing:
        raise CorpusError(
            f"the table lacks the column(s) {', '.join(missing)}; it has: {', '.join(map(str, df.columns))}. "
            "Rename yours, e.g. df.rename(columns={'headline': 'title'})."
        )
    rows = df.reset_index(drop=True)
    titles = [clean_text(_text(value)) for value in rows["title"]]
    abstracts = [clean_text(_text(value)) for value in rows["abstract"]]
    sources = [_text(value) for value in rows["source"]] if "source" in rows else ["table"] * len(rows)
    papers = empty_papers(_frame_ids(rows, titles))
    papers["title"], papers["abstract"] = titles, abstracts
    dates = [_frame_date(value, row) for row, value in enumerate(rows["date"])] if "date" in rows else []
    if dates:
        papers["date"] = pd.Series([date for date, _ in dates], index=papers.index, dtype="datetime64[us]")
        papers["date_precision"] = [precision for _, precision in dates]
    ordinals = pd.Series(sources).groupby(sources).cumcount() + 1
    papers["sources"] = pd.Series(
        [[f"{source}#{ordinal}"] for source, ordinal in zip(sources, ordinals, strict=True)],
        index=papers.index,
        dtype=object,
    )
    occurrences = pd.DataFrame(
        {
            "file": sources,
            "ordinal": ordinals.to_numpy(),
            "line_start": ordinals.to_numpy(),
            "line_end": ordinals.to_numpy(),
            "paper_id": papers.index,
            "title": titles,
            "date": papers["date"].to_numpy(),
        }
    ).reindex(columns=OCCURRENCE_COLUMNS)
    return typed_papers(papers.sort_index()), typed_occurrences(in_file_order(occurrences))


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _frame_ids(rows: pd.DataFrame, titles: list[str]) -> pd.Index:
    if "id" in rows:
        ids = pd.Index([_text(value) for value in rows["id"]], name="paper_id")
        if ids.has_duplicates or (ids == "").any():
            repeated = ids[ids.duplicated()].unique()[:3].tolist()
            raise CorpusError(f"the column id must be unique and without gaps; repeated: {repeated}")
        return ids
    keys = pd.Series([title_key(title) for title in titles], dtype=str)
    turns = keys.groupby(keys).cumcount()
    return pd.Index([paper_id(key, turn) for key, turn in zip(keys, turns, strict=True)], name="paper_id")


def _frame_date(value: Any, row: int) -> tuple[pd.Timestamp, str]:
    try:
        return parse_iso_date(value)
    except DateError as error:
        raise CorpusError(f"row {row + 1} of the table: {error}") from error


def paper_id(key: str, turn: int = 0) -> str:
    """Return the identifier of the `turn`-th paper with this title key (12 hexadecimal digits).

    It depends on nothing but the title, hence not on the order or the names of files.
    """
    from hashlib import sha256

    return sha256(f"{key}\x00{turn}".encode() if turn else key.encode()).hexdigest()[:12]


def empty_papers(index: pd.Index) -> pd.DataFrame:
    """Return a table of papers of which nothing is known but their ids."""
    frame = pd.DataFrame(index=index, columns=PAPER_COLUMNS, dtype=object)
    frame["title"] = frame["abstract"] = ""
    frame["date"] = pd.Series(pd.NaT, index=index, dtype="datetime64[us]")
    frame["date_precision"] = "none"
    frame["date_inferred"] = False
    return frame


def empty_rejects() -> pd.DataFrame:
    """Return a table of rejects without rows."""
    return typed_rejects(pd.DataFrame(columns=REJECT_COLUMNS))


def typed_papers(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of a table of papers, all or some, their documented dtype and place."""
    frame = frame[[name for name in PAPER_COLUMNS if name in frame.columns]].copy()
    for name, kind in _PAPER_TYPES.items():
        if name in frame.columns:
            frame[name] = frame[name].astype(kind)
    for name in ("authors", "sources"):
        if name in frame.columns:
            frame[name] = frame[name].map(_as_list).astype(object)
    frame.index = frame.index.astype("str").rename("paper_id")
    return frame


def typed_occurrences(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of a table of occurrences, all or some, their documented dtype and place."""
    frame = frame[[name for name in OCCURRENCE_COLUMNS if name in frame.columns]].reset_index(drop=True)
    return frame.astype({name: kind for name, kind in _OCCURRENCE_TYPES.items() if name in frame.columns})


def in_file_order(records: pd.DataFrame) -> pd.DataFrame:
    """Return rows about records, with their file and ordinal, in the order of files and records."""
    order = np.lexsort((records["ordinal"], pd.factorize(records["file"], sort=True)[0]))
    return records.iloc[order].reset_index(drop=True)


def typed_merges(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column of a table of merges its documented dtype and place."""
    frame = frame[MERGE_COLUMNS].reset_index(drop=True)
    frame["ordinal"] = frame["ordinal"].astype("int64")
    return frame.astype(dict.fromkeys(("file", "paper_id", "joined", "reason"), "str"))


def typed_filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column of a table of filled cells its documented dtype and place."""
    return frame[FILLED_COLUMNS].reset_index(drop=True).astype("str")


def typed_rejects(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column of a table of rejects its documented dtype and place."""
    frame = frame[REJECT_COLUMNS].reset_index(drop=True)
    frame["line"] = frame["line"].astype("int64")
    for name in ("file", "reason", "excerpt", "scope"):
        frame[name] = frame[name].astype("str")
    return frame


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) or hasattr(value, "tolist") else pd.NA
