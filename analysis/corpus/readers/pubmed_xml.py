"""PubMed's efetch XML: articles, and books and their chapters beside them."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.corpus.fields import Fields
from analysis.corpus.readers.xml_nodes import text_of

FORMAT = "pubmed_xml"
ELEMENTS = ("PubmedArticle", "PubmedBookArticle")


def recognises(head: str) -> bool:
    """Return whether a file's beginning is PubMed's."""
    return "<PubmedArticle" in head or "<PubmedBookArticle" in head


def records(root: Element) -> Iterator[Element]:
    """Yield the articles and books."""
    yield from (node for node in root.iter() if node.tag in ELEMENTS)


def fields(article: Element) -> Fields:
    """Return an article's fields; the parts of a structured abstract keep their headings."""
    if article.tag == "PubmedBookArticle":
        return _book(article)
    citation = article.find("MedlineCitation")
    body = citation if citation is not None else article
    ids = {node.get("IdType"): text_of(node) for node in article.iterfind("PubmedData/ArticleIdList/ArticleId")}
    doi = next(
        (text_of(node) for node in body.iter("ELocationID") if node.get("EIdType") == "doi"), ids.get("doi") or ""
    )
    issue = body.find("Article/Journal/JournalIssue")
    return Fields(
        title=text_of(body.find("Article/ArticleTitle")) or text_of(body.find("Article/VernacularTitle")),
        abstract=_abstract(body.find("Article/Abstract")),
        dates=[_date(body.find("Article/Journal/JournalIssue/PubDate")), _date(body.find("Article/ArticleDate"))],
        authors=[_name(node) for node in body.iterfind("Article/AuthorList/Author")],
        affiliations=list(dict.fromkeys(text_of(node) for node in body.iter("Affiliation"))),
        keywords=[text_of(node) for node in body.iterfind("KeywordList/Keyword")],
        index_keywords=[text_of(node) for node in body.iterfind("MeshHeadingList/MeshHeading/DescriptorName")],
        doi=doi,
        pmid=text_of(body.find("PMID")),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{text_of(body.find('PMID'))}/",
        venue=text_of(body.find("Article/Journal/Title")),
        type="; ".join(text_of(node) for node in body.iterfind("Article/PublicationTypeList/PublicationType")),
        language=text_of(body.find("Article/Language")),
        references=[_reference(node) for node in article.iterfind("PubmedData/ReferenceList/Reference")],
        volume=text_of(issue.find("Volume")) if issue is not None else "",
        issue=text_of(issue.find("Issue")) if issue is not None else "",
        pages=text_of(body.find("Article/Pagination/MedlinePgn")),
    )


def _book(article: Element) -> Fields:
    document = article.find("BookDocument")
    body = document if document is not None else article
    book, title = text_of(body.find("Book/BookTitle")), text_of(body.find("ArticleTitle"))
    dates = [_date(body.find("Book/PubDate")), _date(body.find("ContributionDate"))]
    return Fields(
        title=title or book,
        abstract=_abstract(body.find("Abstract")),
        dates=dates,
        authors=[_name(node) for node in body.iterfind("AuthorList/Author")]
        or [_name(node) for node in body.iterfind("Book/AuthorList/Author")],
        pmid=text_of(body.find("PMID")),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{text_of(body.find('PMID'))}/",
        venue=book if title else text_of(body.find("Book/Publisher/PublisherName")),
        type="book chapter" if title else "book",
        language=text_of(body.find("Language")),
    )


def _abstract(node: Element | None) -> str:
    parts = []
    for part in node.iterfind("AbstractText") if node is not None else ():
        heading = part.get("Label")
        parts.append(f"{heading}: {text_of(part)}" if heading else text_of(part))
    return " ".join(parts)


def _reference(node: Element) -> str:
    ids = {one.get("IdType"): text_of(one) for one in node.iterfind("ArticleIdList/ArticleId")}
    return ids.get("doi") or (f"PMID:{ids['pubmed']}" if ids.get("pubmed") else text_of(node.find("Citation")))


def _date(node: Element | None) -> str:
    if node is None:
        return ""
    told = text_of(node.find("MedlineDate"))
    if told:
        return told
    year, month, day = (text_of(node.find(name)) for name in ("Year", "Month", "Day"))
    if month.isdigit():
        return "-".join(part for part in (year, month, day) if part)
    return f"{year} {month or text_of(node.find('Season'))} {day}".strip()


def _name(author: Element) -> str:
    whole = f"{text_of(author.find('ForeName'))} {text_of(author.find('LastName'))}".strip()
    return whole or text_of(author.find("CollectiveName"))
