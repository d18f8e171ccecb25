"""Web of Science's tagged text, which the SciELO Citation Index shares."""

import re

from analysis.corpus.fields import Fields, page_range, split_list
from analysis.corpus.names import authors
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "web_of_science"
HINT = "Web of Science has a line “PT J” before each record and “ER” after it"
_TAGS = frozenset(
    "FN VR PT AU AF BA BF CA GP BE TI SO SE BS LA DT CT CY CL SP HO DE ID AB C1 C3 RP EM RI OI FU FX FP "
    "CR NR TC Z1 Z2 Z3 Z4 Z8 Z9 "
    "ZA ZB ZS ZR ZK U1 U2 PU PI PA SN EI BN J9 JI PD PY VL IS PN SU SI MA BP EP AR DI D2 DL EA EY PG P2 "
    "WC WE SC GA PM OA HC HP DA "
    "UT ER EF X1 X4 X5 X8 Y1 Y4 Y5 Y8 RID OID GE TA MC MI MQ RO ST PE TR DS OR PR NT FT SF SQ CN CO DN EC".split()
)
_GRAMMAR = Grammar(
    re.compile(r"^(?P<tag>[A-Z][A-Z0-9])(?P<value> .*|)$"),
    begin="PT",
    end="ER",
    outside=frozenset({"FN", "VR", "EF"}),
    last="EF",
    known=_TAGS,
    titles=frozenset({"TI"}),
)
_BEGIN = re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)
_HEAD = re.compile(r"\A\s*(?:FN |VR |PT [A-Z]\s*$)", re.MULTILINE)
_FIELD = re.compile(r"^(?:TI|AU|AF|SO|PY|UT|X1) \S", re.MULTILINE)
_DOI = re.compile(r"\bDOI\s*\[?(?P<doi>10\.[^\s,\]]+)", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Return whether `text` is Web of Science's tagged text; one such line inside of a table is none."""
    if _BEGIN.search(text) is None:
        return False
    return _HEAD.search(text) is not None or len(_FIELD.findall(text)) >= 2


def read(text: str, file: str) -> ReadFile:
    """Read a file of Web of Science's tagged text."""
    return read_tagged(text, file, _GRAMMAR, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    year, month = record.first("PY"), record.first("PD")
    return Fields(
        title=record.first("TI", "X1"),
        abstract=" ".join(record.all_of("AB")) or record.first("X4"),
        dates=[f"{year} {_named(month)}".strip(), year, record.first("EA")],
        authors=authors(record.lists("AF")) or record.lists("AU") or record.lists("CA"),
        editor=record.lists("BE"),
        affiliations=record.lists("C1"),
        keywords=split_list(record.first("DE")),
        index_keywords=split_list(record.first("ID")),
        doi=record.first("DI"),
        pmid=record.first("PM"),
        venue=record.first("SO"),
        record_id=record.first("UT"),
        type=record.first("DT") or record.first("PT"),
        language=record.first("LA"),
        references=[_reference(line) for line in record.lists("CR")],
        n_cited=record.first("TC", "Z9"),
        volume=record.first("VL"),
        issue=record.first("IS"),
        pages=page_range(record.first("BP"), record.first("EP")) or record.first("AR"),
    )


def _reference(line: str) -> str:
    """Return a cited reference, by DOI where it has one."""
    match = _DOI.search(line)
    return match["doi"] if match is not None else line


def _named(month: str) -> str:
    """Return a month that SciELO writes as a number by its name, so that it is not taken for a day."""
    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return names[int(month) - 1] if month.isdigit() and 1 <= int(month) <= 12 else month
