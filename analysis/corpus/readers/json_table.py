"""Any other JSON objects: their names are taken for columns."""

from typing import Any

from analysis.corpus.fields import Fields
from analysis.corpus.readers.columns import OWN_MARK, fields_of_row, is_table, map_columns

FORMAT = "json_table"


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object's names are those of a table of papers."""
    return item.get("written_by") == OWN_MARK or is_table([str(name) for name in item])


def fields(item: dict[str, Any]) -> Fields:
    """Return an object's fields by the names of its members."""
    names = [str(name) for name in item]
    known = fields_of_row([_text(value) for value in item.values()], map_columns(names))
    authors = next((value for name, value in item.items() if str(name).lower() in ("authors", "author")), None)
    if isinstance(authors, list):
        known.authors = [str(author.get("name", "")) if isinstance(author, dict) else str(author) for author in authors]
    return known


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)
