"""Authors under one name each, and what their groups are called."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from analysis.corpus.author_groups import identity_of, person_of

# a group is called after so many of its authors
_NAMED = 2


def in_one_name(authors: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return each paper's authors, a person's spellings in the commonest one.

    One person are names with one surname and one full given name, or the same two initials; a surname with one initial stays
    as it is written, since it may be anybody's.

    Examples
    --------
    >>> in_one_name([["Ode, Pat", "Umi K"], ["Pat Ode"], ["Ode, Pat"]])
    [['Ode, Pat', 'Umi K'], ['Ode, Pat'], ['Ode, Pat']]
    """
    uses = Counter(name for names in authors for name in names)
    spelling: dict[tuple[str, ...], str] = {}
    known: dict[str, str] = {}
    for name in sorted(uses, key=lambda one: (-uses[one], one)):
        identity = identity_of(person_of(name))
        known[name] = name if identity is None else spelling.setdefault(identity, name)
    return [list(dict.fromkeys(known[name] for name in names)) for names in authors]


def group_names(groups: np.ndarray, authors: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the name of each paper's author group: the two who stand first or last most often; none for papers that stand alone.

    Parameters
    ----------
    groups : ndarray of int, shape (n,)
        See `analysis.corpus.author_groups`.
    authors : sequence of sequences of str, length n
    """
    sizes = np.bincount(groups) if len(groups) else np.zeros(0, dtype=int)
    members: dict[int, Counter[str]] = {}
    for group, names in zip(groups.tolist(), authors, strict=True):
        if sizes[group] > 1 and names:
            members.setdefault(group, Counter()).update({names[0], names[-1]})
    called: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for group, counts in members.items():
        first = sorted(counts, key=lambda name: (-counts[name], name))[:_NAMED]
        name = " and ".join(first)
        taken[name] += 1
        # two groups of one name are of two times
        called[group] = name if taken[name] == 1 else f"{name} ({taken[name]})"
    return [
        [called[group]] if group in called and names else []
        for group, names in zip(groups.tolist(), authors, strict=True)
    ]
