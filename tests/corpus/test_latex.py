"""LaTeX in titles and abstracts, whatever source they come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.latex import _converted, _converted_words
from analysis.corpus.text import clean_text

# words as records hold them, with LaTeX and without
FRAGMENTS = (
    "plain",
    "it's",
    "well-known",
    "pages 1--2",
    r"Schr{\"o}dinger",
    r"Poincar\'e",
    r"{\it Kepler mission}",
    r"\emph{new words}",
    r"\textbf {bold words}",
    "{A {B C} D}",
    r"50\%",
    r"\alpha rays",
    r"a\_b",
    "``quoted words''",
    r"\c{c}a",
    r"\o re",
    "e.g.~this",
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Schr\"odinger operators on $L^\infty(\mathbb{R}^n)$", "Schrödinger operators on L∞(ℝⁿ)"),
        (r"The {\it Kepler} mission at 0.7{\deg}", "The Kepler mission at 0.7°"),
        (r"Poincar\'e maps, \emph{revisited}", "Poincaré maps, revisited"),
        (r"prices of $5 and $7 in C:\new folder {a, b}", r"prices of $5 and $7 in C:\new folder {a, b}"),
        (
            r"Don\'t read \"as it is\" in patients\' notes: it\'s \'etale, na\"ive",
            "Don't read \"as it is\" in patients' notes: it's étale, naïve",
        ),
        (r"$k$-means for $\alpha$-divergences", "k-means for α-divergences"),
    ],
)
def test_latex_of_any_source_is_text(written: str, read: str) -> None:
    assert clean_text(written) == read


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8))
def test_words_converted_one_by_one_are_the_whole_converted(words: list[str]) -> None:
    text = " ".join(words)
    assert _converted_words(text).split() == _converted(text).split()
