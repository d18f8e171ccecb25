"""A corpus built by partitions is the corpus that is built in memory."""

import json
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pytest

import analysis.corpus.pieces
import analysis.scale.corpus
from analysis import store
from analysis.corpus.load import export_files, load_corpus
from analysis.errors import CorpusError, CorpusWarning
from analysis.scale.corpus import Exports, build_corpus
from analysis.scale.jobs import Jobs
from tests.conftest import PAGES, SUPPLEMENT

TABLES = ("papers", "occurrences", "rejects", "conflicts", "pages", "merges", "filled")


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut everything small, so that a few records make many pieces and partitions."""
    monkeypatch.setattr(analysis.corpus.pieces, "PIECE", 3_000)
    for name, size in (("pieces_of", 3_000), ("in_units", 3_000)):
        whole = getattr(analysis.corpus.pieces, name)
        monkeypatch.setattr(analysis.scale.corpus, name, lambda *given, whole=whole, size=size: whole(*given, size))


def _exports(folder: Path) -> Path:
    """Write lines of JSON in which papers repeat, disagree, share titles, or cannot be read."""
    rows = [
        {"title": f"A paper about subject {i % 70}", "abstract": f"Abstract {i} of subject {i % 70}.", "doi": f"10.1/{i % 80}",
         "date": f"20{10 + i % 9}-0{1 + i % 9}-11", "authors": [f"Surname{i % 70}, A."]}
        for i in range(160)
    ]  # fmt: skip
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
        build_corpus(
            Exports(export_files(folder), {}, supplement=supplement, partition=25),
            target / "corpus",
            Jobs(target / "work"),
        )
    found = store.read_corpus(target / "corpus")
    for name in TABLES:
        one, other = getattr(expected, name), getattr(found, name)
        if name == "rejects":
            order = ["file", "line", "reason"]
            one, other = (frame.sort_values(order).reset_index(drop=True) for frame in (one, other))
        pd.testing.assert_frame_equal(one, other, check_dtype=name not in ("pages", "conflicts"), obj=name)


@pytest.mark.usefixtures("small_parts")
def test_papers_merges_and_conflicts_are_those_of_a_corpus_in_memory(tmp_path: Path) -> None:
    _same(_exports(tmp_path / "raw"), tmp_path, None)


@pytest.mark.usefixtures("small_parts")
def test_a_run_that_is_stopped_after_partitions_were_put_in_place_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, target = _exports(tmp_path / "raw"), tmp_path / "study"
    replace, moved = Path.replace, []

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
            build_corpus(Exports(export_files(folder), {}, partition=25), target / "corpus", Jobs(target / "work"))
    assert all(path.is_file() for path in moved)
    _same(folder, target, None)


@pytest.mark.usefixtures("small_parts")
def test_pages_without_years_among_other_exports_are_dated_as_in_memory(tmp_path: Path) -> None:
    folder = _exports(tmp_path / "raw")
    for path in PAGES.iterdir():
        shutil.copy(path, folder)
    _same(folder, tmp_path, SUPPLEMENT)


@pytest.mark.usefixtures("small_parts")
def test_a_damaged_part_stops_the_run_and_is_named_or_left_out_and_counted(tmp_path: Path) -> None:
    folder = _exports(tmp_path / "raw")
    (folder / "c.jsonl").write_bytes(b"\x00\x01\x02 damage")
    (folder / "d.jsonl").write_bytes(b"")
    (folder / "README.txt").write_text("how these were exported", encoding="utf-8")
    exports = Exports(export_files(folder), {})
    with pytest.raises(CorpusError, match=r"c\.jsonl, line 1: a binary file.*--skip-corrupt") as stopped:
        build_corpus(exports, tmp_path / "corpus", Jobs(tmp_path / "work"))
    assert "README" not in str(stopped.value)
    assert "d.jsonl" not in str(stopped.value)
    assert not (tmp_path / "corpus").exists()
    with pytest.warns(CorpusWarning) as told:
        build_corpus(exports, tmp_path / "corpus", Jobs(tmp_path / "work"), skip_corrupt=True)
    assert any("1 damaged file(s) were left out: c.jsonl" in str(warning.message) for warning in told)
    found = store.read_corpus(tmp_path / "corpus")
    assert len(found.papers)
    assert {"c.jsonl", "d.jsonl", "README.txt"} <= set(found.rejects["file"])
