"""The XML of Europe PMC's search."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields
from analysis.corpus.names import names_of
from analysis.corpus.readers.xml_nodes import text_of

FORMAT = "europe_pmc"
ELEMENTS = ("result",)


def recognises(head: str) -> bool:
    """Return whether a file's beginning is Europe PMC's."""
    return "<resultList" in head and "<result" in head


def records(root: Element) -> Iterator[Element]:
    """Yield the results."""
    yield from (node for node in root.iter("result") if node.find("title") is not None)


def fields(result: Element) -> Fields:
    """Return a result's fields."""

    def first(*paths: str) -> str:
        return next((text for path in paths if (text := text_of(result.find(path)))), "")

    def every(path: str) -> list[str]:
        return [text_of(node) for node in result.iterfind(path)]

    return Fields(
        title=first("title"),
        abstract=first("abstractText"),
        dates=[first("firstPublicationDate"), first("pubYear", "journalInfo/yearOfPublication")],
        authors=every("authorList/author/fullName") or names_of(first("authorString")),
        affiliations=every("authorList/author/authorAffiliationDetailsList/authorAffiliation/affiliation")
        or every("affiliation"),
        keywords=every("keywordList/keyword"),
        index_keywords=every("meshHeadingList/meshHeading/descriptorName"),
        doi=first("doi"),
        pmid=first("pmid"),
        venue=first("journalInfo/journal/title", "journalTitle"),
        type="; ".join(every("pubTypeList/pubType")),
        language=first("language"),
        n_cited=first("citedByCount"),
        volume=first("journalInfo/volume", "journalVolume"),
        issue=first("journalInfo/issue", "issue"),
        pages=first("pageInfo"),
    )
