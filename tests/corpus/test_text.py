"""Cleaning of titles and abstracts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.boilerplate import without_addresses
from analysis.corpus.text import clean_text, title_key


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (r"H\&E at 92\% and 8%", "H&E at 92% and 8%"),
        (r"code at url{https://a.org/x}", "code at https://a.org/x"),
        (r"at blue{https://a.org/x}.", "at https://a.org/x."),
        ("in {https://a.org/x{link}}.", "in https://a.org/x."),
        (r"the \textbf{Mamba} model", "the Mamba model"),
        (r"0.80 \pm 0.02", "0.80 ± 0.02"),
        (r"see \href{https://a.org}{our page}", "see our page (https://a.org)"),
        ("d_{data} stays", "d_{data} stays"),
        ("two\u00a0 spaces\n", "two spaces"),
    ],
)
def test_remnants_of_latex_go_and_words_stay(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@given(st.text())
def test_cleaning_twice_changes_nothing_more_in_spacing(text: str) -> None:
    assert clean_text(text) == clean_text(text).strip()
    assert "  " not in clean_text(text)


def test_titles_that_differ_in_case_accents_or_punctuation_are_the_same() -> None:
    assert title_key("Café: An X-ray Study") == title_key("cafe — an X ray study.")
    assert title_key("Deep nets") != title_key("Deeper nets")


def test_addresses_are_no_words() -> None:
    assert without_addresses("see https://github.com/a/b and www.x.org now") == "see and now"
