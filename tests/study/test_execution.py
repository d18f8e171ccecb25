"""Stages that another version made, partitions that vanish between stages, two runs at once."""

import json
from pathlib import Path

import pytest

from analysis import __version__
from analysis.errors import ArtefactError, SettingsError, StudyVersionWarning
from analysis.io.files import alone_in, read_table
from analysis.study.face import STAGE_NAMES, Study
from analysis.study.manifest import Manifest
from analysis.study.stages import with_needs
from tests.generators import planted_corpus
from tests.study.test_large_study import SETTINGS, write_export

pytestmark = pytest.mark.slow


def _as_made_by(study: Study, version: str) -> None:
    """Rewrite the manifest as 0.7 left it: concepts were no stage, their files were those of the trends."""
    stored = json.loads(study.manifest_path.read_text(encoding="utf-8"))
    concepts = stored["stages"].pop("concepts")
    stored["stages"]["trends"]["outputs"] |= concepts["outputs"]
    for record in stored["stages"].values():
        record["inputs"]["package"] = version
    study.manifest_path.write_text(json.dumps(stored), encoding="utf-8")


def test_a_study_of_another_version_is_told_and_made_anew_without_losing_files(planted_copy: Study) -> None:
    before = planted_copy.concepts.table
    _as_made_by(planted_copy, "0.7.0")
    half = planted_copy.data / "work" / "topics-0123456789abcdef"
    half.mkdir(parents=True)
    (half / "place-00000.npz").write_bytes(b"what an interrupted run of another version left")
    with pytest.warns(
        StudyVersionWarning, match=rf"made by topictrends 0\.7\.0; with {__version__} its stages are made"
    ):
        ran = planted_copy.run(["trends"])
    assert ran == dict.fromkeys(("corpus", "topics", "concepts", "trends"), True)
    assert read_table(planted_copy.data / "concepts" / "table.parquet").equals(before)
    assert not (planted_copy.data / "work").exists()
    assert all(
        Manifest.read(planted_copy.manifest_path).stages[stage].inputs["package"] == __version__ for stage in ran
    )


def test_topics_of_another_version_take_in_no_new_papers(planted_copy: Study) -> None:
    _as_made_by(planted_copy, "0.7.0")
    with (
        pytest.warns(StudyVersionWarning),
        pytest.raises(ArtefactError, match=r"package changed, so they must be found again: `topictrends run`"),
    ):
        planted_copy.update()


def test_a_partition_that_vanishes_between_stages_is_named_and_the_next_run_mends_it(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_export(folder, "a.jsonl", planted_corpus(320)[0])
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    study = Study.open(folder)

    def remove(stage: str, event: str) -> None:
        if (stage, event) == ("topics", "start"):
            (study.data / "corpus" / "papers" / "part-00003.parquet").unlink()

    with pytest.raises(ArtefactError, match=r"lacks a partition|part-00003\.parquet is missing"):
        study.run(["topics"], report=remove)
    assert Study.open(folder).run(["topics"]) == {"corpus": True, "topics": True}
    assert len(Study.open(folder).topics.assignments) == 320


def test_two_runs_in_one_study_do_not_work_at_once(small_study: Study) -> None:
    with alone_in(small_study.data), pytest.raises(ArtefactError, match="another run is at work"):
        small_study.run(["corpus"])


def test_a_stage_comes_after_all_that_it_needs() -> None:
    assert [stage.name for stage in with_needs(["figures"])] == ["corpus", "topics", "concepts", "trends", "figures"]
    for stage in with_needs(STAGE_NAMES):
        place = STAGE_NAMES.index(stage.name)
        assert all(STAGE_NAMES.index(need) < place for need in stage.needs)
    with pytest.raises(SettingsError, match="unknown stage 'plots'; there are: corpus, topics, concepts"):
        with_needs(["plots"])
