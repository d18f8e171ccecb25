"""A result's files in a folder, with one that says what they are, in which format, and the hash of each."""

import contextlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.errors import ArtefactError
from analysis.io.files import hash_file, read_table, replacing, write_text

if TYPE_CHECKING:
    import pandas as pd

# raised whenever a table's columns change so that an older version cannot read them, or the other way round
FORMAT = 3
ABOUT = "about.json"


@dataclass(frozen=True)
class About:
    """What is told of a folder's files.

    Attributes
    ----------
    folder : Path
    facts : mapping of name to text
    hashes : mapping of file, relative to the folder, to the hashes that it may have
        Two while a run replaces files: that of before, and that of after.
    """

    folder: Path
    facts: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def check(self, path: Path) -> Path:
        """Return a file's path; raise ArtefactError where its content is not what was written."""
        name = path.relative_to(self.folder).as_posix()
        if not path.is_file():
            raise ArtefactError(f"{path} is missing; `topictrends run` writes it")
        if name not in self.hashes:
            raise ArtefactError(f"{path} is none of the files that were saved here; make them anew")
        if hash_file(path) not in self.hashes[name]:
            raise ArtefactError(f"{path} is damaged: it is not what was written; delete it and run again")
        return path


def write_result(
    folder: Path, kind: str, tables: "Mapping[str, pd.DataFrame]", facts: Mapping[str, str] | None = None
) -> list[Path]:
    """Write tables by name, what they are, and some facts about them; return the files' paths.

    Raises
    ------
    ArtefactError
        The folder cannot be written.
    """
    refuse_other_kind(folder, kind)
    paths = {name: folder / f"{name}.parquet" for name in tables}
    with contextlib.ExitStack() as stack:
        made = {}
        for name, frame in tables.items():
            temporary = stack.enter_context(replacing(paths[name]))
            frame.to_parquet(temporary, compression="zstd")
            made[f"{name}.parquet"] = hash_file(temporary)
        # a run that is killed while files are replaced leaves each as it was or as it was to be
        before = _recorded(folder)
        _write(folder, kind, facts, {name: [content, *before.get(name, [])] for name, content in made.items()})
    _write(folder, kind, facts, {name: [content] for name, content in made.items()})
    return [*paths.values(), folder / ABOUT]


def refuse_other_kind(folder: Path, kind: str) -> None:
    """Raise ArtefactError where a folder is a file, or holds a result of another kind, which would be lost."""
    if folder.exists() and not folder.is_dir():
        raise ArtefactError(f"{folder} is a file; name a folder")
    found = _kind_in(folder)
    if found not in ("", kind):
        raise ArtefactError(f"{folder} holds {found}; name another folder for the {kind}")


def _kind_in(folder: Path) -> str:
    """Return of what kind the result in a folder is; nothing where there is none, or nothing legible is told of it."""
    try:
        return _read(folder)[0]
    except ArtefactError:
        return ""


def write_about(folder: Path, kind: str, files: Iterable[Path], facts: Mapping[str, str] | None = None) -> Path:
    """Write what a folder's files are, in which format, and the hash of each; return the path of what was written."""
    hashes = {path.relative_to(folder).as_posix(): [hash_file(path)] for path in files}
    return _write(folder, kind, facts, hashes)


def _write(folder: Path, kind: str, facts: Mapping[str, str] | None, hashes: Mapping[str, Sequence[str]]) -> Path:
    content = {
        "kind": kind,
        "format": FORMAT,
        "version": __version__,
        "facts": dict(facts or {}),
        "files": dict(hashes),
    }
    write_text(folder / ABOUT, json.dumps(content, indent=1, sort_keys=True) + "\n")
    return folder / ABOUT


def _recorded(folder: Path) -> Mapping[str, Sequence[str]]:
    """Return the hashes of a result that is about to be replaced; none where nothing legible is told of it."""
    try:
        return _read(folder)[1].hashes
    except ArtefactError:
        return {}


def read_result(folder: Path, kind: str, names: Sequence[str]) -> "dict[str, pd.DataFrame]":
    """Read what `write_result` wrote.

    Raises
    ------
    ArtefactError
        The folder holds no such result, one in another format, or a damaged one.
    """
    about = read_about(folder, kind)
    return {name: read_table(about.check(folder / f"{name}.parquet")) for name in names}


def read_about(folder: Path, kind: str) -> About:
    """Return what is told of a folder's files.

    Raises
    ------
    ArtefactError
        They are no result of this kind in today's format.
    """
    if not folder.is_dir():
        raise ArtefactError(
            f"{folder} does not exist, so it holds no {kind}; `topictrends run` writes those of a study, save() others"
        )
    found, about = _read(folder)
    if found != kind:
        raise ArtefactError(f"{folder} holds {found}, not {kind}")
    return about


def _read(folder: Path) -> tuple[str, About]:
    path = folder / ABOUT
    if not path.is_file():
        raise ArtefactError(
            f"{folder} holds no saved result: {path.name} is missing; save() or `topictrends run` writes it"
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        kind, form, version = str(content["kind"]), int(content["format"]), str(content["version"])
        if form != FORMAT:
            raise ArtefactError(
                f"{folder} was saved by topictrends {version} in format {form}; {__version__} reads format {FORMAT}. Load it "
                "with that version, or make it anew"
            )
        facts = {str(name): str(value) for name, value in content["facts"].items()}
        hashes = {str(name): [str(value) for value in values] for name, values in content["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise ArtefactError(f"{path} is damaged ({error}); save the result again, or run again") from error
    return kind, About(folder, facts, hashes)
