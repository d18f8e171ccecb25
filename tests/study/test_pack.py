"""A study as one archive: equal, complete, checked, and harmless whoever made it."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.errors import ArtefactError
from analysis.study.face import Study
from analysis.study.pack import pack, unpack


def _archive(path: Path, files: dict[str, bytes], listed: dict[str, bytes] | None = None, **contents: object) -> Path:
    """Write an archive with a list of contents that need not be true."""
    told = files if listed is None else listed
    entries = {n: {"sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in told.items()}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("CONTENTS.json", json.dumps({"format": 1, "exports": False, "files": entries, **contents}))
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_what_was_packed_is_unpacked_to_the_byte(planted_copy: Study, tmp_path: Path) -> None:
    archive = tmp_path / "study.zip"
    packed = planted_copy.pack(archive, exports=True)
    done = unpack(archive, tmp_path / "there")
    assert done.n_files == packed.n_files
    there = Study.open(tmp_path / "there")
    assert there.verify() == []
    for stage in planted_copy.manifest().stages.values():
        for name in stage.outputs:
            assert (there.folder / name).read_bytes() == (planted_copy.folder / name).read_bytes()
    note = (there.folder / "LICENCE-NOTE.txt").read_text(encoding="utf-8")
    assert "may redistribute" in note
    there.pack(tmp_path / "again.zip", exports=True)
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_exports_stay_at_home_unless_they_are_asked_for(planted_copy: Study, tmp_path: Path) -> None:
    planted_copy.pack(tmp_path / "study.zip")
    names = zipfile.ZipFile(tmp_path / "study.zip").namelist()
    assert not any(name.startswith("data/raw/") for name in names)
    assert {"study.toml", "data/manifest.json", "data/embeddings.npz", "figures/survey/section.md"} <= set(names)
    assert "data/topics/model/parts.npz" in names
    unpack(tmp_path / "study.zip", tmp_path / "there")
    there = Study.open(tmp_path / "there")
    assert len(there.topics.documents) == 120
    assert there.topics.bertopic.topics_ == there.topics.assignments["topic"].tolist()


def test_a_study_that_is_not_what_the_run_left_is_not_packed(planted_copy: Study, tmp_path: Path) -> None:
    (planted_copy.data / "topics" / "table.parquet").write_bytes(b"other")
    with pytest.raises(ArtefactError, match=r"not what the run left, such as data/topics/table\.parquet"):
        planted_copy.pack(tmp_path / "study.zip")
    assert not (tmp_path / "study.zip").exists()


def test_a_study_that_has_not_run_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    with pytest.raises(ArtefactError, match="has not run to its end"):
        pack(Study.open(tmp_path), tmp_path / "study.zip")


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/outside", "data/../../outside", "..", "C:\\outside", "a\\..\\..\\b", ""]
)
def test_an_archive_cannot_write_outside_its_folder(name: str, tmp_path: Path) -> None:
    archive = _archive(tmp_path / "bad.zip", {name or "x": b"x"}, {name: b"x"})
    with pytest.raises(ArtefactError, match="outside the study; nothing was unpacked"):
        unpack(archive, tmp_path / "in" / "there")
    assert sorted(path.name for path in tmp_path.iterdir()) in (["bad.zip"], ["bad.zip", "in"])
    assert not (tmp_path / "in" / "there").exists()


@pytest.mark.parametrize(
    ("files", "listed", "message"),
    [
        ({"a": b"x", "b": b"y"}, {"a": b"x"}, "holds what its list does not name: b"),
        ({"a": b"x"}, {"a": b"x", "b": b"y"}, "lacks 1 of its files, such as b"),
        ({"a": b"x"}, {"a": b"y"}, "a is not what was packed"),
        ({"a": b"x" * 5_000_000}, {"a": b"x"}, "a is larger than listed"),
    ],
)
def test_an_archive_that_is_not_as_listed_leaves_nothing(
    files: dict[str, bytes], listed: dict[str, bytes], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ArtefactError, match=message):
        unpack(_archive(tmp_path / "bad.zip", files, listed), tmp_path / "there")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(ArtefactError, match="cannot be unpacked"):
        unpack(tmp_path / "bad.zip", tmp_path / "there")
    with pytest.raises(ArtefactError, match="cannot be unpacked"):
        unpack(tmp_path / "missing.zip", tmp_path / "there")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("CONTENTS.json", "[]")
    with pytest.raises(ArtefactError, match="is damaged"):
        unpack(tmp_path / "other.zip", tmp_path / "there")
    newer = _archive(tmp_path / "newer.zip", {"a": b"x"}, format=9)
    with pytest.raises(ArtefactError, match="packed in format 9"):
        unpack(newer, tmp_path / "there")


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    archive = _archive(tmp_path / "good.zip", {"a": b"x"})
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ArtefactError, match="is not empty"):
        unpack(archive, tmp_path / "there")
    unpack(archive, tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / "a").read_bytes() == b"x"


def test_the_command_packs_and_unpacks(planted_copy: Study, tmp_path: Path) -> None:
    runner = CliRunner()
    packed = runner.invoke(app, ["pack", "--study", str(planted_copy.folder)])
    assert packed.exit_code == 0
    assert (planted_copy.folder / "planted.zip").is_file()
    done = runner.invoke(app, ["unpack", str(planted_copy.folder / "planted.zip"), str(tmp_path / "there")])
    assert done.exit_code == 0
    assert "each is what was packed" in " ".join(done.output.split())
