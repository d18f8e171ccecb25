"""Names of themes speak for all their topics."""

import numpy as np

from analysis.topics.describe.labels import Wording
from analysis.topics.describe.theme_labels import label_themes


def _papers(common: str) -> tuple[list[str], list[str], np.ndarray]:
    """Return thirty papers in three topics; the first two share `common`, the third is another theme's."""
    subjects = ["tumour outlines", "organ borders", "clinical notes"]
    abstracts = [
        f"We study {subjects[topic]} ({letter}). {common + ' is our tool.' if common and topic < 2 else ''}"
        for topic in range(3)
        for letter in "abcdefghij"
    ]
    return ["A study"] * 30, abstracts, np.repeat([0, 1, 2], 10)


def _named(common: str) -> list[str]:
    titles, abstracts, labels = _papers(common)
    wording = Wording.of(titles, abstracts)
    keywords = [["image segmentation", "tumour", "organ"], ["clinical notes"]]
    return label_themes(
        wording, labels, np.array([0, 0, 1]), ["Tumour Outlines", "Organ Borders", "Clinical Notes"], keywords
    )


def test_a_phrase_of_all_topics_names_their_theme():
    assert _named("Image segmentation") == ["Image Segmentation", "Clinical Notes"]


def test_without_a_common_phrase_the_largest_topics_name_the_theme():
    assert _named("")[0] == "Tumour Outlines and Organ Borders"


def test_a_phrase_of_one_topic_alone_never_names_its_theme():
    titles, abstracts, labels = _papers("")
    abstracts[:10] = [text + " Image segmentation is our tool." for text in abstracts[:10]]
    names = ["Tumour Outlines", "Organ Borders", "Clinical Notes"]
    found = label_themes(
        Wording.of(titles, abstracts), labels, np.array([0, 0, 1]), names, [["image segmentation"], ["clinical notes"]]
    )
    assert found[0] == "Tumour Outlines and Organ Borders"
