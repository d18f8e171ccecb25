"""XML of PubMed, arXiv, EndNote, DBLP and others, parsed without entities and without a network."""

import html
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from types import ModuleType

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from analysis.corpus.fields import Location, to_record
from analysis.corpus.readers import (
    acl_xml,
    arxiv_atom,
    dblp_xml,
    dublin_core,
    endnote_xml,
    europe_pmc_xml,
    jats_xml,
    pubmed_xml,
)
from analysis.corpus.records import ReadFile, Record, Reject, Source, told

HINT = "XML is read of PubMed, arXiv, EndNote, DBLP, Europe PMC, the ACL Anthology, JATS and Dublin Core"
# characters that XML forbids
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SERVICES = (pubmed_xml, arxiv_atom, endnote_xml, dblp_xml, europe_pmc_xml, acl_xml, jats_xml, dublin_core)
# an entity that XML does not know, which DBLP and publishers declare outside of the file
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)([A-Za-z][A-Za-z0-9]{1,31});")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[^\[>]*>")


def recognises(text: str) -> bool:
    """Return whether `text` is XML of a known service."""
    return text.lstrip()[:1] == "<" and _service(text) is not None


def what_it_is(text: str) -> str:
    """Return what kind of XML or HTML a text is that no reader knows, for a message."""
    head = text[:20_000]
    if re.search(r"<!doctype html|<html\b", head, re.IGNORECASE):
        return "a web page (HTML), not an export: a failed download, perhaps"
    if "<feed" in head and "Atom" in head:
        return "an Atom feed that is not arXiv's"
    if "<rss" in head:
        return "an RSS feed, not an export"
    root = re.search(r"<([A-Za-z][\w:.-]*)", _DECLARATION.sub("", head))
    return f"XML whose root is <{root[1]}>" if root is not None else "XML"


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
    query = service.query(text[:20_000]) if hasattr(service, "query") else ""
    source = Source(file, format=service.FORMAT, query=query)
    lines = _lines(text, service.ELEMENTS)
    rejects: list[Reject] = []
    try:
        # the text is decoded already, whatever encoding its first line declares
        root = fromstring(_parsable(text).encode("utf-8"))
        elements = list(service.records(root))
    except DefusedXmlException as error:
        reason = f"XML that declares entities or outside sources is not read ({type(error).__name__})"
        return ReadFile(source, [], [Reject.at(file, 1, reason, "", "file")])
    except ET.ParseError as error:
        line = error.position[0] if error.position else 1
        elements, rejects = _salvaged(text, service.ELEMENTS, file, lines)
        rejects.append(
            Reject.at(file, line, f"damaged XML ({told(error)}); records were read one by one", "", "damage")
        )
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


def _opening(elements: Sequence[str]) -> "re.Pattern[str]":
    return re.compile(rf"<(?:\w+:)?(?P<name>{'|'.join(map(re.escape, elements))})[\s>]")


def _lines(text: str, elements: Sequence[str]) -> list[int]:
    """Return the line of each opening tag of a record."""
    lines, line, last = [], 1, 0
    for match in _opening(elements).finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        lines.append(line)
    return lines


def _salvaged(
    text: str, elements_of: Sequence[str], file: str, lines: Sequence[int]
) -> tuple[list["ET.Element | None"], list[Reject]]:
    """Parse each record of a damaged file by itself."""
    elements: list[ET.Element | None] = []
    rejects = []
    openings = list(_opening(elements_of).finditer(text))
    bounds = [*(match.start() for match in openings), len(text)]
    for number, (match, (start, stop)) in enumerate(zip(openings, itertools.pairwise(bounds), strict=True)):
        end = re.compile(rf"</(?:\w+:)?{re.escape(match['name'])}\s*>").search(text, start, stop)
        piece = text[start : end.end()] if end is not None else text[start:stop]
        try:
            elements.append(fromstring(_without_namespaces(_parsable(piece)).encode("utf-8")))
        except (ET.ParseError, DefusedXmlException) as error:
            elements.append(None)
            rejects.append(Reject.at(file, lines[number], f"a record that is no XML ({told(error)})", piece[:200]))
    return elements, rejects


def _parsable(text: str) -> str:
    """Return XML without its declaration and without a document type that only names a file, names of letters read."""
    text = _CONTROL.sub(" ", _DECLARATION.sub("", text).strip())
    return _ENTITY.sub(lambda match: html.unescape(match.group()), _DOCTYPE.sub("", text, count=1))


def _without_namespaces(piece: str) -> str:
    """Return a record's XML without namespaces, whose declarations stand outside of it."""
    return re.sub(r"(</?)\w+:", r"\1", re.sub(r"\sxmlns(:\w+)?=\"[^\"]*\"", "", piece))
