"""Elements of XML by name, whatever their namespace, and their text."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import escape

from analysis.corpus.markup import plain_text


def local_name(node: Element) -> str:
    """Return a tag without its namespace; comments and instructions have none."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def text_of(node: Element | None) -> str:
    """Return an element's text in one line, its inner elements' among it."""
    return "" if node is None else " ".join("".join(node.itertext()).split())


def marked_up_text(node: Element | None) -> str:
    """Return an element's text with paragraphs and headings apart, and each formula in one form."""
    if node is None:
        return ""
    inner = escape(node.text or "") + "".join(tostring(child, encoding="unicode") for child in node)
    return " ".join(plain_text(inner).split())


def children(node: Element | None, *path: str) -> list[Element]:
    """Return the elements under a path of local names."""
    found = [] if node is None else [node]
    for name in path:
        found = [child for one in found for child in one if local_name(child) == name]
    return found


def child(node: Element | None, *path: str) -> Element | None:
    """Return the first element under a path of local names."""
    return next(iter(children(node, *path)), None)


def inside(node: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a local name at any depth, this one included."""
    yield from (one for one in node.iter() if local_name(one) == name)
