"""DBLP's XML: its dump, and the answers of its search."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields
from analysis.corpus.readers.xml_nodes import text_of

FORMAT = "dblp"
ELEMENTS = (
    "article",
    "inproceedings",
    "incollection",
    "proceedings",
    "book",
    "phdthesis",
    "mastersthesis",
    "data",
    "info",
)
_PAPERS = frozenset(ELEMENTS)


def recognises(head: str) -> bool:
    """Return whether a file's beginning is DBLP's."""
    return "<dblp" in head or ("<result>" in head and "<hits" in head and "dblp" in head)


def records(root: Element) -> Iterator[Element]:
    """Yield the publications."""
    yield from (node for node in root.iter() if node.tag in _PAPERS and node.find("title") is not None)


def fields(paper: Element) -> Fields:
    """Return a publication's fields."""
    addresses = [text_of(node) for node in paper.iterfind("ee")]
    names = paper.findall("author") or paper.findall("authors/author")
    kind = text_of(paper.find("type")) if paper.tag == "info" else str(paper.tag)
    return Fields(
        title=text_of(paper.find("title")),
        dates=[text_of(paper.find("year"))],
        # a number tells namesakes apart: "Wei Wang 0001"
        authors=[text_of(node).rstrip("0123456789 ") for node in names],
        editor=[text_of(node) for node in paper.iterfind("editor")],
        doi=text_of(paper.find("doi")) or next((one for one in addresses if "doi.org" in one), ""),
        arxiv_id=next((one for one in addresses if "arxiv.org" in one), ""),
        url=addresses[0] if addresses else text_of(paper.find("url")),
        venue=text_of(paper.find("journal")) or text_of(paper.find("booktitle")) or text_of(paper.find("venue")),
        type=kind,
        volume=text_of(paper.find("volume")),
        issue=text_of(paper.find("number")),
        pages=text_of(paper.find("pages")),
    )
