"""What a set of files holds, before anything is run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.corpus.exports import export_files
from analysis.corpus.formats import read_file
from analysis.corpus.records import Reject
from analysis.corpus.text import is_abstract
from analysis.escaping import terminal_text
from analysis.io.display import html_card

FILE_COLUMNS = [
    "file",
    "format",
    "records",
    "abstracts",
    "dated",
    "to_the_day",
    "authors",
    "doi",
    "arxiv_id",
    "problems",
]


@dataclass(frozen=True)
class Inspection:
    """What files hold.

    Attributes
    ----------
    files : DataFrame
        One row per file: file, format, and how many records there are, and how many have an abstract,
        a date, a date known to the day, authors, a DOI, an arXiv id; problems (rejects of any scope).
    problems : DataFrame
        file, line, reason, excerpt, scope.
    """

    files: pd.DataFrame
    problems: pd.DataFrame

    def lines(self, width: int = 80) -> list[str]:
        """Return one line a file, no wider than `width`: its format, its records, and the share of them that tells each fact."""
        name = max(12, width - 58)
        head = f"{'file':<{name}} {'format':<14} {'records':>9} {'abstr.':>6} {'dated':>6} {'names':>6} {'DOI':>5} {'wrong':>5}"
        told = [head]
        for row in self.files.itertuples():
            shares = [_share(getattr(row, fact), row.records) for fact in ("abstracts", "dated", "authors", "doi")]
            told.append(
                f"{_clipped(row.file, name):<{name}} {_clipped(row.format, 14):<14} {row.records:>9,} {shares[0]:>6} "
                f"{shares[1]:>6} {shares[2]:>6} {shares[3]:>5} {row.problems:>5}"
            )
        return told

    def _repr_html_(self) -> str:
        return html_card("Exports", self.files, self.problems.head(20))


def inspect_files(path: str | Path | Sequence[str | Path], columns: Mapping[str, str] | None = None) -> Inspection:
    """Read exports and tell what they hold, without merging them.

    Parameters
    ----------
    path : path or sequence of paths
        As for `load_corpus`.
    columns : mapping of field to column, optional

    Raises
    ------
    CorpusError
        There is no such folder, or no file in it.
    """
    rows, problems = [], []
    for name, file in export_files(path):
        export = read_file(file, name, columns)
        if isinstance(export, Reject):
            rows.append((name, "unknown", 0, 0, 0, 0, 0, 0, 0, 1))
            problems.append(export)
            continue
        records = export.records
        problems += export.rejects
        rows.append(
            (
                name,
                export.source.format,
                len(records),
                sum(is_abstract(record.abstract) for record in records),
                sum(record.published is not None or record.page_date is not None for record in records),
                sum(
                    record.page_date is not None
                    or (record.published is not None and record.published.precision == "day")
                    for record in records
                ),
                sum(record.n_authors is not None for record in records),
                sum(record.doi is not None for record in records),
                sum(record.arxiv_id is not None for record in records),
                len(export.rejects),
            )
        )
    table = pd.DataFrame(
        [(item.file, item.line, item.reason, item.excerpt, item.scope) for item in problems],
        columns=["file", "line", "reason", "excerpt", "scope"],
    )
    return Inspection(pd.DataFrame(rows, columns=FILE_COLUMNS), table)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _clipped(text: str, width: int) -> str:
    """Return a text of at most `width` letters, its end kept: files of one folder differ there."""
    shown = terminal_text(text)
    return shown if len(shown) <= width else f"…{shown[len(shown) - width + 1 :]}"
