"""The ACL Anthology's XML: volumes of papers."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from analysis.corpus.fields import Fields
from analysis.corpus.readers.xml_nodes import text_of

FORMAT = "acl_anthology"
ELEMENTS = ("paper",)


def recognises(head: str) -> bool:
    """Return whether a file's beginning is the Anthology's."""
    return "<collection" in head and "<volume" in head


def records(root: Element) -> Iterator[Element]:
    """Yield the papers, each told its volume's year, month and title."""
    for volume in root.iter("volume"):
        meta = volume.find("meta")
        for paper in volume.iterfind("paper"):
            for name in ("year", "month", "booktitle"):
                known = meta.find(name) if meta is not None else None
                if known is not None and paper.find(name) is None:
                    SubElement(paper, name).text = text_of(known)
            yield paper


def fields(paper: Element) -> Fields:
    """Return a paper's fields."""
    year, month = text_of(paper.find("year")), text_of(paper.find("month"))
    address = text_of(paper.find("url"))
    return Fields(
        title=text_of(paper.find("title")),
        abstract=text_of(paper.find("abstract")),
        dates=[f"{year} {month}".strip(), year],
        authors=[
            " ".join(text_of(node.find(part)) for part in ("first", "last")).strip()
            for node in paper.iterfind("author")
        ],
        doi=text_of(paper.find("doi")),
        url=address if address.startswith("http") else f"https://aclanthology.org/{address}" if address else "",
        venue=text_of(paper.find("booktitle")),
        type="conference paper",
        pages=text_of(paper.find("pages")),
        language=text_of(paper.find("language")),
    )
