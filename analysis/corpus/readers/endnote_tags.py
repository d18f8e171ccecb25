"""EndNote's tagged text (.enw), also called refer: %T title, %A an author, %D the year."""

import re

from analysis.corpus.fields import Fields
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "endnote"
HINT = "EndNote's text has lines such as “%0 Journal Article”"
_LINE = re.compile(r"^%(?P<tag>[0-9A-Z@!$+&#?<>\[\]()=~*^'-]) ?(?P<value>.*)$")
_GRAMMAR = Grammar(_LINE, begin="0", end=None, titles=frozenset({"T"}))
_BEGIN = re.compile(r"^%0 \w", re.MULTILINE)
_TITLE = re.compile(r"^%T \S", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is EndNote's."""
    return _BEGIN.search(text) is not None and _TITLE.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of EndNote's tagged text."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    return Fields(
        title=record.first("T", "!"),
        abstract=" ".join(record.all_of("X")),
        dates=[*(f"{record.first('D')} {day}" for day in record.every("8")[:1]), record.first("D")],
        authors=record.every("A"),
        editor=record.every("E"),
        affiliations=record.every("+"),
        keywords=record.every("K"),
        doi=record.first("R") or next((one for one in record.every("U") if "doi" in one.lower()), ""),
        arxiv_id=next((one for one in record.every("U") if "arxiv" in one.lower()), ""),
        url=record.first("U"),
        venue=record.first("J", "B"),
        type=record.first("0"),
        language=record.first("G"),
        volume=record.first("V"),
        issue=record.first("N"),
        pages=record.first("P"),
    )
