"""PubMed's efetch XML."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields

FORMAT = "pubmed_xml"
ELEMENT = "PubmedArticle"


def recognises(head: str) -> bool:
    """Return whether a file's beginning is PubMed's."""
    return "<PubmedArticle" in head


def records(root: Element) -> Iterator[Element]:
    """Yield the articles."""
    yield from root.iter(ELEMENT)


def fields(article: Element) -> Fields:
    """Return an article's fields; the parts of a structured abstract keep their headings."""
    citation = article.find("MedlineCitation")
    body = citation if citation is not None else article
    ids = {node.get("IdType"): _text(node) for node in article.iterfind("PubmedData/ArticleIdList/ArticleId")}
    doi = next((_text(node) for node in body.iter("ELocationID") if node.get("EIdType") == "doi"), ids.get("doi") or "")
    parts = []
    for node in body.iterfind("Article/Abstract/AbstractText"):
        heading = node.get("Label")
        parts.append(f"{heading}: {_text(node)}" if heading else _text(node))
    return Fields(
        title=_text(body.find("Article/ArticleTitle")),
        abstract=" ".join(parts),
        dates=[_date(body.find("Article/Journal/JournalIssue/PubDate")), _date(body.find("Article/ArticleDate"))],
        authors=[_name(node) for node in body.iterfind("Article/AuthorList/Author")],
        doi=doi,
        pmid=_text(body.find("PMID")),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{_text(body.find('PMID'))}/",
        venue=_text(body.find("Article/Journal/Title")),
    )


def _text(node: Element | None) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())


def _date(node: Element | None) -> str:
    if node is None:
        return ""
    told = _text(node.find("MedlineDate"))
    if told:
        return told
    year, month, day = (_text(node.find(name)) for name in ("Year", "Month", "Day"))
    if month.isdigit():
        return "-".join(part for part in (year, month, day) if part)
    return f"{year} {month or _text(node.find('Season'))} {day}".strip()


def _name(author: Element) -> str:
    whole = f"{_text(author.find('ForeName'))} {_text(author.find('LastName'))}".strip()
    return whole or _text(author.find("CollectiveName"))
