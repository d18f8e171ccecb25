"""Names of themes: a phrase that stands for all of a theme's topics, or else its two largest topics."""

from collections.abc import Sequence

import numpy as np

from analysis.topics.describe.labels import Wording, choose_labels, papers_by_topic
from analysis.topics.describe.phrases import phrase_key

# a phrase speaks for a topic when it stands in this share of its papers,
# and for a theme when its topics so spoken for hold this share of the theme's papers
_IN_TOPIC, _OF_THEME = 0.15, 0.8
# and it must be the theme's own: half of the papers that hold it are the theme's
_OWN = 0.5


def label_themes(
    wording: Wording,
    labels: np.ndarray,
    themes: np.ndarray,
    names: Sequence[str],
    keywords: Sequence[Sequence[str]],
) -> list[str]:
    """Name every theme 0..T-1.

    A phrase may name a theme only if it stands in all but a small part of its topics, so that no
    topic lends its name to its neighbours, and seldom elsewhere. Where there is none, the theme is called after its two
    largest topics; a theme of one topic is that topic.

    Parameters
    ----------
    wording : Wording
    labels : ndarray of int, shape (n,)
        Topic of each paper, -1 for none.
    themes : ndarray of int, shape (K,)
        Theme of each topic.
    names : K labels of topics
    keywords : T sequences of str
        Each theme's own words.

    Returns
    -------
    list of str, length T
    """
    phrases, read = wording.phrases, labels[wording.rows]
    sizes = np.bincount(labels[labels >= 0], minlength=len(themes))
    spoken = papers_by_topic(phrases.papers, read, len(themes))
    holding = np.maximum(np.array([len(rows) for rows in phrases.papers]), 1)
    within = np.stack([spoken[themes == theme].sum(axis=0) for theme in range(len(keywords))])
    spoken /= np.maximum(np.bincount(read[read >= 0], minlength=len(themes)), 1)[:, None]
    taken = {phrase_key(name) for name in names}
    unused = np.array([key not in taken for key in phrases.keys], dtype=bool)
    allowed = np.zeros((len(keywords), len(phrases.keys)), dtype=bool)
    for theme in range(len(keywords)):
        members = themes == theme
        covered = (spoken[members] >= _IN_TOPIC).T @ sizes[members]
        allowed[theme] = unused & (within[theme] >= _OWN * holding) & (covered >= _OF_THEME * sizes[members].sum())
    of_paper = np.where(labels >= 0, themes[labels], -1)
    chosen = choose_labels(wording, of_paper, keywords, allowed=allowed)
    return [
        label.text if label is not None and (themes == theme).sum() > 1 else _joined(themes == theme, sizes, names)
        for theme, label in enumerate(chosen)
    ]


def _joined(members_of: np.ndarray, sizes: np.ndarray, names: Sequence[str]) -> str:
    members = np.flatnonzero(members_of)
    largest = members[np.argsort(-sizes[members], kind="stable")[:2]]
    return " and ".join(names[topic] for topic in largest)
