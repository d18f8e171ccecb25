"""Papers of one author group: first or last authors in common, within two years of each other."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from analysis.corpus.names import surname_keys
from analysis.corpus.text import plain_letters

# papers further apart are not of one series
YEARS_APART = 2.0
# a full name that stands on more papers may be that of several people, and authors past so many tell nothing
_MOST_OF_ONE, _MOST_AUTHORS = 20, 60
_FULL = 3
_EAST_ASIAN = "\u2e80"


def author_groups(authors: Sequence[Sequence[str]], years: np.ndarray) -> np.ndarray:
    """Return the number of each paper's author group; a paper that stands alone is a group of its own.

    Papers belong together whose first or last author is one person, at most two years apart, and all that are linked so. Names
    are one where surname and full given name agree, or surname and two initials; where only one initial is known, or a name
    stands on more than twenty papers, another author must be in common, too, or both papers be by that one author alone.

    Parameters
    ----------
    authors : sequence of sequences of str, length n
        In their order; empty where unknown.
    years : ndarray of float, shape (n,)
        Decimal years; NaN where unknown, which links nothing.

    Returns
    -------
    ndarray of int, shape (n,)
        0 upwards, by first appearance.

    Examples
    --------
    >>> names = [["Ode, Pat", "Umi, Kai"], ["Ivo, Jan", "Pat Ode"], ["Ode, Per"], ["Ode, Pat"]]
    >>> author_groups(names, np.array([2020.1, 2021.5, 2021.0, 2030.0])).tolist()
    [0, 0, 1, 2]
    """
    people = [[person for person in map(person_of, names[:_MOST_AUTHORS]) if person[0]] for names in authors]
    uses = Counter(key for listed in people for key in {identity_of(person) for person in listed} if key)
    linked: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for paper, listed in enumerate(people):
        if np.isfinite(years[paper]):
            for key in _keys(listed, uses):
                linked[key].append(paper)
    return _joined(linked.values(), years)


def person_of(name: str) -> tuple[str, str]:
    """Return a folded surname, and what is known of the given names: letters of full ones, initials apart.

    Examples
    --------
    >>> person_of("Müller, Karla H."), person_of("K. H. Mueller")
    (('muller', 'karla h'), ('muller', 'k h'))
    """
    keys = surname_keys(name)
    if not keys:
        return "", ""
    surname = max(sorted(keys), key=len)
    head, comma, rest = name.partition(",")
    if comma:
        words = re.split(r"[\s.\-]+", rest)
    else:
        words = [word for word in re.split(r"[\s.\-]+", head) if not keys & surname_keys(word)]
    given = []
    for word in filter(None, words):
        letters = "".join(filter(str.isalpha, plain_letters(word)))
        # "KH" and "JFK" are initials, "Kai" is a name, and so is what stands in a name of capitals alone
        is_name = len(letters) >= _FULL and (name.isupper() or not (word.isupper() and len(letters) <= _FULL))
        given.append(letters if is_name else " ".join(letters))
    return surname, " ".join(filter(None, given))


def identity_of(person: tuple[str, str]) -> tuple[str, ...] | None:
    """Return what tells one person: surname with a full given name, or with two initials; None where less is known."""
    surname, given = person
    parts = given.split()
    # Chinese, Japanese and Korean names are written in one word
    if not parts and len(surname) > 1 and min(surname) >= _EAST_ASIAN:
        return (surname, "")
    full = next((part for part in parts if len(part) >= _FULL), None)
    if full is not None:
        return (surname, full)
    return (surname, parts[0], parts[1]) if len(parts) > 1 else None


def _keys(people: Sequence[tuple[str, str]], uses: Counter[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    ends = dict.fromkeys([people[0], people[-1]]) if people else {}
    briefs = sorted({f"{surname} {given[:1]}" for surname, given in people})
    for person in ends:
        own = identity_of(person)
        if own is not None and uses[own] <= _MOST_OF_ONE:
            yield own
        elif own is not None and len(people) == 1:
            # there is nobody else to have in common
            yield ("alone", *own)
        brief = f"{person[0]} {person[1][:1]}"
        if person[1]:
            yield from (("with", brief, other) for other in briefs if other != brief)


def _joined(linked: Iterable[Sequence[int]], years: np.ndarray) -> np.ndarray:
    """Return the number of each paper's group: papers under one key that are near in time are joined."""
    parent = list(range(len(years)))

    def root(paper: int) -> int:
        while parent[paper] != paper:
            parent[paper] = parent[parent[paper]]
            paper = parent[paper]
        return paper

    for papers in linked:
        ordered = sorted(papers, key=lambda paper: (years[paper], paper))
        for one, other in itertools.pairwise(ordered):
            if years[other] - years[one] <= YEARS_APART:
                parent[root(other)] = root(one)
    roots = np.array([root(paper) for paper in range(len(years))], dtype=np.int64)
    _, first, codes = np.unique(roots, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[codes], dtype=np.int64)
