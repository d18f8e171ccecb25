"""Ovid's own text: a number in angle brackets, then names of fields on lines of their own with values indented below."""

import re
from collections.abc import Iterator

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "ovid"
HINT = "Ovid's text has “<1>” above each record"
_BEGIN = re.compile(r"^<\s*(\d+)\s*>\s*\.?\s*$")
_ANY_BEGIN = re.compile(r"^<\s*\d+\s*>\s*\.?\s*$", re.MULTILINE)
_TAGGED = re.compile(r"^(?P<name>[A-Z]{2})  ?- (?P<value>.*)$")
# Ovid's names of fields, and its tags for the same
_NAMES = {
    "title": ("title", "ti", "original title"),
    "abstract": ("abstract", "ab"),
    "authors": ("authors", "author", "au", "authors full name"),
    "year": ("year of publication", "publication date", "date of publication", "dp", "yr", "year"),
    "venue": ("journal name", "jn", "source", "so", "journal"),
    "doi": ("digital object identifier", "doi", "do"),
    "type": ("publication type", "pt"),
    "language": ("language", "lg"),
    "keywords": ("keyword heading", "keywords", "kw", "author keywords"),
    "index_keywords": ("mesh subject headings", "mh", "emtree heading", "sh", "subject headings"),
    "affiliations": ("institution", "in", "author address", "affiliation"),
    "pmid": ("pubmed id", "pm"),
}


def recognises(text: str) -> bool:
    """Return whether `text` is Ovid's."""
    return _ANY_BEGIN.match(text.lstrip("\n ")) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of Ovid's own text."""
    records: list[Record] = []
    rejects: list[Reject] = []
    for ordinal, (start, end, values) in enumerate(_records(text), start=1):
        record, refused = to_record(_fields(values), Location(file, ordinal, start, end))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=FORMAT), records, rejects)


def _records(text: str) -> Iterator[tuple[int, int, dict[str, list[str]]]]:
    """Yield first line, last line and values by name of each record."""
    values: dict[str, list[str]] = {}
    start, name, last = 0, "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if _BEGIN.match(line):
            if start:
                yield start, last, values
            values, start, name = {}, number, ""
        elif start and line.strip():
            tagged = _TAGGED.match(line)
            if tagged is not None:
                name = tagged["name"].lower()
                values.setdefault(name, []).append(tagged["value"].strip())
            elif line[0].isspace() and name:
                values.setdefault(name, []).append(line.strip())
            else:
                name = line.strip().casefold()
        last = number if line.strip() else last
    if start:
        yield start, last, values


def _fields(values: dict[str, list[str]]) -> Fields:
    def every(field: str) -> list[str]:
        return next((values[name] for name in _NAMES[field] if values.get(name)), [])

    names = [name for line in every("authors") for name in re.split(r";\s*|(?<=\.),?\s+(?=[A-Z][\w'-]+[ ,])", line)]
    return Fields(
        title=" ".join(every("title")),
        abstract=" ".join(every("abstract")),
        dates=[" ".join(every("year"))],
        authors=[name.rstrip(".,") if len(name) > 4 else name for name in names],
        affiliations=every("affiliations"),
        keywords=[word for line in every("keywords") for word in re.split(r";\s*", line)],
        index_keywords=every("index_keywords"),
        doi=" ".join(every("doi")),
        pmid=" ".join(every("pmid")),
        venue=" ".join(every("venue")),
        type="; ".join(every("type")),
        language=" ".join(every("language")),
    )
