"""What could not be read is told; damaged files are told apart from what is no export, and left out where that is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.corpus.records import Reject
from analysis.errors import CorpusError, CorpusWarning, warn
from analysis.io.files import read_table

# an empty partition is no damage
_EMPTY = ("the file is empty", "without a record")
_LEFT_OUT = "left out by --skip-corrupt: "


def corrupt_files(rejects: Sequence[Reject], read: Collection[str]) -> list[Reject]:
    """Return the files that could not be read although others of their endings, among those `read`, could."""
    endings = {Path(name).suffix for name in read}
    return [
        item
        for item in rejects
        if item.scope == "file"
        and Path(item.file).suffix in endings
        and not any(mark in item.reason for mark in _EMPTY)
    ]


def stop_or_warn(corrupt: Sequence[Reject], skip: bool) -> None:
    """Stop where files are damaged, or warn where they are skipped.

    Raises
    ------
    CorpusError
        There are some, and `skip` is false.

    Warns
    -----
    CorpusWarning
        There are some, and `skip` is true.
    """
    if not corrupt:
        return
    named = "; ".join(f"{item.file}, line {item.line}: {item.reason}" for item in corrupt[:5])
    if not skip:
        raise CorpusError(
            f"{len(corrupt)} file(s) of the exports are damaged: {named}. Results would lack their papers. Replace them, or "
            "leave them out with --skip-corrupt."
        )
    warn(f"{len(corrupt)} damaged file(s) were left out: {named}.", CorpusWarning)


def left_out(rejects: Sequence[Reject], corrupt: Sequence[Reject]) -> list[Reject]:
    """Return the rejects; reasons of those that were skipped say so."""
    return [replace(item, reason=_LEFT_OUT + item.reason) if item in corrupt else item for item in rejects]


def warn_of_left_out(corpus: Path) -> None:
    """Say again, of a corpus that is there, what ``--skip-corrupt`` left out when it was made.

    Warns
    -----
    CorpusWarning
        Damaged files were left out.
    """
    rejects = read_table(corpus / "rejects.parquet")
    left = rejects[rejects["reason"].str.startswith(_LEFT_OUT)]
    if len(left):
        names = ", ".join(sorted(set(left["file"]))[:5])
        warn(
            f"the corpus lacks {left['file'].nunique()} damaged file(s) that --skip-corrupt left out: {names}. Replace "
            "them, or read everything again with `topictrends run --force`.",
            CorpusWarning,
        )


def warn_of_rejects(rejects: pd.DataFrame) -> None:
    """Say once how much could not be taken, and the first few places.

    Warns
    -----
    CorpusWarning
        There are rejects.
    """
    if rejects.empty:
        return
    counts = ", ".join(f"{count} of scope {scope}" for scope, count in rejects["scope"].value_counts().items())
    first = "; ".join(f"{row.file}, line {row.line}: {row.reason}" for row in rejects.head(3).itertuples())
    more = f"; and {len(rejects) - 3} more" if len(rejects) > 3 else ""
    warn(f"rejects: {counts}. {first}{more}. All stand in corpus.rejects.", CorpusWarning)
