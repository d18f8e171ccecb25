"""Large exports read in pieces give what they give whole."""

from pathlib import Path

import pytest

from analysis.corpus.export import export
from analysis.corpus.formats import read_file
from analysis.corpus.pieces import Piece, in_units, pieces_of, read_piece
from analysis.corpus.records import ReadFile
from tests.generators import planted_corpus

SIZE = 4_000


def _read(path: Path, pieces: list[Piece]) -> list[tuple[str, str, int, int]]:
    found = [read_piece(piece) for piece in pieces]
    assert all(isinstance(item, ReadFile) for item in found), found
    return [(r.title, r.abstract, r.line_start, r.line_end) for item in found for r in item.records]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "ris", "bib"])
def test_pieces_hold_every_record_at_its_lines(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"papers.{kind}"
    path.write_bytes(export(planted_corpus(60)[0], kind))
    pieces = pieces_of(path.name, path, SIZE)
    assert len(pieces) > 3
    assert [piece.start for piece in pieces[1:]] == [piece.stop for piece in pieces[:-1]]
    whole = read_file(path, path.name)
    assert isinstance(whole, ReadFile)
    assert _read(path, pieces) == [(r.title, r.abstract, r.line_start, r.line_end) for r in whole.records]


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        ("ris", "Provider: A Publisher, Ltd\nContent: text/plain\n\n"),
        ("bib", "% exported on Monday, by a tool\n\n"),
    ],
)
def test_what_databases_write_before_the_records_is_no_table(kind: str, before: str, tmp_path: Path) -> None:
    path = tmp_path / f"papers.{kind}"
    path.write_bytes(before.encode() + export(planted_corpus(60)[0], kind))
    whole = read_file(path, path.name)
    assert isinstance(whole, ReadFile)
    pieces = pieces_of(path.name, path, SIZE)
    assert len(pieces) > 3
    assert _read(path, pieces) == [(r.title, r.abstract, r.line_start, r.line_end) for r in whole.records]


def test_bibtex_with_macros_anywhere_is_one_piece(tmp_path: Path) -> None:
    entries = "".join(f"@article{{k{i},\n title = {{Title {i}}},\n journal = nat\n}}\n" for i in range(200))
    path = tmp_path / "macros.bib"
    path.write_text("@comment{made by hand}\n@string{nat = {Nature}}\n" + entries, encoding="utf-8")
    assert pieces_of("macros.bib", path, 1_000) == [Piece("macros.bib", path)]


def test_a_table_is_not_cut_inside_a_cell_with_line_ends(tmp_path: Path) -> None:
    rows = "".join(f'"Title {i}","line one\nline, two ""quoted""\nline three {"x" * 90}"\n' for i in range(80))
    path = tmp_path / "cells.csv"
    path.write_text("title,abstract\n" + rows, encoding="utf-8")
    pieces = pieces_of(path.name, path, 1_000)
    assert len(pieces) > 5
    assert [title for title, *_ in _read(path, pieces)] == [f"Title {i}" for i in range(80)]


@pytest.mark.parametrize("content", ["<feed>" + "x" * 9_000, "[" + "1," * 5_000 + "1]", "no format at all " * 600])
def test_what_cannot_be_cut_is_one_piece(content: str, tmp_path: Path) -> None:
    path = tmp_path / "whole"
    path.write_text(content, encoding="utf-8")
    assert pieces_of("whole", path, 1_000) == [Piece("whole", path)]


def test_lines_of_json_without_a_place_to_cut_are_one_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.corpus.pieces._LONGEST_RECORD", 100)
    path = tmp_path / "long.jsonl"
    path.write_text('{"title": "a"}\n{"title": "' + "b" * 9_000 + '"}\n', encoding="utf-8")
    assert pieces_of("long.jsonl", path, 1_000) == [Piece("long.jsonl", path)]


def test_small_files_share_a_unit_and_stay_in_order(tmp_path: Path) -> None:
    pieces = []
    for number in range(5):
        path = tmp_path / f"{number}.ris"
        path.write_bytes(b"x" * 400)
        pieces += pieces_of(path.name, path)
    units = in_units(pieces, 1_000)
    assert [[piece.name for piece in unit] for unit in units] == [["0.ris", "1.ris"], ["2.ris", "3.ris"], ["4.ris"]]


def test_a_file_that_shrank_after_it_was_cut_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_bytes(export(planted_corpus(60)[0], "jsonl"))
    last = pieces_of(path.name, path, SIZE)[-1]
    path.write_bytes(path.read_bytes()[: last.start + 10])
    refused = read_piece(last)
    assert not isinstance(refused, ReadFile)
    assert refused.line == last.line
    assert "changed while it was read" in refused.reason
