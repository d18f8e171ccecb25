"""The vocabulary: categories of concepts, each with aliases as patterns."""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import VocabularyError
from analysis.validation import expect_path

_INTRODUCED = "introduced"


@dataclass(frozen=True)
class Concept:
    """Something that papers mention.

    Attributes
    ----------
    name, category : str
    aliases : tuple of str
        Regular expressions (RE2's: no look-around, and no text makes them slow); one without
        capitals matches any case.
    """

    name: str
    category: str
    aliases: tuple[str, ...]

    @property
    def patterns(self) -> list[str]:
        """Whole-word patterns: one for aliases as written, one for those of any case."""
        return _whole_words(self.aliases)


@dataclass(frozen=True)
class Introduction:
    """Something that did not exist before a day, such as a named model."""

    name: str
    date: dt.date
    aliases: tuple[str, ...]

    @property
    def patterns(self) -> list[str]:
        """Whole-word patterns, as those of a concept."""
        return _whole_words(self.aliases)


@dataclass(frozen=True)
class Vocabulary:
    """Concepts in the order of their file, and what has a birthday."""

    concepts: tuple[Concept, ...]
    introductions: tuple[Introduction, ...] = ()


def read_vocabulary(path: str | Path | None = None) -> Vocabulary:
    """Read a vocabulary file, or the one for medical AI that comes with the package.

    Raises
    ------
    VocabularyError
        The file is missing, no TOML, or an entry is not what it must be; the message names it.
    """
    path = None if path is None else expect_path(path, "path", VocabularyError)
    where = str(path) if path is not None else "the package's vocabulary.toml"
    try:
        source = path if path is not None else files("analysis.concepts").joinpath("vocabulary.toml")
        content = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise VocabularyError(f"{where} cannot be read: {error}") from error
    introduced = content.pop(_INTRODUCED, {})
    concepts = []
    for category, entries in content.items():
        if not isinstance(entries, dict):
            raise VocabularyError(f"{where}: {category!r} must be a section of concepts, such as [task]")
        concepts += [
            Concept(name, category, _aliases(where, f"{category}.{name}", given)) for name, given in entries.items()
        ]
    names = [concept.name for concept in concepts]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise VocabularyError(f"{where}: {repeated[0]!r} stands in two categories; a concept has one")
    if not concepts:
        raise VocabularyError(f'{where} names no concept; write sections such as [task] with "Triage" = ["triage"]')
    return Vocabulary(tuple(concepts), tuple(_introduction(where, name, given) for name, given in introduced.items()))


def _introduction(where: str, name: str, given: Any) -> Introduction:
    if not isinstance(given, dict) or not isinstance(given.get("date"), dt.date):
        raise VocabularyError(
            f"{where}: {_INTRODUCED}.{name} needs a date and aliases, {{ date = 2023-03-14, aliases = [...] }}"
        )
    date = given["date"]
    day = date.date() if isinstance(date, dt.datetime) else date
    return Introduction(name, day, _aliases(where, f"{_INTRODUCED}.{name}", given.get("aliases")))


def _aliases(where: str, entry: str, given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(alias, str) and alias.strip() for alias in given):
        raise VocabularyError(f'{where}: {entry} must be a list of patterns, such as ["triage", "emergency care"]')
    for alias in given:
        try:
            empty = pc.match_substring_regex(pa.array([""]), f"^(?:{alias})$")[0].as_py()
        except pa.ArrowInvalid as error:
            raise VocabularyError(f"{where}: {entry}: the pattern {alias!r} is wrong: {error}") from error
        if empty:
            raise VocabularyError(f"{where}: {entry}: the pattern {alias!r} matches nothing at all, hence everywhere")
    return tuple(given)


def _whole_words(aliases: tuple[str, ...]) -> list[str]:
    # an escape such as \S is no capital letter
    exact = [alias for alias in aliases if re.search(r"[A-Z]", re.sub(r"\\.", "", alias))]
    loose = [alias for alias in aliases if alias not in exact]
    return [
        rf"{flags}(?:^|[^\pL\pN_])(?:{'|'.join(group)})(?:[^\pL\pN_]|$)"
        for group, flags in ((exact, ""), (loose, "(?i)"))
        if group
    ]


def mentioned(texts: pa.Array, patterns: list[str]) -> np.ndarray:
    """Return which of n texts hold any of some patterns, bool (n,)."""
    matches = np.zeros(len(texts), dtype=bool)
    for pattern in patterns:
        matches |= pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)
    return matches
