"""EndNote's XML, whose texts are parted into styles."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields
from analysis.corpus.readers.xml_nodes import text_of

FORMAT = "endnote_xml"
ELEMENTS = ("record",)


def recognises(head: str) -> bool:
    """Return whether a file's beginning is EndNote's."""
    return "<records>" in head and "<record>" in head and "<titles>" in head


def records(root: Element) -> Iterator[Element]:
    """Yield the records."""
    yield from root.iter("record")


def fields(record: Element) -> Fields:
    """Return a record's fields."""

    def first(*paths: str) -> str:
        return next((text for path in paths if (text := text_of(record.find(path)))), "")

    def every(path: str) -> list[str]:
        return [text_of(node) for node in record.iterfind(path)]

    kind = record.find("ref-type")
    year = first("dates/year")
    day = first("dates/pub-dates/date")
    return Fields(
        title=first("titles/title", "titles/short-title"),
        abstract=first("abstract"),
        dates=[f"{year} {day}".strip() if day and year not in day else day, year],
        authors=every("contributors/authors/author"),
        editor=every("contributors/secondary-authors/author"),
        affiliations=every("auth-address"),
        keywords=every("keywords/keyword"),
        doi=first("electronic-resource-num"),
        pmid=first("accession-num") if "pubmed" in first("remote-database-name").lower() else "",
        url=first("urls/related-urls/url", "urls/web-urls/url"),
        venue=first("periodical/full-title", "titles/secondary-title", "periodical/abbr-1", "titles/alt-title"),
        type=kind.get("name", "") if kind is not None else "",
        language=first("language"),
        volume=first("volume"),
        issue=first("number"),
        pages=first("pages"),
    )
