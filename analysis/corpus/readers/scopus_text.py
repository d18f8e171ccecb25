"""Scopus' plain text: authors, title and source in lines, then paragraphs such as “ABSTRACT: …”, then “SOURCE: Scopus”."""

import re
from collections.abc import Iterator

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.names import names_of
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "scopus_text"
HINT = "Scopus' text begins with “Scopus” and “EXPORT DATE: …”"
_HEAD = re.compile(r"\A\s*Scopus\s*\n\s*EXPORT DATE:", re.IGNORECASE)
_END = re.compile(r"^SOURCE:\s*Scopus\s*$", re.IGNORECASE)
_SOURCE = re.compile(
    r"^\((?P<year>\d{4})\)\s*(?P<venue>[^,]*)(?:,\s*(?P<volume>[\w.-]+))?(?:\s*\((?P<issue>[^)]*)\))?"
    r"(?:.*?pp?\. (?P<pages>[\w-]+))?"
)
_FIELD = re.compile(r"^(?P<name>[A-Z][A-Z /()-]{2,40}):\s*(?P<value>.*)$")
_IDS = re.compile(r"^[\d;\s]+$")
_CITED = re.compile(r"Cited (\d+) times?")


def recognises(text: str) -> bool:
    """Return whether `text` is Scopus' plain text."""
    return _HEAD.match(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of Scopus' plain text."""
    records: list[Record] = []
    rejects: list[Reject] = []
    for ordinal, (start, end, lines) in enumerate(_records(text), start=1):
        record, refused = to_record(_fields(lines), Location(file, ordinal, start, end))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=FORMAT), records, rejects)


def _records(text: str) -> Iterator[tuple[int, int, list[str]]]:
    filled: list[str] = []
    start = 0
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not start and (
            not line.strip() or (number <= 3 and (line.strip() == "Scopus" or line.startswith("EXPORT DATE")))
        ):
            continue
        if _END.match(line):
            if filled:
                yield start, number, filled
            filled, start = [], 0
        elif line.strip():
            start = start or number
            filled.append(line.strip())
    if filled:
        yield start, len(lines), filled


def _fields(lines: list[str]) -> Fields:
    at = next((number for number, line in enumerate(lines) if _SOURCE.match(line)), len(lines))
    above = [line for line in lines[:at] if not _IDS.match(line)]
    source = _SOURCE.match(lines[at]) if at < len(lines) else None
    cited = _CITED.search(lines[at]) if at < len(lines) else None
    named: dict[str, str] = {}
    name = ""
    for line in lines[at + 1 :]:
        match = _FIELD.match(line)
        if match is not None:
            name = match["name"]
            named.setdefault(name, match["value"])
        elif name:
            named[name] = f"{named[name]} {line}"
    return Fields(
        title=above[-1] if above else "",
        abstract=named.get("ABSTRACT", ""),
        dates=[source["year"]] if source is not None else [],
        authors=names_of(above[0]) if len(above) > 1 else [],
        affiliations=[part.strip() for part in named.get("AFFILIATIONS", "").split(";")],
        keywords=[part.strip() for part in named.get("AUTHOR KEYWORDS", "").split(";")],
        index_keywords=[part.strip() for part in named.get("INDEX KEYWORDS", "").split(";")],
        doi=named.get("DOI", ""),
        url=next((line for line in lines[at + 1 :] if line.startswith("http")), ""),
        venue=source["venue"] if source is not None else "",
        type=named.get("DOCUMENT TYPE", ""),
        language=named.get("LANGUAGE OF ORIGINAL DOCUMENT", ""),
        references=[part.strip() for part in named.get("REFERENCES", "").split(";")],
        n_cited=cited[1] if cited is not None else "",
        volume=(source["volume"] or "") if source is not None else "",
        issue=(source["issue"] or "") if source is not None else "",
        pages=(source["pages"] or "") if source is not None else "",
    )
