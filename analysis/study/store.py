"""The rooms' results on disk: which table lies where."""

import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.concepts.mentions import Concepts
from analysis.corpus.paper import Corpus, typed_filled, typed_merges, typed_occurrences, typed_papers, typed_rejects
from analysis.errors import ArtefactError
from analysis.io.files import files_under, is_partitioned, read_table, write_bytes, write_tables, writing
from analysis.io.partitions import PARTITION, FolderPartitions
from analysis.topics.result import Topics
from analysis.trends.result import Trends

_CORPUS = ("papers", "occurrences", "rejects", "conflicts", "pages", "merges", "filled")
_TOPICS = (
    "table", "assignments", "themes", "draws", "layout", "tree", "granularity", "quality", "topic_quality",
    "representatives", "edits", "landmarks", "candidates",
)  # fmt: skip
_TRENDS = tuple(field.name for field in fields(Trends))
_CONCEPTS = tuple(field.name for field in fields(Concepts))
_MODEL = "model"
# tables of a large corpus that lie in partitions
PARTITIONED = ("papers", "occurrences")


def write_corpus(folder: Path, corpus: Corpus, most: int | None = None, partition: int = PARTITION) -> list[Path]:
    """Write a corpus' tables, one of more than `most` papers in partitions of so many rows; return their paths."""
    tables = {name: getattr(corpus, name) for name in _CORPUS}
    placed: dict[Path, pd.DataFrame] = {}
    if most is None or len(corpus) <= most:
        written = _write_tables(folder, tables)
        remove_other_form(folder, written)
        return written
    for name in PARTITIONED:
        frame = tables.pop(name)
        for number in range(-(-len(frame) // partition)):
            part = frame.iloc[number * partition : (number + 1) * partition]
            placed[folder / name / f"part-{number:05d}.parquet"] = part
    write_tables(placed)
    written = [*placed, *_write_tables(folder, tables)]
    remove_other_form(folder, written)
    return written


def remove_other_form(folder: Path, written: Sequence[Path]) -> None:
    """Remove partitions, or whole tables, of an earlier corpus that lay otherwise: they would be read in its stead."""
    partitions = files_under(folder / name for name in PARTITIONED)
    for path in {*partitions, *(folder / f"{name}.parquet" for name in PARTITIONED)} - set(written):
        with writing(path):
            path.unlink(missing_ok=True)


def in_file_order(records: pd.DataFrame) -> pd.DataFrame:
    """Return rows about records, with their file and ordinal, in the order of files and records."""
    order = np.lexsort((records["ordinal"], pd.factorize(records["file"], sort=True)[0]))
    return records.iloc[order].reset_index(drop=True)


def read_corpus(folder: Path) -> Corpus:
    """Read a corpus; raises ArtefactError where a table is missing or damaged."""
    split = PARTITIONED if is_partitioned(folder / "papers") else ()
    tables = {name: read_table(folder / f"{name}.parquet") for name in _CORPUS if name not in split}
    for name in split:
        parts = [read_table(folder / name / part) for part in FolderPartitions.of(folder / name).names]
        tables[name] = pd.concat(parts, ignore_index=name != "papers")
    if split:
        known = tables["occurrences"]["paper_id"].isin(tables["papers"].index)
        if not known.all():
            raise ArtefactError(f"{folder / 'papers'} lacks a partition; `topictrends run` writes it again")
        # records stand in the order of their papers there
        tables["occurrences"] = in_file_order(tables["occurrences"])
    tables["papers"] = typed_papers(tables["papers"])
    tables["occurrences"] = typed_occurrences(tables["occurrences"])
    tables["rejects"] = typed_rejects(tables["rejects"])
    tables["merges"] = typed_merges(tables["merges"])
    tables["filled"] = typed_filled(tables["filled"])
    return Corpus(**tables)


def write_topics(folder: Path, topics: Topics) -> list[Path]:
    """Write topics with the BERTopic model that holds them; return the files' paths."""
    from analysis.topics.model import save_model

    # saved beside its place first, so that a failure leaves model and tables of before whole
    with writing(folder), tempfile.TemporaryDirectory() as temporary:
        save_model(topics.bertopic, Path(temporary))
        paths = _write_tables(folder, {name: getattr(topics, name) for name in _TOPICS})
        return [*paths, *_place_model(folder / _MODEL, Path(temporary))]


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
    placed = {folder / f"{name}.parquet": frame for name, frame in tables.items()}
    write_tables(placed)
    return list(placed)


def _place_model(folder: Path, saved: Path) -> list[Path]:
    written = []
    for file in files_under([saved]):
        target = folder / file.relative_to(saved)
        write_bytes(target, file.read_bytes())
        written.append(target)
    for stale in set(files_under([folder])) - set(written):
        stale.unlink()
    return written
