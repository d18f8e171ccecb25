"""JSON of several services: one object, a list, a list within an answer, or one object a line."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from analysis.corpus.fields import Location, to_record
from analysis.corpus.readers import arxiv_json, csl_json, daily_papers_json, json_table, openalex_json, semantic_scholar
from analysis.corpus.readers.layout import Layout
from analysis.corpus.readers.services import LAYOUTS
from analysis.corpus.records import ReadFile, Record, Reject, Source, told

HINT = "JSON begins with { or ["
# the first that recognises an object reads it; a table of named columns is the last resort
_SERVICES: tuple[Any, ...] = (
    openalex_json,
    arxiv_json,
    daily_papers_json,
    semantic_scholar,
    *LAYOUTS,
    csl_json,
    json_table,
)
# under these names an answer keeps its list, and an element its paper
_LISTS = (
    "results",
    "data",
    "items",
    "papers",
    "works",
    "records",
    "message",
    "references",
    "collection",
    "response",
    "docs",
    "resultList",
    "result",
    "hits",
    "hit",
    "notes",
    "documents",
    "entries",
    "search-results",
    "entry",
    "articles",
    "publications",
    "rels",
    "value",
    "rows",
)
_INNER = ("data", "attributes", "info", "metadata", "_source", "bibjson", "document", "article")


def recognises(text: str) -> bool:
    """Return whether `text` may be JSON."""
    return text.lstrip()[:1] in ("{", "[")


def read(text: str, file: str) -> ReadFile:
    """Read JSON or JSON lines; a line that is no JSON, or an object of no known service, is a reject."""
    records: list[Record] = []
    rejects: list[Reject] = []
    name, ordinal = "json", 0
    for line, value in _objects(text, file):
        if isinstance(value, Reject):
            ordinal += 1
            rejects.append(value)
            continue
        for service, item in _papers(value):
            ordinal += 1
            if service is None:
                shown = json.dumps(item)[:200]
                rejects.append(Reject.at(file, line, "an object without a title that any known service writes", shown))
                continue
            name = service.FORMAT
            record, refused = _record(service, item, Location(file, ordinal, line, line))
            rejects += refused
            if record is not None:
                records.append(record)
    return ReadFile(Source(file, format=name), records, rejects)


def _recognised(item: Any) -> tuple[Any, Any]:
    """Return the first service that recognises an object, or the paper inside it, and that object; None where none does."""
    if not isinstance(item, dict):
        return None, item
    service = _service(item)
    for name in _INNER if service is None else ():
        inner = item.get(name)
        if isinstance(inner, dict) and (inside := _service(inner)) is not None:
            return inside, inner
    return service, item


def _service(item: dict[str, Any]) -> Any:
    return next((service for service in _services(tuple(item)) if service.recognises(item)), None)


@functools.lru_cache(maxsize=1_024)
def _services(names: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the services that an object with these members may come from; those of one file repeat a million times."""
    return tuple(service for service in _SERVICES if not isinstance(service, Layout) or service.may_hold(set(names)))


def _record(service: Any, item: dict[str, Any], location: Location) -> tuple[Record | None, list[Reject]]:
    try:
        return to_record(service.fields(item), location)
    except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
        reason = f"an object that is not built as its service builds it ({type(error).__name__})"
        return None, [Reject.at(location.file, location.line_start, reason, json.dumps(item)[:200])]


def _objects(text: str, file: str) -> Iterator[tuple[int, Any]]:
    """Yield (line, object) for a whole document, or for each line where the document is none."""
    try:
        yield 1, _loads(text)
        return
    except ValueError as error:
        whole = error
    lines = text.split("\n")
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(filled) < 2 or not _any_json(filled):
        yield (
            getattr(whole, "lineno", 1),
            Reject.at(file, getattr(whole, "lineno", 1), f"no JSON: {whole}", text[:200], "file"),
        )
        return
    for number, line in filled:
        try:
            yield number, _loads(line)
        except ValueError as error:
            yield number, Reject.at(file, number, f"a line that is no JSON ({told(error)})", line)


def _any_json(lines: list[tuple[int, str]]) -> bool:
    """Return whether one of the first lines is an object of its own, as in JSON lines."""
    for _, line in lines[:20]:
        try:
            if isinstance(_loads(line), dict):
                return True
        except ValueError:
            continue
    return False


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _papers(value: Any) -> list[tuple[Any, Any]]:
    """Return the objects of an answer, whatever list they stand in, each with its service; see `_recognised`."""
    if isinstance(value, list):
        return [_recognised(item) for item in value]
    service, item = _recognised(value)
    if service is None and isinstance(value, dict):
        for name in _LISTS:
            inner = value.get(name)
            if isinstance(inner, list | dict):
                return _papers(inner)
    return [(service, item)]
