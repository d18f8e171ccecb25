"""Dublin Core in the answers of OAI-PMH, as repositories give it."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields
from analysis.corpus.readers.xml_nodes import inside, text_of

FORMAT = "dublin_core"
ELEMENTS = ("oai_dc:dc", "dc", "oai_dc")


def recognises(head: str) -> bool:
    """Return whether a file's beginning holds Dublin Core."""
    return "purl.org/dc/elements" in head and "<feed" not in head and "<rss" not in head


def records(root: Element) -> Iterator[Element]:
    """Yield the descriptions."""
    yield from (node for node in (*inside(root, "dc"), *inside(root, "oai_dc")))


def fields(description: Element) -> Fields:
    """Return a description's fields."""

    def every(name: str) -> list[str]:
        return [text for node in inside(description, name) if (text := text_of(node))]

    identifiers = [*every("identifier"), *every("relation")]
    texts = every("description")
    return Fields(
        title=next(iter(every("title")), ""),
        # of several descriptions the longest is the abstract
        abstract=max(texts, key=len, default=""),
        dates=sorted(every("date"))[:1] or every("issued"),
        authors=every("creator"),
        editor=every("contributor"),
        keywords=every("subject"),
        doi=next((one for one in identifiers if "10." in one), ""),
        arxiv_id=next((one for one in identifiers if "arxiv" in one.lower()), ""),
        url=next((one for one in identifiers if one.startswith("http")), ""),
        venue=next(iter([*every("source"), *every("publisher")]), ""),
        type=next(iter(every("type")), ""),
        language=next(iter(every("language")), ""),
    )
