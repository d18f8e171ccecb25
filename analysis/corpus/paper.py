"""The corpus: one table of papers, where each of them stood, and what could not be read."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.corpus.citations import resolved_references
from analysis.corpus.from_frame import frame_tables
from analysis.corpus.saved import SMALL, read_corpus_tables, write_corpus
from analysis.corpus.schema import (
    CONFLICT_COLUMNS,
    FILLED_COLUMNS,
    MERGE_COLUMNS,
    PAPER_COLUMNS,
    SOURCE_COLUMNS,
    empty_rejects,
    in_file_order,
    typed_filled,
    typed_merges,
    typed_occurrences,
    typed_papers,
)
from analysis.corpus.text import is_abstract
from analysis.errors import ArtefactError
from analysis.io.display import html_card
from analysis.io.partitions import FramePartitions, Partitions, read_rows, read_whole
from analysis.validation import expect_path


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Corpus:
    """Papers, their occurrences in the exports, and the rejects.

    Papers and occurrences may lie on disk in partitions; what is asked of them is read when it is asked, and kept.

    Attributes
    ----------
    papers : DataFrame, index ``paper_id``
        One row per paper; of exports sorted by id (str), of a table in its order and with its own ids.
        Columns: title, abstract, date (datetime64, midnight, NaT if unknown; a month
        stands at its 15th, a year at 2 July), date_precision (day | month | year | none),
        date_inferred (bool: the page left out the year), n_authors (Int64), authors (list or
        NA), organisation, comments (Int64), doi, arxiv_id, url, venue, type (article | preprint | review | ..., see
        `analysis.corpus.kinds`), language (two letters, as records tell),
        language_detected (that of the text, NA where it is too short to tell), countries (list of two-letter codes),
        affiliations, keywords (the authors'), index_keywords (the database's), references (list of DOIs, keys or citations),
        n_cited (Int64), volume, issue, pages, editor (list), label (a screener's decision), excluded (why topics leave it out,
        such as "type: erratum", or NA),
        sources (list of "file#ordinal", in file order; the first one's source is the paper's stratum).
    occurrences : DataFrame
        One row per record that was read: file, ordinal, line_start, line_end (1-based,
        inclusive), paper_id, title, date, date_raw, n_authors, organisation, comments, doi,
        arxiv_id, pmid, venue, record_id (the database's own).
    rejects : DataFrame
        file, line, reason, excerpt, scope ("file", "record", "date" where only the date of a
        kept record was refused, or "damage" beside the records). Records read = papers + merged duplicates + rejects of
        scope "record".
    conflicts : DataFrame
        Facts on which occurrences of one paper disagree, which was kept, and both sources.
    pages : DataFrame
        One row per file: its format, the day it was taken with the status of that knowledge
        (shown | proved | bounded | told | unknown) and its evidence, its counts, and the source and query that it belongs to.
    merges : DataFrame
        One row per record that joined an earlier one, the most doubtful first: file, ordinal, paper_id, joined (the earlier
        one's "file#ordinal"), reason, doubt (0-1), evidence (for and against, in words).
    filled : DataFrame
        One row per cell that a service filled: paper_id, field, value, source, retrieved.
    paper_parts, occurrence_parts : Partitions
        Where papers and occurrences lie.
    table_rows : Index or None
        The index of the table that the corpus was made from, by which its columns are known again.
    """

    paper_parts: Partitions
    occurrence_parts: Partitions
    rejects: pd.DataFrame
    conflicts: pd.DataFrame
    pages: pd.DataFrame
    merges: pd.DataFrame
    filled: pd.DataFrame
    table_rows: pd.Index | None

    def __init__(
        self,
        papers: pd.DataFrame | Partitions,
        occurrences: pd.DataFrame | Partitions,
        rejects: pd.DataFrame,
        conflicts: pd.DataFrame | None = None,
        pages: pd.DataFrame | None = None,
        merges: pd.DataFrame | None = None,
        filled: pd.DataFrame | None = None,
        table_rows: pd.Index | None = None,
    ) -> None:
        tables = {
            "paper_parts": FramePartitions(papers) if isinstance(papers, pd.DataFrame) else papers,
            "occurrence_parts": FramePartitions(occurrences) if isinstance(occurrences, pd.DataFrame) else occurrences,
            "rejects": rejects,
            "conflicts": pd.DataFrame(columns=CONFLICT_COLUMNS) if conflicts is None else conflicts,
            "pages": pd.DataFrame(columns=SOURCE_COLUMNS) if pages is None else pages,
            "merges": typed_merges(pd.DataFrame(columns=MERGE_COLUMNS)) if merges is None else merges,
            "filled": typed_filled(pd.DataFrame(columns=FILLED_COLUMNS)) if filled is None else filled,
        }
        for name, table in tables.items():
            object.__setattr__(self, name, table)
        object.__setattr__(self, "table_rows", table_rows)

    @classmethod
    def from_frame(cls, df: pd.DataFrame) -> "Corpus":
        """Build a corpus from a table of one paper per row; nothing is merged, and rows keep their order.

        Parameters
        ----------
        df : DataFrame
            Columns title and abstract (text). Optional: date (ISO text, date, period, or whole year), source (text: the
            stratum, such as the query or database that it came from), authors and other lists (list, or text with
            semicolons), n_authors, and whatever else `papers` holds, and id (unique texts or numbers, which keep their
            type). Without a column id, an index that is called id or paper_id, or that holds distinct texts, holds the
            ids; else they are made from titles. Other columns are left alone.

        Raises
        ------
        CorpusError
            A required column is missing, an id repeats, a cell holds a list, or a date cannot be read.

        Warns
        -----
        CorpusWarning
            A text holds half a character.

        Examples
        --------
        >>> import analysis as at, pandas as pd
        >>> df = pd.DataFrame({"id": [7, 3], "title": ["On bees", "On ice"], "abstract": ["Hives.", "Floes."]})
        >>> at.Corpus.from_frame(df).papers.index.tolist()
        [7, 3]
        """
        papers, occurrences = frame_tables(df)
        return cls(papers, occurrences, empty_rejects(), table_rows=df.index)

    def save(self, folder: str | Path) -> None:
        """Save every table in a folder; `Corpus.load` reads it.

        Raises
        ------
        ArtefactError
            The folder cannot be written.
        """
        path = expect_path(folder, "folder", ArtefactError)
        small = {name: getattr(self, name) for name in SMALL}
        write_corpus(path, self.paper_parts, self.occurrence_parts, small)

    @classmethod
    def load(cls, folder: str | Path) -> "Corpus":
        """Load a corpus that `save` wrote, or that of a study's folder ``data/corpus``.

        Raises
        ------
        ArtefactError
            The folder holds no corpus, was saved in another format, or is damaged.
        """
        return cls(**read_corpus_tables(expect_path(folder, "folder", ArtefactError)))

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

    @cached_property
    def ids(self) -> pd.Index:
        """The ids of all papers, in the order of `papers`."""
        return read_whole(self.paper_parts, []).index.rename("paper_id")

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
        """Return which facts of each paper are known (bool, index paper_id), one column per fact."""
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
        pieces = [
            parts.read(number, ["abstract"])["abstract"].map(is_abstract).astype(bool) for number in range(len(parts))
        ]
        return (pd.concat(pieces) if pieces else pd.Series(dtype=bool)).rename("has_abstract")

    @cached_property
    def in_topics(self) -> pd.Series:
        """Which papers are given a topic (bool, index paper_id): those with an abstract that are not excluded."""
        parts = self.paper_parts
        out = [parts.read(number, ["excluded"])["excluded"].notna() for number in range(len(parts))]
        return (self.has_abstract & ~pd.concat(out) if out else self.has_abstract).rename("in_topics")

    @property
    def described(self) -> pd.DataFrame:
        """The papers that are given a topic, in the order of `papers`."""
        return self.papers[self.in_topics]

    @cached_property
    def citations(self) -> pd.DataFrame:
        """What papers cite (paper_id, reference, cited: paper_id or NA, by); see `analysis.corpus.citations`."""
        return resolved_references(
            self.facts("title", "authors", "date", "doi", "arxiv_id", "references"),
            self.occurrence_facts("paper_id", "doi", "arxiv_id", "pmid", "record_id"),
        )

    @cached_property
    def strata(self) -> pd.Series:
        """The source of the first record, in file order, that lists each paper (str, index paper_id)."""
        parts = self.paper_parts
        pieces = [
            parts.read(number, ["sources"])["sources"].map(lambda sources: sources[0].rpartition("#")[0]).astype("str")
            for number in range(len(parts))
        ]
        files = (pd.concat(pieces) if pieces else pd.Series(dtype="str")).rename("stratum")
        return self.source_of(files)

    def source_of(self, files: pd.Series) -> pd.Series:
        """Return the sources that files belong to; a file that is not listed is its own."""
        if "source" not in self.pages or not len(self.pages):
            return files
        names = self.pages.set_index("file")["source"]
        return files.map(names).where(lambda named: named.notna(), files).astype("str")

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
                "papers_excluded": int((self.has_abstract & ~self.in_topics).sum()),
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
