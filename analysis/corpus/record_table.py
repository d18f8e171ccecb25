"""Records as tables, so that they can lie on disk between reading and merging."""

from collections.abc import Sequence
from typing import Any, cast

import pandas as pd

from analysis.corpus.dates import Precision
from analysis.corpus.merge import DatedRecord, comments_of
from analysis.corpus.records import Published, Record, Reject
from analysis.corpus.text import title_key

_TEXT = (
    *("title", "abstract", "date_raw", "organisation", "doi", "arxiv_id", "pmid", "url", "venue", "type", "language"),
    *("volume", "issue", "pages", "label", "record_id"),
)
_WHOLE = ("ordinal", "line_start", "line_end")
_MAYBE = ("n_authors", "comments", "n_cited")
_LISTS = ("authors", "affiliations", "countries", "keywords", "index_keywords", "references", "editor")
_PLAIN = ("file", *_WHOLE, *_TEXT, *_MAYBE)


def record_table(records: Sequence[DatedRecord]) -> pd.DataFrame:
    """Return one row per record: its own columns, key, date, precision, inferred, and what tells papers apart."""
    columns: dict[str, Any] = {name: [getattr(item.record, name) for item in records] for name in _PLAIN}
    columns["comments"] = [comments_of(item) for item in records]
    for name in _LISTS:
        values = (getattr(item.record, name) for item in records)
        columns[name] = [None if value is None else list(value) for value in values]
    columns["published"] = [item.record.published is not None for item in records]
    columns["key"] = [item.key for item in records]
    columns["date"] = [item.date for item in records]
    columns["precision"] = [item.precision for item in records]
    columns["inferred"] = [item.date_inferred for item in records]
    identities = [item.identity for item in records]
    columns["year"] = [identity.year for identity in identities]
    columns["surnames"] = [sorted(identity.surnames) for identity in identities]
    columns["venue_key"] = [identity.venue for identity in identities]
    columns["place"] = [identity.place for identity in identities]
    columns["sketch"] = [identity.sketch for identity in identities]
    frame = pd.DataFrame(columns)
    types: dict[str, str] = dict.fromkeys(
        ("file", "key", "precision", "venue_key", "place", *_TEXT), "str"
    ) | dict.fromkeys(_WHOLE, "int64")
    types |= dict.fromkeys((*_MAYBE, "year"), "Int64") | dict.fromkeys(("published", "inferred"), "bool")
    return frame.astype(types | {"date": "datetime64[us]"} | dict.fromkeys((*_LISTS, "surnames", "sketch"), "object"))


def records_of(frame: pd.DataFrame) -> list[DatedRecord]:
    """Return the records of a table that `record_table` made."""
    columns = {name: _values(frame[name]) for name in frame.columns}
    records = []
    for row in range(len(frame)):
        date, precision = columns["date"][row], cast(Precision, columns["precision"][row])
        published = Published(date, precision) if columns["published"][row] else None
        facts: dict[str, Any] = {name: columns[name][row] for name in (*_PLAIN, *_LISTS)}
        facts |= {name: tuple(facts[name]) for name in _LISTS if facts[name] is not None}
        record = Record(**facts, published=published)
        records.append(DatedRecord(record, columns["key"][row], date, precision, columns["inferred"][row]))
    return records


def dated(records: Sequence[Record]) -> list[DatedRecord]:
    """Return records that tell their own dates, with the keys of their titles."""
    return [DatedRecord.of(record, title_key(record.title)) for record in records]


def reject_table(rejects: Sequence[Reject]) -> pd.DataFrame:
    """Return rejects as rows, in the order given."""
    columns = ["file", "line", "reason", "excerpt", "scope"]
    return pd.DataFrame([tuple(getattr(item, name) for name in columns) for item in rejects], columns=columns).astype(
        {"line": "int64"} | dict.fromkeys(("file", "reason", "excerpt", "scope"), "str")
    )


def _values(column: pd.Series) -> list[Any]:
    """Return a column's values with None where there is none; a list's element by element."""
    if column.dtype == object:
        return [None if value is None or isinstance(value, float) else value for value in column]
    missing = column.isna().to_numpy()
    values = column.astype(object).tolist()
    return [None if gone else value for value, gone in zip(values, missing, strict=True)]
