"""Which reader reads a file: known by its content, whatever its name; also packed, also in an older encoding."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from analysis.corpus.archives import archive_of, read_member
from analysis.corpus.decoding import decoded
from analysis.corpus.readers import (
    bibtex,
    cochrane,
    daily_papers,
    delimited,
    endnote_tags,
    json_text,
    medline,
    ovid,
    pubmed_text,
    refworks,
    ris,
    scopus_text,
    spreadsheet,
    web_of_science,
    xml_text,
)
from analysis.corpus.records import ReadFile, Reject, told
from analysis.io.resources import free_memory

# in the order in which they are asked: what is told by a strict mark before what is guessed
_TEXT_READERS: tuple[ModuleType, ...] = (
    json_text,
    ovid,
    xml_text,
    cochrane,
    endnote_tags,
    web_of_science,
    medline,
    ris,
    bibtex,
    scopus_text,
    pubmed_text,
    refworks,
    daily_papers,
    delimited,
)
# letters in which a format is looked for first
_BEGINNING = 200_000
_GZIP, _XZ = b"\x1f\x8b", b"\xfd7zXZ\x00"
# bytes; a packed file that unpacks to more is taken for a bomb
LARGEST_UNPACKED = 4_000_000_000
_PIECE = 1 << 20
# of the free memory that one file's text may take: what is read of it takes more
_SHARE_OF_MEMORY = 0.2


def read_file(path: Path, name: str, columns: Mapping[str, str] | None = None) -> ReadFile | Reject:
    """Read one export, or say why it is none that can be read.

    Parameters
    ----------
    path : Path
    name : str
        As the file is to be called in the corpus.
    columns : mapping of field to column, optional
        For tables whose columns have names of their own.

    Returns
    -------
    ReadFile or Reject
    """
    archive = archive_of(path)
    if archive is not None:
        try:
            content = read_member(archive, path, _largest())
        except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
            return Reject.at(name, 1, f"a packed file that cannot be unpacked ({told(error)})", "", "file")
        return read_content(content, name, columns)
    try:
        before = path.stat()
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        return Reject.at(name, 1, f"the file cannot be read: {error.strerror}", "", "file")
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        return Reject.at(name, 1, "the file changed while it was read; run again when it is complete", "", "file")
    return read_content(content, name, columns)


def read_content(content: bytes, name: str, columns: Mapping[str, str] | None = None) -> ReadFile | Reject:
    """Read the bytes of one export, or say why they are none that can be read; see `read_file`."""
    try:
        return _read_content(content, name, columns)
    except (MemoryError, RecursionError) as error:
        return Reject.at(name, 1, f"reading it takes more than this machine has ({type(error).__name__})", "", "file")


def _read_content(content: bytes, name: str, columns: Mapping[str, str] | None) -> ReadFile | Reject:
    try:
        content = unpacked(content, _largest())
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as error:
        return Reject.at(name, 1, f"a packed file that cannot be unpacked ({told(error)})", "", "file")
    if not content.strip():
        return Reject.at(name, 1, "the file is empty", "", "file")
    if spreadsheet.recognises(content):
        return spreadsheet.read(content, name, columns)
    readable = decoded(content, name)
    if isinstance(readable, Reject):
        return readable
    text = readable.text
    if columns and delimited.recognises(text, columns):
        table = delimited.read(text, name, columns)
        return replace(table, rejects=[*readable.rejects, *table.rejects])
    reader = _reader_of(text)
    if reader is None:
        return Reject.at(name, 1, f"no known format; {nearest(text)}", text[:200], "file")
    export: ReadFile = reader.read(text, name)
    if not export.records and not export.rejects:
        return Reject.at(name, 1, f"a file of the format {export.source.format} without a record", text[:200], "file")
    return replace(export, rejects=[*readable.rejects, *export.rejects])


def _reader_of(text: str) -> ModuleType | None:
    """Return who reads a text; a table is one where its first line names columns, whatever its cells quote."""
    first = text.lstrip().split("\n", 1)[0]
    if first[:1] not in "<[{@%" and delimited.recognises(first):
        return delimited
    # the beginning tells of nearly every file; all of a long one is searched only where it does not
    head = text[:_BEGINNING]
    known = next((reader for reader in _TEXT_READERS if reader.recognises(head)), None)
    if known is not None or len(head) == len(text):
        return known
    return next((reader for reader in _TEXT_READERS if reader.recognises(text)), None)


def _largest() -> int:
    """Return how many bytes a packed file may unpack to on this machine."""
    return min(LARGEST_UNPACKED, int(free_memory() * _SHARE_OF_MEMORY))


def unpacked(content: bytes, largest: int = LARGEST_UNPACKED) -> bytes:
    """Return a .gz or .xz file's content, any other as it is.

    Raises
    ------
    ValueError
        It unpacks to more than `largest` bytes.
    OSError, EOFError, lzma.LZMAError
        It is damaged or cut.
    """
    opened: gzip.GzipFile | lzma.LZMAFile
    if content[:2] == _GZIP:
        opened = gzip.GzipFile(fileobj=io.BytesIO(content))
    elif content[:6] == _XZ:
        opened = lzma.LZMAFile(io.BytesIO(content))  # noqa: SIM115
    else:
        return content
    pieces, size = [], 0
    with opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            if size > largest:
                raise ValueError(f"it unpacks to more than {largest:,} bytes")
            pieces.append(piece)
    return b"".join(pieces)


def nearest(text: str) -> str:
    """Return which known format a text is nearest to and why it is not that one."""
    head = text.lstrip()[:2000]
    if head[:1] == "<":
        return f"it is {xml_text.what_it_is(text)}; {xml_text.HINT}"
    if "@" in head and "{" in head:
        return f"{bibtex.HINT}, and no entry here has a key and a field"
    if " - " in head or "- " in head[:200]:
        return f"{ris.HINT}, and {medline.HINT}; this file has neither"
    first = head.split("\n", 1)[0]
    if any(mark in first for mark in ",;\t"):
        return f"{delimited.HINT}, and this one begins with “{first[:80].strip()}”; name its columns in study.toml"
    return "it has neither lines with tags, nor columns with names, nor entries of any service; export it as RIS, BibTeX or CSV"
