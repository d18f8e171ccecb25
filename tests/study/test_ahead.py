"""Notebooks that are begun while earlier stages run: which, and where there is room."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

import analysis.study.ahead
from analysis.study.ahead import begin_after, begun_ahead
from analysis.study.face import Study
from analysis.study.notebook_runner import NotebookRunner
from tests.conftest import ROOT


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The notebooks that a runner is told to begin; none is started."""
    told: list[str] = []

    def begin(runner: NotebookRunner, paths: Iterable[Path]) -> None:
        told.extend(path.name for path in paths)

    monkeypatch.setattr(NotebookRunner, "begin", begin)
    monkeypatch.setattr(analysis.study.ahead, "free_memory", lambda: 8 * 2.0**30)
    monkeypatch.setattr(analysis.study.ahead, "usable_cores", lambda: 2)
    return told


@pytest.fixture
def study(small_study: Study) -> Study:
    """A study with all notebooks of the package."""
    small_study.notebooks_folder.mkdir(exist_ok=True)
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, small_study.notebooks_folder)
    return small_study


def test_what_opens_no_study_is_executed_ahead(study: Study, begun: list[str]) -> None:
    with begun_ahead(study) as notebooks:
        assert notebooks is not None
    assert begun == ["00_own_corpus.ipynb"]


def test_what_reads_a_study_is_executed_once_the_stage_is_done_that_it_reads_last(
    study: Study, begun: list[str]
) -> None:
    with begun_ahead(study) as notebooks:
        assert notebooks is not None
        begun.clear()
        for stage in ("topics", "concepts", "trends"):
            begin_after(stage, study, notebooks)
        assert begun == []
        begin_after("figures", study, notebooks)
        assert begun == ["01_corpus.ipynb", "02_topics.ipynb", "03_trends.ipynb", "05_compare.ipynb"]
        begun.clear()
        begin_after("survey", study, notebooks)
        assert begun == ["04_survey.ipynb"]


def test_notebooks_with_code_of_others_wait_for_their_stage(study: Study, begun: list[str]) -> None:
    path = study.notebooks_folder / "00_own_corpus.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("import analysis as at", "import analysis as at, os"), "utf-8"
    )
    with begun_ahead(study) as notebooks:
        assert notebooks is not None
    assert begun == []


@pytest.mark.parametrize("lacking", ["memory", "cores"])
def test_nothing_is_begun_where_there_is_no_room(
    study: Study, begun: list[str], monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    if lacking == "memory":
        monkeypatch.setattr(analysis.study.ahead, "free_memory", lambda: 2 * 2.0**30)
    else:
        monkeypatch.setattr(analysis.study.ahead, "usable_cores", lambda: 1)
    with begun_ahead(study) as notebooks:
        assert notebooks is None
    assert begun == []


def test_a_study_without_notebooks_begins_none(small_study: Study, begun: list[str]) -> None:
    with begun_ahead(small_study) as notebooks:
        assert notebooks is None
