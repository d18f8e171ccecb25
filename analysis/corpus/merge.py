"""Records of the same paper become one paper; every occurrence is kept, every disagreement reported."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.corpus.paper import CONFLICT_COLUMNS, empty_papers, paper_id, typed_occurrences, typed_papers
from analysis.corpus.records import Record
from analysis.corpus.supplement import Supplement, SupplementRow

# paper_id, field, kept, kept_from, other, other_from
Conflict = tuple[str, str, str, str, str, str]
# an outside source may name the day after (the server's zone, not the author's)
_SAME_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class DatedRecord:
    """A record with its calendar date, once its page's year is known."""

    record: Record
    key: str
    date: dt.date | None
    date_inferred: bool

    @property
    def address(self) -> str:
        """Where it stands: "file#ordinal"."""
        return f"{self.record.file}#{self.record.ordinal}"


@dataclass(frozen=True)
class Merged:
    """Papers, occurrences and conflicts, in the schema of `Corpus`."""

    papers: pd.DataFrame
    occurrences: pd.DataFrame
    conflicts: pd.DataFrame


def merge_records(records: Sequence[DatedRecord], supplement: Supplement | None = None) -> Merged:
    """Merge records with the same title key, in the order given (file order).

    The first occurrence's facts stand and later ones fill what it lacks. Titles and abstracts
    are chosen by a rule that does not depend on the order (the commonest title, the longest
    abstract), since the topics are fitted to them. The supplement fills what no page knows.
    """
    groups: dict[str, list[DatedRecord]] = {}
    for item in records:
        groups.setdefault(item.key, []).append(item)
    ids = {key: paper_id(key) for key in groups}
    conflicts: list[Conflict] = []
    rows = {ids[key]: _paper(ids[key], group, conflicts) for key, group in groups.items()}
    if supplement is not None:
        for key in groups.keys() & supplement.rows.keys():
            _fill(rows[ids[key]], ids[key], supplement.rows[key], supplement.file, conflicts)
    index = pd.Index(sorted(rows), name="paper_id", dtype="str")
    papers = empty_papers(index)
    for name in papers.columns:
        values = [rows[identifier].get(name) for identifier in index]
        if any(value is not None for value in values):
            papers[name] = pd.Series(values, index=index, dtype=object)
    return Merged(
        typed_papers(papers),
        typed_occurrences(_occurrences(records, ids)),
        pd.DataFrame(sorted(conflicts), columns=CONFLICT_COLUMNS, dtype="str"),
    )


def _paper(identifier: str, group: Sequence[DatedRecord], conflicts: list[Conflict]) -> dict[str, Any]:
    titles = Counter(item.record.title for item in group)
    dated = next((item for item in group if item.date is not None), None)
    row: dict[str, Any] = {
        "title": min(titles, key=lambda title: (-titles[title], title)),
        "abstract": min((item.record.abstract for item in group), key=lambda text: (-len(text), text)),
        "date": pd.Timestamp(dated.date) if dated else pd.NaT,
        "date_precision": "day" if dated else "none",
        "date_inferred": dated.date_inferred if dated else False,
        "sources": [item.address for item in group],
    }
    facts: dict[str, list[tuple[object, DatedRecord]]] = {
        "title": [(item.record.title, item) for item in group],
        "abstract": [(item.record.abstract, item) for item in group],
        "date": [(item.date, item) for item in group if item.date is not None],
        "n_authors": [(item.record.n_authors, item) for item in group if item.record.n_authors is not None],
        "organisation": [(item.record.organisation, item) for item in group if item.record.organisation is not None],
        "comments": [(_comments(item), item) for item in group if _comments(item) is not None],
    }
    for name, found in facts.items():
        if not found:
            continue
        row.setdefault(name, found[0][0])
        kept = _comparable(row[name])
        kept_from = next(item.address for value, item in found if _comparable(value) == kept)
        for value, item in found:
            if _comparable(value) != kept:
                conflicts.append((identifier, name, _shown(kept), kept_from, _shown(_comparable(value)), item.address))
    return row


def _fill(row: dict[str, Any], identifier: str, extra: SupplementRow, file: str, conflicts: list[Conflict]) -> None:
    """Fill a paper's unknown date and identifiers; a page's own date wins and a disagreement is reported."""
    address = f"{file}#line {extra.line}"
    if row["date_precision"] == "none":
        row["date"], row["date_precision"] = extra.date, extra.precision
    elif extra.precision == "day" and abs(pd.Timestamp(str(row["date"])) - extra.date) > _SAME_DAY:
        kept_from = str(row["sources"][0])
        conflicts.append((identifier, "date", _shown(row["date"]), kept_from, _shown(extra.date), address))
    row["arxiv_id"], row["doi"] = extra.arxiv_id, extra.doi
    if extra.arxiv_id:
        row["url"] = f"https://arxiv.org/abs/{extra.arxiv_id}"
    elif extra.doi:
        row["url"] = f"https://doi.org/{extra.doi}"


def _occurrences(records: Sequence[DatedRecord], ids: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file": [item.record.file for item in records],
            "ordinal": [item.record.ordinal for item in records],
            "line_start": [item.record.line_start for item in records],
            "line_end": [item.record.line_end for item in records],
            "paper_id": [ids[item.key] for item in records],
            "title": [item.record.title for item in records],
            "date": [pd.Timestamp(item.date) if item.date else pd.NaT for item in records],
            "date_raw": [item.record.date_raw for item in records],
            "n_authors": pd.array([item.record.n_authors for item in records], dtype="Int64"),
            "organisation": [item.record.organisation for item in records],
            "comments": pd.array([_comments(item) for item in records], dtype="Int64"),
        }
    )


def _comments(item: DatedRecord) -> int | None:
    return item.record.page_date.comments if item.record.page_date else None


def _comparable(value: object) -> object:
    return value.date() if isinstance(value, pd.Timestamp) else value


def _shown(value: object) -> str:
    text = str(_comparable(value))
    return text if len(text) <= 200 else text[:199] + "…"
