"""Prose, numbers, references and their verification."""

import shutil
import subprocess
from pathlib import Path

import bibtexparser
import pandas as pd
import pytest

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import VerificationError
from analysis.io.latex_table import latex_cell, latex_escape, latex_table
from analysis.survey.backends import markdown_escape
from analysis.survey.numbers import NumberBook, macro_name, shown
from analysis.survey.references import citation_keys, references_bib
from analysis.survey.section import Section, untraced_numbers
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.verify.checks import check_citations, check_section
from analysis.verify.comparison import foreign_numbers

Results = tuple[Corpus, Topics, Trends]
TABLES = {
    "flow": pd.DataFrame({"count": [279, 1.25, float("nan"), float("inf")]}, index=["papers", "mean", "hole", "end"])
}


@pytest.fixture(scope="module")
def hostile_results(planted: Results) -> Results:
    """The planted results with titles that LaTeX, BibTeX and markup would choke on."""
    corpus, topics, trends = planted
    papers = corpus.papers.copy()
    titles = ["<script>alert(1)</script>", r"$\alpha$ and 100%_&#{}~^\\", "עברית מן הימין", "x" * 300, "🧠 emoji {open"]
    papers["title"] = [f"{titles[i % len(titles)]} {i}" for i in range(len(papers))]
    return corpus.with_papers(papers), topics, trends


def test_a_section_is_written_with_all_its_files(planted: Results, tmp_path: Path) -> None:
    written = at.survey.write(*planted, tmp_path, title="A & B")
    assert {path.relative_to(tmp_path).as_posix() for path in written} >= {
        "section.md", "section.tex", "numbers.tex", "references.bib", "tables/topics.csv", "tables/themes.tex"
    }  # fmt: skip
    assert r"\title{A \& B}" in (tmp_path / "section.tex").read_text(encoding="utf-8")
    assert list(check_citations(tmp_path)) == []


def test_the_same_tables_give_the_same_text(planted: Results) -> None:
    assert Section.of(*planted).text_files() == Section.of(*planted).text_files()


def test_every_number_of_the_prose_is_a_macro(planted: Results) -> None:
    assert untraced_numbers(Section.of(*planted).text_files()["section.tex"].split(r"\maketitle")[1]) == []


def test_a_number_typed_by_hand_is_found() -> None:
    assert untraced_numbers(r"There are 42 papers \cite{a2020} and \ttFlowPapersCount{} more, 3.5 each.") == [
        "42",
        "3.5",
    ]


def test_a_quoted_cell_is_remembered_with_its_source() -> None:
    book = NumberBook(TABLES)
    assert book.quote("flow", "papers", "count").text == "279"
    assert book.quote("flow", "mean", "count", 1).text == "1.2"
    text = book.numbers_tex()
    assert r"\newcommand{\ttFlowPapersCount}{279} % flow.csv | papers | count" in text
    assert r"\newcommand{\ttFlowMeanCountToOne}{1.2} % flow.csv | mean | count" in text


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [("none", "papers", "count"), ("flow", "none", "count"), ("flow", "papers", "none"), ("flow", "hole", "count")],
)
def test_a_cell_that_is_not_there_or_empty_cannot_be_quoted(table: str, row: str, column: str) -> None:
    with pytest.raises(VerificationError):
        NumberBook(TABLES).quote(table, row, column)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234, None, "1,234"),
        (0.00001, 3, "<0.001"),
        (0.5, None, "0.5"),
        (2.0, None, "2"),
        (float("inf"), 2, "infinity"),
        ("text", None, "text"),
    ],
)
def test_values_are_shown_as_prose_shows_them(value: object, digits: int | None, text: str) -> None:
    assert shown(value, digits) == text


def test_macro_names_are_letters_alone_and_differ() -> None:
    names = {macro_name("topics", str(row), "size") for row in range(120)}
    assert len(names) == 120
    assert all(name.isalpha() for name in names)


