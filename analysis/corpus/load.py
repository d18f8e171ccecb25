"""Read a folder of exports into a corpus in memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import pandas as pd

from analysis.corpus.assemble import assemble
from analysis.corpus.damage import warn_of_rejects
from analysis.corpus.exports import Exports, export_files
from analysis.corpus.merge import DateChoice
from analysis.corpus.named_sources import NamedSource
from analysis.corpus.paper import Corpus
from analysis.corpus.schema import in_file_order
from analysis.corpus.selection import DEFAULT_TYPES, Selection
from analysis.errors import CorpusError, SupplementError
from analysis.io.runner import SerialRunner
from analysis.validation import expect, expect_path


def load_corpus(
    path: str | Path | Sequence[str | Path],
    supplement: str | Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    date_choice: DateChoice = "first_submission",
    sources: Mapping[str, str | Sequence[str]] | None = None,
    types: Sequence[str] = DEFAULT_TYPES,
    languages: Sequence[str] = (),
    merge_edits: str | Path | None = None,
) -> Corpus:
    r"""Read exports into one clean corpus.

    Parameters
    ----------
    path : path or sequence of paths
        A folder, whose files are read in the order of their names, or the files themselves.
        Formats are recognised by content; hidden files are left alone.
    supplement : path, optional
        A CSV of curated dates and identifiers (columns title, date, arxiv_id, doi) that fills
        what the exports leave unknown. An export's own date wins.
    columns : mapping of field to column, optional
        For tables whose columns have names of their own, such as {"title": "Headline"}.
    date_choice : {"first_submission", "publication"}
        Which date stands where a preprint and its publication are one paper.
    sources : mapping of name to pattern or patterns, optional
        Files that are exports of one source, such as {"Web of Science": "savedrecs*.txt"}; any other file is its own, or is
        grouped by the query that it tells.
    types, languages : sequence of str
        What topics are made of; see `analysis.corpus.selection.Selection`.
    merge_edits : path, optional
        What a reader decided about pairs of records; see `analysis.corpus.merge_edits`.

    Returns
    -------
    Corpus
        Papers sorted by id. The ids and texts depend on neither the names nor the order of files.

    Raises
    ------
    CorpusError
        There is no such folder, no file in it, or no record in any file.
    SupplementError
        The supplement cannot be read.

    Warns
    -----
    CorpusWarning
        Something was rejected; how much, and the first places.

    Examples
    --------
    >>> import analysis as at, tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "papers.csv").write_text("title,abstract,doi\nOn bees,Hives.,10.1234/a\nBees,Hives.,10.1234/a\n")
    ...     corpus = at.load_corpus(folder)
    >>> len(corpus), len(corpus.merges)
    (1, 1)
    """
    names = expect({} if columns is None else columns, dict, "columns", "give a dict of field to column", CorpusError)
    if not all(isinstance(part, str) for pair in names.items() for part in pair):
        raise CorpusError("columns must map fields to columns by name, such as {'title': 'Headline'}")
    if date_choice not in get_args(DateChoice):
        raise CorpusError(f"date_choice must be one of {', '.join(get_args(DateChoice))}, not {date_choice!r}")
    extra = None if supplement is None else expect_path(supplement, "supplement", SupplementError)
    named = [
        NamedSource(name, (files,) if isinstance(files, str) else tuple(files))
        for name, files in (sources or {}).items()
    ]
    exports = Exports(
        export_files(path),
        dict(names),
        date_choice,
        extra,
        named=named,
        selection=Selection(tuple(types), tuple(languages)),
        merge_edits=None if merge_edits is None else expect_path(merge_edits, "merge_edits", CorpusError),
    )
    corpus = corpus_of(exports)
    warn_of_rejects(corpus.rejects)
    return corpus


def corpus_of(exports: Exports) -> Corpus:
    """Read exports into a corpus in memory; see `load_corpus`."""
    runner = SerialRunner()
    assembled = assemble(exports, runner)
    papers, occurrences = (
        pd.concat([runner.table("papers", number, name).read() for number in range(assembled.n_parts)])
        for name in ("papers", "occurrences")
    )
    return Corpus(papers, in_file_order(occurrences), **assembled.tables)
