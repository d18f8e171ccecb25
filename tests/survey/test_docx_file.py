"""The Word document: the section's text, repeatable, and an edited one is known."""

import io
from pathlib import Path

import pytest
from docx import Document

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import EditedSectionWarning, VerificationError
from analysis.survey.docx_file import docx_lines, is_edited, printable
from analysis.survey.section import Section
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.verify.checks import check_document

pytestmark = pytest.mark.slow

Results = tuple[Corpus, Topics, Trends]


@pytest.fixture(scope="module")
def content(planted: Results, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return Section.of(*planted, title="A study & more").document(tmp_path_factory.mktemp("pictures"))


def edited(content: bytes, old: str, new: str) -> bytes:
    document = Document(io.BytesIO(content))
    (paragraph,) = [part for part in document.paragraphs if old in part.text][:1]
    paragraph.text = paragraph.text.replace(old, new, 1)
    changed = io.BytesIO()
    document.save(changed)
    return changed.getvalue()


def test_the_document_says_what_the_markdown_says(planted: Results, content: bytes) -> None:
    lines = docx_lines(content)
    assert lines[0] == "A study & more"
    assert {
        "What the papers are about",
        "What is missing",
        "How shares were tested",
        "Limits",
        "Methods",
        "References",
    } <= set(lines)
    markdown = Section.of(*planted, title="A study & more").text_files()["section.md"]
    first = next(line for line in markdown.splitlines() if line.startswith("The corpus holds"))
    assert first in lines
    label = planted[1].table["label"][0]
    assert any(line.startswith(f"{label} | ") for line in lines)


def test_references_are_numbered_in_the_order_of_their_citation(content: bytes) -> None:
    lines = docx_lines(content)
    start = lines.index("References")
    text, references = "\n".join(lines[:start]), lines[start + 1 :]
    assert [line.split("]")[0] for line in references] == [f"[{number}" for number in range(1, len(references) + 1)]
    assert "[1, 2]" in text
    assert f"[{len(references)}]" in text or f", {len(references)}]" in text


def test_the_same_tables_give_the_same_bytes(planted: Results, content: bytes, tmp_path: Path) -> None:
    assert Section.of(*planted, title="A study & more").document(tmp_path) == content


def test_an_edited_document_is_known_and_left_alone(planted: Results, content: bytes, tmp_path: Path) -> None:
    assert not is_edited(content)
    mine = edited(content, "The corpus holds", "Our corpus holds")
    assert is_edited(mine)
    folder = tmp_path / "survey"
    at.survey.write(*planted, folder)
    (folder / "section.docx").write_bytes(mine)
    with pytest.warns(EditedSectionWarning, match=r"section\.new\.docx"):
        written = at.survey.write(*planted, folder)
    assert folder / "section.new.docx" in written
    assert (folder / "section.docx").read_bytes() == mine


def test_a_changed_number_is_named_and_changed_words_are_not(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "section.docx"
    path.write_bytes(content)
    assert list(check_document(tmp_path, content)) == []
    path.write_bytes(edited(content, "The corpus holds 120", "The corpus holds 121"))
    (problem,) = check_document(tmp_path, content)
    assert "says '121'; the tables give '120'" in problem.message
    path.write_bytes(edited(content, "The corpus holds 120", "We gathered 120"))
    assert list(check_document(tmp_path, content)) == []
    path.write_bytes(edited(content, "The corpus holds 120", "We gathered 77777"))
    (problem,) = check_document(tmp_path, content)
    assert "'77777', which the tables do not give" in problem.message


def test_what_is_no_document_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="no Word document"):
        docx_lines(b"PK but no archive")
    (tmp_path / "section.docx").write_bytes(b"")
    (problem,) = check_document(tmp_path, b"unused")
    assert "no Word document" in problem.message


def test_characters_that_xml_forbids_are_left_out() -> None:
    assert printable("a\x00b\x1fc\ufffe🧠") == "a b c 🧠"
