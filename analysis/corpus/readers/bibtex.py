"""BibTeX and BibLaTeX, through bibtexparser."""

import calendar
import contextlib
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

from bibtexparser.library import Library
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock
from bibtexparser.splitter import Splitter

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.readers.columns import OWN_MARK
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "bibtex"
HINT = "BibTeX has entries such as “@article{key, title = {…}}”"
# BibTeX's own abbreviations, which stand without braces
_MONTH_STRINGS = {name.lower(): name for name in calendar.month_abbr if name}
_PARSER = logging.getLogger("bibtexparser.splitter")
_BEGIN = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]\s*[^\s,{}()]*\s*,", re.MULTILINE)
# what this package's own export escapes
OWN_ESCAPES = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\%": "%",
    r"\&": "&",
    r"\#": "#",
    r"\_": "_",
    r"\$": "$",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
}
_OWN_ESCAPE = re.compile("|".join(re.escape(escape) for escape in OWN_ESCAPES))
_AND = re.compile(r"\s+and\s+")


def recognises(text: str) -> bool:
    """Return whether `text` holds BibTeX entries."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a BibTeX file; an entry that cannot be parsed is a reject, the others are read."""
    with _quiet(_PARSER):
        library = Splitter(text).split()
    strings = {**_MONTH_STRINGS, **{string.key.lower(): _plain(string.value) for string in library.strings}}
    records: list[Record] = []
    rejects: list[Reject] = []
    entries = list(_entries(library))
    volume_year = _volume_year([entry for entry in entries if isinstance(entry, Entry)], strings)
    ordinal = 0
    for entry in entries:
        if isinstance(entry, ParsingFailedBlock):
            ordinal += 1
            reason = f"an entry that cannot be parsed ({entry.error})"
            rejects.append(Reject.at(file, (entry.start_line or 0) + 1, reason, entry.raw or ""))
            continue
        ordinal += 1
        start = (entry.start_line or 0) + 1
        location = Location(file, ordinal, start, start + (entry.raw or "").count("\n"))
        fields = _fields(_values(entry, strings), entry, volume_year)
        record, refused = to_record(_unescaped(fields) if fields.verbatim else fields, location)
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=FORMAT), records, sorted(rejects, key=lambda reject: reject.line))


@contextlib.contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Keep a parser from logging what is told as a reject."""

    def nothing(_: logging.LogRecord) -> bool:
        return False

    logger.addFilter(nothing)
    try:
        yield
    finally:
        logger.removeFilter(nothing)


def _entries(library: Library) -> Iterator[Entry | ParsingFailedBlock]:
    """Yield entries in file order; a repeated key or field is no reason to lose an entry."""
    for block in library.blocks:
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            if isinstance(block.ignore_error_block, Entry):
                yield block.ignore_error_block
        elif isinstance(block, Entry | ParsingFailedBlock):
            yield block


def _values(entry: Entry, strings: dict[str, str]) -> dict[str, str]:
    """Return an entry's fields by lower-case name, the first of each, without braces around, strings filled in."""
    values: dict[str, str] = {}
    for item in entry.fields:
        values.setdefault(item.key.lower(), _resolved(str(item.value), strings))
    return values


def _resolved(value: str, strings: dict[str, str]) -> str:
    """Return a value with # joined and strings filled in."""
    value = value.strip()
    if value[:1] in '{"':
        return _plain(value)
    parts = [strings.get(part.strip().lower(), _plain(part)) for part in value.split("#")]
    return "".join(parts)


def _plain(value: str) -> str:
    value = value.strip()
    pairs = (("{", "}"), ('"', '"'))
    return value[1:-1] if len(value) > 1 and (value[0], value[-1]) in pairs else value


def _volume_year(entries: list[Entry], strings: dict[str, str]) -> str:
    """Return the year of a file that is one volume of proceedings; its papers may leave it out."""
    volumes = [_values(entry, strings) for entry in entries if entry.entry_type.lower() == "proceedings"]
    return volumes[0].get("year", "") if len(volumes) == 1 else ""


def _fields(values: dict[str, str], entry: Entry, volume_year: str) -> Fields:
    year, month, day = (values.get(name, "") for name in ("year", "month", "day"))
    title = values.get("title", "")
    if entry.entry_type.lower() == "proceedings":
        title = title or values.get("booktitle", "")
    people = values.get("author", "") or values.get("editor", "")
    eprint = (
        values.get("eprint", "")
        if values.get("archiveprefix", values.get("eprinttype", "arxiv")).lower() == "arxiv"
        else ""
    )
    return Fields(
        title=title,
        abstract=values.get("abstract", ""),
        dates=[values.get("date", ""), f"{year} {month} {day}".strip() if year else "", year or volume_year],
        authors=[_name_in_order(name) for name in _AND.split(people) if name.strip()],
        doi=values.get("doi", ""),
        arxiv_id=eprint
        or next((values[name] for name in ("url", "note", "journal") if "arxiv" in values.get(name, "").lower()), ""),
        pmid=values.get("pmid", "") or values.get("pubmed_id", ""),
        url=values.get("url", ""),
        venue=values.get("journal", "") or values.get("journaltitle", "") or values.get("booktitle", ""),
        latex=True,
        verbatim=values.get("annote", "") == OWN_MARK,
    )


def _unescaped(fields: Fields) -> Fields:
    """Return fields of an entry that this package wrote, with its escapes undone."""

    def plain(text: str) -> str:
        if text[:1] == "{" and text[-1:] == "}":
            text = text[1:-1]
        return _OWN_ESCAPE.sub(lambda match: OWN_ESCAPES[match.group()], text)

    return replace(
        fields,
        title=plain(fields.title),
        abstract=plain(fields.abstract),
        venue=plain(fields.venue),
        authors=[plain(name) for name in fields.authors],
    )


def _name_in_order(name: str) -> str:
    return " ".join(name.split())
