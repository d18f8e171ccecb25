"""A hostile text in any field survives every format unharmed and legible, and does nothing."""

import csv
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import bibtexparser
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.export import export
from analysis.corpus.load import load_corpus
from analysis.corpus.paper import Corpus
from analysis.escaping import (
    bibtex_key,
    bibtex_text,
    csv_text,
    figure_text,
    html_text,
    identifier_text,
    latex_text,
    markdown_text,
    one_line,
    terminal_text,
    url_text,
)
from analysis.survey.references import citation_keys, references_bib

HOSTILE = (
    "https://x.org/}, note={\\input{/etc/passwd}",
    "a{b",
    "}} @comment{ @string{x = {",
    "\\write18{id} \\input{|id} \\openin",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>&lt;b&gt;",
    "=HYPERLINK(\"http://x\")",
    "@SUM(1+1)",
    "-2+3+cmd|' /C calc'!A0",
    "a\x1b]0;title\x07\x1b[31mred\x9b31m",
    "ABC\u202eFED\u2066x\u200f",
    "line\r\none\u2028two\x85three\x00",
    "ER  - \r\nTY  - JOUR",
    "% comment $ math & tab # hash _ low ^ high ~ tilde",
    "[link](javascript:alert(1)) ![x](file:///etc/passwd) `code` | cell | <!-- end of block -->",
    "\ud83d half \ufffe \uffff",
    "{{ config }} {% raw %} \\newcommand",
    "Nguyễn Müller Łódź 王小明 😀",
)  # fmt: skip
ANY = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=40), st.text("{}\\%$&#_^~<>\"'|`[]()=+-@ ab\n\r\x1b", max_size=40)
)


def _balanced(text: str) -> bool:
    """Return whether braces pair as BibTeX counts them: a backslash before one changes nothing."""
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


@given(ANY)
def test_a_text_in_bibtex_keeps_braces_in_pairs_and_starts_no_command_of_its_own(text: str) -> None:
    for escaped in (bibtex_text(text), url_text(text), identifier_text(text)):
        assert _balanced(escaped)
    for name in re.findall(r"\\([A-Za-z]+)", latex_text(text)):
        assert name not in {
            "input",
            "include",
            "write",
            "openin",
            "openout",
            "def",
            "catcode",
            "read",
            "newcommand",
            "csname",
        }
    assert re.fullmatch(r"[A-Za-z0-9_.:\-]*", bibtex_key(text))


@given(ANY)
def test_a_url_has_nothing_that_latex_or_bibtex_would_read(text: str) -> None:
    escaped = url_text(text)
    assert not set(escaped) & set('{}\\ \n\r\t"<>^`|')
    assert escaped.isascii()
    assert url_text(escaped) == escaped


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags = "", []  # type: ignore[var-annotated]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append((tag, attrs))


@given(ANY)
def test_a_text_in_html_and_xml_is_text_alone(text: str) -> None:
    collector = _Collector()
    collector.feed(f'<p title="{html_text(text)}">{html_text(text)}</p>')
    collector.close()
    assert [tag for tag, _ in collector.tags] == ["p"]
    assert collector.tags[0][1] == [("title", one_line(text))]
    assert collector.text == one_line(text)
    for escaped in (html_text(text), figure_text(text)):
        element = ET.fromstring(f"<t>{escaped}</t>")
        assert (element.text or "") == one_line(text)


@given(ANY)
def test_a_text_on_a_terminal_or_a_line_moves_nothing(text: str) -> None:
    for escaped in (terminal_text(text), one_line(text), markdown_text(text)):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>|#$]", markdown_text(text))


# pandas cannot name a column or a row by half a character
NAME = ANY.filter(lambda text: not re.search("[\ud800-\udfff]", text))


@given(st.lists(ANY, min_size=1, max_size=4), NAME, NAME)
def test_no_cell_of_a_csv_is_a_formula_and_every_cell_reads_as_it_was(cells: list[str], column: str, row: str) -> None:
    index = pd.Index([f"{row}{i}" for i in range(len(cells))], dtype=object)
    frame = pd.DataFrame({0: pd.Series(cells, index=index, dtype=object), 1: 1.5}).set_axis([column, "n"], axis=1)
    read = list(csv.reader(io.StringIO(csv_text(frame, index=True))))
    assert len(read) == len(cells) + 1
    for line in read:
        assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in line)
    for line, cell in zip(read[1:], cells, strict=True):
        shown = line[1].removeprefix("'") if line[1].lstrip("'")[:1] in ("=", "+", "-", "@") else line[1]
        assert shown == one_line(cell)


@pytest.fixture(scope="module")
def hostile_corpus() -> Corpus:
    count = len(HOSTILE)
    frame = pd.DataFrame(
        {
            "id": [f"{text}{i}".encode("utf-8", "replace").decode() for i, text in enumerate(HOSTILE)],
            "title": pd.Series([f"Title {text}" for text in HOSTILE], dtype=object),
            "abstract": pd.Series([f"Words of an abstract {text}" for text in HOSTILE], dtype=object),
            "url": pd.Series(HOSTILE, dtype=object),
            "doi": pd.Series([f"10.1234/{text}" for text in HOSTILE], dtype=object),
            "arxiv_id": pd.Series(HOSTILE, dtype=object),
            "venue": pd.Series(HOSTILE, dtype=object),
            "authors": [[f"Author {text}", text] for text in HOSTILE],
            "source": pd.Series(HOSTILE, dtype=object),
            "date": ["2020"] * count,
        }
    )
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Corpus.from_frame(frame)


def test_references_have_one_entry_a_paper_and_no_field_of_a_strangers(hostile_corpus: Corpus) -> None:
    bib = references_bib(hostile_corpus.papers)
    library = bibtexparser.parse_string(bib)
    keys = set(citation_keys(hostile_corpus.papers).values())
    own = [entry for entry in library.entries if entry.key in keys]
    assert not library.failed_blocks
    assert len(own) == len(HOSTILE)
    assert all("note" not in entry.fields_dict for entry in library.entries)
    assert "\\input{/etc" not in bib


@pytest.mark.parametrize("kind", ["csv", "jsonl", "bib", "ris", "parquet"])
@pytest.mark.filterwarnings("ignore::analysis.errors.CorpusWarning")
def test_what_is_exported_is_read_back_whole(kind: str, hostile_corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / f"papers.{kind}").write_bytes(export(hostile_corpus, kind))
    back = load_corpus(tmp_path)
    assert len(back) == len(HOSTILE)
    assert not len(back.rejects)
    assert sorted(back.papers["title"]) == sorted(hostile_corpus.papers["title"])
    assert sorted(back.papers["abstract"]) == sorted(hostile_corpus.papers["abstract"])


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_a_compiled_bibliography_holds_no_files_text(hostile_corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_text(references_bib(hostile_corpus.papers), encoding="utf-8")
    (tmp_path / "a.tex").write_text(
        "\\documentclass{IEEEtran}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{url}\\begin{document}"
        "\\nocite{*}\\bibliographystyle{IEEEtran}\\bibliography{references}\\end{document}",
        encoding="utf-8",
    )
    for command in (["pdflatex", "-no-shell-escape", "-interaction=batchmode", "a"], ["bibtex", "a"]) * 2:
        subprocess.run(command, cwd=tmp_path, check=False, capture_output=True)
    assert b"root:" not in (tmp_path / "a.pdf").read_bytes()
    assert "root:x:0" not in (tmp_path / "a.bbl").read_text(encoding="utf-8")
