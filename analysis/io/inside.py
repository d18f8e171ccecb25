"""Paths that stay inside a folder, links included."""

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path, PurePosixPath

from analysis.errors import ArtefactError


def is_inner_name(name: str) -> bool:
    """Return whether a name of a file, with / between folders, stays in the folder that it is meant for.

    Examples
    --------
    >>> [is_inner_name(name) for name in ("data/x", "../x", "/x", "a/../x", "")]
    [True, False, False, False, False]
    """
    parts = PurePosixPath(name).parts
    strange = any(char in name for char in "\\\0:")
    return bool(parts) and not name.startswith("/") and ".." not in parts and not strange


def lies_inside(root: Path, path: Path) -> bool:
    """Return whether a path, links resolved, lies in a folder."""
    return path.resolve().is_relative_to(root.resolve())


def refuse_linked_folders(
    root: Path, folders: Iterable[Path], allowed: Callable[[Path], bool], passed_over: Collection[Path] = ()
) -> None:
    """Raise ArtefactError where a folder that is written to, or one in it, is a link that the user has not allowed.

    Parameters
    ----------
    root : Path
        The study.
    folders : iterable of Path
        Those that are written to.
    allowed : callable
        Told the folder that a link leads to; returns whether it may be written to.
    passed_over : collection of Path
        Folders among them that are only read.
    """
    for folder in folders:
        for path in _folders_under(folder, set(passed_over)):
            if path.is_symlink() and not allowed(path.resolve()):
                raise ArtefactError(
                    f"{path.relative_to(root)} is a link to {path.resolve()}, where a run would write and remove files; make it "
                    "a folder, or allow the link under linked_folders in your own configuration (`topictrends doctor` "
                    "says where that lies)"
                )


def _folders_under(folder: Path, passed_over: set[Path]) -> Iterable[Path]:
    if folder.is_symlink() or folder.is_dir():
        yield folder
    for parent, names, _ in os.walk(folder, followlinks=False):
        inner = [Path(parent) / name for name in names]
        yield from (path for path in inner if path not in passed_over)
        names[:] = [path.name for path in inner if path not in passed_over and not path.is_symlink()]
