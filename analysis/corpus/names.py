"""Names of authors: which cell holds how many, which are none, and under which surname they are compared."""

import ast
import functools
import json
import re
from collections.abc import Sequence

from analysis.corpus.text import plain_letters

# what databases write instead of, or behind, names
_NOBODY = re.compile(
    r"^\W*(?:(?:and\s+)?others|et\.?\s*al(?:ii|\.)?|anonymous|anonymus|anon|\[?anonym\]?|n/?a|none|null|nan|unknown|"
    r"no authors?(?: listed| given| available)?|not available|author unknown|y otros|e outros|"
    r"et autres|u\.\s?a|и др|等|他|ほか|외)\W*$",
    re.IGNORECASE,
)
_NOT_LISTED = re.compile(r"\s+(?:et\.?\s*al\.?|and\s+others)\W*$", re.IGNORECASE)
_PARTICLES = frozenset(
    "van von vom der den de del della delle degli dei di da das do dos du des d la le les lo el al ul bin ibn ben ter ten tot te "
    "zu zum zur af av y e i st saint san santa mc mac abu".split()
)
_SUFFIXES = frozenset("jr sr ii iii iv md phd dr prof msc bsc dipl".split())
# umlauts written out, and one letter for those that are doubled in writing out
_WRITTEN_OUT = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"), ("ss", "s"), ("ij", "y"))
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?[\s-]?){1,4}$")
_ID_BEHIND = re.compile(r"\s*[(\[]\d[\d-]*X?[)\]]$")
_OF_AN_OFFICE = re.compile(r"\b(?:of|for|and|the|on)\b")
_AND = re.compile(r"\s+(?:and|&)\s+")


def is_author(name: str) -> bool:
    """Return whether a name is one: not "et al.", "[Anonymous]" or "and others"."""
    return any(map(str.isalpha, name)) and _NOBODY.match(name) is None


def names_of(cell: str) -> list[str]:
    """Return the authors in one cell, parted by semicolons, bars, lines, commas, "and", or written as a list.

    Examples
    --------
    >>> names_of("Ode, P. and Umi, K."), names_of("AG Abe, J Ivo, et al."), names_of("['Ode, P.', 'Umi, K.']")
    (['Ode, P.', 'Umi, K.'], ['AG Abe', 'J Ivo'], ['Ode, P.', 'Umi, K.'])
    >>> names_of("Centers for Disease Control and Prevention")
    ['Centers for Disease Control and Prevention']
    """
    cell = cell.strip()
    listed = _listed(cell) if cell[:1] in ("[", "{") else None
    if listed is not None:
        return authors(listed)
    for separator in (";", "|", "\n"):
        if separator in cell:
            return authors([_ID_BEHIND.sub("", name) for name in cell.split(separator)])
    parts = [part for part in _AND.split(cell) if part.strip()]
    if len(parts) > 1 and all(_is_person(part) for part in parts):
        return authors([name for part in parts for name in _by_commas(part)])
    return authors(_by_commas(cell))


def authors(names: Sequence[str]) -> list[str]:
    """Return the names that are authors', without what stands for those that are not listed."""
    cut = (_NOT_LISTED.sub("", " ".join(name.split())).strip(" ,") for name in names)
    return [name for name in cut if is_author(name)]


def surnames(names: Sequence[str]) -> frozenset[str]:
    """Return the keys under which authors are compared: folded surnames, and the parts of double ones."""
    return frozenset(key for name in names for key in _known_keys(name))


@functools.lru_cache(maxsize=50_000)
def _known_keys(name: str) -> frozenset[str]:
    # an author of many papers is read once
    return frozenset(surname_keys(name))


def surname_keys(name: str) -> set[str]:
    """Return a name's keys: its surname without particles, accents and written-out umlauts; of a double name its parts, too.

    Examples
    --------
    >>> sorted(surname_keys("Müller-Lüdenscheidt, K.")), surname_keys("K. van der Berg") == surname_keys("Berg, K. van der")
    (['ludenscheidt', 'muller', 'mullerludenscheidt'], True)
    >>> surname_keys("Sørensen T") == surname_keys("T. Soerensen") == surname_keys("SORENSEN, T")
    True
    """
    head, comma, _ = name.partition(",")
    plain = plain_letters(head).replace("'", "").replace("’", "")
    words = [word for word in re.split(r"[\s.]+", plain) if word]
    raw = [word for word in re.split(r"[\s.]+", head) if word]
    if not comma and len(words) > 1:
        words = _surname_words(words, raw)
    kept = [word for word in words if word not in _PARTICLES and word not in _SUFFIXES] or words
    parts = [_written_in(part) for word in kept for part in re.split(r"[-‐‑–]", word)]
    parts = [part for part in parts if part and part not in _PARTICLES] or parts
    whole = "".join(parts)
    if len(parts) < 2:
        return {whole} if whole else set()
    return {whole, *(part for part in parts if len(part) > 2)}


def _surname_words(words: list[str], raw: list[str]) -> list[str]:
    """Return the surname's words of "Given Surname", "Surname GH" or "Given van der Surname"."""
    if len(raw) == len(words):
        full = [word for word, given in zip(words, raw, strict=True) if not (given.isupper() and len(given) <= 3)]
        words = full or [max(words, key=len)]
    words = [word for word in words if word not in _SUFFIXES] or words
    return words[-1:]


def _written_in(word: str) -> str:
    letters = "".join(char for char in word if char.isalpha())
    for long, short in _WRITTEN_OUT:
        letters = letters.replace(long, short)
    return letters


def _is_person(text: str) -> bool:
    """Return whether a part looks like people and not like half of an institution's name."""
    head, comma, rest = text.partition(",")
    words = text.replace(".", ". ").split()
    if comma:
        return len(head.split()) <= 3 and bool(rest.strip())
    return len(words) <= 3 and any(_INITIALS.match(word) for word in words)


def _by_commas(text: str) -> list[str]:
    """Part "Phillips J.C., Braun R." and "Ode, P., Umi, K.", and leave "Ode, Pat" whole."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    named = [part for part in parts if is_author(part)]
    # a surname with its initials in each part
    if len(parts) > 1 and all(" " in part and not _OF_AN_OFFICE.search(part) for part in named):
        return parts
    if len(parts) > 3 and len(parts) % 2 == 0 and all(_INITIALS.match(part) for part in parts[1::2]):
        return [f"{surname}, {given}" for surname, given in zip(parts[::2], parts[1::2], strict=True)]
    return [text] if text else []


def _listed(cell: str) -> list[str] | None:
    """Return the names of a list that was written as text; None where it is none."""
    try:
        value = json.loads(cell)
    except ValueError:
        try:
            value = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    if isinstance(value, dict):
        value = [value]
    return [name_of(item) for item in value] if isinstance(value, list | tuple) else None


def name_of(item: object) -> str:
    """Return a name that is a text, or an object with a name's parts as services write it."""
    if not isinstance(item, dict):
        return "" if item is None else str(item)
    known = {str(key).lower().replace("_", "").replace("-", ""): value for key, value in item.items()}
    for key in ("name", "displayname", "fullname", "literal", "rawauthorname", "text", "authfullname"):
        if isinstance(known.get(key), str) and known[key].strip():
            return str(known[key])
    given = next((known[key] for key in ("given", "firstname", "forename", "givenname", "first") if known.get(key)), "")
    family = next((known[key] for key in ("family", "lastname", "surname", "familyname", "last") if known.get(key)), "")
    nested = known.get("author")
    if not (given or family) and isinstance(nested, dict):
        return name_of(nested)
    return f"{given} {family}".strip()
