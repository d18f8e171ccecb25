"""The Atom feed of arXiv's API."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields

FORMAT = "arxiv_atom"
ELEMENT = "entry"


def recognises(head: str) -> bool:
    """Return whether a file's beginning is an Atom feed."""
    return "<feed" in head and ("w3.org/2005/Atom" in head or "arxiv" in head.lower())


def records(root: Element) -> Iterator[Element]:
    """Yield the entries."""
    yield from (node for node in root.iter() if _name(node) == ELEMENT)


def fields(entry: Element) -> Fields:
    """Return an entry's fields."""
    return Fields(
        title=_first(entry, "title"),
        abstract=_first(entry, "summary"),
        dates=[_first(entry, "published")],
        authors=[_first(node, "name") for node in entry if _name(node) == "author"],
        doi=_first(entry, "doi"),
        arxiv_id=_first(entry, "id"),
        url=_first(entry, "id"),
        venue=_first(entry, "journal_ref"),
        latex=True,
    )


def _name(node: Element) -> str:
    """Return a tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def _first(node: Element, name: str) -> str:
    return next((" ".join("".join(child.itertext()).split()) for child in node if _name(child) == name), "")
