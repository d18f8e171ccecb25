"""The survey section: rendered from tables, each number quoted from a cell."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.errors import InputError, LatexWarning, VerificationError, warn
from analysis.escaping import beyond_latex, latex_text, markdown_text
from analysis.figures.drawing.inputs import checked
from analysis.io.display import counted
from analysis.io.files import write_bytes, write_texts
from analysis.survey.backends import (
    LatexBackend,
    MarkdownBackend,
    display_tables,
    table_files,
)
from analysis.survey.blocks import with_header
from analysis.survey.context import template_context
from analysis.survey.docx_file import DocxBackend, write_docx
from analysis.survey.dossiers import FOLDER, MARK, dossiers
from analysis.survey.drafter import Drafter
from analysis.survey.drafts import drafted
from analysis.survey.keep import MARKED, docx_name, with_edits
from analysis.survey.number_book import NumberBook
from analysis.survey.references import citable_papers, plain_references, references_bib
from analysis.survey.tables import section_tables
from analysis.topics.reader_sample import ReaderCheck
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.validation import expect, expect_path, expect_seed

# in this order: what the field is comes before how it was tested
_TEMPLATES = ("macros", "field", "section")
_LATEX_WORDS = {
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    '"Inconclusive"': "``Inconclusive''",
    '"unchanged"': "``unchanged''",
}
_ALLOWED = re.compile(
    r"\\(?:cite|label|ref|input|includegraphics|IfFileExists|resizebox|usepackage|documentclass|begin|end|bibliographystyle"
    r"|bibliography)(?:\[[^\]]*\])?\{(?:[^{}]|\{[^{}]*\})*\}|\\tt[A-Za-z]+\{\}|height=0\.8|%.*"
)


@dataclass(frozen=True)
class Section:
    """The survey section before it is rendered: its tables, and what its template decides by.

    Attributes
    ----------
    title : str
    tables : dict of name to DataFrame
        From `survey_tables`.
    context : dict
        For the template.
    cited : DataFrame
        The papers that may be cited, and those that are told apart from them by their keys.
    notes : dict of path to text
        Reading notes by topic.
    pictures : bool
        Whether figures are drawn as SVG; without, the section links their pages.
    """

    title: str
    tables: dict[str, pd.DataFrame]
    context: Mapping[str, Any]
    cited: pd.DataFrame
    notes: Mapping[str, str]
    pictures: bool = True

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        topics: Topics,
        trends: Trends,
        *,
        title: str = "A literature study",
        seed: int = 0,
        versions: Mapping[str, str] | None = None,
        check: ReaderCheck | None = None,
        drafter: Drafter | None = None,
        pictures: bool = True,
    ) -> "Section":
        """Build the section's tables.

        Parameters
        ----------
        corpus, topics, trends
        title : str
            Of the document.
        seed : int
        versions : mapping of package to version, optional
        check : ReaderCheck, optional
            What a reader who sorted a sample says of the topics.
        drafter : callable, optional
            Given a `DraftBrief`, returns a paragraph, such as `ChatDrafter`; its checked sentences stand in the reading notes.
        pictures : bool
            Whether figures stand in the folder above as SVG; without, their pages are linked.
        """
        tables = section_tables(corpus, topics, trends, seed, versions, check)
        cited = citable_papers(corpus, topics.representatives["paper_id"])
        context = template_context(corpus, topics, trends, tables, cited, list(versions or {}))
        drafts = None if drafter is None else drafted(corpus, topics, tables, cited, drafter)
        return cls(title, tables, context, cited, dossiers(corpus, topics, trends, cited, drafts), pictures)

    def text_files(self) -> dict[str, str]:
        """Render every text file of the section without writing any.

        Returns
        -------
        dict of relative path to content
            section.md, section.qmd (Quarto), section.tex (an article), section_ieee.tex (IEEE's two columns), numbers.tex,
            references.bib, tables/<name>.csv and .tex, dossiers/<topic>.md. The same inputs give the same text.

        Raises
        ------
        VerificationError
            A number of the prose is not a cell of a table.
        """
        book = NumberBook(self.tables)
        tables = {path.as_posix(): text for path, text in table_files(Path("tables"), self.tables).items()}
        markdown = _render(MarkdownBackend(book, display_tables(self.tables), self.pictures), self.context)
        latex = _latexed(_render(LatexBackend(book), self.context))
        wide = _latexed(_render(LatexBackend(book, two_columns=True), self.context))
        loose = untraced_numbers(latex)
        if loose:
            raise VerificationError(f"numbers in the section's prose that come from no table: {', '.join(loose)}")
        numbers, references = book.numbers_tex(), references_bib(self.cited)
        tabled = "".join(text for name, text in tables.items() if name.endswith(".tex"))
        beyond = beyond_latex("".join((latex_text(self.title), latex, wide, numbers, references, tabled)))
        contents = {
            "section.md": f"# {markdown_text(self.title)}\n\n{markdown}\n",
            "section.qmd": _quarto(self.title, markdown),
            "section.tex": _document(self.title, latex, beyond),
            "section_ieee.tex": _document(self.title, wide, beyond, two_columns=True),
            "numbers.tex": numbers,
            "references.bib": references,
        }
        marked = {name: with_header(contents[name], syntax) for name, syntax in MARKED.items()}
        return contents | marked | tables | dict(self.notes)

    def document(self, pictures: Path) -> bytes:
        """Render the section as a Word document; `pictures` is the folder with the figures' PNG files."""
        backend = DocxBackend(NumberBook(self.tables))
        body = _render(backend, self.context)
        references = plain_references(self.cited, backend.cited)
        return write_docx(self.title, body, display_tables(self.tables), references, pictures)


@checked
def write(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    folder: str | Path,
    *,
    title: str = "A literature study",
    seed: int = 0,
    versions: Mapping[str, str] | None = None,
    check: ReaderCheck | None = None,
    drafter: Drafter | None = None,
    pictures: bool = True,
) -> list[Path]:
    """Write the survey section into `folder`: section.md, .tex and .docx, numbers.tex, references.bib, tables/.

    Parameters are those of `Section.of`. Paragraphs that a user edited between their markers
    stay; a file that cannot be merged is left alone and the new one stands beside it. Figures are
    expected in the folder above.

    Returns
    -------
    list of Path
        What was written.

    Warns
    -----
    LatexWarning
        A reference holds characters that pdflatex cannot print.
    EditedSectionWarning
        An edit met a change of what the tables give, or lies where it cannot be merged.
    """
    target = expect_path(folder, "folder", InputError)
    expect(title, str, "title", "give the document's title", InputError)
    expect_seed(seed, InputError)
    section = Section.of(
        corpus,
        topics,
        trends,
        title=title,
        seed=seed,
        versions=versions,
        check=check,
        drafter=drafter,
        pictures=pictures,
    )
    made = section.text_files()
    _tell_beyond(made["references.bib"], target)
    texts = {target / name: text for name, text in with_edits(target, made).items()}
    document = target / docx_name(target)
    _remove_old_notes(target, made)
    write_texts(texts)
    write_bytes(document, section.document(target.parent))
    return [*texts, document]


def _remove_old_notes(folder: Path, made: Mapping[str, str]) -> None:
    """Remove reading notes of topics that are no more; files that are no notes of ours stay."""
    for path in sorted((folder / FOLDER).glob("*.md")):
        if f"{FOLDER}/{path.name}" not in made and not path.is_symlink() and MARK in path.read_text("utf-8", "replace"):
            path.unlink()


def _tell_beyond(references: str, folder: Path) -> None:
    """Warn of characters that pdflatex cannot print."""
    chars = beyond_latex(references)
    if chars:
        shown = "".join(chars[:12]) + ("..." if len(chars) > 12 else "")
        warn(
            f"{folder / 'references.bib'} holds {counted(len(chars), 'character')} that pdflatex prints as a question mark "
            f"({shown}): compile the section with lualatex or xelatex, and a font that has them.",
            LatexWarning,
        )


def untraced_numbers(latex: str) -> list[str]:
    """Return the numbers of a LaTeX text that stand outside macros, citations, labels and commands."""
    return re.findall(r"\d[\d.,]*", _ALLOWED.sub(" ", latex))


def _render(backend: LatexBackend | MarkdownBackend | DocxBackend, context: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=False,
        autoescape=False,  # noqa: S701
    )
    folder = files("analysis.survey").joinpath("templates")
    # macros are not seen across included templates, so the parts are one
    source = "".join(folder.joinpath(f"{name}.jinja").read_text("utf-8") for name in _TEMPLATES)
    template = environment.from_string(source)
    text = template.render(b=backend, ref=backend.ref, **context)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _latexed(text: str) -> str:
    for plain, latex in _LATEX_WORDS.items():
        text = text.replace(plain, latex)
    # a citation stays with the word before it
    return text.replace(" \\cite{", "~\\cite{")


def _quarto(title: str, markdown: str) -> str:
    """Return the section for Quarto, or for pandoc with its citations."""
    head = {"title": title, "bibliography": "references.bib", "link-citations": True, "number-sections": False}
    lines = "\n".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items())
    plain = re.sub(r"<!--.*?-->\n*", "", markdown, flags=re.DOTALL)
    return f"---\n{lines}\n---\n\n{plain.strip()}\n"


