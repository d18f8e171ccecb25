"""What a run will take is said before it begins."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import analysis.study.estimate
from analysis.cli import app
from analysis.corpus.export import export
from analysis.errors import ResourcesError
from analysis.study.estimate import Estimate, estimate, expected_records, free_memory
from analysis.study.face import Study
from tests.generators import planted_corpus

SMALL = "[scale]\nthreshold = 100\nlandmarks = 100\npartition = 100\n[trends]\nsensitivity = false\npermutations = 99\n"


@pytest.fixture
def many(tmp_path: Path) -> Study:
    """A study of 300 papers, which its settings call many."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "papers.jsonl").write_bytes(export(planted_corpus(300)[0], "jsonl"))
    (tmp_path / "study.toml").write_text(SMALL, encoding="utf-8")
    return Study.open(tmp_path)


def _with(monkeypatch: pytest.MonkeyPatch, memory: int) -> None:
    def free(papers: int, folder: Path, n_workers: int = 1) -> Estimate:
        return Estimate(papers, 60.0, 2.0 * memory, float(memory), 1.0, 2.0)

    monkeypatch.setattr(analysis.study.estimate, "estimate", free)


def test_records_are_expected_by_size_and_more_in_packed_files(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.ris", tmp_path / "a.ris.gz"
    for path in (plain, packed):
        path.write_bytes(b"x" * 1_200_000)
    assert expected_records([plain]) == 1_000
    assert expected_records([packed]) > 3 * expected_records([plain])
    assert expected_records([tmp_path / "absent"]) == 0


def test_more_papers_take_more_and_workers_take_less_time(tmp_path: Path) -> None:
    small, large, shared = estimate(50_000, tmp_path), estimate(500_000, tmp_path), estimate(500_000, tmp_path, 4)
    assert small.seconds < shared.seconds < large.seconds
    assert small.memory < large.memory == shared.memory
    assert "About 500,000 papers" in str(large)


def test_memory_is_that_of_the_tightest_limit(tmp_path: Path) -> None:
    own, job = tmp_path / "own", tmp_path / "cgroup" / "jobs" / "one"
    job.mkdir(parents=True)
    own.write_text("0::/jobs/one\n", encoding="utf-8")
    machine = free_memory(tmp_path / "cgroup", own)
    assert machine > 1e8
    for folder, most, used, cached in ((job, "max", 10, 0), (job.parent, "100000000", 60_000_000, 10_000_000)):
        (folder / "memory.max").write_text(f"{most}\n", encoding="utf-8")
        (folder / "memory.current").write_text(f"{used}\n", encoding="utf-8")
        (folder / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\n", encoding="utf-8")
    assert free_memory(tmp_path / "cgroup", own) == 50_000_000


@pytest.mark.parametrize("where", ["docker/one", "docker", "."])
@pytest.mark.parametrize("line", ["4:memory:/docker/one", "4:cpu,memory:/docker/one"])
def test_limits_of_older_control_groups_hold_even_where_a_container_does_not_see_its_own_name(
    tmp_path: Path, where: str, line: str
) -> None:
    own, folder = tmp_path / "own", tmp_path / "cgroup" / "memory" / where
    folder.mkdir(parents=True)
    own.write_text(f"9:name=systemd:/docker/one\n{line}\n0::/\n", encoding="utf-8")
    (folder / "memory.limit_in_bytes").write_text("100000000\n", encoding="utf-8")
    (folder / "memory.usage_in_bytes").write_text("60000000\n", encoding="utf-8")
    (folder / "memory.stat").write_text("cache 7\ntotal_inactive_file 10000000\n", encoding="utf-8")
    assert free_memory(tmp_path / "cgroup", own) == 50_000_000


def test_a_small_study_is_not_weighed(small_study: Study) -> None:
    assert small_study.estimate() is None


@pytest.mark.parametrize("helpers", [[], ["--workers", "1"], ["--workers", "2"]])
def test_the_command_weighs_a_large_corpus_whoever_does_its_partitions(many: Study, helpers: list[str]) -> None:
    run = CliRunner().invoke(app, ["corpus", "--study", str(many.folder), *helpers], catch_exceptions=False)
    assert run.exit_code == 0, run.output
    assert re.search(r"papers: about \d+ min, [\d.]+ GiB of memory", run.output)
    assert many.is_partitioned


def test_what_does_not_fit_is_refused_with_advice_and_forced_all_the_same(
    many: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with(monkeypatch, 1 << 30)
    runner = CliRunner()
    refused = runner.invoke(app, ["corpus", "--study", str(many.folder)])
    assert isinstance(refused.exception, ResourcesError)
    assert "memory of this machine will not do" in str(refused.exception)
    assert "--force" in str(refused.exception)
    assert not (many.data / "corpus").exists()
    forced = runner.invoke(app, ["corpus", "--study", str(many.folder), "--force"])
    assert forced.exit_code == 0, forced.output
    assert "2.0 GiB of memory (1.0 free)" in forced.output
    assert "sorting records by what they share: " in forced.output
    assert many.is_partitioned
    refused = runner.invoke(app, ["update", "--study", str(many.folder)])
    assert isinstance(refused.exception, ResourcesError)
    # nothing is left to do, so nothing is weighed
    assert many.estimate(["corpus"]) is None
