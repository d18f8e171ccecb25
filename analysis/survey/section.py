"""The survey section: rendered from tables, each number quoted from a cell."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from analysis.artefacts import write_texts
from analysis.corpus.paper import Corpus
from analysis.errors import VerificationError
from analysis.latex_table import latex_escape
from analysis.survey.backends import (
    Backend,
    LatexBackend,
    MarkdownBackend,
    display_tables,
    markdown_escape,
    table_files,
)
from analysis.survey.numbers import NumberBook
from analysis.survey.references import citation_keys, references_bib
from analysis.survey.tables import UNSTABLE, survey_tables
from analysis.topics.layout import UMAP_FROM
from analysis.topics.result import Topics
from analysis.trends.result import Trends

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


def render_section(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    *,
    title: str = "A literature study",
    seed: int = 0,
    versions: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Render every file of the survey section without writing any.

    Parameters
    ----------
    corpus, topics, trends
    title : str
        Of the document.
    seed : int
    versions : mapping of package to version, optional

    Returns
    -------
    dict of relative path to content
        section.md, section.tex, numbers.tex, references.bib, tables/<name>.csv and .tex. The
        same inputs give the same text.

    Raises
    ------
    VerificationError
        A number of the prose is not a cell of a table.
    """
    tables = survey_tables(corpus, topics, trends, seed=seed, versions=versions)
    book = NumberBook(tables)
    context = _context(corpus, topics, tables, list(versions or {}))
    markdown = _render(MarkdownBackend(book, display_tables(tables)), context)
    latex = _latexed(_render(LatexBackend(book), context))
    loose = untraced_numbers(latex)
    if loose:
        raise VerificationError(f"numbers in the section's prose that come from no table: {', '.join(loose)}")
    contents = {
        "section.md": f"# {markdown_escape(title)}\n\n{markdown}\n",
        "section.tex": _document(title, latex),
        "numbers.tex": book.numbers_tex(),
        "references.bib": references_bib(corpus.papers),
    }
    return contents | {path.as_posix(): text for path, text in table_files(Path("tables"), tables).items()}


def write(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    folder: str | Path,
    *,
    title: str = "A literature study",
    seed: int = 0,
    versions: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write the survey section into `folder`: section.md, section.tex, numbers.tex, references.bib, tables/.

    Parameters are those of `render_section`.

    Returns
    -------
    list of Path
        What was written.
    """
    contents = render_section(corpus, topics, trends, title=title, seed=seed, versions=versions)
    placed = {Path(folder) / name: text for name, text in contents.items()}
    write_texts(placed)
    return list(placed)


def untraced_numbers(latex: str) -> list[str]:
    """Return the numbers of a LaTeX text that stand outside macros, citations, labels and commands."""
    return re.findall(r"\d[\d.,]*", _ALLOWED.sub(" ", latex))


def _render(backend: Backend, context: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=False,
        autoescape=False,  # noqa: S701
    )
    template = environment.from_string(files("analysis.survey").joinpath("templates/section.jinja").read_text("utf-8"))

    def ref(kind: str, name: str) -> str:
        if isinstance(backend, LatexBackend):
            return f"{kind.capitalize()}~\\ref{{{kind[:3]}:{name}}}"
        return f"{kind} “{name.replace('-', ' ')}”"

    text = template.render(b=backend, ref=ref, **context)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _latexed(text: str) -> str:
    for plain, latex in _LATEX_WORDS.items():
        text = text.replace(plain, latex)
    # a citation stays with the word before it
    return text.replace(" \\cite{", "~\\cite{")


def _document(title: str, body: str) -> str:
    return (
        "\\documentclass[11pt]{article}\n\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n\\usepackage{lmodern}\n"
        "\\usepackage{textcomp}\n\\usepackage{amssymb}\n\\usepackage[margin=2.5cm]{geometry}\n\\usepackage{graphicx}\n"
        "\\usepackage{booktabs}\n\\usepackage{url}\n\\usepackage[hidelinks]{hyperref}\n\\input{numbers}\n"
        f"\\title{{{latex_escape(title)}}}\n\\author{{}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n\n{body}\n\n"
        "\\bibliographystyle{plain}\n\\bibliography{references}\n\\end{document}\n"
    )


def _context(corpus: Corpus, topics: Topics, tables: Mapping[str, pd.DataFrame], versions: list[str]) -> dict[str, Any]:
    """Return what the template decides by; the values that it shows are all quoted from tables."""
    flow, periods, verdicts = tables["flow"]["count"], tables["periods"]["value"], tables["verdicts"]
    quality = tables["quality"]["value"]
    alpha = float(tables["settings"]["value"]["alpha_percent"]) / 100
    families = [_family(name, tables[name], alpha) for name in ("themes", "topics")]
    themes = _themes(corpus, topics)
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
        "one_in_smallest": quality["smallest_size"] == 1,
        "mapped": len(corpus) >= UMAP_FROM,
        "edited": quality["edits"] > 0,
        "several_sources": flow["sources"] > 1,
        "has_sources_table": 1 < flow["sources"] <= _LONGEST_SOURCES_TABLE,
        "has_periods": periods["count"] > 0,
        "one_period": periods["count"] == 1,
        "one_thin": periods["thin"] == 1,
        "one_in_fullest": periods["most_papers"] == 1,
        "has_thin": periods["thin"] > 0,
        "has_imprecise": flow["papers_month_precise"] + flow["papers_year_precise"] > 0,
        "any_verdict": any(family["rising"] or family["falling"] or family["steady"] for family in families),
        "testable": bool((verdicts["assessable"] > 0).any()),
        "versions": versions,
    }


def _family(name: str, table: pd.DataFrame, alpha: float) -> dict[str, Any]:
    rows = {verdict: table.index[table["verdict"] == verdict].tolist() for verdict in ("rising", "falling", "steady")}
    aside = table.index[(table["q"] < alpha) & ~table["verdict"].isin(["rising", "falling"])].tolist()
    return {"name": name, "noun": name.removesuffix("s"), "aside": aside, **rows}


def _themes(corpus: Corpus, topics: Topics) -> list[dict[str, Any]]:
    keys = citation_keys(corpus.papers)
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
