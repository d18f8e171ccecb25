"""Semantic Scholar's papers, from its graph API or its data sets."""

from typing import Any

from analysis.corpus.fields import Fields
from analysis.corpus.readers.layout import texts_of

FORMAT = "semantic_scholar"


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object is a paper of Semantic Scholar."""
    lowered = {name.lower() for name in item}
    return "title" in item and bool(lowered & {"paperid", "corpusid"})


def fields(item: dict[str, Any]) -> Fields:
    """Return a paper's fields."""
    ids = item.get("externalIds") or item.get("externalids") or {}
    journal = item.get("journal") or {}
    return Fields(
        title=item.get("title") or "",
        abstract=item.get("abstract") or "",
        dates=[str(item.get("publicationDate") or item.get("publicationdate") or ""), str(item.get("year") or "")],
        authors=[author.get("name") or "" for author in item.get("authors") or []],
        doi=ids.get("DOI") or "",
        arxiv_id=ids.get("ArXiv") or "",
        pmid=str(ids.get("PubMed") or ""),
        url=item.get("url") or "",
        venue=item.get("venue") or journal.get("name") or "",
        record_id=str(item.get("paperId") or item.get("corpusid") or ""),
        index_keywords=texts_of(item.get("fieldsOfStudy")),
        type="; ".join(item.get("publicationTypes") or []),
        references=[
            str((ref.get("externalIds") or {}).get("DOI") or ref.get("title") or "")
            for ref in item.get("references") or []
        ],
        n_cited=str(item.get("citationCount") if item.get("citationCount") is not None else ""),
        volume=str(journal.get("volume") or ""),
        pages=str(journal.get("pages") or ""),
    )
