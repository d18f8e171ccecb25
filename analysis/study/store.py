"""The rooms' results on disk: which table lies where."""

from dataclasses import fields
from pathlib import Path

from analysis.concepts.mentions import Concepts
from analysis.corpus.assemble import Assembled
from analysis.corpus.saved import KIND, PARTITIONED, remove_other_form
from analysis.io.files import write_tables, writing
from analysis.io.results import read_result, write_about, write_result
from analysis.io.runner import CheckpointedRunner

_CONCEPTS = tuple(field.name for field in fields(Concepts))


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
    files = [*written, *tables]
    return [*files, write_about(folder, KIND, files)]


def write_concepts(folder: Path, concepts: Concepts) -> list[Path]:
    """Write concepts' tables; return their paths."""
    return write_result(folder, "concepts", {name: getattr(concepts, name) for name in _CONCEPTS})


def read_concepts(folder: Path) -> Concepts:
    """Read concepts; raises ArtefactError where a table is missing or damaged."""
    return Concepts(**read_result(folder, "concepts", _CONCEPTS))
