"""PubMed's text of abstracts: a numbered citation, and title, authors and abstract in paragraphs below it."""

import re
from collections.abc import Iterator

from analysis.corpus.fields import Fields, Location, to_record
from analysis.corpus.records import ReadFile, Record, Reject, Source

FORMAT = "pubmed_text"
HINT = "PubMed's text has “1. J Title. 2020 Mar;1(2):3-4.” above each record and “PMID: …” below it"
_CITATION = re.compile(
    r"^(?P<number>\d+)\. (?P<venue>[^.]{2,200}(?:\. ?[^.\d][^.]{0,60})*)\. (?P<date>\d{4}[^;.:]{0,20})"
)
_FIRST = re.compile(r"\A\s*1\. [^.\n]{2,200}.*?\. \d{4}\b", re.DOTALL)
_PMID = re.compile(r"^PMID: (\d+)", re.MULTILINE)
_DOI = re.compile(r"^(?:DOI:|.*?\bdoi:) ?(10\.\S+)", re.MULTILINE | re.IGNORECASE)
_NOT_ABSTRACT = re.compile(
    r"^(?:Author information:|Collaborators?:|Comment (?:in|on)|Erratum (?:in|for)|Update (?:in|of)|Conflict of interest|PMID:|"
    r"DOI:|PMCID:|\[Article in|Republished|Retraction|Publisher:|Free PMC|Copyright|©|\(c\))",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\(\d+(?:,\s?\d+)*\)|\(#\)")


def recognises(text: str) -> bool:
    """Return whether `text` is PubMed's text of abstracts."""
    return _PMID.search(text) is not None and _FIRST.match(text[:2000]) is not None


def read(text: str, file: str) -> ReadFile:
    """Read a file of PubMed's text of abstracts."""
    records: list[Record] = []
    rejects: list[Reject] = []
    for ordinal, (start, end, blocks) in enumerate(_records(text), start=1):
        record, refused = to_record(_fields(blocks), Location(file, ordinal, start, end))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(Source(file, format=FORMAT), records, rejects)


def _records(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield first line, last line and paragraphs of each record, whose numbers count from 1."""
    lines = text.split("\n")
    starts, expected = [], 1
    for at in range(len(lines)):
        # a citation may go over several lines, so that its date is looked for in three
        found = _CITATION.match(" ".join(part.strip() for part in lines[at : at + 3]))
        if found is not None and int(found["number"]) == expected and (at == 0 or not lines[at - 1].strip()):
            starts.append(at)
            expected += 1
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        whole = "\n".join(lines[start:stop]).rstrip()
        yield start + 1, start + 1 + whole.count("\n"), [part.strip() for part in re.split(r"\n\s*\n", whole)]


def _fields(blocks: list[str]) -> Fields:
    citation = " ".join(blocks[0].split())
    known = _CITATION.match(citation)
    whole = "\n".join(blocks)
    pmid, doi = _PMID.search(whole), _DOI.search(whole)
    body = [" ".join(block.split()) for block in blocks[1:]]
    title = body[0] if body else ""
    people = body[1] if len(body) > 1 and not _NOT_ABSTRACT.match(body[1]) else ""
    paragraphs = [block for block in body[2:] if not _NOT_ABSTRACT.match(block)]
    return Fields(
        title=title.removesuffix("."),
        abstract=" ".join(paragraphs),
        dates=[known["date"].strip()] if known is not None else [],
        authors=[name.strip(" .") for name in _MARKS.sub("", people).split(",")] if people else [],
        doi=doi[1] if doi is not None else "",
        pmid=pmid[1] if pmid is not None else "",
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid[1]}/" if pmid is not None else "",
        venue=known["venue"] if known is not None else "",
    )
