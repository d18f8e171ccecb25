"""XML of PubMed, arXiv and the ACL Anthology, parsed without entities and without a network."""

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from types import ModuleType

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from analysis.corpus.fields import Location, to_record
from analysis.corpus.readers import acl_xml, arxiv_atom, pubmed_xml
from analysis.corpus.records import ReadFile, Record, Reject, Source

HINT = "XML begins with < and holds <PubmedArticle>, an Atom <entry>, or an Anthology <paper>"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SERVICES = (pubmed_xml, arxiv_atom, acl_xml)


def recognises(text: str) -> bool:
    """Return whether `text` is XML of a known service."""
    return text.lstrip()[:1] == "<" and _service(text) is not None


def read(text: str, file: str) -> ReadFile:
    """Read an XML file.

    External and exploding entities are refused with the whole file; a file that breaks off gives
    the records before the break.
    """
    service = _service(text)
    if service is None:
        return ReadFile(
            Source(file, format="xml"), [], [Reject.at(file, 1, "XML of no known service", text[:200], "file")]
        )
    source = Source(file, format=service.FORMAT)
    lines = _lines(text, service.ELEMENT)
    rejects: list[Reject] = []
    try:
        # the text is decoded already, whatever encoding its first line declares
        root = fromstring(_DECLARATION.sub("", text).strip().encode("utf-8"))
        elements = list(service.records(root))
    except DefusedXmlException as error:
        reason = f"XML that declares entities or outside sources is not read ({type(error).__name__})"
        return ReadFile(source, [], [Reject.at(file, 1, reason, "", "file")])
    except ET.ParseError as error:
        line = error.position[0] if error.position else 1
        elements, rejects = _salvaged(text, service.ELEMENT, file, lines)
        rejects.append(Reject.at(file, line, f"damaged XML ({error}); records were read one by one", "", "damage"))
    records: list[Record] = []
    for number, element in enumerate(elements, start=1):
        if element is None:
            continue
        line = lines[number - 1] if number <= len(lines) else 1
        record, refused = to_record(service.fields(element), Location(file, number, line, line))
        rejects += refused
        if record is not None:
            records.append(record)
    return ReadFile(source, records, rejects)


def _service(text: str) -> ModuleType | None:
    head = text[:20_000]
    return next((service for service in _SERVICES if service.recognises(head)), None)


def _lines(text: str, element: str) -> list[int]:
    """Return the line of each opening tag of a record."""
    lines, line, last = [], 1, 0
    for match in re.finditer(rf"<{element}[\s>]", text):
        line += text.count("\n", last, match.start())
        last = match.start()
        lines.append(line)
    return lines


def _salvaged(
    text: str, element: str, file: str, lines: Sequence[int]
) -> tuple[list["ET.Element | None"], list[Reject]]:
    """Parse each record of a damaged file by itself."""
    elements: list[ET.Element | None] = []
    rejects = []
    starts = [match.start() for match in re.finditer(rf"<{element}[\s>]", text)]
    closing = f"</{element}>"
    for number, (start, stop) in enumerate(itertools.pairwise([*starts, len(text)])):
        end = text.find(closing, start, stop)
        piece = text[start : end + len(closing)] if end >= 0 else text[start:stop]
        try:
            elements.append(fromstring(_without_namespaces(piece).encode("utf-8")))
        except (ET.ParseError, DefusedXmlException) as error:
            elements.append(None)
            rejects.append(Reject.at(file, lines[number], f"a record that is no XML ({error})", piece[:200]))
    return elements, rejects


def _without_namespaces(piece: str) -> str:
    """Return a record's XML without namespaces, whose declarations stand outside of it."""
    return re.sub(r"(</?)\w+:", r"\1", re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", piece))
