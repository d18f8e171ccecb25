"""Names of themes: a phrase that stands for all of a theme's topics; topics without one stand alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.topics.describe.labels import Wording, choose_labels, name_scores, papers_by_topic


@dataclass(frozen=True)
class Cover:
    """When a phrase covers a theme.

    Attributes
    ----------
    in_topic : float
        It speaks for a topic when it stands in this share of its papers, a word alone when it stands in three in ten.
    of_theme : float
        The topics that it speaks for hold this share of the theme's papers.
    own : float
        This share of the papers that hold it are the theme's.
    """

    in_topic: float
    of_theme: float
    own: float


# what is asked first, and what will do before a theme is parted
_COVERS = (Cover(0.15, 0.8, 0.5), Cover(0.1, 0.7, 0.4))
_WORD_IN_TOPIC = 0.3
# and it must be a name at all: see `rule_factors`
_NAME = 0.7
# with more themes than this, or than one for so many topics, the smallest that stand alone are gathered under a name
MOST_THEMES, _TOPICS_A_THEME, OTHERS = 12, 3, "Other topics"


def name_themes(
    wording: Wording,
    labels: np.ndarray,
    themes: np.ndarray,
    tree: np.ndarray,
    names: Sequence[str],
    keywords_of: Callable[[np.ndarray], list[list[str]]],
) -> tuple[np.ndarray, list[str]]:
    """Name every theme that one phrase covers; any other is parted as the hierarchy parts it, until each is covered or one topic.

    A phrase may name a theme only if it stands in all but a small part of its topics, so that no
    topic lends its name to its neighbours, and seldom elsewhere. Topics that nothing joins but a cut of the hierarchy are no
    theme: each is one of its own, or among the "Other topics" where there would be too many.

    Parameters
    ----------
    wording : Wording
    labels : ndarray of int, shape (n,)
        Topic of each paper, -1 for none.
    themes : ndarray of int, shape (K,)
        Theme of each topic, 0..T-1.
    tree : ndarray, shape (K - 1, 4)
        scipy's linkage of the topics, which the themes are a cut of.
    names : K labels of topics
    keywords_of : callable
        From the theme of each topic to each theme's own words.

    Returns
    -------
    themes : ndarray of int, shape (K,)
        By falling number of papers.
    names : list of str
    """
    sizes = np.bincount(labels[labels >= 0], minlength=len(themes))
    groups = [np.flatnonzero(themes == theme).tolist() for theme in range(int(themes.max()) + 1)]
    while True:
        numbers = _numbered(groups, len(themes))
        phrases = _covering_phrases(wording, labels, numbers, keywords_of(numbers), sizes)
        parted = [
            part
            for group, phrase in zip(groups, phrases, strict=True)
            for part in ([group] if phrase is not None or len(group) == 1 else _parted(group, tree))
        ]
        if len(parted) == len(groups):
            break
        groups = parted
    named = [
        (names[group[0]] if phrase is None or len(group) == 1 else phrase, group)
        for group, phrase in zip(groups, phrases, strict=True)
    ]
    gathered = _gathered(sorted(named, key=lambda item: (-sizes[item[1]].sum(), item[1])), sizes)
    return _numbered([group for _, group in gathered], len(themes)), [name for name, _ in gathered]


def _numbered(groups: Sequence[Sequence[int]], count: int) -> np.ndarray:
    numbers = np.empty(count, dtype=int)
    for number, group in enumerate(groups):
        numbers[list(group)] = number
    return numbers


def _parted(group: Sequence[int], tree: np.ndarray) -> list[list[int]]:
    """Return the two parts of a group that the hierarchy joins last."""
    leaves: list[list[int]] = [[topic] for topic in range(len(tree) + 1)]
    for left, right in tree[:, :2].astype(int):
        parts = [[topic for topic in leaves[side] if topic in group] for side in (left, right)]
        if all(parts) and len(parts[0]) + len(parts[1]) == len(group):
            return [sorted(part) for part in parts]
        leaves.append(leaves[left] + leaves[right])
    return [[topic] for topic in group]


def _gathered(groups: list[tuple[str, list[int]]], sizes: np.ndarray) -> list[tuple[str, list[int]]]:
    """Gather the smallest topics that stand alone, where there would be too many themes."""
    topics = sum(len(members) for _, members in groups)
    surplus = len(groups) - max(MOST_THEMES, topics // _TOPICS_A_THEME)
    if surplus <= 0:
        return groups
    alone = [group for group in reversed(groups) if len(group[1]) == 1][: surplus + 1]
    if len(alone) < 2:
        return groups
    kept = [group for group in groups if group not in alone]
    others = (OTHERS, sorted(topic for _, members in alone for topic in members))
    return sorted([*kept, others], key=lambda group: (-sizes[group[1]].sum(), group[1]))


def _covering_phrases(
    wording: Wording, labels: np.ndarray, themes: np.ndarray, keywords: Sequence[Sequence[str]], sizes: np.ndarray
) -> list[str | None]:
    """Return the phrase that covers each theme's topics, shape (T,); None where there is none."""
    phrases, read = wording.phrases, labels[wording.rows]
    spoken = papers_by_topic(phrases.papers, read, len(themes))
    holding = np.maximum(np.array([len(rows) for rows in phrases.papers]), 1)
    within = np.stack([spoken[themes == theme].sum(axis=0) for theme in range(len(keywords))]) / holding
    spoken /= np.maximum(np.bincount(read[read >= 0], minlength=len(themes)), 1)[:, None]
    usable = wording.rules >= _NAME
    alone = np.array([" " not in key for key in phrases.keys], dtype=bool)
    of_paper = np.where(labels >= 0, themes[labels], -1)
    scores = name_scores(wording, of_paper, keywords)
    found: list[str | None] = [None] * len(keywords)
    for cover in _COVERS:
        allowed = np.zeros((len(keywords), len(phrases.keys)), dtype=bool)
        for theme in range(len(keywords)):
            members = themes == theme
            needed = np.where(alone, _WORD_IN_TOPIC, cover.in_topic)
            covered = (spoken[members] >= needed[None, :]).T @ sizes[members] / sizes[members].sum()
            allowed[theme] = usable & (within[theme] >= cover.own) & (covered >= cover.of_theme)
        given = {theme: name for theme, name in enumerate(found) if name is not None}
        chosen = choose_labels(wording, of_paper, np.where(allowed, scores, 0.0), given)
        found = [None if label is None else label.text for label in chosen]
    return found
