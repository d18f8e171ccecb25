"""The ACL Anthology's XML: volumes of papers."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from analysis.corpus.fields import Fields

FORMAT = "acl_anthology"
ELEMENT = "paper"


def recognises(head: str) -> bool:
    """Return whether a file's beginning is the Anthology's."""
    return "<collection" in head and "<volume" in head


def records(root: Element) -> Iterator[Element]:
    """Yield the papers, each told its volume's year, month and title."""
    for volume in root.iter("volume"):
        meta = volume.find("meta")
        for paper in volume.iterfind(ELEMENT):
            for name in ("year", "month", "booktitle"):
                known = meta.find(name) if meta is not None else None
                if known is not None and paper.find(name) is None:
                    SubElement(paper, name).text = _text(known)
            yield paper


def fields(paper: Element) -> Fields:
    """Return a paper's fields."""
    year, month = _text(paper.find("year")), _text(paper.find("month"))
    address = _text(paper.find("url"))
    return Fields(
        title=_text(paper.find("title")),
        abstract=_text(paper.find("abstract")),
        dates=[f"{year} {month}".strip(), year],
        authors=[
            " ".join(_text(node.find(part)) for part in ("first", "last")).strip() for node in paper.iterfind("author")
        ],
        doi=_text(paper.find("doi")),
        url=address if address.startswith("http") else f"https://aclanthology.org/{address}" if address else "",
        venue=_text(paper.find("booktitle")),
    )


def _text(node: Element | None) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())
