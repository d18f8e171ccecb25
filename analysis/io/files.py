"""Derived files: read and written atomically, locked, hashed."""

import contextlib
import hashlib
import json
import os
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import ArtefactError

if TYPE_CHECKING:
    # imported where they are used: a run that has nothing to do should not wait for them
    import numpy as np
    import pandas as pd

_CHUNK = 1 << 20
# as mkstemp names what `replacing` gives
_LEFTOVER = re.compile(r"\..+\.[a-z0-9_]{8}\.part")
# what numpy, zipfile and pyarrow raise where bytes of a file are others than were written
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    TypeError,
    OverflowError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; what is written there replaces `path` at once.

    Nothing changes where the block fails: the old file stays whole.

    Raises
    ------
    ArtefactError
        The folder cannot be written, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise ArtefactError(f"{path} cannot be written: {error.strerror}. The earlier file is untouched.") from error
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files private; a result is as readable as any other file
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise ArtefactError(f"{path} cannot be written: {error.strerror}. The earlier file is untouched.") from error
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove the temporary files that killed runs left below folders; nobody else may be writing there."""
    for folder in folders:
        for path in folder.rglob(".*.part"):
            if _LEFTOVER.fullmatch(path.name) and not path.is_symlink() and path.is_file():
                with writing(path):
                    path.unlink(missing_ok=True)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk refuses while `path` is written, moved or removed into an ArtefactError."""
    try:
        yield
    except OSError as error:
        raise ArtefactError(f"{error.filename or path} cannot be written: {error.strerror or error}") from error


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let no other process at work in `folder` until the block is done.

    Raises
    ------
    ArtefactError
        Another one is at work there, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / ".lock"
        if path.is_symlink():
            # opening it would empty the file that it leads to
            raise ArtefactError(f"{path} is a link; remove it")
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise ArtefactError(f"another run is at work in {folder}; wait for its end, or stop it") from error
    try:
        yield
    finally:
        lock.release()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes, atomically."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_tables(tables: "Mapping[Path, pd.DataFrame]", rows_a_group: int | None = None) -> None:
    """Write several tables; none is replaced unless all of them could be written.

    Small groups of rows let a reader take some rows without reading the others.
    """
    with contextlib.ExitStack() as stack:
        for path, frame in tables.items():
            frame.to_parquet(stack.enter_context(replacing(path)), compression="zstd", row_group_size=rows_a_group)


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write several texts as UTF-8; none is replaced unless all of them could be written."""
    with contextlib.ExitStack() as stack:
        for path, text in texts.items():
            stack.enter_context(replacing(path)).write_text(text, encoding="utf-8", newline="\n")


def read_table(
    path: Path, columns: "Sequence[str] | None" = None, equal: "Mapping[str, Any] | None" = None
) -> "pd.DataFrame":
    """Read a table that `write_tables` wrote; lists come back as lists.

    Parameters
    ----------
    path : Path
    columns : sequence of str, optional
        All by default.
    equal : mapping of column to value, optional
        Only rows that have these values.

    Raises
    ------
    ArtefactError
        The file is missing or damaged.
    """
    import numpy as np
    import pandas as pd

    with reading(path):
        wanted = [(name, "==", value) for name, value in (equal or {}).items()] or None
        frame = pd.read_parquet(path, columns=None if columns is None else list(columns), filters=wanted)
    for name in [name for name, kind in frame.dtypes.items() if kind == "object"]:
        frame[name] = frame[name].map(lambda value: value.tolist() if isinstance(value, np.ndarray) else value)
    return frame


def write_arrays(path: Path, arrays: "Mapping[str, np.ndarray]") -> None:
    """Write named arrays as .npz, atomically; equal arrays give equal files."""
    import numpy as np

    with replacing(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, **{name: arrays[name] for name in sorted(arrays)})  # type: ignore[arg-type]


def read_arrays(path: Path) -> "dict[str, np.ndarray]":
    """Read what `write_arrays` wrote.

    Raises
    ------
    ArtefactError
        The file is missing or damaged.
    """
    import numpy as np

    # numpy leaves a damaged file open that it opened itself
    with reading(path), path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong while `path` is read into an ArtefactError that says what to do."""
    if not path.exists():
        raise ArtefactError(f"{path} is missing; `topictrends run` writes it")
    try:
        yield
    except _UNREADABLE as error:
        raise ArtefactError(f"{path} is damaged ({error}); delete it and run again") from error


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal; raises ArtefactError where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()


def readable_name(name: str) -> str:
    """Return a file's name as text that can be written: bytes of it that are not UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def hash_json(value: Any) -> str:
    """Return the SHA-256 of a JSON value, independent of key order."""
    return hash_bytes(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())


def files_under(paths: Iterable[Path]) -> list[Path]:
    """Return all visible files in and below `paths`, sorted."""
    files: list[Path] = []
    for path in paths:
        files += [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sorted(file for file in files if not file.name.startswith("."))
