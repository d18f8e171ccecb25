"""A result's tables in a folder, with a file that says what they are and in which format."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import __version__
from analysis.errors import ArtefactError
from analysis.io.files import read_table, write_tables, write_text

if TYPE_CHECKING:
    import pandas as pd

# raised whenever a table's columns change so that an older version cannot read them, or the other way round
FORMAT = 1
_ABOUT = "about.json"


def write_result(
    folder: Path, kind: str, tables: "Mapping[str, pd.DataFrame]", facts: Mapping[str, str] | None = None
) -> list[Path]:
    """Write tables by name, what they are, and some facts about them; return the files' paths.

    Raises
    ------
    ArtefactError
        The folder cannot be written.
    """
    files = {folder / f"{name}.parquet": frame for name, frame in tables.items()}
    write_tables(files)
    return [*files, write_about(folder, kind, facts)]


def write_about(folder: Path, kind: str, facts: Mapping[str, str] | None = None) -> Path:
    """Write what a folder's tables are and in which format; return the file's path."""
    about = folder / _ABOUT
    content = {"kind": kind, "format": FORMAT, "version": __version__, **(facts or {})}
    write_text(about, json.dumps(content, indent=1) + "\n")
    return about


def read_result(folder: Path, kind: str, names: Sequence[str]) -> "dict[str, pd.DataFrame]":
    """Read what `write_result` wrote.

    Raises
    ------
    ArtefactError
        The folder holds no such result, one in another format, or a damaged one.
    """
    check_result(folder, kind)
    return {name: read_table(folder / f"{name}.parquet") for name in names}


def check_result(folder: Path, kind: str) -> dict[str, str]:
    """Return what is told of a folder's tables; raise ArtefactError where they are no result of a kind in today's format."""
    path = folder / _ABOUT
    if not path.is_file():
        raise ArtefactError(
            f"{folder} holds no saved {kind}: {path.name} is missing; save() or `topictrends run` writes it"
        )
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        facts = {str(name): str(value) for name, value in about.items()}
        found, form, version = str(about["kind"]), int(about["format"]), str(about["version"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ArtefactError(f"{path} is damaged ({error}); save the {kind} again") from error
    if found != kind:
        raise ArtefactError(f"{folder} holds {found}, not {kind}")
    if form != FORMAT:
        raise ArtefactError(
            f"{folder} was saved by topictrends {version} in format {form}; {__version__} reads format {FORMAT}. Load it with "
            "that version, or make it anew"
        )
    return facts
