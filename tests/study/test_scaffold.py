"""`topictrends init`: a study from a folder of exports, that runs."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from analysis.errors import SettingsError
from analysis.study.face import Study
from analysis.study.scaffold import STUDY_NOTEBOOKS, new_study
from analysis.study.settings import read_settings
from tests.conftest import PAGES, ROOT
from tests.generators import PageEntry, page

pytestmark = pytest.mark.slow


def test_exports_in_the_folder_become_the_sources_and_stay(tmp_path: Path) -> None:
    shutil.copytree(PAGES, tmp_path, dirs_exist_ok=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    written = new_study(tmp_path, 'A "quoted" \\ study')
    settings = read_settings(tmp_path)
    assert settings.title == 'A "quoted" \\ study'
    assert settings.corpus.sources == sorted(before)
    assert settings.corpus.supplement is None
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert {path.name for path in written.written} >= {
        "study.toml",
        "README.md",
        "00_own_corpus.ipynb",
        "04_survey.ipynb",
    }
    assert len(Study.open(tmp_path).manifest().stages) == 0


def test_notebooks_come_without_outputs_and_read_the_studys_sources(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("anything", encoding="utf-8")
    new_study(tmp_path, "A study")
    for path in (tmp_path / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(cell.get("outputs") for cell in cells)
        assert any("parameters" in cell["metadata"].get("tags", []) for cell in cells)
    assert "exports = ['../mine.txt']" in (tmp_path / "notebooks" / "00_own_corpus.ipynb").read_text(encoding="utf-8")


def test_an_empty_folder_gets_a_place_for_exports(tmp_path: Path) -> None:
    new_study(tmp_path / "new", "A study")
    assert (tmp_path / "new" / "data" / "raw").is_dir()
    assert read_settings(tmp_path / "new").corpus.sources == ["data/raw"]


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    new_study(tmp_path, "A study")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "mine"
    with pytest.raises(SettingsError, match="already"):
        new_study(tmp_path, "A study")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match="is a file"):
        new_study(tmp_path / "file", "A study")


def test_a_new_study_runs_with_its_notebooks(tmp_path: Path) -> None:
    entries = [PageEntry(f"A title about subject {i}", date=f"Mar {i + 1}, 202{i % 4}") for i in range(6)]
    (tmp_path / "export.txt").write_text(page(entries), encoding="utf-8")
    new_study(tmp_path, "A study")
    settings = tmp_path / "study.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('["svg", "pdf", "png"]', "[]", 1), encoding="utf-8"
    )
    study = Study.open(tmp_path)
    with pytest.warns(UserWarning, match="cannot be split"):
        study.run()
    assert study.verify() == []


def test_the_wheel_takes_along_the_notebooks_that_a_study_gets_by_name() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {name for name in included if name.startswith("notebooks/")} == {f"notebooks/{n}" for n in STUDY_NOTEBOOKS}
    assert all((ROOT / name).is_file() for name in included)


def test_git_ignores_what_a_run_derives_and_keeps_what_people_supplied(tmp_path: Path) -> None:
    new_study(tmp_path, "A study")
    for folder in (tmp_path, ROOT):
        lines = (folder / ".gitignore").read_text(encoding="utf-8").splitlines()
        assert {"data/corpus/", "data/topics/", "data/concepts/", "data/trends/", "data/manifest.json"} <= set(lines)
        kept = (
            "data/",
            "data/raw/",
            "data/topic_edits.toml",
            "data/outline.toml",
            "data/answers.jsonl",
            "data/label_exchanges.json",
            "figures/",
        )
        assert not set(kept) & set(lines)
