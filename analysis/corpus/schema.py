"""The columns of a corpus' tables, and their types."""

from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

PAPER_COLUMNS = [
    "title",
    "abstract",
    "date",
    "date_precision",
    "date_inferred",
    "n_authors",
    "authors",
    "organisation",
    "comments",
    "doi",
    "arxiv_id",
    "url",
    "venue",
    "type",
    "language",
    "language_detected",
    "countries",
    "affiliations",
    "keywords",
    "index_keywords",
    "references",
    "n_cited",
    "volume",
    "issue",
    "pages",
    "editor",
    "label",
    "excluded",
    "sources",
]
LIST_COLUMNS = ("authors", "countries", "affiliations", "keywords", "index_keywords", "references", "editor")
OCCURRENCE_COLUMNS = [
    "file",
    "ordinal",
    "line_start",
    "line_end",
    "paper_id",
    "title",
    "date",
    "date_raw",
    "n_authors",
    "organisation",
    "comments",
    "doi",
    "arxiv_id",
    "pmid",
    "venue",
    "record_id",
]
MERGE_COLUMNS = ["file", "ordinal", "paper_id", "joined", "reason", "doubt", "evidence"]
FILLED_COLUMNS = ["paper_id", "field", "value", "source", "retrieved"]
REJECT_COLUMNS = ["file", "line", "reason", "excerpt", "scope"]
# a conflict of this field is of two papers: their records share an identifier
KEPT_APART = "same paper?"
CONFLICT_COLUMNS = ["paper_id", "field", "kept", "kept_from", "other", "other_from"]
SOURCE_COLUMNS = [
    "file",
    "format",
    "taken",
    "taken_status",
    "taken_evidence",
    "records",
    "rejects",
    "dated",
    "yearless",
    "source",
    "query",
]
_PAPER_TYPES = {
    "date": "datetime64[us]",
    "date_inferred": "bool",
    "n_authors": "Int64",
    "comments": "Int64",
    "n_cited": "Int64",
    **dict.fromkeys(("title", "abstract", "date_precision", "organisation", "doi", "arxiv_id", "url", "venue"), "str"),
    **dict.fromkeys(("type", "language", "language_detected", "volume", "issue", "pages", "label", "excluded"), "str"),
}
_OCCURRENCE_TYPES = {
    "date": "datetime64[us]",
    "n_authors": "Int64",
    "comments": "Int64",
    **dict.fromkeys(("ordinal", "line_start", "line_end"), "int64"),
    **dict.fromkeys(
        ("file", "title", "date_raw", "organisation", "doi", "arxiv_id", "pmid", "venue", "record_id"), "str"
    ),
}


def paper_id(key: str, turn: int = 0) -> str:
    """Return the identifier of the `turn`-th paper with this title key (12 hexadecimal digits).

    It depends on nothing but the title, hence not on the order or the names of files.
    """
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
    """Give the columns of a table of papers, all or some, their documented dtype and position."""
    frame = frame[[name for name in PAPER_COLUMNS if name in frame.columns]].copy()
    for name, kind in _PAPER_TYPES.items():
        if name in frame.columns:
            frame[name] = frame[name].astype(kind)
    for name in (*LIST_COLUMNS, "sources"):
        if name in frame.columns:
            frame[name] = pd.Series([_as_list(value) for value in frame[name]], index=frame.index, dtype=object)
    frame.index = typed_ids(frame.index).rename("paper_id")
    return frame


def typed_ids(ids: pd.Index) -> pd.Index:
    """Return ids of papers of their own type; texts in pandas' type of texts."""
    return ids if pd.api.types.is_numeric_dtype(ids.dtype) else ids.astype("str")


def _with_typed_ids(frame: pd.DataFrame) -> pd.DataFrame:
    if "paper_id" not in frame.columns:
        return frame
    return frame.assign(paper_id=typed_ids(pd.Index(frame["paper_id"])).array)


def typed_occurrences(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of a table of occurrences, all or some, their documented dtype and position."""
    frame = _with_typed_ids(
        frame[[name for name in OCCURRENCE_COLUMNS if name in frame.columns]].reset_index(drop=True)
    )
    return frame.astype({name: kind for name, kind in _OCCURRENCE_TYPES.items() if name in frame.columns})


def in_file_order(records: pd.DataFrame) -> pd.DataFrame:
    """Return rows about records, with their file and ordinal, in the order of files and records."""
    order = np.lexsort((records["ordinal"], pd.factorize(records["file"], sort=True)[0]))
    return records.iloc[order].reset_index(drop=True)


def typed_merges(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column of a table of merges its documented dtype and position."""
    frame = _with_typed_ids(frame[MERGE_COLUMNS].reset_index(drop=True))
    frame["ordinal"] = frame["ordinal"].astype("int64")
    return frame.astype(dict.fromkeys(("file", "joined", "reason", "evidence"), "str") | {"doubt": "float64"})


def typed_filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column of a table of filled cells its documented dtype and position."""
    frame = _with_typed_ids(frame[FILLED_COLUMNS].reset_index(drop=True))
    return frame.astype(dict.fromkeys(FILLED_COLUMNS[1:], "str"))


def typed_rejects(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column of a table of rejects its documented dtype and position."""
    frame = frame[REJECT_COLUMNS].reset_index(drop=True)
    frame["line"] = frame["line"].astype("int64")
    for name in ("file", "reason", "excerpt", "scope"):
        frame[name] = frame[name].astype("str")
    return frame


def _as_list(value: Any) -> Any:
    if value is None or value is pd.NA:
        return pd.NA
    return list(value) if isinstance(value, (list, tuple)) or hasattr(value, "tolist") else pd.NA
