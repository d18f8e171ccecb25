"""Do text, figures, notebooks and tables agree? Everything is made again in memory and compared."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.corpus.paper import Corpus
from analysis.errors import VerificationError
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.export import figure_page
from analysis.figures.gallery import GALLERY, gallery
from analysis.figures.look import Look, dressed
from analysis.io.files import hash_file
from analysis.study.manifest import StageRecord
from analysis.survey.blocks import Syntax, begin, merge, taken_apart
from analysis.survey.docx_file import docx_lines, is_edited
from analysis.survey.keep import MARKED
from analysis.topics.result import Topics
from analysis.trends.result import Trends

_EDITABLE = {*MARKED, "section.docx"}
_CITED_MARKDOWN = re.compile(r"@([A-Za-z][A-Za-z0-9]*)")
_CITED_LATEX = re.compile(r"\\cite\{([^}]*)\}")
# a macro of numbers.tex is as good as its number
_NUMBER = re.compile(r"\\tt[A-Za-z]+|\d+(?:[.,]\d+)*")
_BIB_KEY = re.compile(r"^@\w+\{([^,]+),", re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """One disagreement: in which file, at which line (0 for the whole file), and what it is."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def check_outputs(folder: Path, stages: Mapping[str, StageRecord], *, editable: bool = False) -> Iterator[Problem]:
    """Yield every output of a stage that is missing or is not what the stage left.

    The section's own files may be edited by hand, so `check_section` reads what they say; with
    `editable` they alone are held to their hashes.
    """
    for stage, record in stages.items():
        for name, content in record.outputs.items():
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
            yield from _differences(f"survey/{name}", _text(path), text)
        else:
            yield from _check_marked(f"survey/{name}", _text(path), text, syntax)


def _check_marked(name: str, found: str, fresh: str, syntax: Syntax) -> Iterator[Problem]:
    """Yield what is wrong with a file whose paragraphs may be edited: their words, not their numbers."""
    marked = taken_apart(found, syntax)
    if marked.problem:
        yield Problem(name, 1, marked.problem)
        yield from _differences(name, found, fresh)
        return
    merged = merge(found, fresh, syntax)
    yield from _differences(name, found, merged.text)
    generated = taken_apart(fresh, syntax).blocks
    for block in merged.kept:
        line = found[: found.index(begin(block, syntax))].count("\n") + 1
        if block in merged.conflicts:
            yield Problem(name, line, f"the edited paragraph {block} stands in conflict with what the tables give now")
        for message in foreign_numbers(marked.blocks[block], generated.get(block, "")):
            yield Problem(name, line, f"the edited paragraph {block} {message}")


def check_document(folder: Path, fresh: bytes) -> Iterator[Problem]:
    """Yield every number of section.docx that the tables do not give."""
    path = folder / "section.docx"
    if not path.is_file():
        return
    try:
        found, wanted = docx_lines(path.read_bytes()), docx_lines(fresh)
    except VerificationError as error:
        yield Problem("survey/section.docx", 0, str(error))
        return
    if not is_edited(path.read_bytes()):
        yield from _differences("survey/section.docx", "\n".join(found), "\n".join(wanted))
        return
    known = set(wanted)
    edited = "\n".join(line for line in found if line not in known)
    for message in foreign_numbers(edited, "\n".join(wanted)):
        yield Problem("survey/section.docx", 0, f"an edited line {message}")


def foreign_numbers(edited: str, generated: str) -> list[str]:
    """Return what is wrong with the numbers of a text that a user edited.

    A sentence that differs from a generated one in its numbers alone must have that one's numbers;
    any other sentence may quote only numbers that the generated text holds.

    Parameters
    ----------
    edited, generated : str

    Returns
    -------
    list of str
        Such as "says '280'; the tables give '279'".
    """
    by_mask: dict[str, list[list[str]]] = {}
    for sentence in _sentences(generated):
        by_mask.setdefault(_NUMBER.sub("#", sentence), []).append(_NUMBER.findall(sentence))
    known = {number for several in by_mask.values() for numbers in several for number in numbers}
    wrong = []
    for sentence in _sentences(edited):
        numbers, alike = _NUMBER.findall(sentence), by_mask.get(_NUMBER.sub("#", sentence))
        if alike is None:
            wrong += [
                f"says {number!r}, which the tables do not give here" for number in numbers if number not in known
            ]
        elif numbers not in alike:
            pairs = zip(numbers, alike[0], strict=True)
            wrong += [f"says {here!r}; the tables give {there!r}" for here, there in pairs if here != there]
    return wrong


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text without its citations and comments, which hold no results."""
    plain = re.sub(r"\[@[^\]]*\]|\\cite\{[^}]*\}|<!--.*?-->|(?m:^%.*$)", "", text)
    return [part.strip() for part in re.split(r"(?<=[.;!?])\s+|\n", plain) if part.strip()]


def check_figures(
    folder: Path, corpus: Corpus, topics: Topics, trends: Trends, formats: Sequence[str], look: Look
) -> Iterator[Problem]:
    """Yield every line of a figure's data and of the gallery, every page and caption, that the tables do not give."""
    captions = folder / "captions.json"
    words = _captions(captions)
    expected: dict[str, dict[str, str]] = {}
    for entry in CATALOGUE:
        frame = entry.data(corpus, topics, trends)
        path = folder / f"{entry.name}.csv"
        if path.is_file():
            yield from _differences(path.name, _text(path), frame.to_csv(index=False))
        expected[entry.name] = {"title": entry.title, "caption": entry.caption(frame), "alt": entry.alt(frame)}
        page = folder / f"{entry.name}.html"
        if page.is_file():
            fig = dressed(entry.draw(frame), look)
            yield from check_page(page, figure_page(fig, entry, expected[entry.name]))
        for kind, text in expected[entry.name].items():
            if words.get((entry.name, kind)) != text:
                yield Problem(captions.name, 0, f"the {kind} of {entry.name} is not what the tables give")
    page = folder / GALLERY
    if page.is_file():
        yield from _differences(page.name, _text(page), gallery(expected, formats))


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


def _differences(name: str, found: str, expected: str) -> Iterator[Problem]:
    """Yield one problem a line that differs, quoting the first words that do."""
    here, there = found.splitlines(), expected.splitlines()
    matcher = difflib.SequenceMatcher(a=there, b=here, autojunk=False)
    for kind, start, stop, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        for offset in range(max(stop - start, last - first)):
            wanted = there[start + offset] if start + offset < stop else ""
            shown = here[first + offset] if first + offset < last else ""
            yield Problem(name, first + offset + 1, _quoted(shown, wanted))


def _quoted(shown: str, wanted: str) -> str:
    old, new = wanted.split(), shown.split()
    for kind, start, stop, first, last in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind != "equal":
            there, here = " ".join(old[start:stop])[:60], " ".join(new[first:last])[:60]
            return f"says {here!r}; the tables give {there!r}"
    return "differs in white space from what the tables give"
