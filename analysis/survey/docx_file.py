"""The section as a Word document: the same prose, with numbered references and the figures' pictures."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import VerificationError
from analysis.escaping import one_line
from analysis.io.files import hash_bytes
from analysis.survey.number_book import NumberBook

if TYPE_CHECKING:
    from docx.document import Document

# a character that no text holds, and that is no white space, separates what the pieces say to the writer
_MARK = "\x01"
# centimetres
_TABLE_WIDTH = 16.0
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


class DocxBackend:
    """Pieces of the section as plain text; headings, tables and figures as marked lines."""

    def __init__(self, book: NumberBook) -> None:
        self._book = book
        self.cited: list[str] = []

    def begin(self, name: str) -> str:
        """Return nothing: a Word document has no marked paragraphs."""
        return ""

    def end(self) -> str:
        """Return nothing: a Word document has no marked paragraphs."""
        return ""

    def ref(self, kind: str, name: str, before: str = "") -> str:
        """Return a reference to a table or figure, after `before`."""
        return f"{before}{kind} “{name.replace('-', ' ')}”"

    def quote(self, table: str, row: object, column: str, digits: int | None = None) -> str:
        """Return a cell's text."""
        return printable(self._book.quote(table, row, column, digits).text)

    def heading(self, text: str, level: int = 1) -> str:
        """Return a heading."""
        return f"{_MARK}heading{_MARK}{level}{_MARK}{text}"

    def heading_of(self, table: str, row: object, column: str, level: int) -> str:
        """Return a heading that is a cell's text."""
        return self.heading(self.quote(table, row, column), level)

    def equals(self, table: str, row: object, column: str, digits: int) -> str:
        """Return a cell's text with the sign that relates a name to it."""
        text = self.quote(table, row, column, digits)
        return text if self._book.is_bound(table, row, column, digits) else f"= {text}"

    def cite(self, keys: Sequence[str]) -> str:
        """Return numbers of references, in the order in which they are first cited."""
        self.cited += [key for key in keys if key not in self.cited]
        return f"[{', '.join(str(self.cited.index(key) + 1) for key in keys)}]"

    def figure(self, name: str, caption: str) -> str:
        """Return a figure with its caption."""
        return f"{_MARK}figure{_MARK}{name}{_MARK}{caption}"

    def table(self, name: str, caption: str) -> str:
        """Return a table with its caption."""
        return f"{_MARK}table{_MARK}{name}{_MARK}{caption}"

    def percent(self) -> str:
        """Return the percent sign after a number."""
        return " %"


def write_docx(
    title: str, body: str, displays: Mapping[str, pd.DataFrame], references: Sequence[str], pictures: Path
) -> bytes:
    """Return the document's content.

    Parameters
    ----------
    title : str
    body : str
        As the template renders it with `DocxBackend`.
    displays : mapping of table to DataFrame
    references : sequence of str
        One line each, in the order of their numbers.
    pictures : Path
        Folder with <figure>.png; a figure without one stands as its caption alone.

    Returns
    -------
    bytes
        The same inputs give the same bytes.
    """
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    document.add_heading(printable(title), 0)
    for piece in filter(None, (part.strip(" \n") for part in body.split("\n\n"))):
        if not piece.startswith(_MARK):
            document.add_paragraph(printable(piece))
            continue
        kind, name, *rest = piece[1:].split(_MARK)
        if kind == "heading":
            document.add_heading(rest[0], int(name))
            continue
        if kind == "table":
            _add_table(document, displays[name])
        elif (pictures / f"{name}.png").is_file():
            document.add_picture(str(pictures / f"{name}.png"), width=Cm(15.5))
        document.add_paragraph(printable(rest[0]), style="Caption")
    if references:
        document.add_heading("References", 1)
    for number, reference in enumerate(references, start=1):
        document.add_paragraph(f"[{number}] {printable(reference)}")
    return _saved(document, title)


def docx_lines(content: bytes) -> list[str]:
    """Return the text of a document, one line per paragraph and a table's row.

    Raises
    ------
    VerificationError
        It is no Word document.
    """
    from docx import Document
    from docx.table import Table

    try:
        document = Document(io.BytesIO(content))
        lines = []
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                lines += [" | ".join(cell.text for cell in row.cells) for row in item.rows]
            elif item.text:
                lines.append(item.text)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise VerificationError(f"no Word document: {error}") from error
    return lines


def is_edited(content: bytes) -> bool:
    """Return whether somebody changed the text of a document that `write_docx` wrote."""
    from docx import Document

    lines = docx_lines(content)
    return bool(Document(io.BytesIO(content)).core_properties.comments != _signature(lines))


def printable(text: str) -> str:
    """Return `text` without the characters that a Word document cannot hold."""
    return "\n".join(one_line(line) for line in _CONTROL.sub(" ", text).split("\n"))


def _add_table(document: "Document", frame: pd.DataFrame) -> None:
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1 + len(frame), cols=len(frame.columns), style="Light List")
    rows = [list(frame.columns), *(list(row) for row in frame.itertuples(index=False))]
    # all cells at once: asking a table for one cell reads the whole table
    cells = iter([cell for row in table.rows for cell in row.cells])
    for value in (value for row in rows for value in row):
        cell = next(cells)
        cell.text = printable(str(value))
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(8)
    longest = [max(len(str(value)) for value in column) for column in zip(*rows, strict=True)]
    # a short column still has room for its head's longest word
    shares = [min(max(length + 3, 11), 34) for length in longest]
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        width = Cm(_TABLE_WIDTH * share / sum(shares))
        column.width = width
        for cell in column.cells:
            cell.width = width


def _signature(lines: Sequence[str]) -> str:
    return f"text {hash_bytes(chr(10).join(lines).encode())[:16]}"


def _saved(document: "Document", title: str) -> bytes:
    """Return the document's bytes, with a signature of its text and without the time of writing."""
    import datetime as dt

    properties = document.core_properties
    properties.title, properties.author = printable(title)[:255], ""
    properties.created = properties.modified = dt.datetime(*_EPOCH, tzinfo=dt.UTC)
    first = io.BytesIO()
    document.save(first)
    properties.comments = _signature(docx_lines(first.getvalue()))
    signed, fixed = io.BytesIO(), io.BytesIO()
    document.save(signed)
    with zipfile.ZipFile(signed) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for item in sorted(source.infolist(), key=lambda item: item.filename != "[Content_Types].xml"):
            target.writestr(zipfile.ZipInfo(item.filename, _EPOCH), source.read(item), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
