"""Atomic files and the manifest."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import ArtefactError
from analysis.io.files import (
    alone_in,
    hash_file,
    read_arrays,
    read_table,
    replacing,
    write_arrays,
    write_tables,
    write_text,
)
from analysis.study.manifest import Manifest, StageRecord


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        raise RuntimeError
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_clear_error_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")
    with pytest.raises(ArtefactError, match="No space left"), replacing(path):
        raise OSError(28, "No space left on device")
    assert path.read_text(encoding="utf-8") == "old"


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(ArtefactError, match="cannot be written"):
        write_text(tmp_path / "taken" / "file.txt", "text")


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"words": [["a", "b"], []], "n": pd.array([1, None], dtype="Int64")}, index=pd.Index(["x", "y"], name="id")
    )
    write_tables({tmp_path / "t.parquet": frame})
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.parquet"), frame)


def test_no_table_of_several_is_replaced_unless_all_can_be_written(tmp_path: Path) -> None:
    good = tmp_path / "good.parquet"
    write_tables({good: pd.DataFrame({"n": [1]})})
    before = good.read_bytes()
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(ArtefactError, match="cannot be written"):
        write_tables({good: pd.DataFrame({"n": [2]}), tmp_path / "taken" / "other.parquet": pd.DataFrame({"n": [3]})})
    assert good.read_bytes() == before


def test_arrays_come_back_and_equal_ones_are_equal_files(tmp_path: Path) -> None:
    frame = pd.Series([1.0, 2.0]).to_numpy()
    write_arrays(tmp_path / "a.npz", {"x": frame})
    write_arrays(tmp_path / "b.npz", {"x": frame})
    assert read_arrays(tmp_path / "a.npz")["x"].tolist() == [1.0, 2.0]
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("read", [read_table, read_arrays])
def test_a_missing_or_damaged_file_says_what_to_do(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(ArtefactError, match="missing"):
        read(tmp_path / "none")
    (tmp_path / "bad").write_bytes(b"nonsense")
    with pytest.raises(ArtefactError, match="damaged"):
        read(tmp_path / "bad")


def test_an_empty_file_is_a_damaged_one(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"")
    with pytest.raises(ArtefactError, match=r"a\.npz is damaged"):
        read_arrays(tmp_path / "a.npz")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"absent cannot be read: No such file"):
        hash_file(tmp_path / "absent")


def test_two_cannot_be_at_work_in_one_folder(tmp_path: Path) -> None:
    held = alone_in(tmp_path / "data")
    with held, pytest.raises(ArtefactError, match="another run is at work in"), alone_in(tmp_path / "data"):
        pass
    # who is done leaves room for the next
    with alone_in(tmp_path / "data"):
        pass


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    manifest = Manifest().with_stage("corpus", StageRecord({"a": "1"}, {"b": "2"}))
    manifest.write(tmp_path / "manifest.json")
    assert Manifest.read(tmp_path / "manifest.json") == manifest
    assert Manifest.read(tmp_path / "none.json") == Manifest()


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 99, "stages": {}}', '{"version": 1, "stages": {"a": 1}}'])
def test_a_damaged_manifest_is_a_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArtefactError, match="delete it and run again"):
        Manifest.read(path)
