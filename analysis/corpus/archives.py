"""Exports inside of a .zip: each member is a file of its own, named by the archive and its path there."""

import zipfile
from pathlib import Path

from analysis.corpus.records import told
from analysis.errors import CorpusError

_MARK = b"PK\x03\x04"
# members of an archive of exports; more is none
_MOST_MEMBERS = 10_000


def is_archive(path: Path) -> bool:
    """Return whether a file is a .zip by name and by content; workbooks, which are zip files, have other names."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(4) == _MARK
    except OSError:
        return False


def members(path: Path) -> list[str]:
    """Return the files in an archive, without hidden ones and what a system put beside them.

    Raises
    ------
    CorpusError
        It is damaged, or holds more files than exports would.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [item.filename for item in archive.infolist() if not item.is_dir()]
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, EOFError) as error:
        raise CorpusError(
            f"the archive {path.name} cannot be read ({told(error)}); unpack it, or replace it"
        ) from error
    if len(names) > _MOST_MEMBERS:
        raise CorpusError(f"the archive {path.name} holds {len(names):,} files; unpack what is an export")
    return [
        name
        for name in names
        if not any(part.startswith((".", "__MACOSX")) or part == ".." for part in name.split("/"))
    ]


def archive_of(path: Path) -> Path | None:
    """Return the archive that a path leads into; None for a path of a file of its own."""
    return next((parent for parent in path.parents if is_archive(parent)), None)


def read_member(archive: Path, path: Path, largest: int) -> bytes:
    """Return the content of a member, `path` leading into `archive`.

    Raises
    ------
    ValueError
        It unpacks to more than `largest` bytes, wants a password, or is an archive itself.
    OSError, zipfile.BadZipFile
        It is damaged.
    """
    name = path.relative_to(archive).as_posix()
    with zipfile.ZipFile(archive) as opened:
        item = opened.getinfo(name)
        if item.flag_bits & 1:
            raise ValueError("it is locked with a password")
        if item.file_size > largest:
            raise ValueError(f"it unpacks to more than {largest:,} bytes")
        with opened.open(item) as stream:
            content = stream.read(largest + 1)
    if len(content) > largest:
        raise ValueError(f"it unpacks to more than {largest:,} bytes")
    if name.lower().endswith(".zip"):
        raise ValueError("it is an archive inside of an archive")
    return content
