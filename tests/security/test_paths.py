"""A study from a stranger reads, writes and removes nothing outside its folder."""

import json
from pathlib import Path

import pytest

from analysis.errors import ArtefactError, CorpusWarning, SettingsError, TopicTrendsError
from analysis.io.files import alone_in, hash_file
from analysis.study.allowances import Allowances, config_path, read_allowances
from analysis.study.face import Study
from tests.generators import PageEntry, page

SECRET = "what is outside stays outside"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the study with files that must stay as they are."""
    folder = tmp_path / "outside"
    (folder / "inner").mkdir(parents=True)
    for name in ("secret.txt", "inner/secret.txt", "part-00000.parquet"):
        (folder / name).write_text(SECRET, encoding="utf-8")
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study of three papers whose corpus stage runs in a moment."""
    folder = tmp_path / "study"
    (folder / "data" / "raw").mkdir(parents=True)
    text = page([PageEntry(f"A title about {name}", date=f"Mar {i + 1}, 2021") for i, name in enumerate("abc")])
    (folder / "data" / "raw" / "page.txt").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text("[figures]\nformats = []\n", encoding="utf-8")
    return Study.open(folder)


def _untouched(outside: Path) -> None:
    files = sorted(path.relative_to(outside).as_posix() for path in outside.rglob("*") if path.is_file())
    assert files == ["inner/secret.txt", "part-00000.parquet", "secret.txt"]
    assert all((outside / name).read_text(encoding="utf-8") == SECRET for name in files)


def _with_outputs(study: Study, outputs: dict[str, str]) -> None:
    manifest = json.loads(study.manifest_path.read_text(encoding="utf-8"))
    manifest["stages"]["corpus"]["outputs"] |= outputs
    study.manifest_path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["../outside/secret.txt", "data/../../outside/secret.txt", "{absolute}", "data\\..\\x", "C:/x"]
)
def test_a_manifest_that_names_a_file_outside_is_refused(name: str, study: Study, outside: Path) -> None:
    study.run(["corpus"])
    name = name.format(absolute=outside / "secret.txt")
    _with_outputs(study, {name: hash_file(outside / "secret.txt")})
    with pytest.raises(ArtefactError, match="lies outside the study"):
        study.run(["corpus"], force=True)
    _untouched(outside)


@pytest.mark.parametrize("name", ["study.toml", "data/raw/page.txt", "data/topic_edits.toml", "notebooks/mine.ipynb"])
def test_a_manifest_cannot_have_what_people_supplied_removed(name: str, study: Study) -> None:
    study.run(["corpus"])
    path = study.folder / name
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text("", encoding="utf-8")
    _with_outputs(study, {name: hash_file(path)})
    study.run(["corpus"], force=True)
    assert path.is_file()


def test_a_manifest_cannot_reach_outside_by_a_link(study: Study, outside: Path) -> None:
    study.run(["corpus"])
    (study.data / "corpus" / "way").symlink_to(outside)
    _with_outputs(study, {"data/corpus/way/secret.txt": hash_file(outside / "secret.txt")})
    with pytest.raises(ArtefactError, match=r"data/corpus/way is a link"):
        study.run(["corpus"], force=True)
    _untouched(outside)


