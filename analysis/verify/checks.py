"""Each kind of a study's output held against what its tables give."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis.corpus.paper import Corpus
from analysis.errors import VerificationError
from analysis.escaping import csv_text
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.drawing.style import Style
from analysis.figures.gallery import GALLERY, gallery
from analysis.figures.pages import figure_page
from analysis.io.files import hash_file
from analysis.survey.blocks import Syntax, begin, merge, parse_blocks
from analysis.survey.docx_file import docx_lines, is_edited
from analysis.survey.keep import MARKED
from analysis.topics.result import Topics
from analysis.trends.result import Trends
from analysis.verify.comparison import Problem, differences, foreign_numbers

_EDITABLE = {*MARKED, "section.docx"}
_CITED_MARKDOWN = re.compile(r"@([A-Za-z][A-Za-z0-9]*)")
_CITED_LATEX = re.compile(r"\\cite\{([^}]*)\}")
_BIB_KEY = re.compile(r"^@\w+\{([^,]+),", re.MULTILINE)


def check_outputs(
    folder: Path, outputs: Mapping[str, Mapping[str, str]], *, editable: bool = False
) -> Iterator[Problem]:
    """Yield every output of a stage, told with its hash, that is missing or is not what the stage left.

    The section's own files may be edited by hand, so `check_section` reads what they say; with
    `editable` they alone are held to their hashes.
    """
    for stage, written in outputs.items():
        for name, content in written.items():
            path = folder / name
            if not path.is_file():
                if not editable:
                    yield Problem(name, 0, f"missing; the stage {stage} wrote it")
            elif (path.name in _EDITABLE) == editable and hash_file(path) != content:
                yield Problem(name, 0, f"altered since the stage {stage} wrote it")


def check_section(folder: Path, expected: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every line of the survey section that the tables do not give, edited paragraphs' numbers included."""
    for name, text in expected.items():
        path = folder / name
        if not path.is_file():
            continue
        syntax = MARKED.get(name)
        if syntax is None:
            yield from differences(f"survey/{name}", _text(path), text)
        else:
            yield from _check_marked(f"survey/{name}", _text(path), text, syntax)


def _check_marked(name: str, written: str, fresh: str, syntax: Syntax) -> Iterator[Problem]:
    """Yield what is wrong with a file whose paragraphs may be edited: their words, not their numbers."""
    marked = parse_blocks(written, syntax)
    if marked.problem:
        yield Problem(name, 1, marked.problem)
        yield from differences(name, written, fresh)
        return
    merged = merge(written, fresh, syntax)
    yield from differences(name, written, merged.text)
    generated = parse_blocks(fresh, syntax).blocks
    for block in merged.kept:
        line = written[: written.index(begin(block, syntax))].count("\n") + 1
        if block in merged.conflicts:
            yield Problem(name, line, f"the edited paragraph {block} stands in conflict with what the tables give now")
        if block in merged.gone:
            yield Problem(name, line, f"the edited paragraph {block} is of a kind that the tables no longer give")
        for message in foreign_numbers(marked.blocks[block], generated.get(block, "")):
            yield Problem(name, line, f"the edited paragraph {block} {message}")


def check_document(folder: Path, fresh: bytes) -> Iterator[Problem]:
    """Yield every number of section.docx that the tables do not give."""
    path = folder / "section.docx"
    if not path.is_file():
        return
    try:
        written, wanted = docx_lines(path.read_bytes()), docx_lines(fresh)
    except VerificationError as error:
        yield Problem("survey/section.docx", 0, str(error))
        return
    if not is_edited(path.read_bytes()):
        yield from differences("survey/section.docx", "\n".join(written), "\n".join(wanted))
        return
    known = set(wanted)
    edited = "\n".join(line for line in written if line not in known)
    for message in foreign_numbers(edited, "\n".join(wanted)):
        yield Problem("survey/section.docx", 0, f"an edited line {message}")


def check_figures(
    folder: Path, corpus: Corpus, topics: Topics, trends: Trends, formats: Sequence[str], style: Style
) -> Iterator[Problem]:
    """Yield every line of a figure's data and of the gallery, every page and caption, that the tables do not give."""
    captions = folder / "captions.json"
    words = _captions(captions)
    expected: dict[str, dict[str, str]] = {}
    drawn = []
    for spec in CATALOGUE:
        frame = spec.data(corpus, topics, trends)
        expected[spec.name] = spec.words(frame, topics)
        for kind, text in expected[spec.name].items():
            if words.get((spec.name, kind)) != text:
                yield Problem(captions.name, 0, f"the {kind} of {spec.name} is not what the tables give")
        path, page = folder / f"{spec.name}.csv", folder / f"{spec.name}.html"
        if spec.without(frame):
            for stale in (path, page):
                if stale.is_file():
                    yield Problem(stale.name, 0, "the tables give nothing to draw here, so a run leaves the figure out")
            continue
        drawn.append(spec.name)
        if path.is_file():
            yield from differences(path.name, _text(path), csv_text(frame))
        if page.is_file():
            yield from check_page(page, figure_page(spec.draw(frame, style), spec, expected[spec.name]))
    page = folder / GALLERY
    if page.is_file():
        yield from differences(page.name, _text(page), gallery(expected, formats, drawn))


def check_page(path: Path, expected: str) -> Iterator[Problem]:
    """Yield that a page is not what the tables give; its long lines of data are not compared word by word."""
    if path.is_file() and _text(path) != expected:
        yield Problem(path.name, 0, "the page does not show what the tables give")


def check_citations(folder: Path) -> Iterator[Problem]:
    """Yield every citation of the section that references.bib does not hold."""
    bibliography = folder / "references.bib"
    if not bibliography.is_file():
        return
    known = set(_BIB_KEY.findall(_text(bibliography)))
    for name, pattern in (("section.md", _CITED_MARKDOWN), ("section.tex", _CITED_LATEX)):
        path = folder / name
        if not path.is_file():
            continue
        for number, line in enumerate(_text(path).splitlines(), start=1):
            for group in pattern.findall(line):
                for key in group.split(","):
                    if key.strip() not in known:
                        yield Problem(f"survey/{name}", number, f"cites {key.strip()!r}, which references.bib lacks")


def _text(path: Path) -> str:
    """Return a file's text; bytes that are no text stand as replacement signs and differ from any expected text."""
    return path.read_text(encoding="utf-8", errors="replace")


def _captions(path: Path) -> dict[tuple[str, str], object]:
    """Return the captions by figure and kind; a damaged file holds none."""
    try:
        stored = json.loads(_text(path)) if path.is_file() else {}
    except ValueError:
        return {}
    if not isinstance(stored, dict):
        return {}
    return {
        (name, kind): text for name, words in stored.items() if isinstance(words, dict) for kind, text in words.items()
    }
