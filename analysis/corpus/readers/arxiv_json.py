"""arXiv's public snapshot: one JSON object a line."""

from typing import Any

from analysis.corpus.fields import Fields

FORMAT = "arxiv"


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object is one of arXiv's snapshot."""
    return "title" in item and "abstract" in item and ("versions" in item or "authors_parsed" in item)


def fields(item: dict[str, Any]) -> Fields:
    """Return a paper's fields; its date is that of the first version."""
    versions = item.get("versions") or []
    parsed = item.get("authors_parsed") or []
    names = [" ".join(part for part in (name[1], name[0], *name[2:]) if part) for name in parsed]
    return Fields(
        title=item.get("title") or "",
        abstract=item.get("abstract") or "",
        dates=[
            versions[0].get("created", "") if versions else "",
            str(item.get("update_date") or "") if not versions else "",
        ],
        authors=names or [name.strip() for name in str(item.get("authors") or "").split(",")],
        doi=item.get("doi") or "",
        arxiv_id=str(item.get("id") or ""),
        venue=item.get("journal-ref") or "",
        index_keywords=str(item.get("categories") or "").split(),
        type="preprint",
        latex=True,
    )
