"""What a reader returns: records, rejects, and the page they stood on."""

from dataclasses import dataclass, field
from typing import Literal

from analysis.corpus.dates import PageDate

Scope = Literal["file", "record", "date", "supplement"]
_EXCERPT = 120


@dataclass(frozen=True)
class Record:
    """One entry of an export, as it stands there.

    ``ordinal`` counts from 1 within the file; ``line_start`` and ``line_end`` count from 1
    and are inclusive. ``page_date`` is None where the entry shows no (possible) date.
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


@dataclass(frozen=True)
class Reject:
    """Something in an export that could not be taken.

    ``scope`` says what was lost: the whole ``file``, one ``record`` of it, only the
    ``date`` of a record that was kept, or a row of the ``supplement``.
    """

    file: str
    line: int
    reason: str
    excerpt: str
    scope: Scope = "record"

    @classmethod
    def at(cls, file: str, line: int, reason: str, text: str, scope: Scope = "record") -> "Reject":
        """Build a reject with an excerpt of at most 120 characters of `text`."""
        clipped = " ".join(text.split())
        return cls(file, line, reason, clipped if len(clipped) <= _EXCERPT else clipped[: _EXCERPT - 1] + "…", scope)


@dataclass(frozen=True)
class Page:
    """A file as a source of papers: its own date line, if it has one."""

    file: str
    date_raw: str | None
    date: PageDate | None
    has_bylines: bool


@dataclass(frozen=True)
class ReadFile:
    """All that a reader found in one file."""

    page: Page
    records: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
