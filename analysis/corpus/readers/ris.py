"""RIS, as reference managers and most databases export it, also inside a .txt."""

import re

from analysis.corpus.fields import Fields
from analysis.corpus.readers.columns import OWN_MARK
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "ris"
HINT = "RIS has lines such as “TY  - JOUR”"
_GRAMMAR = Grammar(
    re.compile(r"^(?P<tag>[A-Z][A-Z0-9]) {1,2}-(?P<value>.*)$"),
    begin="TY",
    end="ER",
    indent="",
    outside=frozenset({"ER"}),
)
_BEGIN = re.compile(r"^TY {1,2}- ?\w", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is RIS."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a RIS file."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    return Fields(
        title=record.first("TI", "T1", "CT", "BT"),
        abstract=record.first("AB", "N2"),
        dates=[*record.every("PY"), *record.every("Y1"), *record.every("DA")],
        authors=record.every("AU", "A1"),
        doi=record.first("DO")
        or next((value for value in record.every("UR", "L3", "M3", "N1") if "doi" in value.lower()), ""),
        arxiv_id=next((value for value in record.every("UR", "AN", "L1", "M1") if "arxiv" in value.lower()), ""),
        pmid=record.first("AN") if record.first("DB", "DP").upper() in ("PUBMED", "NLM", "MEDLINE") else "",
        url=record.first("UR"),
        venue=record.first("T2", "JF", "JO", "J2", "JA"),
        verbatim=record.first("DB") == OWN_MARK,
    )
