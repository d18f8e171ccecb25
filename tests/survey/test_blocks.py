"""Paragraphs that a user edits survive; what cannot be merged is named and left alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import EditedSectionWarning
from analysis.survey.blocks import LATEX, MARKDOWN, Syntax, begin, end, merge, parse_blocks, with_header
from analysis.survey.keep import with_edits


def generated(syntax: Syntax = MARKDOWN, **blocks: str) -> str:
    """Return a file as the section writes it, with a heading before each paragraph."""
    parts = [f"{begin(name, syntax)}\n\n{text}\n\n{end(syntax)}" for name, text in blocks.items()]
    return with_header("Heading\n\n" + "\n\nHeading\n\n".join(parts) + "\n", syntax)


FRESH = generated(one="There are 12 papers.", two="None falls.")


@pytest.mark.parametrize("syntax", [MARKDOWN, LATEX])
def test_an_untouched_file_becomes_the_fresh_one(syntax: Syntax) -> None:
    old = generated(syntax, one="There are 12 papers.", two="None falls.")
    new = generated(syntax, one="There are 13 papers.", two="None falls.", three="More.")
    assert parse_blocks(old, syntax).edited == []
    assert merge(old, new, syntax).text == new


@pytest.mark.parametrize("syntax", [MARKDOWN, LATEX])
def test_an_edited_paragraph_stays_while_others_are_renewed(syntax: Syntax) -> None:
    old = generated(syntax, one="There are 12 papers.", two="None falls.")
    edited = old.replace("None falls.", "None falls, I think.")
    merged = merge(edited, generated(syntax, one="There are 13 papers.", two="None falls."), syntax)
    assert "There are 13 papers." in merged.text
    assert "None falls, I think." in merged.text
    assert merged.kept == ("two",)
    assert merged.conflicts == ()
    assert (
        merge(merged.text, generated(syntax, one="There are 13 papers.", two="None falls."), syntax).text == merged.text
    )


@pytest.mark.parametrize("syntax", [MARKDOWN, LATEX])
def test_a_paragraph_changed_on_both_sides_is_a_conflict_until_its_comment_is_deleted(syntax: Syntax) -> None:
    old = generated(syntax, one="There are 12 papers.")
    edited = old.replace("There are 12", "We read 12")
    new = generated(syntax, one="There are 13 papers.")
    merged = merge(edited, new, syntax)
    assert merged.conflicts == ("one",)
    assert "We read 12 papers." in merged.text
    comment = syntax.comment("conflict: the tables now give: There are 13 papers.")
    assert comment in merged.text
    again = merge(merged.text, new, syntax)
    assert again.conflicts == ("one",)
    assert again.text == merged.text
    settled = merge(merged.text.replace(comment + "\n", "").replace("We read 12", "We read 13"), new, syntax)
    assert settled.conflicts == ()
    assert settled.kept == ("one",)
    assert "We read 13 papers." in settled.text


def test_an_edited_paragraph_that_is_no_longer_generated_is_kept_at_the_end_until_settled(tmp_path: Path) -> None:
    fresh, notice = (
        generated(one="There are 12 papers."),
        "<!-- conflict: the tables no longer give this paragraph -->\n",
    )
    (tmp_path / "section.md").write_text(FRESH.replace("None falls.", "My own words."), encoding="utf-8")
    with pytest.warns(EditedSectionWarning, match="no longer give two"):
        text = with_edits(tmp_path, {"section.md": fresh})["section.md"]
    assert parse_blocks(text, MARKDOWN).problem == ""
    again = merge(text, fresh, MARKDOWN)
    assert (again.text, again.conflicts, again.gone) == (text, (), ("two",))
    kept = merge(text.replace(notice, ""), fresh, MARKDOWN)
    assert "My own words." in kept.text
    assert kept.gone == merge(kept.text, fresh, MARKDOWN).gone == ()
    assert merge(text.replace(notice + "My own words.\n", ""), fresh, MARKDOWN).text == fresh


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (("<!-- block two -->\n", ""), "a marker at two is missing"),
        (("<!-- end of block -->\n", ""), "a marker at two is missing"),
        (("Heading\n", "My heading\n"), "text outside of the marked paragraphs was edited"),
        (("<!-- blocks ", "<!-- "), "its first line"),
    ],
)
def test_what_cannot_be_merged_is_left_alone_and_the_new_stands_beside(
    damage: tuple[str, str], problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "section.md"
    mine = FRESH.replace(*damage, 1)
    path.write_text(mine, encoding="utf-8")
    with pytest.warns(EditedSectionWarning, match="left as it is") as caught:
        placed = with_edits(tmp_path, {"section.md": FRESH, "numbers.tex": "x"})
    assert problem in str(caught[0].message)
    assert placed == {"section.new.md": FRESH, "numbers.tex": "x"}
    assert path.read_text(encoding="utf-8") == mine


def test_a_conflict_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "section.md").write_text(FRESH.replace("None", "Hardly one"), encoding="utf-8")
    with pytest.warns(EditedSectionWarning, match="under your edits of two"):
        with_edits(tmp_path, {"section.md": generated(one="There are 12 papers.", two="One falls.")})


def test_white_space_that_an_editor_changes_is_no_edit() -> None:
    assert parse_blocks(FRESH.replace("papers.\n", "papers.   \n\n"), MARKDOWN).edited == []


@given(
    st.text(
        alphabet=st.characters(
            blacklist_categories=["Cs"], blacklist_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
        )
    )
)
def test_any_edit_survives(text: str) -> None:
    edited = FRESH.replace("None falls.", f"Mine: {text}")
    marked = parse_blocks(edited, MARKDOWN)
    if marked.problem or "conflict: " in text:
        return
    merged = merge(edited, generated(one="There are 99 papers.", two="None falls."), MARKDOWN)
    assert parse_blocks(merged.text, MARKDOWN).blocks["two"] == marked.blocks["two"]
    assert "There are 99 papers." in merged.text


def test_a_blocks_name_is_plain() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        begin("Two words", MARKDOWN)
