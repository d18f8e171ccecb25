"""The survey section: rendered from tables, each number quoted from a cell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
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
from analysis.survey.docx_file import DocxBackend, write_docx
from analysis.survey.group_tables import told_groupings
from analysis.survey.keep import MARKED, docx_name, with_edits
from analysis.survey.number_book import NumberBook
from analysis.survey.references import citable_papers, citation_keys, plain_references, references_bib
from analysis.survey.tables import UNSTABLE, section_tables
from analysis.topics.describe.layout import UMAP_FROM
from analysis.topics.outline.report import APART
from analysis.topics.reader_sample import ReaderCheck
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.trends.verdict import DOWN, MOVED, UP, VERDICTS
from analysis.validation import expect, expect_path, expect_seed

# countries, venues and authors that the prose names
_WHO_TOLD = 3
_LATEX_WORDS = {
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    '"Inconclusive"': "``Inconclusive''",
    '"unchanged"': "``unchanged''",
}
_LONGEST_SOURCES_TABLE = 30
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
    """

    title: str
    tables: dict[str, pd.DataFrame]
    context: Mapping[str, Any]
    cited: pd.DataFrame

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
        """
        tables = section_tables(corpus, topics, trends, seed, versions, check)
        cited = citable_papers(corpus, topics.representatives["paper_id"])
        context = _context(len(corpus), topics, trends, tables, cited, list(versions or {}))
        return cls(title, tables, context, cited)

    def text_files(self) -> dict[str, str]:
        """Render every text file of the section without writing any.

        Returns
        -------
        dict of relative path to content
            section.md, section.tex (an article), section_ieee.tex (IEEE's two columns), numbers.tex,
            references.bib, tables/<name>.csv and .tex. The same inputs give the same text.

        Raises
        ------
        VerificationError
            A number of the prose is not a cell of a table.
        """
        book = NumberBook(self.tables)
        tables = {path.as_posix(): text for path, text in table_files(Path("tables"), self.tables).items()}
        markdown = _render(MarkdownBackend(book, display_tables(self.tables)), self.context)
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
            "section.tex": _document(self.title, latex, beyond),
            "section_ieee.tex": _document(self.title, wide, beyond, two_columns=True),
            "numbers.tex": numbers,
            "references.bib": references,
        }
        marked = {name: with_header(contents[name], syntax) for name, syntax in MARKED.items()}
        return contents | marked | tables

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
    section = Section.of(corpus, topics, trends, title=title, seed=seed, versions=versions, check=check)
    made = section.text_files()
    _tell_beyond(made["references.bib"], target)
    texts = {target / name: text for name, text in with_edits(target, made).items()}
    document = target / docx_name(target)
    write_texts(texts)
    write_bytes(document, section.document(target.parent))
    return [*texts, document]


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
    template = environment.from_string(files("analysis.survey").joinpath("templates/section.jinja").read_text("utf-8"))

    text = template.render(b=backend, ref=backend.ref, **context)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _latexed(text: str) -> str:
    for plain, latex in _LATEX_WORDS.items():
        text = text.replace(plain, latex)
    # a citation stays with the word before it
    return text.replace(" \\cite{", "~\\cite{")


def _document(title: str, body: str, beyond: Sequence[str], *, two_columns: bool = False) -> str:
    kind = "[journal]{IEEEtran}" if two_columns else "[11pt]{article}"
    page = "" if two_columns else "\\usepackage[margin=2.5cm]{geometry}\n"
    style = "IEEEtran" if two_columns else "plain"
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


def _context(
    n_papers: int,
    topics: Topics,
    trends: Trends,
    tables: Mapping[str, pd.DataFrame],
    cited: pd.DataFrame,
    versions: list[str],
) -> dict[str, Any]:
    """Return what the template decides by; the values that it shows are all quoted from tables."""
    flow, periods, verdicts = tables["flow"]["count"], tables["periods"]["value"], tables["verdicts"]
    quality = tables["quality"]["value"]
    testable = bool((verdicts["assessable"] > 0).any())
    alpha = float(tables["settings"]["value"]["alpha_percent"]) / 100
    has_concepts = len(tables["concepts"]) > 0
    families = [_family(name, tables[name], alpha) for name in ("themes", "topics", "concepts")[: 2 + has_concepts]]
    themes = _themes(topics, cited)
    unstable = [row for row, value in tables["topics"]["stability"].items() if value < UNSTABLE]
    return {
        "themes": themes,
        "alone": [theme for theme in themes if not theme["split"]],
        "families": families,
        "unstable": unstable,
        "n": {name: int(value) for name, value in flow.items()},
        "one": lambda name, single, several: single if flow[name] == 1 else several,
        "sizes": {name: tables[name]["size"].to_dict() for name in ("themes", "topics")},
        "one_topic": quality["topics"] == 1,
        "method": topics.method,
        "sentences": _by_sentences(topics),
        "recorded": _by_records(topics),
        "checked": len(tables["reader"]) > 0,
        "title_only": len(topics.title_only),
        "copies": len(topics.copies),
        **_outline(topics),
        "redrawn": topics.draws.shape[1] > 0,
        "one_in_smallest": quality["smallest_size"] == 1,
        "mapped": n_papers >= UMAP_FROM,
        "edited": quality["edits"] > 0,
        "several_sources": flow["sources"] > 1,
        "has_sources_table": 1 < flow["sources"] <= _LONGEST_SOURCES_TABLE,
        "has_periods": periods["count"] > 0,
        "one_period": periods["count"] == 1,
        "one_thin": periods["thin"] == 1,
        "one_in_fullest": periods["most_papers"] == 1,
        "has_thin": periods["thin"] > 0,
        "has_imprecise": flow["papers_month_precise"] + flow["papers_year_precise"] > 0,
        "any_verdict": any(
            family["rows"][verdict] for family in families[:2] for verdict in VERDICTS if verdict != "inconclusive"
        ),
        "testable": testable,
        "versions": versions,
        "has_concepts": has_concepts,
        "has_choices": len(trends.sensitivity) > 0,
        "bursts": list(tables["bursts"].index),
        "calibrated": len(tables["calibration"]) > 0,
        "calibrated_pooled": "sources pooled" in tables["calibration"].index,
        "wandering": bool((verdicts["wandering_asked"] > 0).any()),
        "author_groups": str(tables["settings"]["value"]["author_groups"]) not in ("0", "unknown"),
        "one_author_group": str(tables["settings"]["value"]["author_groups"]) == "1",
        "any_directed": any(verdicts["directed"] > 0),
        "pairs": _told_pairs(tables["pairs"]),
        "overlap": tables["overlap"].index.tolist(),
        "overlap_up": (tables["overlap"]["odds_ratio"] > 1).to_dict(),
        "overlapping": len(trends.overlap_tests) > 0,
        "who": _told_who(tables["who"]),
        "events": _events(tables["events"], alpha),
        "groupings": told_groupings(tables["groupings"], tables["groups"]),
        "group_way": tables["groups"]["verdict"].to_dict(),
        "slope_way": tables["groups"]["slope_verdict"].to_dict(),
        "powers": {
            family: {
                "rise": bool(np.isfinite(verdicts.loc[family, "median_detectable_rise"])),
                "fall": bool(verdicts.loc[family, "median_detectable_fall"] > 0),
            }
            for family in ("themes", "topics")
        },
        # without trends nothing needs to be said of what they compare
        "limits": [
            row
            for row in ("windows", "texts", "languages", *(["shares"] if testable else []))
            if row in tables["limits"].index
        ],
    }


def _told_pairs(table: pd.DataFrame) -> dict[str, Any]:
    """Return the rows of pairs that moved, by kind, and how many were asked."""
    moved = table[table["verdict"] != "inconclusive"]
    rows = {kind: moved.index[moved["kind"] == kind].tolist() for kind in ("concept in topic", "topic against topic")}
    unheld = moved.index[~moved["series_holds"].fillna(True).astype(bool)].tolist()
    return {
        "asked": len(table),
        "unheld": unheld,
        "rows": rows,
        "up": (table["odds_ratio"] > 1).to_dict(),
        "moved": len(moved),
    }


def _told_who(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of what several papers list most often, by kind."""
    told = table[table["papers"] > 1].groupby("kind", sort=False).head(_WHO_TOLD)
    plurals = {"country": "countries", "venue": "venues", "author": "authors"}
    return [{"kind": plurals[str(kind)], "rows": list(rows.index)} for kind, rows in told.groupby("kind", sort=False)]


def _family(name: str, table: pd.DataFrame, alpha: float) -> dict[str, Any]:
    rows = {verdict: table.index[table["verdict"] == verdict].tolist() for verdict in VERDICTS}
    aside = table.index[(table["q"] < alpha) & table["verdict"].isin(["steady", "inconclusive"])].tolist()
    asked = name != "concepts"
    beyond = table.index[table["beyond_wandering"].fillna(False) & table["verdict"].isin(MOVED)].tolist()
    directed = table["verdict"].isin([*UP, *DOWN])
    return {
        "name": name,
        "unheld": table.index[directed & ~table["series_holds"].fillna(True)].tolist(),
        "noun": name.removesuffix("s"),
        "aside": aside,
        "rows": rows,
        "beyond": beyond,
        "up": (table["odds_ratio"] > 1).to_dict(),
        "course": table["course"].to_dict(),
        "doubling": {row: bool(0.05 < years < 100) for row, years in table["doubling_years"].items()},
        "choices": table["choices"].to_dict() if asked else {},
        "reversed": table["choices_reversed"].to_dict() if asked else {},
    }


def _events(table: pd.DataFrame, alpha: float) -> list[dict[str, Any]]:
    """Return the events that were asked about, and the rows of the steps that are beyond chance."""
    return [
        {
            "first": rows.index[0],
            "steps": rows.index[rows["q"] < alpha].tolist(),
            "up": (rows["odds_ratio"] > 1).to_dict(),
        }
        for _, rows in table.groupby("event", sort=False)
    ]


def _outline(topics: Topics) -> dict[str, Any]:
    """Return what the section tells of a reader's outline: rows of what is weak, missed, and hardly told apart."""
    told = topics.outline
    near = told.index[(told["margin"] < APART) & (told["neighbour"] != "") & (told["told"] != "unsupported")]
    return {
        "outline": len(told) > 0,
        "one_supported": (told["told"] == "supported").sum() == 1,
        "weak": told.index[told["told"] == "unsupported"].tolist(),
        "alike": near.tolist(),
        "beside": topics.beside_outline,
        "beside_none": len(told) > 0 and not topics.beside_outline,
    }


def _by_sentences(topics: Topics) -> bool:
    """Return whether a sentence model made some of the vectors."""
    options = None if topics.origin is None else topics.origin.options
    return options is not None and options.transformer is not None


def _by_records(topics: Topics) -> str:
    """Return which records made views beside the texts, in words; empty where none did."""
    words = {
        "keywords": "author keywords",
        "index terms": "the databases' index terms",
        "coupling": "the works that papers cite in common",
        "co-citation": "the papers that cite them together",
    }
    used = topics.views.index[topics.views["views"] > 0]
    told = [words[name] for name in used if name in words]
    return " and ".join(", ".join(told).rsplit(", ", 1))


def _themes(topics: Topics, papers: pd.DataFrame) -> list[dict[str, Any]]:
    keys = citation_keys(papers)
    cited = {
        topic: [keys[paper] for paper in papers[:2]] for topic, papers in topics.table["representative_papers"].items()
    }
    return [
        {
            "row": str(number),
            "split": len(row["topics"]) > 1,
            "topics": [{"row": str(topic), "cites": cited[topic]} for topic in row["topics"]],
        }
        for number, row in topics.themes.iterrows()
    ]
