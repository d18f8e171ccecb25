"""The Cochrane Library's text: “Record #1 of 9” above lines such as “TI: …”."""

import re

from analysis.corpus.fields import Fields
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "cochrane"
HINT = "the Cochrane Library has lines such as “Record #1 of 9”"
_TAGS = frozenset("RECORD ID AU TI SO YR NO VL PG PB AB PT KY DOI US XR PM CC SN CY PY OT AN DB MH RN".split())
_GRAMMAR = Grammar(
    re.compile(r"^(?:(?P<tag>[A-Z]{2,3}|Record)(?::| #)) ?(?P<value>.*)$"), begin="RECORD", end=None, known=_TAGS
)
_BEGIN = re.compile(r"^Record #\d+ of \d+", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is the Cochrane Library's."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of the Cochrane Library."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    pmid = re.search(r"PUBMED\s*(\d+)", record.first("PM"))
    return Fields(
        title=record.first("TI"),
        abstract=" ".join(record.all_of("AB")),
        dates=[record.first("YR", "PY")],
        authors=[name for value in record.every("AU") for name in re.split(r";\s*|,\s+(?=[A-Z][\w'-]+ [A-Z])", value)],
        index_keywords=[word for value in record.all_of("KY", "MH") for word in re.split(r";\s*", value)],
        doi=record.first("DOI"),
        pmid=pmid[1] if pmid is not None else "",
        url=record.first("US"),
        venue=record.first("SO"),
        type=record.first("PT"),
        volume=record.first("VL"),
        issue=record.first("NO"),
        pages=record.first("PG"),
    )
