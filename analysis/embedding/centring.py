"""Vectors centred by language, so that a topic is not a language; and which views see past languages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.embedding.agreement import neighbours_of, trust

# a language has a centre of its own from so many papers on, and this share of them
_FEWEST, _LEAST_SHARE = 10, 0.02
_MOST_PAPERS, _NEIGHBOURS = 2_000, 10
_BLIND = 0.01


@dataclass(frozen=True)
class LanguageGroups:
    """Papers by the language that they are in.

    Attributes
    ----------
    names : tuple of str
        Codes, the commonest first; one alone where the papers are in one language.
    number : ndarray of int, shape (n,)
        Of each paper; who is in a rare or unknown language counts with the commonest.
    """

    names: tuple[str, ...]
    number: np.ndarray

    @classmethod
    def of(cls, languages: Sequence[str]) -> "LanguageGroups":
        """Group papers.

        Examples
        --------
        >>> groups = LanguageGroups.of(["en"] * 12 + ["de"] * 10 + ["fr", ""])
        >>> groups.names, groups.number[[0, 12, 22, 23]].tolist()
        (('en', 'de'), [0, 1, 0, 0])
        """
        counts = Counter(language for language in languages if language)
        enough = max(_FEWEST, _LEAST_SHARE * len(languages))
        names = [code for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if count >= enough]
        return cls.among(tuple(names) or ("",), languages)

    @classmethod
    def among(cls, names: tuple[str, ...], languages: Sequence[str]) -> "LanguageGroups":
        """Group papers by languages that are known already."""
        number_of = {name: number for number, name in enumerate(names)}
        return cls(names, np.array([number_of.get(language, 0) for language in languages], dtype=np.int64))

    def rows(self, rows: np.ndarray) -> "LanguageGroups":
        """Return the groups of some papers, without languages that none of them is in."""
        number = self.number[rows]
        kept = np.unique(number)
        names = tuple(self.names[one] for one in kept) or self.names[:1]
        return LanguageGroups(names, np.searchsorted(kept, number))

    @property
    def several(self) -> bool:
        """Whether the papers are in more than one language."""
        return len(self.names) > 1

    def means(self, vectors: np.ndarray) -> np.ndarray:
        """Return the mean of each language's rows, shape (languages, d)."""
        return np.stack([vectors[self.number == number].mean(axis=0) for number in range(len(self.names))])

    def centred(self, vectors: np.ndarray, means: np.ndarray) -> np.ndarray:
        """Return rows less the mean of their language."""
        return np.asarray(vectors - means[self.number], dtype=vectors.dtype)


def sees_past(vectors: np.ndarray, groups: LanguageGroups) -> float:
    """Return how often a paper's nearest are in other languages, as a share of how often chance would have them there.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Rows of unit length.
    groups : LanguageGroups

    Returns
    -------
    float
        .01 to 1: a view that parts papers by language sees nothing of subjects that cross it.

    Examples
    --------
    >>> groups = LanguageGroups.of(["en", "de"] * 20)
    >>> one_subject_each = np.eye(40, dtype=np.float32)[np.repeat(np.arange(4), 10)]
    >>> sees_past(one_subject_each, groups) > 0.9, sees_past(np.eye(2, dtype=np.float32)[groups.number], groups)
    (True, 0.01)
    """
    number = groups.number
    if len(vectors) > _MOST_PAPERS:
        rows = np.sort(np.random.default_rng(0).choice(len(vectors), _MOST_PAPERS, replace=False))
        vectors, number = vectors[rows], number[rows]
    near = min(_NEIGHBOURS, max(1, len(vectors) // 6))
    found = neighbours_of(vectors, near) & (number[:, None] != number[None, :])
    chance = 1 - np.bincount(number)[number] / len(number)
    return float(np.clip(found.sum() / max(near * chance.sum(), 1e-9), _BLIND, 1))


def trust_within(groups: LanguageGroups, vectors: np.ndarray, words: np.ndarray, static: np.ndarray) -> float:
    """Return how far vectors can be trusted within each language, the mean over papers; see `analysis.embedding.agreement.trust`.

    Parameters
    ----------
    groups : LanguageGroups
        Of n papers.
    vectors, words, static : ndarray of float32, shapes (n, d), (n, e), (n, f)

    Returns
    -------
    float
        0 to 1.
    """
    members = [groups.number == number for number in range(len(groups.names))]
    trusted = [trust(vectors[rows], words[rows], static[rows]) for rows in members]
    return float(np.average(trusted, weights=[rows.sum() for rows in members]))
