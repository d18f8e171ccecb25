"""A study past the threshold: partitions, landmarks, workers, interruptions, updates."""

import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
import pytest

import analysis.trends.fit
from analysis.corpus.export import export
from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError, CorpusWarning
from analysis.io.dask_runner import cluster_at
from analysis.io.files import read_table
from analysis.study.face import STAGE_NAMES, Study
from analysis.topics.model import ModelParts
from analysis.topics.update import stale_topics
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

SETTINGS = (
    'title = "Large"\n[scale]\nthreshold = 150\nlandmarks = 100\npartition = 100\n'
    "[trends]\nsensitivity = true\npermutations = 99\n[figures]\nformats = []\n"
)
RUN = "import sys; from analysis.study.face import Study; Study.open(sys.argv[1]).run(['trends'])"


def write_export(folder: Path, name: str, corpus: Corpus) -> None:
    (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "raw" / name).write_bytes(export(corpus, "jsonl"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """320 of 360 planted papers in two files, and settings by which they are many."""
    folder = tmp_path_factory.mktemp("large") / "sources"
    papers = planted_corpus(360)[0]
    for name, rows in (("a.jsonl", papers.papers.iloc[:200]), ("b.jsonl", papers.papers.iloc[200:320])):
        write_export(folder, name, Corpus(rows, papers.occurrences, papers.rejects))
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def finished(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study, run in one process up to its trends."""
    study = Study.open(shutil.copytree(sources, tmp_path_factory.mktemp("finished") / "study"))
    study.run(["trends"])
    return study


def _tables(study: Study) -> dict[str, pd.DataFrame]:
    paths = sorted(study.data.rglob("*.parquet"))
    return {path.relative_to(study.data).as_posix(): read_table(path) for path in paths}


def _equal(one: Study, other: Study) -> None:
    first, second = _tables(one), _tables(other)
    assert first.keys() == second.keys()
    for name, frame in first.items():
        pd.testing.assert_frame_equal(frame, second[name], obj=name)


def test_a_large_study_lies_in_partitions_and_leaves_no_work_behind(finished: Study) -> None:
    assert len(list((finished.data / "corpus" / "papers").glob("part-*.parquet"))) == 4
    assert not (finished.data / "work").exists()
    assert len(finished.topics.assignments) == 320
    assert len(finished.topics.landmarks) < 150
    assert {"another seed", "words alone", "past alone"} <= set(finished.trends.sensitivity["choice"])
    assert finished.run(["trends"]) == dict.fromkeys(("corpus", "topics", "concepts", "trends"), False)


def test_two_workers_give_what_one_process_gives(sources: Path, finished: Study, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed; see notebooks/guide/large.md")
    study = Study.open(shutil.copytree(sources, tmp_path / "study"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with cluster_at("local", study.folder, 2) as workers:
            study.run(["trends"], workers=workers)
    _equal(study, finished)


def test_a_run_that_was_killed_resumes_to_the_same_tables_wherever_it_lies_then(
    sources: Path, finished: Study, tmp_path: Path
) -> None:
    folder = shutil.copytree(sources, tmp_path / "study")
    for name in ("papers", "place", "variants"):
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", RUN, str(folder)], cwd=Path(__file__).parents[2]
        )
        deadline = time.monotonic() + 240
        while process.poll() is None and not list((folder / "data").glob(f"work/*/{name}-*")):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        # a study is moved to another folder in the middle of its run
        folder = folder.rename(tmp_path / f"moved-{name}")
    study = Study.open(folder)
    study.run(["trends"])
    _equal(study, finished)


def test_a_partition_that_was_damaged_is_named_and_a_run_mends_it(finished: Study, tmp_path: Path) -> None:
    study = Study.open(shutil.copytree(finished.folder, tmp_path / "study"))
    part = study.data / "corpus" / "papers" / "part-00002.parquet"
    part.write_bytes(b"damage")
    with pytest.raises(ArtefactError, match=r"part-00002\.parquet is damaged"):
        _ = study.corpus
    assert study.run(["corpus"]) == {"corpus": True}
    _equal(study, finished)


def test_an_update_keeps_topics_and_places_what_is_new(finished: Study, tmp_path: Path) -> None:
    study = Study.open(shutil.copytree(finished.folder, tmp_path / "study"))
    before = study.topics
    more, truth = planted_corpus(360)
    new = more.papers.iloc[320:]
    write_export(study.folder, "c.jsonl", Corpus(more.papers.iloc[300:], more.occurrences, more.rejects))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CorpusWarning)
        done = study.update()
    after = study.topics
    assert sorted(done.new["title"]) == sorted(new["title"])
    assert done.gone == []
    old = before.assignments.index
    pd.testing.assert_frame_equal(after.assignments.loc[old], before.assignments)
    pd.testing.assert_frame_equal(
        after.table[["label", "theme", "keywords"]], before.table[["label", "theme", "keywords"]]
    )
    assert after.table["size"].sum() == 360
    titles = study.corpus.papers["title"]
    planted = pd.Series(truth.to_numpy(), index=more.papers["title"])[titles[after.assignments.index]].to_numpy()
    placed = pd.crosstab(planted, after.assignments["topic"].to_numpy())
    assert (placed.max(axis=1) / placed.sum(axis=1)).min() > 0.9
    assert any(line.startswith("+ ") and "360" in line for line in done.statements)
    assert study.run() == dict.fromkeys(STAGE_NAMES, False)
    again = study.update()
    assert again.new.empty
    assert again.statements == []
    assert after.bertopic.topics_ == after.assignments["topic"].tolist()


def test_an_update_that_was_interrupted_still_tells_what_came(
    finished: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study.open(shutil.copytree(finished.folder, tmp_path / "study"))
    study.run(["survey"])
    more = planted_corpus(360)[0]
    write_export(study.folder, "c.jsonl", Corpus(more.papers.iloc[320:340], more.occurrences, more.rejects))

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        # tables are there by then, the manifest knows nothing of them
        patched.setattr(ModelParts, "save", interrupted)
        with pytest.raises(KeyboardInterrupt):
            study.update()
    with monkeypatch.context() as patched:
        patched.setattr(analysis.trends.fit, "fit_trends", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Study.open(study.folder).update()
    assert len(Study.open(study.folder).topics.assignments) == 340
    # what comes before it is called again is told with it
    write_export(study.folder, "d.jsonl", Corpus(more.papers.iloc[340:], more.occurrences, more.rejects))
    study = Study.open(study.folder)
    done = study.update()
    assert sorted(done.new["title"]) == sorted(more.papers["title"].iloc[320:])
    assert any(line.startswith("- ") and "320" in line for line in done.statements)
    assert any(line.startswith("+ ") and "360" in line for line in done.statements)
    assert study.update().new.empty
    (study.data / "update.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArtefactError, match=r"update\.json is damaged; delete it"):
        study.update()


def test_topics_that_new_papers_pass_by_are_stale(finished: Study) -> None:
    topics, dates = finished.topics, finished.corpus.papers["date"]
    counts = topics.assignments["topic"].value_counts()
    left, others = counts.index[0], topics.assignments.index[topics.assignments["topic"] != counts.index[0]]
    stale = stale_topics(topics, others[-150:], dates)
    assert stale.index.tolist() == [left]
    share = counts[left] / (len(topics.assignments) - 150)
    assert stale.loc[left, ["new", "expected"]].tolist() == [0, pytest.approx(150 * share)]
    latest = dates[topics.assignments.index[topics.assignments["topic"] == left]].sort_values().iloc[:-4:-1]
    assert dates[stale.loc[left, "last_papers"]].tolist() == latest.tolist()
    assert stale_topics(topics, others[:0], dates).empty


def test_an_update_after_other_settings_asks_for_a_run(finished: Study, tmp_path: Path) -> None:
    folder = shutil.copytree(finished.folder, tmp_path / "study")
    (folder / "study.toml").write_text("seed = 1\n" + SETTINGS, encoding="utf-8")
    with pytest.raises(ArtefactError, match="settings changed, so they must be found again: `topictrends run`"):
        Study.open(folder).update()
    with pytest.raises(ArtefactError, match="has no topics yet"):
        Study.open(shutil.copytree(folder, tmp_path / "bare", ignore=shutil.ignore_patterns("manifest.json"))).update()
