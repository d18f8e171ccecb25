"""Do text, figures, notebooks and tables agree? Everything is made again in memory and compared."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.artefacts import StageRecord, hash_file
from analysis.corpus.paper import Corpus
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.gallery import GALLERY, gallery
from analysis.topics.result import Topics
from analysis.trends.result import Trends

_CITED_MARKDOWN = re.compile(r"@([A-Za-z][A-Za-z0-9]*)")
_CITED_LATEX = re.compile(r"\\cite\{([^}]*)\}")
_BIB_KEY = re.compile(r"^@\w+\{([^,]+),", re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """One disagreement: in which file, at which line (0 for the whole file), and what it is."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def check_outputs(folder: Path, stages: Mapping[str, StageRecord]) -> Iterator[Problem]:
    """Yield every output of a stage that is missing or is not what the stage left."""
    for stage, record in stages.items():
        for name, content in record.outputs.items():
            path = folder / name
            if not path.is_file():
                yield Problem(name, 0, f"missing; the stage {stage} wrote it")
            elif hash_file(path) != content:
                yield Problem(name, 0, f"altered since the stage {stage} wrote it")


def check_section(folder: Path, expected: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every line of the survey section that the tables do not give."""
    for name, text in expected.items():
        path = folder / name
        if path.is_file():
            yield from _differences(f"survey/{name}", _text(path), text)


def check_figures(
    folder: Path, corpus: Corpus, topics: Topics, trends: Trends, formats: Sequence[str]
) -> Iterator[Problem]:
    """Yield every line of a figure's data and of the gallery, and every caption, that the tables do not give."""
    captions = folder / "captions.json"
    words = _captions(captions)
    expected: dict[str, dict[str, str]] = {}
    for entry in CATALOGUE:
        frame = entry.data(corpus, topics, trends)
        path = folder / f"{entry.name}.csv"
        if path.is_file():
            yield from _differences(path.name, _text(path), frame.to_csv(index=False))
        expected[entry.name] = {"title": entry.title, "caption": entry.caption(frame), "alt": entry.alt(frame)}
        for kind, text in expected[entry.name].items():
            if words.get((entry.name, kind)) != text:
                yield Problem(captions.name, 0, f"the {kind} of {entry.name} is not what the tables give")
    page = folder / GALLERY
    if page.is_file():
        yield from _differences(page.name, _text(page), gallery(expected, formats))


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
