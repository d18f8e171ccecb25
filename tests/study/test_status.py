"""What is there, what is out of date, and why."""

import pytest

from analysis.study.face import STAGE_NAMES, Study


def _reasons(study: Study) -> dict[str, tuple[str, ...]]:
    return {stage.stage: stage.reasons for stage in study.status() if stage.state == "out of date"}


def test_of_a_new_study_nothing_has_run(small_study: Study) -> None:
    stages = small_study.status()
    assert [(stage.stage, stage.state, stage.made) for stage in stages] == [
        (name, "not run", None) for name in STAGE_NAMES
    ]


def test_after_a_run_everything_is_current(planted_study: Study) -> None:
    assert _reasons(planted_study) == {}
    assert all(stage.files > 0 and stage.made is not None for stage in planted_study.status())


def test_what_a_setting_changes_is_named_and_what_follows_waits_for_it(planted_copy: Study) -> None:
    settings = planted_copy.folder / "study.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("permutations = 999", "permutations = 499"))
    reasons = _reasons(Study.open(planted_copy.folder))
    assert reasons["trends"] == ("its settings in study.toml changed",)
    assert reasons["figures"] == ("made anew after trends",)
    assert "corpus" not in reasons
    assert "topics" not in reasons


def test_new_changed_and_lost_exports_are_named(planted_copy: Study) -> None:
    raw = planted_copy.folder / "data" / "raw"
    for number in range(5):
        (raw / f"more{number}.csv").write_text("title\nA new paper\n", encoding="utf-8")
    assert _reasons(planted_copy)["corpus"] == (
        "new since: data/raw/more0.csv, data/raw/more1.csv, data/raw/more2.csv and 2 more",
    )
    for number in range(5):
        (raw / f"more{number}.csv").unlink()
    (raw / "papers.csv").rename(raw / "others.csv")
    assert _reasons(planted_copy)["corpus"] == ("new since: data/raw/others.csv", "gone: data/raw/papers.csv")


@pytest.mark.parametrize("name", ["figures/captions.json", "data/trends/tests.parquet"])
def test_a_file_that_was_altered_or_lost_is_named(planted_copy: Study, name: str) -> None:
    path = planted_copy.folder / name
    stage = "trends" if "trends" in name else "figures"
    path.write_bytes(path.read_bytes() + b" ")
    assert f"altered: {name}" in _reasons(planted_copy)[stage]
    path.unlink()
    assert f"missing: {name}" in _reasons(planted_copy)[stage]


def test_what_a_quick_run_made_is_told(planted_copy: Study) -> None:
    settings = planted_copy.folder / "study.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("sensitivity = false\n", ""), encoding="utf-8")
    assert _reasons(Study.open(planted_copy.folder))["trends"] == ("a quick run made it",)
