"""study.toml."""

from pathlib import Path

import pytest

from analysis.errors import SettingsError
from analysis.study.settings import StudySettings, read_settings
from tests.conftest import ROOT


def write(folder: Path, text: str) -> Path:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_file_names_every_setting() -> None:
    given = read_settings(ROOT).model_dump()
    for section, values in StudySettings().model_dump().items():
        assert section in given
        if isinstance(values, dict):
            assert set(values) == set(given[section])
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    assert "# transformer = " in text


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    assert read_settings(write(tmp_path, "")) == StudySettings()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("sede = 1", "sede: unknown key"),
        ("[trends]\nalhpa = 0.1", "trends.alhpa: unknown key"),
        ("seed = 'one'", "seed"),
        ("[trends]\nalpha = 2.0", "trends.alpha"),
        ("[trends]\nperiods = 'week'", "trends.periods"),
        ("[topics]\ngranularity = 0", "topics.granularity"),
        ('[topics.labeller]\nurl = "ftp://x"\nmodel = "m"', "topics.labeller.url"),
        ('[topics.labeller]\nurl = "http://x"', "topics.labeller.model"),
        ("[figures]\nformats = ['gif']", "figures.formats"),
        ("[corpus]\nsources = []", "corpus.sources"),
        ("[corpus]\nsources = ['../elsewhere']", "outside the study"),
        ("[corpus]\nsupplement = '/etc/passwd'", "outside the study"),
        ("[corpus]\nsources = ['.']", "holds what a run writes"),
        ("[corpus]\nsources = ['data']", "holds what a run writes"),
        ("seed = ", "cannot be read"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=fault.replace(".", r"\.")):
        read_settings(write(tmp_path, text))


def test_a_folder_without_a_study_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no study\.toml"):
        read_settings(tmp_path)
    with pytest.raises(SettingsError, match="not a folder"):
        read_settings(tmp_path / "nowhere")


def test_a_value_of_the_wrong_kind_is_told_once_in_plain_words(tmp_path: Path) -> None:
    text = '[topics]\ngranularity = "medium"\n[trends]\nalpha = 5\n[[events]]\nname = "x"\ndate = 3\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path)
    assert str(caught.value).splitlines()[1:] == [
        "  topics.granularity: should be 'coarse', 'balanced' or 'fine', or a valid integer (it is 'medium')",
        "  trends.alpha: should be less than 1 (it is 5)",
        "  events.0.date: should be a valid date, or a valid string (it is 3).",
    ]
