"""BibTeX and BibLaTeX, through bibtexparser."""

import calendar
import contextlib
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

from bibtexparser.library import Library
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
)
from bibtexparser.splitter import Splitter

from analysis.corpus.fields import Fields, Location, split_list, to_record
from analysis.corpus.readers.bibtex_repair import mend
from analysis.corpus.readers.columns import OWN_MARK
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "bibtex"
HINT = "BibTeX has entries such as “@article{key, title = {…}}”"
# BibTeX's own abbreviations, which stand without braces
_MONTH_STRINGS = {name.lower(): name for name in calendar.month_abbr if name}
_PARSER = logging.getLogger("bibtexparser.splitter")
_BEGIN = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]\s*[^,={}()\n]*,", re.MULTILINE)
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
_LOOKS_LIKE_AN_ENTRY = re.compile(r"\btitle\s*=\s*[{\"]", re.IGNORECASE)
_AND_OR_BRACE = re.compile(r"[{}]|\s+and\s+")
# whole volumes, from which papers take what they leave out
_VOLUMES = ("proceedings", "mvproceedings", "collection", "book")


def recognises(text: str) -> bool:
    """Return whether `text` holds BibTeX entries."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a BibTeX file; an entry that cannot be parsed is a reject, the others are read."""
    mended = mend(text)
    with _quiet(_PARSER):
        library = Splitter(mended.text).split()
    strings = {**_MONTH_STRINGS, **{string.key.lower(): _plain(string.value) for string in library.strings}}
    records: list[Record] = []
    rejects = [Reject.at(file, line, reason, "", "damage") for line, reason in mended.told]
    entries = list(_entries(library))
    values_of = {id(entry): _values(entry, strings) for entry in entries if isinstance(entry, Entry)}
    volumes = {
        entry.key.lower(): values_of[id(entry)]
        for entry in entries
        if isinstance(entry, Entry) and entry.entry_type.lower() in _VOLUMES
    }
    rejects += [
        Reject.at(file, (block.start_line or 0) + 1, "text outside of any entry that looks like one", block.raw or "")
        for block in library.blocks
        if isinstance(block, ImplicitComment) and _LOOKS_LIKE_AN_ENTRY.search(block.raw or "")
    ]
    for ordinal, entry in enumerate(entries, start=1):
        start = (entry.start_line or 0) + 1
        if isinstance(entry, ParsingFailedBlock):
            reason = f"an entry that cannot be parsed ({entry.error})"
            rejects.append(Reject.at(file, start, reason, entry.raw or ""))
            continue
        titles = {_resolved(str(item.value), strings) for item in entry.fields if item.key.lower() == "title"}
        if len(titles) > 1:
            reason = "two titles in one entry: the line that begins another may be lost"
            rejects.append(Reject.at(file, start, reason, " | ".join(sorted(titles)), "damage"))
        location = Location(file, ordinal, start, start + (entry.raw or "").count("\n"))
        fields = _fields(_with_volume(values_of[id(entry)], volumes), entry)
        record, refused = to_record(_unescaped(fields, values_of[id(entry)]) if fields.verbatim else fields, location)
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


def _with_volume(values: dict[str, str], volumes: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return an entry's fields with what it takes from the volume that its crossref names."""
    volume = volumes.get(values.get("crossref", values.get("xref", "")).strip().lower())
    if volume is None:
        return values
    taken = {
        name: volume[name] for name in ("year", "date", "month", "editor", "publisher", "volume") if name in volume
    }
    return taken | {"booktitle": volume.get("booktitle", "") or volume.get("title", "")} | values


def _fields(values: dict[str, str], entry: Entry) -> Fields:
    year, month, day = (values.get(name, "") for name in ("year", "month", "day"))
    title, kind = values.get("title", ""), entry.entry_type.lower()
    if kind in _VOLUMES:
        title = title or values.get("booktitle", "")
    eprint = (
        values.get("eprint", "") or values.get("arxivid", "")
        if values.get("archiveprefix", values.get("eprinttype", "arxiv")).lower() == "arxiv"
        else ""
    )
    authors, editor = (_people(values.get(name, "")) for name in ("author", "editor"))
    return Fields(
        title=title,
        subtitle=values.get("subtitle", ""),
        abstract=values.get("abstract", ""),
        dates=[values.get("date", ""), f"{year} {month} {day}".strip() if year else "", year],
        authors=authors or editor,
        editor=editor,
        affiliations=[values[name] for name in ("affiliation", "affiliations", "institution") if values.get(name)],
        keywords=re.split(r"\s*[;,]\s*", values.get("keywords", "") or values.get("author_keywords", "")),
        index_keywords=re.split(r"\s*;\s*", values.get("keywords-plus", "") or values.get("mesh", "")),
        doi=values.get("doi", ""),
        arxiv_id=eprint
        or next((values[name] for name in ("url", "note", "journal") if "arxiv" in values.get(name, "").lower()), ""),
        pmid=values.get("pmid", "") or values.get("pubmed_id", ""),
        url=values.get("url", ""),
        venue=values.get("journal", "") or values.get("journaltitle", "") or values.get("booktitle", ""),
        type=values.get("document_type", "") or ("" if kind == "misc" else kind),
        language=values.get("language", "") or values.get("langid", ""),
        references=re.split(r"\s*[;\n]\s*", values.get("references", "") or values.get("cited-references", "")),
        n_cited=values.get("times-cited", "") or values.get("n_cited", ""),
        label=values.get("label", ""),
        volume=values.get("volume", ""),
        issue=values.get("number", "") or values.get("issue", ""),
        pages=values.get("pages", "").replace("--", "-"),
        record_id=entry.key,
        latex=True,
        verbatim=values.get("annote", "") == OWN_MARK,
    )


def _people(text: str) -> list[str]:
    """Return names parted by "and" outside of braces, which hold the names of institutions together."""
    parts, depth, last = [], 0, 0
    for match in _AND_OR_BRACE.finditer(text):
        sign = match.group()
        if sign in "{}":
            depth += 1 if sign == "{" else -1
        elif depth <= 0:
            parts.append(text[last : match.start()])
            last = match.end()
    return [" ".join(part.split()) for part in [*parts, text[last:]] if part.strip()]


def _unescaped(fields: Fields, values: dict[str, str]) -> Fields:
    """Return fields of an entry that this package wrote, with its escapes undone."""

    def parts(text: str) -> list[str]:
        return split_list(plain(text))

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
        editor=[plain(name) for name in fields.editor],
        volume=plain(fields.volume),
        issue=plain(fields.issue),
        pages=plain(fields.pages),
        label=plain(fields.label),
        keywords=parts(values.get("keywords", "")),
        index_keywords=parts(values.get("index_keywords", "")),
        affiliations=parts(values.get("affiliations", "")),
        countries=parts(values.get("countries", "")),
        references=parts(values.get("references", "")),
    )
