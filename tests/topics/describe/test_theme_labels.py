"""Names of themes speak for all their topics."""

import numpy as np

from analysis.topics.describe.labels import Wording
from analysis.topics.describe.theme_labels import MOST_THEMES, OTHERS, name_themes


def _papers(common: str) -> tuple[list[str], list[str], np.ndarray]:
    """Return thirty papers in three topics; the first two share `common`, the third is another theme's."""
    subjects = ["tumour outlines", "organ borders", "clinical notes"]
    abstracts = [
        f"We study {subjects[topic]} ({letter}). {common + ' is our tool.' if common and topic < 2 else ''}"
        for topic in range(3)
        for letter in "abcdefghij"
    ]
    return ["A study"] * 30, abstracts, np.repeat([0, 1, 2], 10)


NAMES = ["Tumour Outlines", "Organ Borders", "Clinical Notes"]
# the first two topics are joined first
TREE = np.array([[0, 1, 0.2, 2], [2, 3, 0.8, 3]])


def _keywords_of(themes: np.ndarray) -> list[list[str]]:
    own = [["image segmentation", "tumour"], ["image segmentation", "organ"], ["clinical notes"]]
    return [
        [word for topic in np.flatnonzero(themes == theme) for word in own[topic]] for theme in range(themes.max() + 1)
    ]


def _named(common: str, themes: list[int]) -> tuple[list[int], list[str]]:
    titles, abstracts, labels = _papers(common)
    wording = Wording.of(titles, abstracts)
    found, names = name_themes(wording, labels, np.array(themes), TREE, NAMES, _keywords_of)
    return found.tolist(), names


def test_a_phrase_of_all_topics_names_their_theme() -> None:
    assert _named("Image segmentation", [0, 0, 1]) == ([0, 0, 1], ["Image Segmentation", "Clinical Notes"])


def test_topics_without_a_common_phrase_stand_alone() -> None:
    assert _named("", [0, 0, 1]) == ([0, 1, 2], NAMES)


def test_a_theme_that_is_too_wide_is_parted_as_the_hierarchy_parts_it() -> None:
    assert _named("Image segmentation", [0, 0, 0]) == ([0, 0, 1], ["Image Segmentation", "Clinical Notes"])


def test_a_phrase_of_one_topic_alone_never_names_its_theme() -> None:
    titles, abstracts, labels = _papers("")
    abstracts[:10] = [text + " Image segmentation is our tool." for text in abstracts[:10]]
    found = name_themes(Wording.of(titles, abstracts), labels, np.array([0, 0, 1]), TREE, NAMES, _keywords_of)
    assert found[1] == NAMES


def test_too_many_topics_that_stand_alone_are_gathered() -> None:
    count = MOST_THEMES + 4
    words = [f"{first}{second}" for first in "bdgklm" for second in ("ana", "elo", "iru")][:count]
    sizes = np.arange(count, 0, -1) + 2
    labels = np.repeat(np.arange(count), sizes)
    texts = [f"We study the {words[topic]}." for topic in labels]
    tree = np.array(
        [[0, 1, 0.1, 2], *([number, count + number - 2, 0.1 + number / 99, number + 1] for number in range(2, count))]
    )
    themes, names = name_themes(
        Wording.of([""] * len(texts), texts),
        labels,
        np.zeros(count, dtype=int),
        tree,
        words,
        lambda themes: [[] for _ in range(themes.max() + 1)],
    )
    assert len(names) == MOST_THEMES
    assert names.count(OTHERS) == 1
    gathered = np.flatnonzero(themes == names.index(OTHERS))
    assert gathered.tolist() == list(range(count - 5, count))
