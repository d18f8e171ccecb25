"""JSON objects that differ in names alone: a layout says under which paths each field stands."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from analysis.corpus.fields import Fields
from analysis.corpus.names import name_of, names_of

# members of an object that holds a text beside its language or type, and of a link or identifier
_TEXTS = ("value", "title", "text", "content", "#text", "$", "name", "display_name", "description", "id")


@dataclass(frozen=True)
class Layout:
    """How a service builds its objects.

    Attributes
    ----------
    FORMAT : str
        As it stands in `Corpus.pages`; modules of readers call theirs so, too.
    marks : tuple of frozenset of str
        An object that has all members of one of these is the service's.
    paths : mapping of field to tuple of str
        Where a field stands, in the order of trust: "journal.title", and "ids[type=doi].value" of a list's objects.
    """

    FORMAT: str
    marks: tuple[frozenset[str], ...]
    paths: Mapping[str, tuple[str, ...]]

    def recognises(self, item: dict[str, Any]) -> bool:
        """Return whether an object is built so."""
        return self.may_hold(item.keys()) and bool(self.every(item, "title"))

    def may_hold(self, names: Set[str]) -> bool:
        """Return whether an object with these members may be the service's."""
        return any(marks <= names for marks in self.marks)

    def fields(self, item: dict[str, Any]) -> Fields:
        """Return an object's fields."""

        def first(name: str) -> str:
            return next(iter(self.every(item, name)), "")

        return Fields(
            title=first("title"),
            subtitle=first("subtitle"),
            abstract=first("abstract"),
            dates=self.every(item, "dates", all_paths=True),
            authors=self.names(item, "authors"),
            editor=self.names(item, "editor"),
            affiliations=list(dict.fromkeys(self.every(item, "affiliations"))),
            countries=self.every(item, "countries"),
            keywords=self.every(item, "keywords"),
            index_keywords=self.every(item, "index_keywords"),
            doi=first("doi"),
            arxiv_id=first("arxiv_id"),
            pmid=first("pmid"),
            url=first("url"),
            venue=first("venue"),
            type="; ".join(self.every(item, "type")),
            language=first("language"),
            references=self.every(item, "references"),
            n_cited=first("n_cited"),
            volume=first("volume"),
            issue=first("issue"),
            pages=first("pages"),
            record_id=first("record_id"),
        )

    def every(self, item: Any, name: str, *, all_paths: bool = False) -> list[str]:
        """Return a field's texts from the first path that has any, or from all."""
        found: list[str] = []
        for path in self.paths.get(name, ()):
            found += [text for value in picked(item, path) for text in texts_of(value)]
            if found and not all_paths:
                break
        return found

    def names(self, item: Any, name: str) -> list[str]:
        """Return names, whether they stand as texts, as objects, or in one text together."""
        for path in self.paths.get(name, ()):
            values = picked(item, path)
            if len(values) == 1 and isinstance(values[0], str):
                return names_of(values[0])
            found = [name_of(value) for value in values]
            if any(found):
                return found
        return []


def picked(item: Any, path: str) -> list[Any]:
    """Return what stands under a path, the elements of lists one by one; "a[b=c]" takes objects whose member b is c."""
    values = [item]
    for step in path.split("."):
        key, _, condition = step.partition("[")
        inner: list[Any] = []
        for value in values:
            found = value.get(key) if isinstance(value, dict) else None
            inner += found if isinstance(found, list) else [] if found is None else [found]
        if condition:
            member, _, wanted = condition.rstrip("]").partition("=")
            inner = [
                one for one in inner if isinstance(one, dict) and str(one.get(member, "")).lower() == wanted.lower()
            ]
        values = inner
    return values


def texts_of(value: Any) -> list[str]:
    """Return the texts of a value: a text, a number, a list's, or the one that an object holds beside its type."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int | float):
        return [str(value)]
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one)]
    if isinstance(value, dict):
        inner = next((value[name] for name in _TEXTS if isinstance(value.get(name), str | int | list)), None)
        return texts_of(inner)
    return []