def _document(title: str, body: str, beyond: Sequence[str], *, two_columns: bool = False) -> str:
    kind = "[journal]{IEEEtran}" if two_columns else "[11pt]{article}"
    page = "" if two_columns else "\\usepackage[margin=2.5cm]{geometry}\n"
    # both print howpublished, plainurl also DOI and address
    style = "IEEEtran" if two_columns else "plainurl"
    # pdflatex prints a question mark for what it cannot print; lualatex and xelatex print all that the font has
    missing = "".join(f"\\DeclareUnicodeCharacter{{{ord(char):04X}}}{{\\textbf{{?}}}}\n" for char in beyond)
    return (
        f"\\documentclass{kind}\n\\usepackage{{iftex}}\n\\ifPDFTeX\n\\usepackage[T1]{{fontenc}}\n\\usepackage[utf8]{{inputenc}}\n"
        f"\\usepackage{{lmodern}}\n{missing}\\else\n\\usepackage{{fontspec}}\n\\fi\n"
        f"\\usepackage{{textcomp}}\n\\usepackage{{amssymb}}\n{page}\\usepackage{{graphicx}}\n"
        "\\usepackage{booktabs}\n\\usepackage{url}\n\\usepackage[hidelinks]{hyperref}\n\\input{numbers}\n"
        f"\\title{{{latex_text(title)}}}\n\\author{{}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n\n{body}\n\n"
        f"\\bibliographystyle{{{style}}}\n\\bibliography{{references}}\n\\end{{document}}\n"
    )
