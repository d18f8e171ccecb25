"""Which source each file belongs to: several exports of one query are one source, whose papers are one stratum."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pandas as pd

from analysis.errors import CorpusError

# sources of their own, and papers in half of them, from which a warning speaks
_MANY, _THIN = 8, 20


@dataclass(frozen=True)
class NamedSource:
    """A source as study.toml names it.

    Attributes
    ----------
    name : str
    files : tuple of str
        Names of files, or patterns such as "wos/*.txt"; of a file that two sources name the first counts.
    query : str
        What was searched for.
    taken : str
        The day of the last export, as ISO text; empty where it is not told.
    """

    name: str
    files: tuple[str, ...]
    query: str = ""
    taken: str = ""


def with_sources(pages: pd.DataFrame, named: Sequence[NamedSource], queries: dict[str, str]) -> pd.DataFrame:
    """Return the table of files with each one's source and query.

    A file that no source names belongs to others of its format and query where it tells its query, else it is a source
    of its own.

    Parameters
    ----------
    pages : DataFrame
        See `Corpus.pages`.
    named : sequence of NamedSource
    queries : dict of file to str
        What files tell of their query.

    Raises
    ------
    CorpusError
        A source names no file that is there.
    """
    table = pages.copy()
    owners = {file: next((source for source in named if _holds(source, file)), None) for file in table["file"]}
    for source in named:
        if source not in owners.values():
            raise CorpusError(
                f"the source {source.name!r} names {', '.join(source.files)}, and no file is called so; there are: "
                f"{', '.join(list(owners)[:8])}"
            )
    names, asked, taken, status, evidence = [], [], [], [], []
    for row in table.itertuples():
        owner, query = owners[row.file], queries.get(str(row.file), "")
        names.append(owner.name if owner is not None else f"{row.format}: {query}" if query else row.file)
        asked.append((owner.query if owner is not None else "") or query)
        told = owner.taken if owner is not None and not row.taken else ""
        taken.append(told or row.taken)
        status.append("told" if told else row.taken_status)
        evidence.append("study.toml" if told else row.taken_evidence)
    return table.assign(source=names, query=asked, taken=taken, taken_status=status, taken_evidence=evidence)


def thin_sources(strata: pd.Series, pages: pd.DataFrame) -> str:
    """Return what to tell where many files are sources of their own that hold few papers; empty where all is well."""
    alone = pages.loc[pages["file"] == pages["source"], "file"]
    papers = strata[strata.isin(alone)].value_counts().reindex(alone).fillna(0)
    if len(alone) < _MANY or papers.median() >= _THIN:
        return ""
    return (
        f"{len(alone)} files are sources of their own, half of them with fewer than {_THIN} papers: comparisons within sources "
        "have little power. If several are exports of one query, name them as one under [[corpus.source]] in study.toml"
    )


def _holds(source: NamedSource, file: str) -> bool:
    return any(fnmatchcase(file, pattern) or fnmatchcase(file.rpartition("/")[2], pattern) for pattern in source.files)
