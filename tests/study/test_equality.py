"""One path for every size: however a corpus is cut and whoever does the work, its tables are the same to the bit."""

import shutil
import warnings
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from analysis.concepts.mentions import find_concepts
from analysis.corpus.export import export
from analysis.corpus.load import load_corpus
from analysis.corpus.paper import Corpus
from analysis.io.dask_runner import cluster_at
from analysis.io.files import read_table
from analysis.io.partitions import FramePartitions
from analysis.io.process_workers import process_workers
from analysis.io.runner import in_turn
from analysis.study.face import Study
from analysis.topics.fitting import fit
from analysis.topics.options import FitOptions
from analysis.topics.result import Topics
from analysis.topics.variants import topic_variants
from analysis.trends.family import TestSettings
from analysis.trends.fit import fit_trends
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

SIZE, THRESHOLD, LANDMARKS = 300, 150, 100
PARTITIONS = (50, 64, 140)
QUICK = TestSettings(n_permutations=99)


def _settings(partition: int) -> str:
    return (
        f"[scale]\nthreshold = {THRESHOLD}\nlandmarks = {LANDMARKS}\npartition = {partition}\n"
        '[concepts]\nvocabulary = "medical_ai"\n[trends]\npermutations = 99\n[figures]\nformats = []\n'
    )


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 planted papers in two files."""
    folder = tmp_path_factory.mktemp("equality") / "sources"
    (folder / "data" / "raw").mkdir(parents=True)
    papers = planted_corpus(SIZE)[0]
    for name, rows in (("a.jsonl", papers.papers.iloc[:170]), ("b.jsonl", papers.papers.iloc[170:])):
        part = Corpus(rows, papers.occurrences, papers.rejects)
        (folder / "data" / "raw" / name).write_bytes(export(part, "jsonl"))
    return folder


@pytest.fixture(scope="module")
def in_memory(sources: Path) -> dict[str, pd.DataFrame]:
    """All tables, made in memory through the library."""
    return _tables_of(load_corpus(sources / "data" / "raw"))


def _tables_of(corpus: Corpus) -> dict[str, pd.DataFrame]:
    options = FitOptions(threshold=THRESHOLD, landmarks=LANDMARKS)
    topics = Topics.of(fit(corpus, options, in_turn))
    concepts = find_concepts(corpus)
    variants = topic_variants(corpus, pd.Index(topics.landmarks["paper_id"]), options, in_turn)
    groups = ["source", "country", "venue"]
    trends = fit_trends(corpus, topics, concepts=concepts, variants=variants, groups=groups, settings=QUICK)
    named = [(topics, "topics"), (concepts, "concepts"), (trends, "trends")]
    return {
        f"{room}/{field.name}": table
        for result, room in named
        for field in fields(result)  # type: ignore[arg-type]
        if isinstance(table := getattr(result, field.name), pd.DataFrame)
    }


def _tables_in(study: Study) -> dict[str, pd.DataFrame]:
    rooms = ("topics", "concepts", "trends")
    return {
        f"{room}/{path.stem}": read_table(path)
        for room in rooms
        for path in sorted((study.data / room).glob("*.parquet"))
    }


def _equal(tables: dict[str, pd.DataFrame], expected: dict[str, pd.DataFrame]) -> None:
    assert tables.keys() == expected.keys()
    for name, table in tables.items():
        # lists and missing values take another form on disk
        pd.testing.assert_frame_equal(
            table, expected[name], check_exact=True, check_dtype=False, check_column_type=False, obj=name
        )


@pytest.mark.parametrize("partition", PARTITIONS)
def test_partitions_of_any_size_give_the_tables_of_a_corpus_in_memory(
    sources: Path, in_memory: dict[str, pd.DataFrame], tmp_path: Path, partition: int
) -> None:
    study = Study.open(_copied(sources, tmp_path, partition))
    study.run(["trends"])
    assert study.is_partitioned
    _equal(_tables_in(study), in_memory)


def test_two_workers_give_the_tables_of_a_corpus_in_memory(
    sources: Path, in_memory: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed; see notebooks/guide/large.md")
    study = Study.open(_copied(sources, tmp_path, PARTITIONS[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with cluster_at("local", study.folder, 2) as workers:
            study.run(["trends"], workers=workers)
    _equal(_tables_in(study), in_memory)


def test_processes_of_this_machine_give_the_tables_of_a_corpus_in_memory(
    sources: Path, in_memory: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    study = Study.open(_copied(sources, tmp_path, PARTITIONS[0]))
    with process_workers(2) as workers:
        assert workers is not None
        study.run(["trends"], workers=workers)
    _equal(_tables_in(study), in_memory)


def test_shuffled_input_gives_the_same_tables(sources: Path, in_memory: dict[str, pd.DataFrame]) -> None:
    corpus = load_corpus(sources / "data" / "raw")
    shuffled = Corpus(
        FramePartitions(corpus.papers.sample(frac=1, random_state=1), 40),
        corpus.occurrences,
        corpus.rejects,
        pages=corpus.pages,
    )
    tables = _tables_of(shuffled)
    assert tables["topics/assignments"].index.tolist() == shuffled.papers.index.tolist()
    _equal(
        {name: table.sort_index() if table.index.name == "paper_id" else table for name, table in tables.items()},
        in_memory,
    )


def _copied(sources: Path, target: Path, partition: int) -> Path:
    folder = shutil.copytree(sources, target / "study")
    (folder / "study.toml").write_text(_settings(partition), encoding="utf-8")
    return folder
