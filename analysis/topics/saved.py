"""Topics in a folder: their tables, what a BERTopic model is built from, and where they stand alone, texts and vectors, too."""

import functools
from pathlib import Path

import pandas as pd

from analysis.errors import ArtefactError
from analysis.io.files import writing
from analysis.io.partitions import Partitions, StoredPartitions
from analysis.io.results import read_about, read_result, write_about, write_result
from analysis.topics.model import ModelParts
from analysis.topics.origin import StoredOrigin, TopicOrigin
from analysis.topics.tables import TopicTables
from analysis.topics.texts import TEXT_COLUMNS

TOPIC_TABLES = (
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
    "key_phrases",
    "edits",
    "landmarks",
    "candidates",
    "outline",
    "copies",
    "title_only",
    "views",
)
_KIND, _MODEL, _TEXTS, _ORIGIN, _FOUND_IN = "topics", "model", "texts", "origin.npz", "found_in"
_PARTS = "parts.npz"
_LATER = ("outline", "copies", "title_only", "views", "key_phrases")
# what a study has elsewhere, and topics that stand alone need
_BESIDE = "beside"


def write_topics(folder: Path, topics: TopicTables) -> list[Path]:
    """Write topics' tables, with what a BERTopic model of them is built from; return the files' paths."""
    if topics.model_parts is None:
        raise ArtefactError(
            "these topics were built without a BERTopic model, so they cannot be saved; fit_topics makes one"
        )
    parts = topics.model_parts()
    with writing(folder):
        tables = {name: getattr(topics, name) for name in TOPIC_TABLES}
        paths = write_result(folder, _KIND, tables, {"method": topics.method})
        (folder / _MODEL).mkdir(exist_ok=True)
        parts.save(folder / _MODEL / _PARTS)
        return [*paths, folder / _MODEL / _PARTS, write_about(folder / _MODEL, _MODEL, [folder / _MODEL / _PARTS])]


def read_topics(
    folder: Path, texts: Partitions | None = None, origin: StoredOrigin | TopicOrigin | None = None
) -> TopicTables:
    """Read topics; what a BERTopic model is built from, texts and vectors are read only when they are asked for."""
    method = read_about(folder, _KIND).facts.get("method", "consensus")
    # topics that were saved before there were outlines followed none, knew of no copies and had no key phrases
    there = [name for name in TOPIC_TABLES if name not in _LATER or (folder / f"{name}.parquet").is_file()]
    tables = read_result(folder, _KIND, there)
    if "label_sure" not in tables["topic_quality"]:
        # saved before names had scores: nothing tells how well they fit
        tables["topic_quality"] = tables["topic_quality"].assign(label_score=float("nan"), label_sure=True)
    parts = functools.partial(_read_parts, folder / _MODEL)
    return TopicTables(**tables, method=method, texts=texts, origin=origin, model_parts=parts)


def _read_parts(folder: Path) -> ModelParts:
    about = read_about(folder, _MODEL)
    if _PARTS not in about.hashes:
        raise ArtefactError(
            f"{folder} was saved by an earlier version, as BERTopic saves models; BERTopic.load reads it, or fit the topics again"
        )
    return ModelParts.load(about.check(folder / _PARTS))


def write_saved(folder: Path, topics: TopicTables) -> None:
    """Write topics with their texts and vectors, so that they stand alone; see `Topics.save`."""
    texts = None if topics.texts is None else _texts(topics.texts, topics.assignments.index)
    origin = None if topics.origin is None else topics.origin.read()
    write_topics(folder, topics)
    beside = folder / _BESIDE
    if texts is not None:
        write_result(beside, _TEXTS, {_TEXTS: texts})
    if origin is not None:
        origin.save(beside / _ORIGIN)
    if topics.found_in is not None:
        write_saved(folder / _FOUND_IN, topics.found_in)
    # what an earlier save left would be read in their stead
    for name, kept in ((f"{_TEXTS}.parquet", texts), (_ORIGIN, origin)):
        if kept is None:
            with writing(beside):
                (beside / name).unlink(missing_ok=True)


def read_saved(folder: Path) -> TopicTables:
    """Read what `write_saved` wrote, or the topics of a study's folder; see `analysis.load_topics`."""
    beside = folder / _BESIDE
    texts = None
    if (beside / f"{_TEXTS}.parquet").is_file():
        texts = StoredPartitions.of(beside / _TEXTS, read_about(beside, _TEXTS).check)
    origin = StoredOrigin(beside / _ORIGIN) if (beside / _ORIGIN).is_file() else None
    topics = read_topics(folder, texts, origin)
    if not (folder / _FOUND_IN).is_dir():
        return topics
    return topics.with_tables(found_in=read_saved(folder / _FOUND_IN))


def _texts(parts: Partitions, ids: pd.Index) -> pd.DataFrame:
    """Return titles and abstracts of some papers, sorted by id."""
    frames = [parts.read(number, TEXT_COLUMNS) for number in range(len(parts))]
    return pd.concat([frame[frame.index.isin(ids)] for frame in frames])
