"""What a corpus is read from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.corpus.archives import is_archive, members
from analysis.corpus.merge import DateChoice
from analysis.corpus.named_sources import NamedSource
from analysis.corpus.pieces import PIECE
from analysis.corpus.selection import ANY_WITH_FINDINGS, Selection
from analysis.errors import CorpusError
from analysis.io.files import readable_name
from analysis.io.partitions import PARTITION
from analysis.validation import expect_paths


@dataclass(frozen=True)
class Exports:
    """What a corpus is read from, and how it is divided; how it is divided changes no table.

    Attributes
    ----------
    files : list of (name, path)
        Sorted by name.
    columns : mapping of field to column
    date_choice : {"first_submission", "publication"}
    supplement, answers : Path or None
        Curated dates, and what services answered.
    threshold : int
        More papers than this lie in several partitions.
    partition : int
        Papers of a partition.
    piece : int
        Bytes of an export that are read at once.
    named : sequence of NamedSource
        Files that are exports of one source.
    selection : Selection
        Types and languages that topics are made of.
    merge_edits : Path or None
        What a reader decided about pairs of records.
    """

    files: Sequence[tuple[str, Path]]
    columns: Mapping[str, str]
    date_choice: DateChoice = "first_submission"
    supplement: Path | None = None
    answers: Path | None = None
    threshold: int = PARTITION
    partition: int = PARTITION
    piece: int = PIECE
    named: Sequence[NamedSource] = ()
    selection: Selection = ANY_WITH_FINDINGS
    merge_edits: Path | None = None


def export_files(path: str | Path | Sequence[str | Path]) -> list[tuple[str, Path]]:
    """Return (name to report, path) of the exports, sorted by name.

    Raises
    ------
    CorpusError
        There is no such folder, no file in it, or two files that cannot be told apart.
    """
    given = expect_paths(path, "path", CorpusError)
    listed: list[tuple[str, Path]] = []
    for root in given:
        if not root.exists():
            raise CorpusError(f"{root} does not exist; put your exports there, or name their folder in study.toml")
        if root.is_file():
            listed.append((root.name, root))
            continue
        inside = [(file.relative_to(root).as_posix(), file) for file in root.rglob("*") if file.is_file()]
        listed += [(name, file) for name, file in inside if not any(p.startswith(".") for p in Path(name).parts)]
    if not listed:
        where = ", ".join(map(str, given))
        raise CorpusError(f"{where} holds no files; put your exports there, or name their folder in study.toml")
    listed = [pair for name, file in listed for pair in _unpacked(name, file)]
    # a name that is no text would stop every table that it stands in
    listed = [(readable_name(name), file) for name, file in listed]
    # the same file named twice, or named beside its folder, is read once
    listed = list({file.resolve(): (name, file) for name, file in listed}.values())
    return sorted(_told_apart(listed))


def _told_apart(listed: list[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """Return files of one name, of several folders, with as much of their paths as tells them apart."""
    depth = 1
    while len({name for name, _ in listed}) < len(listed):
        depth += 1
        shared = {name for name, count in Counter(name for name, _ in listed).items() if count > 1}
        longer = [
            (readable_name("/".join(file.parts[-depth - name.count("/") :])) if name in shared else name, file)
            for name, file in listed
        ]
        if longer == listed:
            raise CorpusError("two of the files cannot be told apart by their paths; give each once")
        listed = longer
    return listed


def _unpacked(name: str, file: Path) -> list[tuple[str, Path]]:
    """Return the members of an archive, each as a path that leads into it; any other file as it is."""
    if not is_archive(file):
        return [(name, file)]
    return [(f"{name}/{member}", file / member) for member in members(file)]
