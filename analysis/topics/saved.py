"""Topics in a folder: their tables, the BERTopic model, and where they stand alone, texts and vectors, too."""

import tempfile
from pathlib import Path

import pandas as pd

from analysis.io.files import files_under, write_bytes, writing
from analysis.io.partitions import Partitions, StoredPartitions
from analysis.io.results import ABOUT, read_about, read_result, write_about, write_result
from analysis.io.steps import tell
from analysis.topics.model import save_model
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
_LATER = ("outline", "copies", "title_only", "views", "key_phrases")
# what a study has elsewhere, and topics that stand alone need
_BESIDE = "beside"


def write_topics(folder: Path, topics: TopicTables) -> list[Path]:
    """Write topics' tables, with the BERTopic model that holds them; return the files' paths."""
    # saved beside it first, so that a failure leaves model and tables of before whole
    tell("holding topics in a BERTopic model")
    with writing(folder), tempfile.TemporaryDirectory() as temporary:
        save_model(topics.bertopic, Path(temporary))
        tables = {name: getattr(topics, name) for name in TOPIC_TABLES}
        paths = write_result(folder, _KIND, tables, {"method": topics.method})
        moved = _move_model(folder / _MODEL, Path(temporary))
        write_about(folder / _MODEL, _MODEL, moved)
        return [*paths, *moved, folder / _MODEL / ABOUT]


def read_topics(
    folder: Path, texts: Partitions | None = None, origin: StoredOrigin | TopicOrigin | None = None
) -> TopicTables:
    """Read topics; the BERTopic model, texts and vectors are loaded only when they are asked for."""
    method = read_about(folder, _KIND).facts.get("method", "consensus")
    # topics that were saved before there were outlines followed none, knew of no copies and had no key phrases
    there = [name for name in TOPIC_TABLES if name not in _LATER or (folder / f"{name}.parquet").is_file()]
    tables = read_result(folder, _KIND, there)
    if "label_sure" not in tables["topic_quality"]:
        # saved before names had scores: nothing tells how well they fit
        tables["topic_quality"] = tables["topic_quality"].assign(label_score=float("nan"), label_sure=True)
    return TopicTables(**tables, method=method, texts=texts, origin=origin, model_folder=folder / _MODEL)


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


def _move_model(folder: Path, saved: Path) -> list[Path]:
    written = []
    for file in files_under([saved]):
        target = folder / file.relative_to(saved)
        write_bytes(target, file.read_bytes())
        written.append(target)
    for stale in set(files_under([folder])) - {*written, folder / ABOUT}:
        stale.unlink()
    return written
