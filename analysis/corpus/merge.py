"""Records of the same paper become one paper; every occurrence is kept, every disagreement reported."""

import functools
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pandas as pd

from analysis.corpus.dates import Precision
from analysis.corpus.evidence import Identity, sketch_of
from analysis.corpus.identifiers import is_preprint
from analysis.corpus.kinds import notice_type
from analysis.corpus.languages import detect_languages, language_sample
from analysis.corpus.names import surnames
from analysis.corpus.records import Record
from analysis.corpus.schema import (
    CONFLICT_COLUMNS,
    LIST_COLUMNS,
    MERGE_COLUMNS,
    empty_papers,
    typed_merges,
    typed_occurrences,
    typed_papers,
)
from analysis.corpus.selection import Selection
from analysis.corpus.supplement import Supplement, SupplementRow
from analysis.corpus.text import plain_letters, title_key

# what two abstracts are compared by: the longer words of their beginnings; plain letters are found twice as fast
_WORD, _PLAIN_WORD, _READ = re.compile(r"[^\W\d_]{5,}"), re.compile("[a-z]{5,}"), 1500
DateChoice = Literal["first_submission", "publication"]
# paper_id, field, kept, kept_from, other, other_from
Conflict = tuple[str, str, str, str, str, str]
# an outside source may name the day after (the server's zone, not the author's)
_SAME_DAY = pd.Timedelta(days=1)
_RANKS = {"day": 0, "month": 1, "year": 2, "none": 3}


@dataclass(frozen=True)
class DatedRecord:
    """A record with its calendar date, once its page's year is known."""

    record: Record
    key: str
    date: pd.Timestamp | None
    precision: Precision
    date_inferred: bool

    @classmethod
    def of(cls, record: Record, key: str) -> "DatedRecord":
        """Return a record that tells its own date, or none."""
        if record.published is None:
            return cls(record, key, None, "none", False)
        return cls(record, key, record.published.date, record.published.precision, False)

    @property
    def address(self) -> str:
        """Where it stands: "file#ordinal"."""
        return f"{self.record.file}#{self.record.ordinal}"

    @property
    def identity(self) -> Identity:
        """What tells its paper from others."""
        known = self.record
        return Identity(
            self.key,
            known.doi,
            known.arxiv_id,
            known.pmid,
            None if self.date is None else self.date.year,
            surnames(known.authors or ()),
            known.title,
            _venue_key(known.venue or ""),
            _place(known),
            known.type,
            sketch_of(_long_words(plain_letters(known.abstract[:_READ]))),
        )


def _long_words(text: str) -> list[str]:
    return (_PLAIN_WORD if text.isascii() else _WORD).findall(text)


@functools.lru_cache(maxsize=10_000)
def _venue_key(venue: str) -> str:
    return title_key(venue)


def _place(record: Record) -> str:
    """Return volume, issue and first page; empty where none is known."""
    page = re.match(r"[A-Za-z]*\d+", record.pages or "")
    parts = (record.volume or "", record.issue or "", page.group().lower() if page is not None else "")
    return "/".join(parts) if any(parts) else ""


