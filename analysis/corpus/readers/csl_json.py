"""CSL-JSON, the exchange format of citation processors, and Crossref's works, which are built alike."""

from typing import Any

from analysis.corpus.fields import Fields

FORMAT = "csl_json"


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object is a CSL item."""
    return "title" in item and bool({"issued", "container-title", "citation-key"} & item.keys())


def fields(item: dict[str, Any]) -> Fields:
    """Return an item's fields."""
    return Fields(
        title=_first(item.get("title")),
        abstract=item.get("abstract") or "",
        dates=[_date(item.get(name)) for name in ("issued", "published", "published-online", "published-print")],
        authors=[_name(author) for author in item.get("author") or []],
        doi=item.get("DOI") or "",
        pmid=str(item.get("PMID") or ""),
        url=item.get("URL") or "",
        venue=_first(item.get("container-title")),
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


def _name(author: dict[str, Any]) -> str:
    whole = " ".join(part for part in (author.get("given"), author.get("family")) if part)
    return whole or author.get("literal") or author.get("name") or ""
