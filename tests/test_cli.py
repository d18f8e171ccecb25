"""The command."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import __version__
from analysis.study.face import Study

pytestmark = pytest.mark.slow


def topictrends(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from analysis.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    )


def test_help_names_every_command() -> None:
    found = topictrends("--help")
    assert found.returncode == 0
    for name in ("run", "corpus", "topics", "trends", "figures", "survey", "notebooks", "verify"):
        assert name in found.stdout


def test_the_version_is_printed() -> None:
    assert topictrends("--version").stdout.strip() == __version__


def test_a_stage_runs_once_and_is_then_unchanged(small_study: Study) -> None:
    first = topictrends("corpus", "--study", small_study.folder)
    assert first.returncode == 0, first.stderr
    assert "seconds" in first.stdout
    second = topictrends("corpus", "--study", small_study.folder)
    assert "Nothing has changed since the last run" in second.stdout
    assert "Read 6 records: 6 papers" in second.stdout
    assert topictrends("corpus", "--study", small_study.folder, "--quiet").stdout == ""
    assert "seconds" in topictrends("corpus", "--study", small_study.folder, "--force").stdout


def test_a_small_corpus_warns_in_one_line_and_succeeds(small_study: Study) -> None:
    found = topictrends("topics", "--study", small_study.folder)
    assert found.returncode == 0
    assert "one topic only: 6 papers cannot be split" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_quick_run_says_what_it_leaves_out_and_a_later_one_makes_it(small_study: Study) -> None:
    quick = topictrends("run", "--quick", "--study", small_study.folder)
    assert quick.returncode == 0, quick.stderr
    assert "Quick: papers are not clustered again" in quick.stdout
    figures = small_study.folder / "figures"
    assert (figures / "topic_map.html").is_file()
    assert (figures / "survey" / "section.md").is_file()
    assert not list(figures.rglob("*.svg"))
    records = Study.open(small_study.folder).manifest().stages
    assert "notebooks" not in records
    section = (figures / "survey" / "section.md").read_text(encoding="utf-8")
    assert "(../topic_map.html)" in section
    assert ".svg" not in section
    study = Study.open(small_study.folder)
    assert [str(problem) for problem in study.verify()] == [
        "study: a quick run made it; `topictrends run` makes all of it"
    ]
    # corpus and topics are what a whole run makes, too; trends and figures are not
    again = topictrends("trends", "--study", small_study.folder)
    assert again.returncode == 0, again.stderr
    later = Study.open(small_study.folder).manifest().stages
    assert later["topics"] == records["topics"]
    assert later["trends"].inputs != records["trends"].inputs
    # what was run in full is not taken away in passing
    refused = topictrends("run", "--quick", "--study", small_study.folder)
    assert refused.returncode == 2
    assert "leave --quick out, or add --force" in refused.stderr


@pytest.mark.filterwarnings("ignore::analysis.errors.TopicTrendsWarning")
def test_a_quick_run_may_follow_a_quick_run_whatever_the_study_leaves_out_itself(small_study: Study) -> None:
    path = small_study.folder / "study.toml"
    path.write_text("[trends]\nsensitivity = false\n", encoding="utf-8")
    study = Study.open(small_study.folder)
    study.quick().run(["figures"])
    assert study.was_quick
    assert study.for_quick_run().settings.figures.formats == []
    path.write_text("[trends]\nsensitivity = false\n[figures]\nformats = []\nsingle_column = false\n", encoding="utf-8")
    bare = Study.open(small_study.folder)
    assert not bare.was_quick
    assert bare.for_quick_run().settings == bare.settings


def test_misuse_is_exit_code_two(tmp_path: Path, small_study: Study) -> None:
    assert topictrends("dance").returncode == 2
    assert topictrends("run", "--study", tmp_path / "nowhere").returncode == 2
    (small_study.folder / "study.toml").write_text("sede = 1", encoding="utf-8")
    found = topictrends("run", "--study", small_study.folder)
    assert found.returncode == 2
    assert "sede: unknown key" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_failure_is_exit_code_one_without_a_traceback(small_study: Study) -> None:
    (small_study.data / "raw" / "page.txt").write_bytes(b"\x00\x01")
    found = topictrends("run", "--study", small_study.folder)
    assert found.returncode == 1
    assert "CorpusError" in found.stderr
    assert "page.txt, line 1: a binary file" in found.stderr
    assert "Traceback" not in found.stderr


def test_an_output_folder_that_is_a_file_is_a_clear_error(small_study: Study) -> None:
    (small_study.data / "corpus").write_text("in the way", encoding="utf-8")
    found = topictrends("corpus", "--study", small_study.folder)
    assert found.returncode == 1
    assert "cannot be written" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a superuser writes everywhere")
def test_a_read_only_output_folder_is_a_clear_error(small_study: Study) -> None:
    small_study.data.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        found = topictrends("corpus", "--study", small_study.folder)
    finally:
        small_study.data.chmod(stat.S_IRWXU)
    assert found.returncode == 1
    assert "cannot be written" in found.stderr


def test_verify_names_what_is_wrong_and_exits_with_one(planted_copy: Study) -> None:
    assert topictrends("verify", "--study", planted_copy.folder).returncode == 0
    path = planted_copy.figures_folder / "survey" / "section.md"
    path.write_text(path.read_text(encoding="utf-8").replace("120 papers", "121 papers", 1), encoding="utf-8")
    found = topictrends("verify", "--study", planted_copy.folder)
    assert found.returncode == 1
    assert "section.md" in found.stderr
    assert "'121'" in found.stderr
