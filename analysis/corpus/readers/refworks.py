"""RefWorks' tagged text: RT begins a record, T1 holds its title."""

import re

from analysis.corpus.fields import Fields, page_range
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "refworks"
HINT = "RefWorks has lines such as “RT Journal Article”"
_TAGS = frozenset(
    "RT SR ID A1 T1 JF JO YR FD VO IS SP OP K1 AB NO A2 T2 ED PB PP A3 A4 A5 T3 SN AV AD AN LA CL SF OT LK DO CN DB DS IP RD ST "
    "U1 U2 U3 U4 U5 UL SL LL CR WT WV OL PMID PMCID".split()
)
_GRAMMAR = Grammar(
    re.compile(r"^(?P<tag>[A-Z][A-Z0-9]) (?P<value>.*)$"), begin="RT", end=None, known=_TAGS, titles=frozenset({"T1"})
)
_BEGIN = re.compile(r"^RT [A-Z]", re.MULTILINE)
_TITLE = re.compile(r"^T1 \S", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is RefWorks'."""
    return _BEGIN.search(text) is not None and _TITLE.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of RefWorks' tagged text."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    year, day = record.first("YR"), record.first("FD")
    return Fields(
        title=record.first("T1"),
        abstract=" ".join(record.all_of("AB")),
        dates=[f"{day} {year}" if day and year and year not in day else day, year],
        authors=record.every("A1"),
        editor=record.every("ED"),
        affiliations=record.every("AD"),
        keywords=record.every("K1"),
        doi=record.first("DO") or next((one for one in record.all_of("UL", "LK") if "doi" in one.lower()), ""),
        url=record.first("UL", "LK"),
        venue=record.first("JF", "JO", "T2"),
        type=record.first("RT"),
        language=record.first("LA"),
        volume=record.first("VO"),
        issue=record.first("IS"),
        pages=page_range(record.first("SP"), record.first("OP")),
    )
