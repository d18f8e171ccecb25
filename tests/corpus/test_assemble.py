"""A corpus built by partitions is the corpus that is built in memory."""

import json
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest

import analysis.corpus.read_units
from analysis.corpus.assemble import assemble
from analysis.corpus.damage import warn_of_left_out
from analysis.corpus.exports import Exports, export_files
from analysis.corpus.load import load_corpus
from analysis.corpus.paper import Corpus
from analysis.corpus.pieces import Piece
from analysis.corpus.records import Reject
from analysis.errors import ArtefactError, CorpusError, CorpusWarning
from analysis.io.files import write_tables
from analysis.io.partitions import FramePartitions, StoredPartitions, is_partitioned
from analysis.io.runner import CheckpointedRunner
from analysis.study import store
from tests.conftest import PAGES, SUPPLEMENT
from tests.generators import planted_corpus

TABLES = ("papers", "occurrences", "rejects", "conflicts", "pages", "merges", "filled")


def _cut_small(folder: Path, supplement: Path | None = None) -> Exports:
    """Return exports cut so small that a few records make many pieces and partitions."""
    return Exports(export_files(folder), {}, supplement=supplement, threshold=0, partition=25, piece=3_000)


def _build(exports: Exports, target: Path, *, skip_corrupt: bool = False) -> None:
    runner = CheckpointedRunner(target / "work")
    assembled = assemble(exports, runner, stop_on_damage=True, skip_corrupt=skip_corrupt)
    store.move_corpus(target / "corpus", assembled, runner)


def _exports(folder: Path) -> Path:
    """Write lines of JSON in which papers repeat, disagree, share titles, or cannot be read."""
    rows = [
        {
            "title": f"A paper about subject {i % 70}",
            "abstract": f"Abstract {i} of subject {i % 70}.",
            "doi": f"10.1/{i % 80}",
            "date": f"20{10 + i % 9}-0{1 + i % 9}-11",
            "authors": [f"Surname{i % 70}, A."],
        }
        for i in range(160)
    ]
    rows += [
        {"title": "Editorial", "abstract": f"Words of editorial {i}.", "date": f"{2000 + 4 * i}"} for i in range(4)
    ]
    lines = [json.dumps(row) for row in rows]
    lines.insert(40, '{"title": "cut')
    lines.insert(90, '{"abstract": "no title", "title": ""}')
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.jsonl").write_text("\n".join(lines[:120]), encoding="utf-8")
    (folder / "b.jsonl").write_text("\n".join(lines[120:]), encoding="utf-8")
    return folder


def _same(folder: Path, target: Path, supplement: Path | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CorpusWarning)
        expected = load_corpus(folder, supplement)
        _build(_cut_small(folder, supplement), target)
    found = Corpus.load(target / "corpus")
    for name in TABLES:
        one, other = getattr(expected, name), getattr(found, name)
        if name == "rejects":
            order = ["file", "line", "reason"]
            one, other = (frame.sort_values(order).reset_index(drop=True) for frame in (one, other))
        pd.testing.assert_frame_equal(one, other, check_dtype=name not in ("pages", "conflicts"), obj=name)


def test_papers_merges_and_conflicts_are_those_of_a_corpus_in_memory(tmp_path: Path) -> None:
    _same(_exports(tmp_path / "raw"), tmp_path, None)


