"""A study.toml of any content is read or refused in one typed error."""

import contextlib
from pathlib import Path

import pytest

from analysis.errors import SettingsError, TopicTrendsError
from analysis.study.face import Study

LONG = "x" * 300
VALUES = (
    "inf", "-inf", "nan", "1" * 6_000, "-1", "0", "1e400", "true", '""', f'"{LONG}"', f'"{LONG}/{LONG}"', '"\\u0000"',
    '"\\u001b[31m"',
    '"../x"', '"/etc/passwd"', '"~"', '"."', '".."', '"data"', "[]", '[""]', "[[]]", "{}", "{ a = 1 }", "1979-05-27", "07:32:00",
    '"\\uFFFF"', '"a\\nb"', '["data/raw", "data/raw"]', "[1, 2]", '{ title = "" }', "[" * 500 + "]" * 500,
)  # fmt: skip
KEYS = (
    ("", "title"), ("", "seed"), ("corpus", "sources"), ("corpus", "supplement"), ("corpus", "columns"), ("corpus", "date"),
    ("topics", "granularity"), ("topics", "transformer"), ("topics", "umap"), ("topics", "method"), ("topics.labeller", "url"),
    ("topics.labeller", "key_variable"), ("concepts", "vocabulary"), ("trends", "alpha"), ("trends", "permutations"),
    ("scale", "threshold"), ("scale", "partition"), ("figures", "width"), ("figures", "font"), ("figures", "palette"),
)  # fmt: skip
WHOLE = (
    "a = " + "[" * 20_000,
    "x = {" * 3_000,
    "[" + ".".join("a" * 1 for _ in range(3_000)) + "]",
    "\0",
    "\ufeff",
    "seed = 1\nseed = 2",
    "[corpus]\n[corpus]",
    "= 1",
    '"" = 1',
    "topics = 3",
    "a" * 100_000,
)


def _use(folder: Path) -> None:
    """Look at everything that settings decide without running a stage."""
    study = Study.open(folder)
    _ = (study.source_paths(), study.source_files(), study.supplement, study.vocabulary, study.style, repr(study))
    _ = study.fit_options
    for stage in ("corpus", "topics", "concepts", "trends", "figures"):
        study.is_current(stage)


@pytest.mark.parametrize(("section", "key"), KEYS, ids=lambda part: part)
def test_any_value_is_read_or_refused(section: str, key: str, tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    for value in VALUES:
        head = f"[{section}]\n" if section else ""
        (tmp_path / "study.toml").write_text(f"{head}{key} = {value}\n", encoding="utf-8")
        with contextlib.suppress(TopicTrendsError):
            _use(tmp_path)


@pytest.mark.parametrize("text", WHOLE, ids=range(len(WHOLE)))
def test_any_file_is_read_or_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with contextlib.suppress(SettingsError):
        _use(tmp_path)


def test_a_folder_in_place_of_the_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        Study.open(tmp_path)
