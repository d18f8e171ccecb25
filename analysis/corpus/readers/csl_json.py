"""CSL-JSON, the exchange format of citation processors, and Crossref's works, which are built alike."""

from typing import Any

from analysis.corpus.fields import Fields, split_list
from analysis.corpus.names import name_of
from analysis.corpus.readers.layout import texts_of

FORMAT = "csl_json"


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object is a CSL item."""
    return "title" in item and bool({"issued", "container-title", "citation-key"} & item.keys())


def fields(item: dict[str, Any]) -> Fields:
    """Return an item's fields."""
    return Fields(
        title=_first(item.get("title")),
        subtitle=_first(item.get("subtitle")),
        abstract=item.get("abstract") or "",
        dates=[_date(item.get(name)) for name in ("issued", "published", "published-online", "published-print")],
        authors=[name_of(author) for author in item.get("author") or []],
        editor=[name_of(author) for author in item.get("editor") or []],
        affiliations=[text for author in item.get("author") or [] for text in texts_of(author.get("affiliation"))],
        index_keywords=texts_of(item.get("subject")) or split_list(str(item.get("keyword") or ""), ";,"),
        doi=item.get("DOI") or "",
        pmid=str(item.get("PMID") or ""),
        url=item.get("URL") or "",
        venue=_first(item.get("container-title")),
        type=str(item.get("type") or ""),
        language=str(item.get("language") or ""),
        references=[str(ref.get("DOI") or ref.get("unstructured") or "") for ref in item.get("reference") or []],
        n_cited=str(item.get("is-referenced-by-count") or ""),
        volume=str(item.get("volume") or ""),
        issue=str(item.get("issue") or ""),
        pages=str(item.get("page") or item.get("article-number") or ""),
    )


def _first(value: Any) -> str:
    return (value[0] if value else "") if isinstance(value, list) else value or ""


def _date(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value or "")
    parts = (value.get("date-parts") or [[]])[0]
    if parts and parts[0] is not None:
        return "-".join(f"{int(part):02d}" for part in parts[:3])
    return str(value.get("raw") or value.get("literal") or "")
