"""Outputs held against what the tables give."""

from pathlib import Path

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.survey.section import Section
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.verify.checks import check_citations, check_section


def test_a_difference_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "numbers.tex").write_text("first\nthere are 78 papers\n", encoding="utf-8")
    (problem,) = check_section(tmp_path, {"numbers.tex": "first\nthere are 79 papers\n"})
    assert (problem.line, problem.message) == (2, "says '78'; the tables give '79'")
    assert str(problem) == "survey/numbers.tex:2: says '78'; the tables give '79'"


def test_an_unresolved_citation_is_named(tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_text("@misc{known2020,\n}\n", encoding="utf-8")
    (tmp_path / "section.tex").write_text("a \\cite{known2020,lost2021}\n", encoding="utf-8")
    (problem,) = check_citations(tmp_path)
    assert "lost2021" in problem.message


def test_edited_words_verify_and_edited_numbers_do_not(planted: tuple[Corpus, Topics, Trends], tmp_path: Path) -> None:
    at.survey.write(*planted, tmp_path)
    expected = Section.of(*planted).text_files()
    path = tmp_path / "section.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("The corpus holds 120", "We gathered 120", 1), encoding="utf-8")
    assert list(check_section(tmp_path, expected)) == []
    path.write_text(text.replace("The corpus holds 120", "The corpus holds 121", 1), encoding="utf-8")
    (problem,) = check_section(tmp_path, expected)
    assert "says '121'; the tables give '120'" in problem.message
    assert problem.line > 1
