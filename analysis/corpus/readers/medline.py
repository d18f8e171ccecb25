"""MEDLINE, the .nbib of PubMed, and ERIC's records of the same build."""

import re

from analysis.corpus.fields import Fields
from analysis.corpus.readers.tagged import Grammar, TaggedRecord, read_tagged
from analysis.corpus.records import ReadFile

FORMAT = "medline"
HINT = "MEDLINE has lines such as “PMID- 12345678”"
# a tag and its spaces take four letters
_LINE = re.compile(r"^(?P<tag>[A-Z]{2} {0,2}|[A-Z]{3} ?|[A-Z]{4})- ?(?P<value>.*)$")
_TAGS = frozenset(
    "AB AD AID AU AUID BTI BOOK CDAT CI CIN CN COI COIS CON CP CRDT CRF CRI CTDT CTI DA DCOM DEP DP DRIN EDAT EFR EIN ED EN FAU "
    "FED FIR FPS GN GR GS IP IR IRAD IS ISBN JID JT LA LID LR MH MHDA MID NM OAB OABL OCI OID ORI OT OTO OWN PB PG PHST PL PMC "
    "PMCR PMID PS PST PT PUBM RF RIN RN ROF RPF RPI RRF RRI SB SFM SI SO SPIN STAT TA TI TT UIN UOF VI VTI DO DOI UR URL KW SU "
    "DE IED SN ISSN JN YR CA".split()
)
_MEDLINE = Grammar(_LINE, begin="PMID", end=None, known=_TAGS, titles=frozenset({"TI"}))
# ERIC's records have no number and begin with who owns them
_OWNED = Grammar(_LINE, begin="OWN", end=None, known=_TAGS, titles=frozenset({"TI"}))
_BEGIN = re.compile(r"^PMID- *\d", re.MULTILINE)
_BEGIN_OWNED = re.compile(r"^OWN {0,2}- ?\w", re.MULTILINE)


def recognises(text: str) -> bool:
    """Return whether `text` is MEDLINE."""
    return _BEGIN.search(text) is not None or _BEGIN_OWNED.search(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a MEDLINE file."""
    return read_tagged(text, file, _MEDLINE if _BEGIN.search(text) is not None else _OWNED, FORMAT, _fields)


def _fields(record: TaggedRecord) -> Fields:
    identifiers = [*record.every("LID"), *record.every("AID"), *record.every("DO", "DOI")]
    pmid = record.first("PMID")
    return Fields(
        title=record.first("TI", "BTI", "TT"),
        abstract=" ".join(record.all_of("AB")) or record.first("OAB"),
        dates=[*record.every("DP"), *record.every("DEP"), *record.every("YR")],
        authors=record.every("FAU", "AU", "CN"),
        editor=record.every("FED", "ED"),
        affiliations=record.all_of("AD"),
        keywords=record.every("OT", "KW"),
        index_keywords=[term.replace("*", "") for term in record.all_of("MH", "DE", "SU")],
        doi=next((value for value in identifiers if value.endswith("[doi]") or value.startswith("10.")), ""),
        pmid=pmid,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else record.first("UR", "URL"),
        venue=record.first("JT", "TA", "JN"),
        type="; ".join(record.every("PT")),
        language=record.first("LA"),
        volume=record.first("VI"),
        issue=record.first("IP"),
        pages=record.first("PG"),
    )
