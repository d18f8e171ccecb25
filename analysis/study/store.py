"""The rooms' results on disk: which table lies where."""

import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pandas as pd

from analysis.concepts.mentions import Concepts
from analysis.corpus.assemble import Assembled
from analysis.corpus.paper import Corpus
from analysis.corpus.schema import typed_filled, typed_merges, typed_rejects
from analysis.errors import ArtefactError
from analysis.io.files import files_under, read_table, write_bytes, write_tables, writing
from analysis.io.partitions import PARTITION, FramePartitions, StoredPartitions
from analysis.io.runner import CheckpointedRunner
from analysis.topics.result import Topics
from analysis.trends.result import Trends

_CORPUS = ("papers", "occurrences", "rejects", "conflicts", "pages", "merges", "filled")
_TOPICS = (
    "table",
    "assignments",
    "themes",
    "draws",
    "layout",
    "tree",
    "granularity",
    "quality",
    "topic_quality",
    "representatives",
    "edits",
    "landmarks",
    "candidates",
)
_TRENDS = tuple(field.name for field in fields(Trends))
_CONCEPTS = tuple(field.name for field in fields(Concepts))
_MODEL = "model"
# tables of a large corpus that lie in partitions
PARTITIONED = ("papers", "occurrences")


def write_corpus(folder: Path, corpus: Corpus, most: int | None = None, partition: int = PARTITION) -> list[Path]:
    """Write a corpus' tables, one of more than `most` papers in partitions of so many rows; return their paths."""
    split = most is not None and len(corpus) > most
    tables = {
        folder / f"{name}.parquet": getattr(corpus, name) for name in _CORPUS if not (split and name in PARTITIONED)
    }
    if split:
        for name in PARTITIONED:
            parts = FramePartitions(getattr(corpus, name), partition)
            tables |= {folder / name / f"part-{number:05d}.parquet": parts.read(number) for number in range(len(parts))}
    write_tables(tables)
    remove_other_form(folder, list(tables))
    return list(tables)


def move_corpus(folder: Path, assembled: Assembled, runner: CheckpointedRunner) -> list[Path]:
    """Move a corpus that a runner has made to where it stays; return the tables' paths."""
    written = []
    for name in PARTITIONED:
        for number in range(assembled.n_parts):
            part = folder / name / f"part-{number:05d}.parquet"
            path = part if assembled.n_parts > 1 else folder / f"{name}.parquet"
            made = runner.table("papers", number, name).path
            # a run that was killed here has moved some of them
            if made.is_file() or not path.is_file():
                with writing(path):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    made.replace(path)
            written.append(path)
    tables = {folder / f"{name}.parquet": table for name, table in assembled.tables.items()}
    write_tables(tables)
    remove_other_form(folder, [*written, *tables])
    return [*written, *tables]


def remove_other_form(folder: Path, written: Sequence[Path]) -> None:
    """Remove partitions, or whole tables, of an earlier corpus that lay otherwise: they would be read in its stead."""
    partitions = files_under(folder / name for name in PARTITIONED)
    for path in {*partitions, *(folder / f"{name}.parquet" for name in PARTITIONED)} - set(written):
        with writing(path):
            path.unlink(missing_ok=True)


def read_corpus(folder: Path) -> Corpus:
    """Return the corpus that lies in a folder; papers and occurrences are read when they are asked for.

    Raises
    ------
    ArtefactError
        A table or a partition is missing or damaged.
    """
    folder = folder.resolve()
    types = {"rejects": typed_rejects, "merges": typed_merges, "filled": typed_filled}
    tables = {name: read_table(folder / f"{name}.parquet") for name in _CORPUS if name not in PARTITIONED}
    corpus = Corpus(
        *(StoredPartitions.of(folder / name) for name in PARTITIONED),
        **{name: types[name](table) if name in types else table for name, table in tables.items()},
    )
    n_records = corpus.occurrence_parts.n_rows
    if len(corpus) != n_records - len(corpus.merges) or int(corpus.pages["records"].sum()) not in (0, n_records):
        raise ArtefactError(f"{folder} lacks a partition; `topictrends run` writes it again")
    return corpus


def write_topics(folder: Path, topics: Topics) -> list[Path]:
    """Write topics with the BERTopic model that holds them; return the files' paths."""
    from analysis.topics.model import save_model

    # saved beside it first, so that a failure leaves model and tables of before whole
    with writing(folder), tempfile.TemporaryDirectory() as temporary:
        save_model(topics.bertopic, Path(temporary))
        paths = _write_tables(folder, {name: getattr(topics, name) for name in _TOPICS})
        return [*paths, *_move_model(folder / _MODEL, Path(temporary))]


def read_topics(folder: Path) -> Topics:
    """Read topics; the BERTopic model is loaded only when it is asked for."""
    tables = {name: read_table(folder / f"{name}.parquet") for name in _TOPICS}
    return Topics(**tables, model_folder=folder / _MODEL)


def write_trends(folder: Path, trends: Trends) -> list[Path]:
    """Write trends' tables; return their paths."""
    return _write_tables(folder, {name: getattr(trends, name) for name in _TRENDS})


def read_trends(folder: Path) -> Trends:
    """Read trends; raises ArtefactError where a table is missing or damaged."""
    return Trends(**{name: read_table(folder / f"{name}.parquet") for name in _TRENDS})


def write_concepts(folder: Path, concepts: Concepts) -> list[Path]:
    """Write concepts' tables; return their paths."""
    return _write_tables(folder, {name: getattr(concepts, name) for name in _CONCEPTS})


def read_concepts(folder: Path) -> Concepts:
    """Read concepts; raises ArtefactError where a table is missing or damaged."""
    return Concepts(**{name: read_table(folder / f"{name}.parquet") for name in _CONCEPTS})


def _write_tables(folder: Path, tables: dict[str, pd.DataFrame]) -> list[Path]:
    files = {folder / f"{name}.parquet": frame for name, frame in tables.items()}
    write_tables(files)
    return list(files)


def _move_model(folder: Path, saved: Path) -> list[Path]:
    written = []
    for file in files_under([saved]):
        target = folder / file.relative_to(saved)
        write_bytes(target, file.read_bytes())
        written.append(target)
    for stale in set(files_under([folder])) - set(written):
        stale.unlink()
    return written
