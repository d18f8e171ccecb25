"""The corpus as files that other tools read, and that this package reads back the same."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.corpus.readers.bibtex import OWN_ESCAPES
from analysis.corpus.readers.columns import OWN_MARK
from analysis.corpus.readers.ris import OWN_TAGS
from analysis.corpus.schema import LIST_COLUMNS, PAPER_COLUMNS
from analysis.errors import CorpusError
from analysis.escaping import bibtex_key, csv_cell, identifier_text, one_line, url_text

# what only this package makes of a record is made anew when the file is read
_COLUMNS = tuple(
    name
    for name in PAPER_COLUMNS
    if name not in ("date_precision", "date_inferred", "excluded", "language_detected", "sources")
)
# where a row keeps the columns beside its own
_BESIDE = "beside"
# lists that BibTeX has no grammar of its own for
_LISTED = ("keywords", "index_keywords", "affiliations", "countries", "references")
# what BibTeX would take for its own, and braces, which it counts in pairs
_ESCAPE = str.maketrans({plain: escape for escape, plain in OWN_ESCAPES.items()})


def export(corpus: Corpus, kind: str, beside: pd.DataFrame | None = None) -> bytes:
    """Return the papers as a file of a kind.

    Parameters
    ----------
    corpus : Corpus
    kind : {"csv", "jsonl", "bib", "ris", "parquet"}
    beside : DataFrame, optional
        Columns, by paper_id, that CSV, JSON lines and parquet hold behind the papers' own.

    Returns
    -------
    bytes
        UTF-8 text, or parquet. A date is written as far as it is known. In CSV, a cell that a
        spreadsheet would run as a formula begins with an apostrophe.

    Raises
    ------
    CorpusError
        There is no such kind.
    """
    writer = _WRITERS.get(kind)
    if writer is None:
        raise CorpusError(f"there is no export {kind!r}; there are: {', '.join(_WRITERS)}")
    return writer(_rows(corpus, beside))


def _rows(corpus: Corpus, beside: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return what is known of each paper, without what is not; `beside` under names that no column has."""
    rows = []
    more = pd.DataFrame(index=corpus.papers.index) if beside is None else beside.reindex(corpus.papers.index)
    extra = more.astype(object).where(more.notna(), None).to_dict("index")
    for paper, row in zip(corpus.papers.index, corpus.papers.itertuples(), strict=True):
        values = {"id": paper, **{name: getattr(row, name) for name in _COLUMNS}}
        values["date"] = _date(row.date, row.date_precision)
        for name in LIST_COLUMNS:
            values[name] = list(values[name]) if isinstance(values[name], list) else None
        for name in ("n_authors", "comments", "n_cited"):
            values[name] = None if pd.isna(values[name]) else int(values[name])
        kept = {
            name: value
            for name, value in values.items()
            if isinstance(value, list) or not (pd.isna(value) or value == "")
        }
        rows.append(kept | {_BESIDE: extra[paper]})
    return rows


def _date(date: pd.Timestamp, precision: str) -> str:
    """Return a date as far as it is known: "2024-05-06", "2024-05", "2024" or nothing."""
    if precision == "none":
        return ""
    return str(date.strftime({"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[precision]))


def _csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    beside = list(rows[0][_BESIDE]) if rows else []
    writer.writerow(["id", *_COLUMNS, "written_by", *beside])
    for row in rows:
        cells = [_cell(row.get(name, "")) for name in ("id", *_COLUMNS)]
        more = ["" if row[_BESIDE][name] is None else row[_BESIDE][name] for name in beside]
        writer.writerow(
            [*(csv_cell(one_line(cell)) for cell in cells), OWN_MARK, *(csv_cell(one_line(cell)) for cell in more)]
        )
    return text.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    """Return a list as texts parted by semicolons, or as JSON where one of them holds a sign that parts."""
    if not isinstance(value, list):
        return value
    return json.dumps(value, ensure_ascii=False) if any(set(text) & set(";|[") for text in value) else "; ".join(value)


def _json_lines(rows: list[dict[str, Any]]) -> bytes:
    told = ({name: value for name, value in row.items() if name != _BESIDE} | row[_BESIDE] for row in rows)
    lines = (json.dumps({**row, "written_by": OWN_MARK}, ensure_ascii=False) for row in told)
    return ("\n".join(lines) + "\n").encode("utf-8")


def _parquet(rows: list[dict[str, Any]]) -> bytes:
    frame = pd.DataFrame(rows, columns=["id", *_COLUMNS]).assign(written_by=OWN_MARK)
    for name in rows[0][_BESIDE] if rows else ():
        frame[name] = [row[_BESIDE][name] for row in rows]
    target = io.BytesIO()
    frame.to_parquet(target, index=False)
    return target.getvalue()


def _bibtex(rows: list[dict[str, Any]]) -> bytes:
    entries = []
    for row in rows:
        fields = {
            "title": f"{{{_escaped(row['title'])}}}" if "title" in row else "",
            "abstract": _escaped(row.get("abstract", "")),
            "author": " and ".join(f"{{{_escaped(name)}}}" for name in row.get("authors", [])),
            "date": row.get("date", ""),
            "journal": _escaped(row.get("venue", "")),
            "doi": identifier_text(row.get("doi", "")),
            "eprint": identifier_text(row.get("arxiv_id", "")),
            "archiveprefix": "arXiv" if "arxiv_id" in row else "",
            "url": url_text(row.get("url", "")),
            "document_type": row.get("type", ""),
            "language": row.get("language", ""),
            "number": _escaped(row.get("issue", "")),
            "n_cited": str(row.get("n_cited", "")),
            "editor": " and ".join(f"{{{_escaped(name)}}}" for name in row.get("editor", [])),
            **{name: _escaped(row.get(name, "")) for name in ("volume", "pages", "label")},
            **{name: _escaped(_cell(row.get(name, ""))) for name in _LISTED},
            "annote": OWN_MARK,
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        entries.append(f"@misc{{p{bibtex_key(row['id'])},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries).encode("utf-8")


def _escaped(text: str) -> str:
    return one_line(text).translate(_ESCAPE)


def _ris(rows: list[dict[str, Any]]) -> bytes:
    records = []
    for row in rows:
        year, *rest = row.get("date", "").split("-")
        day = "/".join([year, *rest, *[""] * (2 - len(rest))]) if rest else ""
        pairs = [
            ("TY", "GEN"),
            ("TI", row.get("title", "")),
            *(("AU", name) for name in row.get("authors", [])),
            ("AB", row.get("abstract", "")),
            ("PY", year),
            ("DA", day),
            ("T2", row.get("venue", "")),
            ("DO", row.get("doi", "")),
            ("AN", f"arXiv:{row['arxiv_id']}" if "arxiv_id" in row else ""),
            ("UR", row.get("url", "")),
            ("M3", row.get("type", "")),
            ("LA", row.get("language", "")),
            ("VL", row.get("volume", "")),
            ("IS", row.get("issue", "")),
            ("SP", row.get("pages", "")),
            ("C1", row.get("n_cited", "")),
            ("C2", row.get("label", "")),
            *((tag, value) for name, tag in OWN_TAGS.items() for value in row.get(name, [])),
            ("DB", OWN_MARK),
        ]
        records.append("".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in pairs if value != "") + "ER  - \r\n")
    return "\r\n".join(records).encode("utf-8")


_WRITERS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "bib": _bibtex,
    "ris": _ris,
    "parquet": _parquet,
}
KINDS = tuple(_WRITERS)
