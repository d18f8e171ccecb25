"""RIS, as reference managers and most databases export it, also inside a .txt."""

import re
from dataclasses import replace

from analysis.corpus.fields import Fields, page_range
from analysis.corpus.identifiers import normal_doi
from analysis.corpus.names import names_of
from analysis.corpus.readers.columns import OWN_MARK
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "ris"
HINT = "RIS has lines such as “TY  - JOUR”"
_TAGS = frozenset(
    "TY ER A1 A2 A3 A4 A5 AB AD AN AU AV AF BT C1 C2 C3 C4 C5 C6 C7 C8 CA CL CN CP CR CT CY DA DB DO DP "
    "ED EP ET ID IS J1 J2 JA JF "
    "JO KW L1 L2 L3 L4 LA LB LI LK M1 M2 M3 N1 N2 NV OP PA PB PP PY RD RI RN RP SE SF SN SP ST SV T1 T2 T3 TA TI TT U1 U2 U3 U4 "
    "U5 UR VL VO WP WT WV Y1 Y2 YR".split()
)
_GRAMMAR = Grammar(
    re.compile(r"^(?P<tag>[A-Z][A-Z0-9]) {1,2}-(?P<value>.*)$"),
    begin="TY",
    end="ER",
    outside=frozenset({"ER"}),
    known=_TAGS,
    titles=frozenset({"TI", "T1"}),
)
# where a file writes two spaces before the hyphen, as RIS asks, a line with one is text: "UK - where care is free"
_STRICT = replace(
    _GRAMMAR, line=re.compile(r"^(?P<tag>[A-Z][A-Z0-9])(?:  -|(?<=ER) -)(?P<value>.*)$"), known=frozenset()
)
_BEGIN = re.compile(r"^TY {1,2}- ?\w", re.MULTILINE)
_LOOSE_BEGIN = re.compile(r"^TY - ?\w", re.MULTILINE)
# lists in the RIS that this package writes
OWN_TAGS = {
    "affiliations": "AD",
    "keywords": "KW",
    "editor": "ED",
    "countries": "C3",
    "index_keywords": "C4",
    "references": "CR",
}
# where databases put a DOI for want of its own tag, and notes that ASReview writes
_PLACES_OF_DOI = ("L3", "M3", "UR", "LK", "L2", "L1", "M1", "N1", "ID", "AN", "C7")
_LABEL = re.compile(r"\bASReview_(relevant|irrelevant|not_seen)\b")


def recognises(text: str) -> bool:
    """Return whether `text` is RIS."""
    return _BEGIN.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a RIS file."""
    grammar = _GRAMMAR if _LOOSE_BEGIN.search(text) is not None else _STRICT
    return read_tagged(text, file, grammar, FORMAT, _fields)


def _own_fields(record: TaggedRecord) -> Fields:
    """Return the fields of a record that this package wrote: a value a tag, all of it as it is meant."""
    year_and_day = [*record.every("PY"), *record.every("DA")]
    return Fields(
        title=record.first("TI"),
        abstract=record.first("AB"),
        dates=year_and_day,
        authors=record.every("AU"),
        doi=record.first("DO"),
        arxiv_id=record.first("AN"),
        url=record.first("UR"),
        venue=record.first("T2"),
        type=record.first("M3"),
        language=record.first("LA"),
        volume=record.first("VL"),
        issue=record.first("IS"),
        pages=record.first("SP"),
        n_cited=record.first("C1"),
        label=record.first("C2"),
        verbatim=True,
        affiliations=record.every(OWN_TAGS["affiliations"]),
        keywords=record.every(OWN_TAGS["keywords"]),
        editor=record.every(OWN_TAGS["editor"]),
        countries=record.every(OWN_TAGS["countries"]),
        index_keywords=record.every(OWN_TAGS["index_keywords"]),
        references=record.every(OWN_TAGS["references"]),
    )


def _fields(record: TaggedRecord) -> Fields:
    if record.first("DB") == OWN_MARK:
        return _own_fields(record)
    chapter = record.first("TY") in ("CHAP", "ECHAP", "CPAPER", "CONF")
    label = next((match[1] for note in record.every("N1") if (match := _LABEL.search(note))), "")
    return Fields(
        title=record.first("TI", "T1", "CT", "BT"),
        abstract=" ".join(record.all_of("AB") or record.all_of("N2")),
        dates=[*record.every("PY"), *record.every("YR"), *record.every("DA"), *record.every("Y1")],
        authors=[name for value in record.all_of("A1", "AU") for name in _names(value)],
        editor=record.all_of("ED", "A2") if chapter else record.every("ED"),
        affiliations=record.all_of("AD"),
        keywords=[word for value in record.every("KW") for word in _words(value)],
        doi=record.first("DO") or _doi(record),
        arxiv_id=next((value for value in record.all_of("UR", "AN", "L1", "M1") if "arxiv" in value.lower()), ""),
        pmid=record.first("AN") if record.first("DB", "DP").upper() in ("PUBMED", "NLM", "MEDLINE") else "",
        url=next((value for value in record.every("UR") if not value.startswith("<")), ""),
        venue=record.first("T2", "JF", "JO", "J2", "JA"),
        type=record.first("TY"),
        language=record.first("LA"),
        references=record.every("CR"),
        volume=record.first("VL", "VO"),
        issue=record.first("IS"),
        pages=page_range(record.first("SP"), record.first("EP")),
        label=label,
    )


def _doi(record: TaggedRecord) -> str:
    """Return a DOI that stands elsewhere than in its tag, bare or in an address; notes count where they say so."""
    for tag in _PLACES_OF_DOI:
        for value in record.every(tag):
            found = normal_doi(value)
            bare = re.fullmatch(r"\s*(?:doi:?\s*)?10\.\d{4,9}/\S+\s*", value, re.IGNORECASE) is not None
            if found is not None and (bare or "doi" in value.lower()):
                return found
    return ""


def _names(value: str) -> list[str]:
    """Return the author of a line; several where a program put all of them in one."""
    return names_of(value) if ";" in value or " and " in value else [value]


def _words(value: str) -> list[str]:
    return [part.strip() for part in value.split(";")] if ";" in value else [value]
