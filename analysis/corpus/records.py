"""What a reader returns: records, rejects, and the source they stood in."""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from analysis.corpus.dates import PageDate, Precision
from analysis.escaping import one_line

Scope = Literal["file", "record", "date", "damage", "supplement"]
_EXCERPT = 120


@dataclass(frozen=True)
class Published:
    """A calendar date with its precision; a month stands at its middle, a year at its middle."""

    date: pd.Timestamp
    precision: Precision


@dataclass(frozen=True)
class Record:
    """One entry of an export, as it stands there.

    ``ordinal`` counts from 1 within the file; ``line_start`` and ``line_end`` count from 1
    and are inclusive. ``page_date`` is a date line of a Daily Papers page, ``published`` the date
    of any other export; both are None where the entry shows no (possible) date. Identifiers are
    in one form: a DOI in lower case, an arXiv id without version; so are types, languages and countries.
    """

    file: str
    ordinal: int
    line_start: int
    line_end: int
    title: str
    abstract: str
    date_raw: str | None = None
    page_date: PageDate | None = None
    n_authors: int | None = None
    organisation: str | None = None
    published: Published | None = None
    authors: tuple[str, ...] | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    pmid: str | None = None
    url: str | None = None
    venue: str | None = None
    comments: int | None = None
    affiliations: tuple[str, ...] | None = None
    countries: tuple[str, ...] | None = None
    keywords: tuple[str, ...] | None = None
    index_keywords: tuple[str, ...] | None = None
    type: str | None = None
    language: str | None = None
    references: tuple[str, ...] | None = None
    n_cited: int | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    editor: tuple[str, ...] | None = None
    label: str | None = None
    record_id: str | None = None


@dataclass(frozen=True)
class Reject:
    """Something in an export that could not be taken.

    ``scope`` says what was lost: the whole ``file``, one ``record`` of it, only the
    ``date`` of a record that was kept, something beside the records (``damage``: a line that belongs
    to none, cells without a heading), or a row of the ``supplement``.
    """

    file: str
    line: int
    reason: str
    excerpt: str
    scope: Scope = "record"

    @classmethod
    def at(cls, file: str, line: int, reason: str, text: str, scope: Scope = "record") -> "Reject":
        """Build a reject with an excerpt of at most 120 characters of `text`."""
        clipped = one_line(text)
        return cls(file, line, reason, clipped if len(clipped) <= _EXCERPT else clipped[: _EXCERPT - 1] + "…", scope)


@dataclass(frozen=True)
class Source:
    """An export file: its format, the query that it tells and, of a Daily Papers page, its own date line."""

    file: str
    date_raw: str | None = None
    date: PageDate | None = None
    has_bylines: bool = True
    format: str = "daily_papers"
    query: str = ""


@dataclass(frozen=True)
class ReadFile:
    """All that a reader found in one file."""

    source: Source
    records: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def told(error: BaseException) -> str:
    """Return what an error says, or its kind where it says nothing."""
    return str(error).strip() or type(error).__name__