def test_citation_keys_are_unique_and_plain() -> None:
    papers = pd.DataFrame(
        {
            "title": ["Deep Nets", "Deep Learning", "Ünïcode", "123"],
            "date": pd.to_datetime(["2020-01-01"] * 3 + [None]),
        },
        index=list("abcd"),
    )
    keys = citation_keys(papers)
    assert keys == {"a": "deep2020", "b": "deep2020a", "c": "code2020", "d": "papernd"}
    assert all(key.isascii() and key.isalnum() for key in keys.values())


def test_hostile_titles_pass_a_bibtex_parser(planted: Results) -> None:
    corpus, _, _ = planted
    papers = corpus.papers.copy()
    hostile = ["100%_&#{}~^\\", "$\\alpha$ {unbalanced", "<script>alert(1)</script>", "עברית", "x" * 300]
    papers["title"] = [hostile[i % len(hostile)] for i in range(len(papers))]
    library = bibtexparser.parse_string(references_bib(papers))
    assert not library.failed_blocks
    assert len(library.entries) >= len(papers)


@pytest.mark.parametrize(
    ("text", "escaped"), [("a & b", r"a \& b"), ("100%", r"100\%"), ("x_y", r"x\_y"), ("é", r"\'e")]
)
def test_latex_escapes(text: str, escaped: str) -> None:
    assert latex_escape(text) == escaped


def test_markdown_escapes() -> None:
    assert markdown_escape("<b>*a_b*</b>") == r"\<b\>\*a\_b\*\</b\>"


def test_tables_are_booktabs() -> None:
    text = latex_table(pd.DataFrame({"a_b": ["x & y"], "n": [1.234], "end": [float("inf")]}))
    assert text.startswith(r"\begin{tabular}{lrr}")
    assert r"x \& y & 1.23 & $\infty$ \\" in text
    assert latex_cell(float("nan")) == "--"
    assert latex_cell(True) == "yes"


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


@pytest.mark.parametrize(
    ("edited", "wrong"),
    [
        ("There are 12 papers of 3 sources. None falls.", []),
        ("We found 12 papers. None falls.", []),
        (
            "There are 3 papers of 12 sources. None falls.",
            ["says '3'; the tables give '12'", "says '12'; the tables give '3'"],
        ),
        ("There are 13 papers of 3 sources.", ["says '13'; the tables give '12'"]),
        ("About 40 % fall [@key2020].", ["says '40', which the tables do not give here"]),
    ],
)
def test_numbers_of_an_edited_paragraph_are_held_to_the_tables(edited: str, wrong: list[str]) -> None:
    assert foreign_numbers(edited, "There are 12 papers of 3 sources. None falls [@other2021].") == wrong


def test_macros_count_as_numbers_in_an_edited_latex_paragraph() -> None:
    generated = r"There are \ttFlowPapersCount{} papers of \ttFlowSourcesCount{} sources."
    assert foreign_numbers(r"Papers: \ttFlowPapersCount{}.", generated) == []
    assert (
        len(foreign_numbers(r"There are \ttFlowSourcesCount{} papers of \ttFlowPapersCount{} sources.", generated)) == 2
    )
    assert len(foreign_numbers("There are 42 papers.", generated)) == 1


def test_edited_words_verify_and_edited_numbers_do_not(planted: Results, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("name", ["section", "section_ieee"])
def test_the_latex_documents_compile_without_a_warning_on_references(
    name: str, hostile_results: Results, tmp_path: Path
) -> None:
    if shutil.which("pdflatex") is None or shutil.which("bibtex") is None:
        pytest.skip("no pdflatex and bibtex are installed")
    if name.endswith("ieee") and subprocess.run(["kpsewhich", "IEEEtran.cls"], check=False).returncode:
        pytest.skip("the class IEEEtran is not installed")
    at.survey.write(*hostile_results, tmp_path, title="100% & #1 of {~}^\\")
    for command in (["pdflatex", name], ["bibtex", name], ["pdflatex", name], ["pdflatex", name]):
        options = ["-interaction=nonstopmode", "-halt-on-error"] if command[0] == "pdflatex" else []
        done = subprocess.run([command[0], *options, command[1]], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:]
    log = (tmp_path / f"{name}.log").read_text(encoding="latin-1")
    assert "undefined" not in log
    assert "Warning--" not in (tmp_path / f"{name}.blg").read_text(encoding="latin-1")
