"""Prose, numbers, references and their verification."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import bibtexparser
import pandas as pd
import pytest

import analysis as at
import analysis.survey.section
from analysis.corpus.paper import Corpus
from analysis.corpus.schema import CONFLICT_COLUMNS, KEPT_APART
from analysis.errors import VerificationError
from analysis.escaping import latex_text, markdown_text
from analysis.io.latex_table import latex_cell, latex_table
from analysis.survey.number_book import NumberBook, macro_name, shown
from analysis.survey.references import citation_keys, references_bib
from analysis.survey.section import Section, untraced_numbers
from analysis.survey.tables import section_tables
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.verify.checks import check_citations

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
        "section.md",
        "section.tex",
        "numbers.tex",
        "references.bib",
        "tables/topics.csv",
        "tables/themes.tex",
    }
    assert r"\title{A \& B}" in (tmp_path / "section.tex").read_text(encoding="utf-8")
    assert list(check_citations(tmp_path)) == []


def test_the_same_tables_give_the_same_text(planted: Results) -> None:
    assert Section.of(*planted).text_files() == Section.of(*planted).text_files()


def test_the_methods_tell_of_a_sentence_model_where_there_was_one(planted: Results) -> None:
    corpus, topics, trends = planted
    assert topics.origin is not None
    assert topics.origin.options is not None
    origin = replace(topics.origin, options=replace(topics.origin.options, transformer="minilm"))
    fields = {**topics.__dict__, "origin": origin}
    fields.pop("bertopic", None)
    texts = [Section.of(corpus, own, trends).text_files()["section.md"] for own in (topics, Topics(**fields))]
    assert ["sentence model" in text for text in texts] == [False, True]


def test_what_is_left_out_of_topics_and_what_is_kept_apart_is_said(planted: Results) -> None:
    corpus, topics, trends = planted
    apart = pd.DataFrame(
        [("a", KEPT_APART, "a", "f#1", "b: the same DOI", "f#2")], columns=CONFLICT_COLUMNS, dtype="str"
    )
    papers = corpus.papers.copy()
    left_out = papers.iloc[:1].rename(index={papers.index[0]: "0"}).assign(type="erratum", excluded="type: erratum")
    whole = pd.concat([papers, left_out]).sort_index()
    told = Corpus(whole, corpus.occurrences, corpus.rejects, apart)
    text = Section.of(told, topics, trends).text_files()["section.md"]
    assert "1 paper is of types or languages that are left out of topics, as errata are." in text
    assert "1 record shares an identifier with another and was kept apart from it" in text
    assert "left out of topics" not in Section.of(*planted).text_files()["section.md"]


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
        (0.00001, 3, "< 0.001"),
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
    assert keys == {"a": "deep2020nets", "b": "deep2020learning", "c": "unicode2020", "d": "papernd"}
    known = papers.assign(authors=[["Müller, Jörg", "Li Wei"], ["Jörg Müller"], ["王"], None])
    assert citation_keys(known) == {"a": "muller2020deep", "b": "muller2020deepa", "c": "unicode2020", "d": "papernd"}
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
    assert latex_text(text) == escaped


def test_markdown_texts() -> None:
    assert markdown_text("<b>*a_b*</b>") == r"\<b\>\*a\_b\*\</b\>"


def test_tables_are_booktabs() -> None:
    text = latex_table(pd.DataFrame({"a_b": ["x & y"], "n": [1.234], "end": [float("inf")]}))
    assert text.startswith(r"\begin{tabular}{lrr}")
    assert r"x \& y & 1.23 & $\infty$ \\" in text
    assert latex_cell(float("nan")) == "--"
    assert latex_cell(True) == "yes"


def test_a_sections_tables_are_computed_once(planted: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []

    def counting(*given: object, **named: object) -> dict[str, pd.DataFrame]:
        computed.append(given)
        return section_tables(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(analysis.survey.section, "section_tables", counting)
    at.survey.write(*planted, tmp_path)
    assert len(computed) == 1


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
