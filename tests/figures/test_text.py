"""Text in figures: measured, broken between words, cut only where nothing else is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.drawing.rows import label_rows
from analysis.figures.drawing.style import Style
from analysis.figures.drawing.text import lines_of, listed, shortened, slanted, text_width

LONG = "Parameter-Efficient Fine-Tuning of Vision-Language Models for Pathology"


def test_a_label_is_broken_between_words_and_stays_whole() -> None:
    lines = lines_of(LONG, 130, 10, 5)
    assert len(lines) > 1
    assert " ".join(lines).replace("- ", "-") == LONG
    assert all(text_width(line, 10) <= 130 for line in lines)


def test_what_does_not_fit_ends_after_a_whole_word() -> None:
    (line,) = lines_of(LONG, 150, 10, 1)
    assert line.endswith(" …")
    assert LONG.startswith(line.removesuffix(" …"))
    assert LONG[len(line) - 2] in " -"


def test_a_no_break_space_keeps_a_number_with_its_name() -> None:
    lines = lines_of("Records of all sources (n\u00a0=\u00a0112)", 120, 10, 3)
    assert lines[-1].endswith("(n\u00a0=\u00a0112)")


def test_keywords_are_listed_whole_or_not_at_all() -> None:
    words = ["segmentation", "prompt", "medical segmentation", "self-supervised"]
    shown = listed(words, 150, 10).split(", ")
    assert shown == words[: len(shown)]
    assert 1 <= len(shown) < len(words)


def test_names_under_the_pointer_are_cut_after_a_word() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one two three", 13) == "one two three"


@given(st.text(max_size=120), st.floats(20, 400), st.integers(1, 4))
def test_any_text_fits_its_lines(text: str, pixels: float, most: int) -> None:
    lines = lines_of(text, pixels, 10, most)
    assert 1 <= len(lines) <= most
    assert all(text_width(line, 10) <= pixels or len(line) <= 3 for line in lines)


@pytest.mark.parametrize("width", [8.5, 18.0])
def test_labels_leave_most_of_a_figure_to_what_it_shows(width: float) -> None:
    style = Style(width)
    rows = label_rows([LONG, "Short"], style)
    assert rows.left <= 0.43 * style.pixels
    assert "…" not in rows.texts[0]
    assert rows.height > label_rows(["Short"], style).height


def test_many_rows_are_set_closer_so_that_a_page_holds_them() -> None:
    rows = label_rows([f"Topic number {number}" for number in range(66)], Style())
    assert rows.height * 66 <= 880
    assert rows.size < 10


def test_room_is_left_for_the_last_slanted_name() -> None:
    heads = slanted(["A", LONG])
    assert heads.overhang > 60
    assert heads.height > slanted(["A"]).height
