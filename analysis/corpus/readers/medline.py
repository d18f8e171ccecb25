"""MEDLINE, the .nbib of PubMed."""

import re

from analysis.corpus.fields import Fields
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "medline"
HINT = "MEDLINE has lines such as “PMID- 12345678”"
_GRAMMAR = Grammar(re.compile(r"^(?P<tag>[A-Z]{2,4}) {0,2}- ?(?P<value>.*)$"), begin="PMID", end=None, indent="      ")
_BEGIN = re.compile(r"^PMID- *\d", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is MEDLINE."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a MEDLINE file."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    identifiers = [*record.every("LID"), *record.every("AID")]
    return Fields(
        title=record.first("TI", "BTI", "TT"),
        abstract=record.first("AB", "OAB"),
        dates=[*record.every("DP"), *record.every("DEP")],
        authors=record.every("FAU", "AU", "CN"),
        doi=next((value for value in identifiers if value.endswith("[doi]")), ""),
        pmid=record.first("PMID"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{record.first('PMID')}/",
        venue=record.first("JT", "TA"),
    )