@pytest.mark.parametrize(
    "name",
    [
        "data",
        "data/corpus",
        "data/corpus/papers",
        "data/topics/model",
        "data/work",
        "figures",
        "figures/survey",
        "notebooks",
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_folder_that_a_run_writes_to_must_be_no_link(name: str, inside: bool, study: Study, outside: Path) -> None:
    path = study.folder / name
    target = outside
    if inside:
        target = study.folder / "elsewhere"
        target.mkdir()
    if path.exists():
        path.rename(study.folder / "moved")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    with pytest.raises(TopicTrendsError, match=r"is a link to|lies outside the study"):
        Study.open(study.folder).run(["corpus"], force=True)
    _untouched(outside)


def test_a_user_may_allow_a_linked_folder_by_name(study: Study, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (study.data / "corpus").symlink_to(disk)
    allowed = Allowances(linked_folders=[str(disk)])
    opened = Study.open(study.folder, allowed=allowed)
    opened.run(["corpus"])
    assert (disk / "papers.parquet").is_file()
    with pytest.raises(ArtefactError, match=r"data/corpus is a link to .*linked_folders"):
        Study.open(study.folder).run(["corpus"], force=True)


def test_a_link_in_place_of_the_lock_is_refused(outside: Path, tmp_path: Path) -> None:
    (tmp_path / ".lock").symlink_to(outside / "secret.txt")
    with pytest.raises(ArtefactError, match="is a link"), alone_in(tmp_path):
        pass
    _untouched(outside)


def test_an_output_that_is_a_link_to_a_file_is_replaced_not_followed(study: Study, outside: Path) -> None:
    study.run(["corpus"])
    (study.data / "corpus" / "papers.parquet").unlink()
    (study.data / "corpus" / "papers.parquet").symlink_to(outside / "secret.txt")
    study.run(["corpus"])
    assert not (study.data / "corpus" / "papers.parquet").is_symlink()
    _untouched(outside)


def test_a_linked_export_is_not_read_unless_the_user_allows_it(study: Study, outside: Path) -> None:
    (study.data / "raw" / "linked.txt").symlink_to(outside / "secret.txt")
    with pytest.raises(SettingsError, match=r"linked\.txt is a link to .*--follow-links"):
        study.run(["corpus"])
    allowed = Study.open(study.folder, allowed=Allowances(linked_exports=[str(outside)]))
    with pytest.warns(CorpusWarning, match=r"linked\.txt, line 1: no known format"):
        allowed.run(["corpus"])
    with pytest.raises(SettingsError, match=r"linked\.txt is a link to"):
        Study.open(study.folder).source_files()


@pytest.mark.parametrize(
    "settings",
    [
        '[corpus]\nsources = ["../outside"]',
        '[corpus]\nsources = ["data/raw"]\nsupplement = "../outside/secret.txt"',
        '[concepts]\nvocabulary = "/etc/passwd"',
        '[corpus]\nsources = ["/etc"]',
    ],
)
def test_settings_name_nothing_outside(settings: str, study: Study) -> None:
    (study.folder / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(SettingsError, match="outside the study"):
        Study.open(study.folder)


@pytest.mark.parametrize("name", ["topic_edits.toml", "outline.toml", "answers.jsonl"])
def test_what_people_supply_is_no_link_out_of_the_study(name: str, study: Study, outside: Path) -> None:
    (study.data / name).symlink_to(outside / "secret.txt")
    with pytest.raises(SettingsError, match="outside the study"):
        study.run(["topics"])


def test_the_transformer_lies_in_the_study_or_is_allowed(study: Study, outside: Path) -> None:
    (study.folder / "study.toml").write_text(f'[topics]\ntransformer = "{outside}"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="lies outside the study; put its folder into the study, or allow it"):
        _ = Study.open(study.folder).fit_options
    allowed = Study.open(study.folder, allowed=Allowances(transformers=[str(outside)]))
    assert allowed.fit_options.transformer == str(outside)
    (study.folder / "model").mkdir()
    (study.folder / "study.toml").write_text('[topics]\ntransformer = "model"\n', encoding="utf-8")
    assert Study.open(study.folder).fit_options.transformer == str((study.folder / "model").resolve())
    (study.folder / "study.toml").write_text('[topics]\ntransformer = "some/name"\n', encoding="utf-8")
    assert Study.open(study.folder).fit_options.transformer == "some/name"


@pytest.mark.parametrize("text", ["linked_folders = 3", "nothing = []", "[", 'labeller_hosts = [""]'])
def test_a_wrong_configuration_is_named(text: str) -> None:
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        with pytest.raises(SettingsError, match=r"config\.toml is wrong"):
            read_allowances()
        path.write_text('labeller_hosts = ["api.example.org"]', encoding="utf-8")
        assert read_allowances().allows_host("API.example.org")
        assert not read_allowances().allows_host("example.org")
    finally:
        path.unlink()
    assert read_allowances() == Allowances()
