"""Whatever happens to the files in data/: what is read is what was written, or a typed error says that it is not."""

import random
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ArtefactError, TopicTrendsError
from analysis.study.face import Study

STATES = 250
_CORPUS = ("papers", "occurrences", "rejects", "conflicts", "pages", "merges", "filled")


def flip(content: bytes, rng: random.Random, other: bytes) -> bytes:
    """Change one bit."""
    if not content:
        return b"x"
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


def cut(content: bytes, rng: random.Random, other: bytes) -> bytes:
    """Lose the end."""
    return content[: rng.randrange(len(content) + 1)]


def blank(content: bytes, rng: random.Random, other: bytes) -> bytes:
    """Lose a block, as a disk does."""
    start = rng.randrange(len(content) + 1)
    return content[:start] + b"\0" * min(512, len(content) - start) + content[start + 512 :]


def append(content: bytes, rng: random.Random, other: bytes) -> bytes:
    """Hold more than was written."""
    return content + rng.randbytes(rng.randrange(1, 200))


def swap(content: bytes, rng: random.Random, other: bytes) -> bytes:
    """Hold what another file holds."""
    return other


DAMAGES: tuple[Callable[[bytes, random.Random, bytes], bytes], ...] = (flip, flip, cut, blank, append, swap)


def everything(folder: Path) -> dict[str, object]:
    """Return all that a study's folder gives, by name."""
    study = Study.open(folder)
    found: dict[str, object] = {"stages": dict(study.manifest().stages)}
    corpus, topics = study.corpus, study.topics
    found |= {f"corpus/{name}": getattr(corpus, name) for name in _CORPUS}
    for room, result in (("topics", topics), ("trends", study.trends), ("concepts", study.concepts)):
        for item in fields(result):
            value = getattr(result, item.name)
            if isinstance(value, pd.DataFrame):
                found[f"{room}/{item.name}"] = value
    found["documents"] = topics.documents
    found |= {f"view/{view.name}": view.vectors for view in topics.origin.read().views}
    return found


def differences(found: dict[str, object], wanted: dict[str, object]) -> list[str]:
    """Return the names of what differs."""
    changed = sorted(found.keys() ^ wanted.keys())
    for name in found.keys() & wanted.keys():
        one: Any = found[name]
        other: Any = wanted[name]
        if isinstance(one, (pd.DataFrame, pd.Series)):
            same = one.equals(other) and list(one.index) == list(other.index)
        else:
            same = np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other
        changed += [] if same else [name]
    return changed


def damage(folder: Path, files: list[Path], rng: random.Random) -> tuple[Path, str, bytes]:
    """Damage one file, or remove it; return it, how, and its content before."""
    path, other = rng.choice(files), rng.choice(files)
    before = path.read_bytes()
    if rng.random() < 0.1:
        path.unlink()
        return path, "removed", before
    how = rng.choice(DAMAGES)
    path.write_bytes(how(before, rng, other.read_bytes()))
    return path, how.__name__, before


def silent_changes(folder: Path, count: int, seed: int) -> list[str]:
    """Damage a study so many times, one file at a time; return what was neither whole nor told in a typed error."""
    rng = random.Random(seed)
    wanted = everything(folder)
    kept = ("corpus", "topics", "trends", "concepts")
    files = sorted(path for name in kept for path in (folder / "data" / name).rglob("*") if path.is_file())
    # the model is read by other libraries, at each call; its damages have a test of their own
    files = [path for path in files if path.parent.name != "model"]
    files += [folder / "data" / "embeddings.npz", folder / "data" / "manifest.json"]
    faults = []
    for number in range(count):
        path, how, before = damage(folder, files, rng)
        where = f"{number}: {path.relative_to(folder)} {how}"
        try:
            changed = differences(everything(folder), wanted)
            # a manifest that was cut to nothing tells of no stage: the next run makes everything anew
            if changed and changed != ["stages"]:
                faults.append(f"{where}: {changed}")
        except TopicTrendsError:
            pass
        except Exception as error:
            faults.append(f"{where}: {type(error).__name__}: {error}")
        finally:
            path.write_bytes(before)
    return faults


def test_no_damage_is_silent_and_none_ends_in_a_traceback(planted_copy: Study) -> None:
    assert silent_changes(planted_copy.folder, STATES, 0) == []


def test_a_damaged_model_is_one_typed_error(planted_copy: Study) -> None:
    rng = random.Random(0)
    files = sorted((planted_copy.data / "topics" / "model").iterdir())
    for path in files:
        for how in (flip, cut, append):
            before = path.read_bytes()
            path.write_bytes(how(before, rng, b""))
            with pytest.raises(ArtefactError):
                _ = Study.open(planted_copy.folder).topics.bertopic
            path.write_bytes(before)
        path.unlink()
        if path.name != "about.json":
            with pytest.raises(ArtefactError):
                _ = Study.open(planted_copy.folder).topics.bertopic
        path.write_bytes(before)
    assert len(Study.open(planted_copy.folder).topics.bertopic.topics_) == 120


@pytest.mark.parametrize(
    "content",
    ["[]", "3", "{}", '{"version": 1}', '{"version": 1, "stages": []}', '{"version": 1, "stages": {"a": 1}}', "[" * 100_000,
     '{"version": 1, "stages": {"a": {"inputs": [], "outputs": {}}}}',
     '{"version": 1, "stages": {"a": {"inputs": {}, "outputs": {"x": 1}}}}',
     '{"version": "1", "stages": {}}', "\ufeff{}", "null"],
)  # fmt: skip
def test_manifests_of_any_shape_are_typed_errors(content: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "study.toml").write_text("", encoding="utf-8")
    (tmp_path / "data" / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(ArtefactError, match="delete it and run again"):
        Study.open(tmp_path).manifest()


@pytest.mark.parametrize(
    "line",
    ["3", "[]", "null", '{"service": 1}', '{"service": 1, "identifier": "a", "retrieved": "b", "fields": null}',
     '{"service": "s", "identifier": "a", "retrieved": "b", "fields": {"nothing": 1}}',
     '{"service": "s", "identifier": "a", "retrieved": "b", "fields": {"authors": "A"}}',
     '{"service": "s", "identifier": "a", "retrieved": "b", "fields": {"authors": [1]}}',
     '{"service": "s", "identifier": "a", "retrieved": "b", "fields": {"title": null}}', "[" * 100_000],
)  # fmt: skip
def test_kept_answers_of_any_shape_are_typed_errors(line: str, tmp_path: Path) -> None:
    from analysis.corpus.enrich import read_answers
    from analysis.errors import EnrichmentError

    good = '{"service": "s", "identifier": "a", "retrieved": "b", "fields": null}'
    (tmp_path / "answers.jsonl").write_text(f"{good}\n{line}\n{good}\n", encoding="utf-8")
    with pytest.raises(EnrichmentError, match="line 2"):
        list(read_answers(tmp_path / "answers.jsonl"))
    (tmp_path / "answers.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EnrichmentError, match="cannot be read"):
        list(read_answers(tmp_path / "answers.jsonl"))


def test_a_run_mends_what_was_damaged(planted_copy: Study) -> None:
    path = planted_copy.data / "trends" / "tests.parquet"
    wanted = everything(planted_copy.folder)
    path.write_bytes(b"other")
    study = Study.open(planted_copy.folder)
    study.run(["trends"])
    assert differences(everything(planted_copy.folder), wanted) == []
    shutil.rmtree(planted_copy.data / "concepts")
    Study.open(planted_copy.folder).run(["concepts"])
    assert differences(everything(planted_copy.folder), wanted) == []
