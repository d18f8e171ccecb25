"""The Daily Papers API of Hugging Face: entries with a paper inside."""

from typing import Any

from analysis.corpus.fields import Fields

FORMAT = "daily_papers_api"


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object is an entry of Daily Papers, or the paper of one."""
    paper = item.get("paper", item)
    return (
        isinstance(paper, dict)
        and "id" in paper
        and "summary" in paper
        and ("publishedAt" in paper or "upvotes" in paper)
    )


def fields(item: dict[str, Any]) -> Fields:
    """Return an entry's fields; ids are text, so that 2503.0213 and 2503.02130 differ."""
    paper = item.get("paper", item)
    organisation = item.get("organization") or paper.get("organization") or {}
    return Fields(
        title=paper.get("title") or item.get("title") or "",
        abstract=paper.get("summary") or item.get("summary") or "",
        dates=[paper.get("publishedAt") or item.get("publishedAt") or ""],
        authors=[author.get("name", "") for author in paper.get("authors") or []],
        arxiv_id=str(paper["id"]),
        organisation=organisation.get("fullname") or organisation.get("name") or ""
        if isinstance(organisation, dict)
        else "",
        comments=str(item.get("numComments", "")),
    )
