"""What the doctor says: every part there is, and what a missing one would add."""

import shutil

import pytest

import analysis.figures.static
from analysis.study.doctor import findings


def test_every_finding_is_a_sentence_and_versions_are_told() -> None:
    found = dict(findings())
    assert all(how.endswith(".") for how in found.values())
    assert "bertopic 0." in found["packages"]
    assert {"topictrends", "Python", "memory", "threads", "browser", "fonts", "LaTeX", "Dask"} <= found.keys()


def test_what_is_missing_says_what_it_would_add(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(analysis.figures.static, "find_browser", lambda: None)
    found = dict(findings())
    assert "would add SVG, PDF and PNG" in found["browser"]
    assert "compiled elsewhere" in found["LaTeX"]
    assert found["fonts"].startswith("not known")


def test_threads_tell_who_limits_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert dict(findings())["threads"].startswith("1 of ")
    assert "OMP_NUM_THREADS = 1" in dict(findings())["threads"]