def test_a_run_that_is_stopped_after_partitions_were_put_in_place_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, target = _exports(tmp_path / "raw"), tmp_path / "study"
    replace, moved = Path.replace, list[Path]()

    def stop_at_the_third(path: Path, to: Path) -> Path:
        if to.parent == target / "corpus" / "papers":
            if len(moved) == 2:
                raise KeyboardInterrupt
            moved.append(to)
        return replace(path, to)

    with monkeypatch.context() as patched, warnings.catch_warnings():
        warnings.simplefilter("ignore", CorpusWarning)
        patched.setattr(Path, "replace", stop_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            _build(_cut_small(folder), target)
    assert all(path.is_file() for path in moved)
    _same(folder, target, None)


@pytest.mark.slow
def test_pages_without_years_among_other_exports_are_dated_as_in_memory(tmp_path: Path) -> None:
    folder = _exports(tmp_path / "raw")
    for path in PAGES.iterdir():
        shutil.copy(path, folder)
    _same(folder, tmp_path, SUPPLEMENT)


def test_a_damaged_part_stops_the_run_and_is_named_or_left_out_and_counted(tmp_path: Path) -> None:
    folder = _exports(tmp_path / "raw")
    (folder / "c.jsonl").write_bytes(b"\x00\x01\x02 damage")
    (folder / "d.jsonl").write_bytes(b"")
    (folder / "README.txt").write_text("how these were exported", encoding="utf-8")
    exports = _cut_small(folder)
    with pytest.raises(CorpusError, match=r"c\.jsonl, line 1: a binary file.*--skip-corrupt") as stopped:
        _build(exports, tmp_path)
    assert "README" not in str(stopped.value)
    assert "d.jsonl" not in str(stopped.value)
    assert not (tmp_path / "corpus").exists()
    with pytest.warns(CorpusWarning) as told:
        _build(exports, tmp_path, skip_corrupt=True)
    assert any("1 damaged file(s) were left out: c.jsonl" in str(warning.message) for warning in told)
    with pytest.warns(CorpusWarning, match=r"lacks 1 damaged file\(s\) that --skip-corrupt left out: c\.jsonl"):
        warn_of_left_out(tmp_path / "corpus")
    found = Corpus.load(tmp_path / "corpus")
    assert len(found.papers)
    assert {"c.jsonl", "d.jsonl", "README.txt"} <= set(found.rejects["file"])


def test_what_a_disk_did_not_give_once_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, target = _exports(tmp_path / "raw"), tmp_path / "study"
    read = analysis.corpus.read_units.read_piece

    def failing(piece: Piece, columns: object) -> object:
        if piece.name == "b.jsonl" and piece.start:
            return Reject.at(piece.name, piece.line, "the file cannot be read: Input/output error", "", "file")
        return read(piece, columns)  # type: ignore[arg-type]

    exports = _cut_small(folder)
    with monkeypatch.context() as patched:
        patched.setattr(analysis.corpus.read_units, "read_piece", failing)
        with pytest.raises(CorpusError, match=r"b\.jsonl, line \d+: the file cannot be read"):
            _build(exports, target)
    _same(folder, target, None)


def test_a_corpus_that_lay_otherwise_before_is_not_read_any_more(tmp_path: Path) -> None:
    corpus = planted_corpus(60)[0]
    for cut in (True, False, True):
        (_in_parts(corpus, tmp_path / "parts") if cut else corpus).save(tmp_path / "corpus")
        assert is_partitioned(tmp_path / "corpus" / "papers") == cut
        assert (tmp_path / "corpus" / "papers.parquet").is_file() != cut
        pd.testing.assert_frame_equal(Corpus.load(tmp_path / "corpus").papers, corpus.papers)
    Corpus(corpus.papers.iloc[:20], corpus.occurrences.iloc[:20], corpus.rejects).save(tmp_path / "corpus")
    assert len(Corpus.load(tmp_path / "corpus").papers) == 20


def _in_parts(corpus: Corpus, folder: Path) -> Corpus:
    """Return the corpus with papers and occurrences in partitions of 25 on disk."""
    for name in ("papers", "occurrences"):
        parts = FramePartitions(getattr(corpus, name), 25)
        write_tables({folder / name / f"part-{number:05d}.parquet": parts.read(number) for number in range(len(parts))})
    return Corpus(StoredPartitions.of(folder / "papers"), StoredPartitions.of(folder / "occurrences"), corpus.rejects)


@pytest.mark.parametrize("part", ["part-00001.parquet", "part-00002.parquet"])
def test_a_partition_that_is_missing_is_noticed(part: str, tmp_path: Path) -> None:
    _in_parts(planted_corpus(60)[0], tmp_path / "parts").save(tmp_path / "corpus")
    (tmp_path / "corpus" / "papers" / part).unlink()
    with pytest.raises(ArtefactError, match=r"is missing|lacks a partition"):
        Corpus.load(tmp_path / "corpus")
