"""The Atom feed of arXiv's API; another's feed holds no papers."""

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields
from analysis.corpus.readers.xml_nodes import inside, local_name, text_of

FORMAT = "arxiv_atom"
ELEMENTS = ("entry",)


def recognises(head: str) -> bool:
    """Return whether a file's beginning is arXiv's feed."""
    return "<feed" in head and "arxiv" in head.lower()


def query(head: str) -> str:
    """Return the query that the feed's title tells, without which page of the answer it is."""
    match = re.search(r"<title[^<>]*>\s*(?:ArXiv|arXiv) Query:\s*(?P<query>[^<]+)</title>", head)
    known = html.unescape(match["query"]) if match is not None else ""
    return "&".join(part for part in known.split("&") if not part.startswith(("start=", "max_results=", "id_list=&")))[
        :120
    ]


def records(root: Element) -> Iterator[Element]:
    """Yield the entries."""
    yield from inside(root, "entry")


def fields(entry: Element) -> Fields:
    """Return an entry's fields; one that tells of an error in the query has no title, and its message is told."""
    if "/api/errors" in _first(entry, "id"):
        return Fields(abstract=_first(entry, "summary"))
    return Fields(
        title=_first(entry, "title"),
        abstract=_first(entry, "summary"),
        dates=[_first(entry, "published")],
        authors=[_first(node, "name") for node in entry if local_name(node) == "author"],
        affiliations=[text_of(node) for node in inside(entry, "affiliation")],
        index_keywords=[node.get("term", "") for node in entry if local_name(node) == "category"],
        type="preprint",
        doi=_first(entry, "doi"),
        arxiv_id=_first(entry, "id"),
        url=_first(entry, "id"),
        venue=_first(entry, "journal_ref"),
        latex=True,
    )


def _first(node: Element, name: str) -> str:
    return next((text_of(child) for child in node if local_name(child) == name), "")
