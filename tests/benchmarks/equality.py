"""Are tables equal to the bit however the work is done: in memory, in partitions, by threads, by workers, shuffled?"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import pandas as pd

from analysis.concepts.mentions import find_concepts
from analysis.corpus.paper import Corpus
from analysis.io.dask_runner import cluster_at
from analysis.io.files import write_tables
from analysis.io.partitions import FramePartitions, StoredPartitions
from analysis.io.runner import CheckpointedRunner, Run, in_turn
from analysis.topics.fitting import fit
from analysis.topics.options import FitOptions
from analysis.topics.result import Topics
from analysis.trends.fit import fit_trends
from tests.benchmarks.samples import ABSENT, CORPORA
from tests.benchmarks.tables import markdown

SIZES = (300, 15_000, 69_000)
_REAL = ("arxiv30", "acl", "newsgroups20", "bbc_news")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_VARIANTS = (
    "in memory, all threads",
    "in memory, one thread",
    "in memory, shuffled",
    "partitions of 1/3",
    "partitions of 1/7",
    "partitions of 1/20",
    "two Dask workers",
)


def report(sizes: tuple[int, ...] = SIZES) -> str:
    """Return one row per size and way of working: how many tables differ from those made in memory."""
    if not CORPORA.is_dir():
        return f"## Equal results\n\n{ABSENT}"
    rows = []
    for size in sizes:
        hashes = {name: _in_a_process(size, name) for name in _VARIANTS}
        first = hashes[_VARIANTS[0]]
        for name in _VARIANTS:
            differing = sorted(table for table in first if hashes[name][table] != first[table])
            rows.append((f"{size:,}", name, len(first), ", ".join(differing) or "none"))
    intro = "Tables hashed to the last digit, beside those made in memory; trends at 300 papers alone."
    return (
        f"## Equal results\n\n{intro}\n\n{markdown(['papers', 'way of working', 'tables', 'tables that differ'], rows)}"
    )


def _in_a_process(size: int, variant: str) -> dict[str, str]:
    """Run one way of working alone, so that threads are counted from its start."""
    environment = {**os.environ, **(_ONE_THREAD if variant == "in memory, one thread" else {})}
    command = [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.equality", str(size), variant]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    hashes: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return hashes


def _papers(size: int) -> pd.DataFrame:
    """Return real abstracts and posts of several corpora, mixed."""
    frames = [
        pd.read_parquet(CORPORA / f"{name}.parquet", columns=["title", "abstract", "date"]).assign(source=name)
        for name in _REAL
    ]
    whole = pd.concat(frames, ignore_index=True).fillna({"title": "", "abstract": ""})
    drawn = whole.sample(n=min(size, len(whole)), random_state=0).reset_index(drop=True)
    return drawn.assign(id=drawn.index.map("{:07d}".format))


@contextmanager
def _prepared(papers: pd.DataFrame, variant: str, folder: Path) -> Iterator[tuple[Corpus, Run]]:
    """Give a corpus that lies as the variant says, and who does the work on it."""
    if variant == "in memory, shuffled":
        papers = papers.sample(frac=1, random_state=1)
    corpus = Corpus.from_frame(papers)
    if variant.startswith("in memory"):
        yield corpus, in_turn
        return
    cuts = int(variant.rpartition("/")[2]) if "/" in variant else 7
    parts = FramePartitions(corpus.papers, -(-len(corpus) // cuts))
    write_tables({folder / "papers" / f"part-{number:05d}.parquet": parts.read(number) for number in range(len(parts))})
    stored = Corpus(StoredPartitions.of(folder / "papers"), corpus.occurrences, corpus.rejects)
    if variant != "two Dask workers":
        yield stored, CheckpointedRunner(folder / "work").run
        return
    with cluster_at("local", folder, 2) as workers:
        yield stored, CheckpointedRunner(folder / "work", workers).run


def _hashes(corpus: Corpus, run: Run) -> dict[str, str]:
    topics = Topics.of(fit(corpus, FitOptions(), run))
    concepts = find_concepts(corpus, run=run)
    # trends see assignments and dates alone: once is enough, and they take minutes
    trends = [fit_trends(corpus, topics, concepts=concepts)] if len(corpus) <= SIZES[0] else []
    found = {}
    for result in (topics, concepts, *trends):
        for field in fields(result):  # type: ignore[arg-type]
            table = getattr(result, field.name)
            if isinstance(table, pd.DataFrame):
                content = "".join(table.reset_index().map(repr).to_csv(index=False))
                found[f"{type(result).__name__}.{field.name}"] = hashlib.sha256(content.encode()).hexdigest()
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name, _prepared(_papers(int(sys.argv[1])), sys.argv[2], Path(name)) as work:
        print(json.dumps(_hashes(*work)))