def papers_of(
    groups: Mapping[str, Sequence[DatedRecord]],
    supplement: Supplement | None,
    date_choice: DateChoice,
    selection: Selection,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make one paper of each group of records, in file order, and tell what its records disagree on.

    The first occurrence's facts stand and later ones fill what it lacks. Titles and abstracts
    are chosen by a rule that does not depend on the order (the commonest title, the longest
    abstract), since the topics are fitted to them. Of several dates the earliest year's most
    precise is taken, or the publication's. The supplement fills what no export knows.

    Parameters
    ----------
    groups : mapping of paper_id to records
    supplement : Supplement or None
    date_choice : {"first_submission", "publication"}
    selection : Selection
        Types and languages that topics are made of.

    Returns
    -------
    papers, conflicts : DataFrame
        In the schema of `Corpus`, sorted.
    """
    conflicts: list[Conflict] = []
    rows = {identifier: _paper(identifier, group, conflicts, date_choice) for identifier, group in groups.items()}
    if supplement is not None:
        for identifier, group in groups.items():
            key = next((item.key for item in group if item.key in supplement.rows), None)
            if key is not None:
                _fill(rows[identifier], identifier, supplement.rows[key], supplement.file, conflicts)
    samples = (language_sample(row["title"], row.get("abstract") or "") for row in rows.values())
    for row, language in zip(rows.values(), detect_languages(samples), strict=True):
        # what a text says goes before what a database says: many list errata as articles
        row["type"] = notice_type(row["title"], row.get("abstract") or "") or row.get("type")
        row["language_detected"] = language
        row["excluded"] = selection.excludes(row.get("type"), row.get("language") or row["language_detected"])
    index = pd.Index(sorted(rows), name="paper_id", dtype="str")
    in_order = [rows[identifier] for identifier in sorted(rows)]
    papers = empty_papers(index)
    for name in papers.columns:
        values = [row.get(name) for row in in_order]
        if any(value is not None for value in values):
            papers[name] = pd.Series(values, index=index, dtype=object)
    return typed_papers(papers), pd.DataFrame(sorted(conflicts), columns=CONFLICT_COLUMNS, dtype="str")


def _title(group: Sequence[DatedRecord]) -> str:
    titles = Counter(item.record.title for item in group)
    return min(titles, key=lambda title: (-titles[title], title))


def _paper(
    identifier: str, group: Sequence[DatedRecord], conflicts: list[Conflict], date_choice: DateChoice
) -> dict[str, Any]:
    dated = _chosen_date(group, date_choice)
    row: dict[str, Any] = {
        "title": _title(group),
        "abstract": min((item.record.abstract for item in group), key=lambda text: (-len(text), text)),
        "date": pd.NaT if dated is None else dated.date,
        "date_precision": "none" if dated is None else dated.precision,
        "date_inferred": False if dated is None else dated.date_inferred,
        "sources": [item.address for item in group],
    }
    for name, value_of in _FACTS.items():
        if len(group) == 1:
            row.setdefault(name, value_of(group[0]))
            continue
        known = [(value, item) for item in group if (value := value_of(item)) is not None]
        if not known:
            continue
        row.setdefault(name, known[0][0])
        if name not in _UNCOMPARED:
            conflicts += _disagreements(identifier, name, row[name], known)
    row["doi"] = _best_doi(group)
    row["type"] = row.get("type") or next((item.record.type for item in group if item.record.type), None)
    cited = [item.record.n_cited for item in group if item.record.n_cited is not None]
    row["n_cited"] = max(cited, default=None)
    return row


def comments_of(item: DatedRecord) -> int | None:
    """Return how many comments a record shows, a page's on its date line."""
    if item.record.page_date is not None:
        return item.record.page_date.comments
    return item.record.comments


def _plain_fact(name: str, item: DatedRecord) -> Any:
    return getattr(item.record, name)


def _listed_fact(name: str, item: DatedRecord) -> Any:
    value = getattr(item.record, name)
    return None if value is None else list(value)


# what is taken from the first occurrence that knows it
_FACTS: dict[str, Callable[[DatedRecord], Any]] = {
    "title": lambda item: item.record.title,
    "abstract": lambda item: item.record.abstract or None,
    "date": lambda item: item.date,
    "n_authors": lambda item: item.record.n_authors,
    "authors": lambda item: None if item.record.authors is None else list(item.record.authors),
    "organisation": lambda item: item.record.organisation,
    "comments": comments_of,
    "doi": lambda item: None if item.record.doi is None or is_preprint(item.record.doi) else item.record.doi,
    "arxiv_id": lambda item: item.record.arxiv_id,
    "url": lambda item: item.record.url,
    "venue": lambda item: item.record.venue,
    # a preprint's type says less than that of its publication
    "type": lambda item: None if item.record.type in ("preprint", "other") else item.record.type,
    **{name: partial(_plain_fact, name) for name in ("language", "volume", "issue", "pages", "label", "n_cited")},
    **{name: partial(_listed_fact, name) for name in LIST_COLUMNS if name != "authors"},
}
# facts that are written in many ways, which is no disagreement, or that change from day to day
_UNCOMPARED = frozenset(
    {*LIST_COLUMNS, "url", "venue", "type", "language", "volume", "issue", "pages", "label", "n_cited"}
)


def _disagreements(identifier: str, name: str, kept: Any, known: Sequence[tuple[Any, DatedRecord]]) -> list[Conflict]:
    expected = _comparable(name, kept, known[0][1])
    kept_from = next((item.address for value, item in known if value == kept), known[0][1].address)
    return [
        (identifier, name, _shown(kept), kept_from, _shown(value), item.address)
        for value, item in known
        if not _agree(name, expected, _comparable(name, value, item))
    ]


def _comparable(name: str, value: Any, item: DatedRecord) -> Any:
    """Return what of a fact is compared: letters of a text, of a date as much as is known."""
    if name in ("title", "abstract"):
        return title_key(value)[:400]
    if name == "date":
        return {"day": (value.year, value.month, value.day), "month": (value.year, value.month)}.get(
            item.precision, (value.year,)
        )
    return value


def _agree(name: str, one: Any, other: Any) -> bool:
    if name == "date":
        known = min(len(one), len(other))
        return bool(one[:known] == other[:known])
    return bool(one == other)


def _chosen_date(group: Sequence[DatedRecord], choice: DateChoice) -> DatedRecord | None:
    """Return the record whose date stands; pages show first submissions, so among them the first keeps its word."""
    dated = [item for item in group if item.date is not None]
    exports = [item for item in dated if item.record.published is not None]
    if not exports:
        return dated[0] if dated else None
    if choice == "publication":
        published = [item for item in exports if item.record.doi and not is_preprint(item.record.doi)] or exports
        year = max(item.date.year for item in published if item.date is not None)
        dated = published
    else:
        year = min(item.date.year for item in dated if item.date is not None)
    same = [item for item in dated if item.date is not None and item.date.year == year]
    return min(same, key=lambda item: _RANKS[item.precision])


def _best_doi(group: Sequence[DatedRecord]) -> str | None:
    """Return the published paper's DOI before a preprint's."""
    dois = [item.record.doi for item in group if item.record.doi]
    return next((doi for doi in dois if not is_preprint(doi)), dois[0] if dois else None)


def _fill(row: dict[str, Any], identifier: str, extra: SupplementRow, file: str, conflicts: list[Conflict]) -> None:
    """Fill a paper's unknown date and identifiers; an export's own date wins and a disagreement is reported."""
    address = f"{file}#line {extra.line}"
    if row["date_precision"] == "none":
        row["date"], row["date_precision"] = extra.date, extra.precision
    elif (
        extra.precision == row["date_precision"] == "day"
        and abs(pd.Timestamp(str(row["date"])) - extra.date) > _SAME_DAY
    ):
        kept_from = str(row["sources"][0])
        conflicts.append((identifier, "date", _shown(row["date"]), kept_from, _shown(extra.date), address))
    row["arxiv_id"] = row.get("arxiv_id") or extra.arxiv_id
    row["doi"] = row.get("doi") or extra.doi
    if extra.arxiv_id:
        row["url"] = row.get("url") or f"https://arxiv.org/abs/{extra.arxiv_id}"
    elif extra.doi:
        row["url"] = row.get("url") or f"https://doi.org/{extra.doi}"


def occurrences_of(records: Sequence[DatedRecord], owners: Sequence[str]) -> pd.DataFrame:
    """Return one row per record, in the schema of `Corpus.occurrences`; `owners` are the records' papers."""
    frame = pd.DataFrame(
        {
            "file": [item.record.file for item in records],
            "ordinal": [item.record.ordinal for item in records],
            "line_start": [item.record.line_start for item in records],
            "line_end": [item.record.line_end for item in records],
            "paper_id": owners,
            "title": [item.record.title for item in records],
            "date": [pd.NaT if item.date is None else item.date for item in records],
            "date_raw": [item.record.date_raw for item in records],
            "n_authors": pd.array([item.record.n_authors for item in records], dtype="Int64"),
            "organisation": [item.record.organisation for item in records],
            "comments": pd.array([comments_of(item) for item in records], dtype="Int64"),
            "doi": [item.record.doi for item in records],
            "arxiv_id": [item.record.arxiv_id for item in records],
            "pmid": [item.record.pmid for item in records],
            "venue": [item.record.venue for item in records],
            "record_id": [item.record.record_id for item in records],
        }
    )
    return typed_occurrences(frame)


def merges_of(merged: Sequence[tuple[DatedRecord, str, str, str, float, str]]) -> pd.DataFrame:
    """Return one row per record that joined an earlier one: where it stood, its paper, the earlier one, why, and how doubtful."""
    rows = [
        (
            item.record.file,
            item.record.ordinal,
            owner,
            address,
            reason or "with another of its records",
            doubt,
            evidence,
        )
        for item, owner, address, reason, doubt, evidence in merged
    ]
    return typed_merges(pd.DataFrame(rows, columns=MERGE_COLUMNS))


def _shown(value: object) -> str:
    text = str(value.date() if isinstance(value, pd.Timestamp) else value)
    return text if len(text) <= 200 else text[:199] + "…"
