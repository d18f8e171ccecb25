"""A self-test of verification: change one number in each kind of output and see whether it is caught."""

import io
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.io.files import read_table, write_bytes, write_tables, write_text
from analysis.verify.comparison import Problem

_MACRO = re.compile(r"(\\tt[A-Za-z]+\{\})")
_NUMBER = re.compile(r"(?<![\w.#=-])(\d+(?:\.\d+)?)(?![\w-])")


@dataclass(frozen=True)
class Kind:
    """A kind of output: its name, one file of it, and where in its text a number is to be changed.

    Attributes
    ----------
    name, file : str
        The file is relative to the study.
    after : str
        Regular expression; the first number after its first match is changed. None for binary files.
    """

    name: str
    file: str
    after: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one change.

    Attributes
    ----------
    kind, file, change : str
    traced : bool
        Whether what the tables give was held against it; else only its hash tells.
    caught : bool
    message : str
        The problem that named it.
    """

    kind: str
    file: str
    change: str
    traced: bool
    caught: bool
    message: str


KINDS = (
    Kind("prose, Markdown", "figures/survey/section.md", "## Corpus"),
    Kind("table, Markdown", "figures/survey/section.md", r"\| Topic \|.*\n.*\n"),
    Kind("prose, LaTeX", "figures/survey/section.tex", r"section\{Trends\}"),
    Kind("prose, IEEE", "figures/survey/section_ieee.tex", r"section\{Trends\}"),
    Kind("prose, Word", "figures/survey/section.docx"),
    Kind("numbers.tex", "figures/survey/numbers.tex", r"newcommand"),
    Kind("table, CSV", "figures/survey/tables/topics.csv", r"\n"),
    Kind("table, LaTeX", "figures/survey/tables/topics.tex", r"midrule"),
    Kind("references", "figures/survey/references.bib", r"year = \{"),
    Kind("caption", "figures/captions.json", r'"caption": "'),
    Kind("alt text", "figures/captions.json", r'"alt": "'),
    Kind("gallery", "figures/README.md", r"# Figures"),
    Kind("figure's data", "figures/trend_forest.csv", r"\n"),
    Kind("figure, HTML", "figures/trend_forest.html", r"newPlot"),
    Kind("figure, SVG", "figures/trend_forest.svg", r"<text"),
    Kind("figure, PNG", "figures/trend_forest.png"),
    Kind("figure, PDF", "figures/trend_forest.pdf"),
    Kind("explorer", "figures/index.html", r'id="data"'),
    Kind("notebook", "notebooks/03_trends.ipynb", r'"outputs": \[\s*\{'),
    Kind("corpus", "data/corpus/papers.parquet"),
    Kind("topics", "data/topics/table.parquet"),
    Kind("trends", "data/trends/tests.parquet"),
)


def tamper(
    folder: Path, parts: Sequence[Path], check: Callable[[Path], list[Problem]], kinds: Sequence[Kind] = KINDS
) -> Iterator[Outcome]:
    """Change one number at a time in a copy of a study and yield what verification says.

    Parameters
    ----------
    folder : Path
        A study that verifies; it is not touched.
    parts : sequence of Path
        Its files and folders, all within it.
    check : callable
        Verifies the study in a folder.
    kinds : sequence of Kind
        Those whose file the study does not have are passed over.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "study"
        _copy(folder, parts, copy)
        for kind in kinds:
            path = copy / kind.file
            if not path.is_file():
                continue
            content = path.read_bytes()
            change = _changed(path, kind)
            problems = [problem for problem in check(copy) if _names(problem, kind)]
            traced = [problem for problem in problems if "altered since" not in problem.message]
            message = str((traced or problems)[0]) if problems else ""
            yield Outcome(kind.name, kind.file, change, bool(traced), bool(problems), message)
            write_bytes(path, content)


def _names(problem: Problem, kind: Kind) -> bool:
    """Return whether a problem is about the changed file, or about tables that no longer fit together because of it."""
    return Path(problem.file).name == Path(kind.file).name or problem.file.endswith(kind.file)


def _copy(folder: Path, parts: Sequence[Path], target: Path) -> None:
    """Copy what a study is made of, and no environment that may lie beside it."""
    for source in parts:
        path = target / source.resolve().relative_to(folder.resolve())
        if source.is_dir():
            shutil.copytree(source, path, dirs_exist_ok=True)
        elif source.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, path)


def _changed(path: Path, kind: Kind) -> str:
    """Change one number of a file and return how."""
    by_suffix: dict[str, Callable[[Path], str]] = {
        ".parquet": _changed_table,
        ".docx": _changed_document,
        ".png": _changed_byte,
        ".pdf": _changed_byte,
    }
    if path.suffix in by_suffix:
        return by_suffix[path.suffix](path)
    text = path.read_text(encoding="utf-8")
    start = re.search(kind.after, text)
    # the LaTeX prose holds macros alone, so there a number is typed over one
    pattern = _MACRO if Path(kind.file).stem.startswith("section") and path.suffix == ".tex" else _NUMBER
    match = pattern.search(text, start.end() if start else 0)
    if match is None:
        raise ValueError(f"{kind.file} has no number to change after {kind.after!r}")
    other = "42" if pattern is _MACRO else _other(match[1])
    write_text(path, f"{text[: match.start(1)]}{other}{text[match.end(1) :]}")
    return f"{match[1]} → {other}"


def _other(number: str) -> str:
    """Return a number that differs in its last digit."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _changed_table(path: Path) -> str:
    frame = read_table(path)
    name = frame.select_dtypes("number").columns[0]
    before = frame[name].iloc[0]
    rest = [False, *[True] * (len(frame) - 1)]
    frame[name] = frame[name].where(rest, 1 if pd.isna(before) else before + 1)
    write_tables({path: frame})
    return f"{name}: {before} → {frame[name].iloc[0]}"


def _changed_document(path: Path) -> str:
    from docx import Document

    document = Document(str(path))
    for paragraph in document.paragraphs:
        match = _NUMBER.search(paragraph.text)
        if match is not None:
            paragraph.text = f"{paragraph.text[: match.start(1)]}{_other(match[1])}{paragraph.text[match.end(1) :]}"
            changed = io.BytesIO()
            document.save(changed)
            write_bytes(path, changed.getvalue())
            return f"{match[1]} → {_other(match[1])}"
    raise ValueError(f"{path} has no number to change")


def _changed_byte(path: Path) -> str:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    write_bytes(path, bytes(content))
    return "one bit"
