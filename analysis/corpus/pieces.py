"""Large exports cut into pieces that are read one at a time: cut between records, so that each piece reads as a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.corpus.formats import read_content, read_file
from analysis.corpus.readers import delimited
from analysis.corpus.records import ReadFile, Reject

# bytes of a piece, and how far a record may reach past its end
PIECE = 16_000_000
_LONGEST_RECORD = 8_000_000
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"\xfd7zXZ\x00", b"PK\x03\x04", b"PAR1")
# what begins a record, in formats whose records stand for themselves
_BEGINS = {
    "lines of JSON": re.compile(rb"\n(?=\{)"),
    "RIS": re.compile(rb"\n(?=TY  - )"),
    "MEDLINE": re.compile(rb"\n(?=PMID- )"),
    "BibTeX": re.compile(rb"\n(?=@(?!string|comment|preamble)\w+\s*\{)", re.IGNORECASE),
}
# databases write who they are, and when, before the first record
_HEADS = {
    "lines of JSON": re.compile(rb"\A\s*\{[^\n]*\}\s*\n\s*\{"),
    "RIS": re.compile(rb"^TY  - ", re.MULTILINE),
    "MEDLINE": re.compile(rb"^PMID- ", re.MULTILINE),
    "BibTeX": re.compile(rb"^\s*@\w+\s*\{", re.MULTILINE),
}
# macros count in all of a file
_MACRO = re.compile(rb"@string\s*[{(]", re.IGNORECASE)
_LONGEST_MACRO = 64


@dataclass(frozen=True)
class Piece:
    """A part of a file, or a whole one.

    Attributes
    ----------
    name : str
        As the file is called in the corpus.
    path : Path
    start, stop : int
        Bytes; a stop of -1 means all of the file, read as a whole.
    line : int
        1-based number of its first line.
    head : bytes
        What stands before the records of a table: its heading.
    """

    name: str
    path: Path
    start: int = 0
    stop: int = -1
    line: int = 1
    head: bytes = b""


def pieces_of(name: str, path: Path, size: int = PIECE, columns: Mapping[str, str] | None = None) -> list[Piece]:
    """Cut a file between records into pieces of about `size` bytes.

    JSON lines, RIS, MEDLINE, BibTeX without string macros, and tables of text whose `columns` are known are cut; other
    formats, and packed files, are one piece each.
    """
    try:
        length = path.stat().st_size
        if length <= 2 * size:
            return [Piece(name, path)]
        with path.open("rb") as stream:
            head = stream.read(65_536)
    except OSError:
        # who reads the piece says why it cannot be read
        return [Piece(name, path)]
    if head.startswith(_MARKS):
        return [Piece(name, path)]
    try:
        return _cut(name, path, length, size, head.removeprefix(b"\xef\xbb\xbf"), columns)
    except OSError:
        # it went while it was cut
        return [Piece(name, path)]


def _cut(name: str, path: Path, length: int, size: int, head: bytes, columns: Mapping[str, str] | None) -> list[Piece]:
    first = head.partition(b"\n")[0]
    if delimited.recognises(first.decode("utf-8", "replace"), columns):
        return _cut_table(name, path, length, size, first + b"\n")
    kind = next((kind for kind, pattern in _HEADS.items() if pattern.search(head)), None)
    if kind is None or head.lstrip()[:1] in (b"<", b"[") or (kind == "BibTeX" and _holds_macros(path)):
        return [Piece(name, path)]
    return _cut_at_records(name, path, length, size, _BEGINS[kind])


def _holds_macros(path: Path) -> bool:
    end = b""
    with path.open("rb") as stream:
        while content := stream.read(PIECE):
            if _MACRO.search(end + content):
                return True
            end = content[-_LONGEST_MACRO:]
    return False


def _cut_at_records(name: str, path: Path, length: int, size: int, begins: re.Pattern[bytes]) -> list[Piece]:
    pieces, start, line = [], 0, 1
    with path.open("rb") as stream:
        while start < length:
            stream.seek(start)
            content = stream.read(size + _LONGEST_RECORD)
            beginning = begins.search(content, size) if len(content) > size else None
            stop = start + (beginning.end() if beginning is not None else len(content))
            if beginning is None and start + len(content) < length:
                # no record begins where one should: cut nowhere
                return [Piece(name, path)]
            pieces.append(Piece(name, path, start, stop, line))
            line += content[: stop - start].count(b"\n")
            start = stop
    return pieces


def _cut_table(name: str, path: Path, length: int, size: int, head: bytes) -> list[Piece]:
    """Cut where a line ends outside of quotation marks, which a row's cells may hold line ends in."""
    pieces, start, line = [], 0, 1
    with path.open("rb") as stream:
        while start < length:
            stream.seek(start)
            content = stream.read(size + _LONGEST_RECORD)
            stop = _row_end(content, size) if start + len(content) < length or len(content) > size else len(content)
            if not stop:
                return [Piece(name, path)]
            pieces.append(Piece(name, path, start, start + stop, line, head if start else b""))
            line += content[:stop].count(b"\n")
            start += stop
    return pieces


def _row_end(content: bytes, size: int) -> int:
    """Return where the first row that ends past `size` ends; 0 where none does."""
    inside = content[:size].count(b'"') % 2
    position = min(size, len(content))
    while True:
        end = content.find(b"\n", position)
        if end < 0:
            return len(content) if not inside else 0
        inside = (inside + content[position:end].count(b'"')) % 2
        if not inside:
            return end + 1
        position = end + 1


def read_piece(piece: Piece, columns: Mapping[str, str] | None = None) -> ReadFile | Reject:
    """Read a piece; lines count within the file, ordinals within the piece."""
    if piece.stop < 0:
        return read_file(piece.path, piece.name, columns)
    try:
        with piece.path.open("rb") as stream:
            stream.seek(piece.start)
            content = stream.read(piece.stop - piece.start)
    except OSError as error:
        return Reject.at(piece.name, piece.line, f"the file cannot be read: {error.strerror}", "", "file")
    if len(content) < piece.stop - piece.start:
        reason = "the file changed while it was read; run again when it is complete"
        return Reject.at(piece.name, piece.line, reason, "", "file")
    export = read_content(piece.head + content, piece.name, columns)
    ahead = piece.line - 1 - piece.head.count(b"\n")
    if isinstance(export, Reject):
        return replace(export, line=export.line + ahead)
    return ReadFile(
        export.source,
        [replace(item, line_start=item.line_start + ahead, line_end=item.line_end + ahead) for item in export.records],
        [replace(item, line=item.line + ahead) for item in export.rejects],
    )


def in_units(pieces: Sequence[Piece], size: int = PIECE) -> list[list[Piece]]:
    """Gather pieces, in order, into units of about `size` bytes, so that many small files are one piece of work."""
    units: list[list[Piece]] = []
    filled = 0
    for piece in pieces:
        length = piece.stop - piece.start if piece.stop >= 0 else _length(piece.path)
        if not units or filled + length > size:
            units.append([])
            filled = 0
        units[-1].append(piece)
        filled += length
    return units


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
