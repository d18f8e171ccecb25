"""Any other JSON objects: their names are taken for columns."""

from typing import Any

from analysis.corpus.fields import Fields
from analysis.corpus.names import name_of
from analysis.corpus.readers.columns import OWN_MARK, fields_of_row, is_table, map_columns
from analysis.corpus.readers.layout import texts_of

FORMAT = "json_table"
# fields of which a list holds several, the others take a list's first
_LISTS = ("authors", "editor", "keywords", "index_keywords", "affiliations", "countries", "references")


def recognises(item: dict[str, Any]) -> bool:
    """Return whether an object's names are those of a table of papers."""
    return item.get("written_by") == OWN_MARK or is_table([str(name) for name in item])


def fields(item: dict[str, Any]) -> Fields:
    """Return an object's fields by the names of its members."""
    names = [str(name) for name in item]
    positions = map_columns(names)
    known = fields_of_row([next(iter(texts_of(value)), "") for value in item.values()], positions)
    values = list(item.values())
    for field in _LISTS:
        listed = next((values[at] for at in positions.get(field, ()) if isinstance(values[at], list)), None)
        if listed is not None:
            read = [name_of(one) for one in listed] if field in ("authors", "editor") else texts_of(listed)
            setattr(known, field, read)
    return known
