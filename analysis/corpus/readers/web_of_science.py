"""Web of Science's tagged text, which the SciELO Citation Index shares."""

import re

from analysis.corpus.fields import Fields
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "web_of_science"
HINT = "Web of Science has a line “PT J” before each record and “ER” after it"
_GRAMMAR = Grammar(
    re.compile(r"^(?P<tag>[A-Z][A-Z0-9])(?P<value> .*|)$"),
    begin="PT",
    end="ER",
    indent="   ",
    outside=frozenset({"FN", "VR", "EF"}),
    last="EF",
)
_BEGIN = re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is Web of Science's tagged text."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of Web of Science's tagged text."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    year, month = record.first("PY"), record.first("PD")
    return Fields(
        title=record.first("TI", "X1"),
        abstract=record.first("AB", "X4"),
        dates=[f"{year} {_named(month)}".strip(), year, record.first("EA")],
        authors=record.lists("AF") or record.lists("AU"),
        doi=record.first("DI"),
        pmid=record.first("PM"),
        venue=record.first("SO"),
    )


def _named(month: str) -> str:
    """Return a month that SciELO writes as a number by its name, so that it is not taken for a day."""
    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return names[int(month) - 1] if month.isdigit() and 1 <= int(month) <= 12 else month
