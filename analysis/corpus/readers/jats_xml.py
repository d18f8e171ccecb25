"""JATS, the articles of PubMed Central, SciELO and publishers."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields, page_range
from analysis.corpus.readers.xml_nodes import child, children, inside, local_name, marked_up_text, text_of

FORMAT = "jats"
ELEMENTS = ("article",)


def recognises(head: str) -> bool:
    """Return whether a file's beginning is JATS."""
    return "<article-meta" in head or ("<article" in head and "<front" in head)


def records(root: Element) -> Iterator[Element]:
    """Yield the articles, without those of responses inside of them."""
    yield from (node for node in inside(root, "article") if child(node, "front") is not None)


def fields(article: Element) -> Fields:
    """Return an article's fields."""
    front = child(article, "front")
    meta, journal = child(front, "article-meta"), child(front, "journal-meta")
    ids = {node.get("pub-id-type"): text_of(node) for node in children(meta, "article-id")}
    group = child(meta, "title-group")
    abstracts = [node for node in children(meta, "abstract") if node.get("abstract-type") is None]
    people = list(inside(meta, "contrib")) if meta is not None else []
    return Fields(
        title=marked_up_text(child(group, "article-title")),
        subtitle=marked_up_text(child(group, "subtitle")),
        abstract=_without_heading(marked_up_text(abstracts[0])) if abstracts else "",
        dates=[_date(node) for node in children(meta, "pub-date")],
        authors=[_name(node) for node in people if node.get("contrib-type", "author") == "author"],
        editor=[_name(node) for node in people if node.get("contrib-type") == "editor"],
        affiliations=[marked_up_text(node) for node in (inside(meta, "aff") if meta is not None else ())],
        keywords=[text_of(node) for node in children(meta, "kwd-group", "kwd")],
        doi=ids.get("doi", ""),
        pmid=ids.get("pmid", ""),
        venue=next((text_of(node) for node in (inside(journal, "journal-title") if journal is not None else ())), ""),
        type=article.get("article-type", ""),
        language=next((value for name, value in article.items() if name.endswith("}lang")), ""),
        references=[ref for node in inside(article, "ref") if (ref := _reference(node))],
        volume=text_of(child(meta, "volume")),
        issue=text_of(child(meta, "issue")),
        pages=page_range(text_of(child(meta, "fpage")), text_of(child(meta, "lpage")))
        or text_of(child(meta, "elocation-id")),
    )


def _without_heading(text: str) -> str:
    """Return an abstract without its own heading, which is not one of its sections."""
    for heading in ("Abstract ", "ABSTRACT ", "Summary ", "Resumen ", "Resumo ", "Résumé "):
        text = text.removeprefix(heading)
    return text


def _date(node: Element) -> str:
    year, month, day = (text_of(child(node, name)) for name in ("year", "month", "day"))
    return f"{year} {month} {day}".strip() if year else ""


def _name(person: Element) -> str:
    given = next((text_of(node) for node in inside(person, "given-names")), "")
    family = next((text_of(node) for node in inside(person, "surname")), "")
    whole = f"{given} {family}".strip()
    return whole or next((text_of(node) for node in person.iter() if local_name(node) in ("collab", "string-name")), "")


def _reference(node: Element) -> str:
    ids = {one.get("pub-id-type"): text_of(one) for one in inside(node, "pub-id")}
    if ids.get("doi") or ids.get("pmid"):
        return ids.get("doi") or f"PMID:{ids['pmid']}"
    return text_of(node)
