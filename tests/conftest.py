"""Fixtures: the shipped study, run once; a small planted study; results fitted once."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.corpus.export import export
from analysis.corpus.load import load_corpus
from analysis.corpus.paper import Corpus
from analysis.study.face import Study
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics
from analysis.trends.fit import fit_trends
from analysis.trends.result import Trends
from tests.generators import PageEntry, page, planted_corpus

# fixtures that run a study, reach a cluster, or start a browser: tests that use one are slow
_SLOW_FIXTURES = {
    "planted",
    "shipped",
    "planted_study",
    "planted_copy",
    "small_study",
    "workers",
    "browser",
    "many",
    "hostile",
    "single",
}
ROOT = Path(__file__).parent.parent
PAGES = ROOT / "data" / "raw"
SUPPLEMENT = ROOT / "data" / "paper_dates.csv"
SHARED = ROOT.parent / "shared"
# what is slow on a busy machine is not wrong
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that use a slow fixture, and put the files with slow tests first, that no process waits for them at the end."""
    for item in items:
        if _SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: (-slow[item.path], str(item.path)))


def copy_sources(folder: Path) -> Path:
    """Copy what a user edits of the shipped study: settings, exports, supplement, notebooks."""
    (folder / "data").mkdir(parents=True)
    shutil.copytree(PAGES, folder / "data" / "raw")
    shutil.copy(SUPPLEMENT, folder / "data")
    shutil.copy(ROOT / "study.toml", folder)
    # the notebook for one's own corpus fits everything once more; it runs on a small study instead
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns("00_*"))
    return folder


@pytest.fixture(scope="session", autouse=True)
def _no_configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test see, or change, what the user of this machine allows."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The shipped study, run from nothing. Tests that change it copy it first."""
    study = Study.open(copy_sources(tmp_path_factory.mktemp("shipped") / "study"))
    study.run()
    return study


@pytest.fixture(scope="session")
def planted_study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study of 120 planted papers, run from nothing, with one notebook and without pictures: quick to check."""
    folder = tmp_path_factory.mktemp("planted") / "study"
    (folder / "data" / "raw").mkdir(parents=True)
    corpus, _ = planted_corpus(120)
    (folder / "data" / "raw" / "papers.csv").write_bytes(export(corpus, "csv"))
    settings = 'title = "Planted"\n[concepts]\nvocabulary = "medical_ai"\n'
    settings += "[trends]\nsensitivity = false\npermutations = 999\n[figures]\nformats = []\n"
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "01_corpus.ipynb", folder / "notebooks")
    study = Study.open(folder)
    study.run()
    return study


@pytest.fixture
def planted_copy(planted_study: Study, tmp_path: Path) -> Study:
    """A copy of the planted study, to be tampered with."""
    return Study.open(shutil.copytree(planted_study.folder, tmp_path / "study"))


@pytest.fixture(scope="session")
def shipped_corpus() -> Corpus:
    """The shipped study's corpus with its supplement."""
    return load_corpus(PAGES, SUPPLEMENT)


@pytest.fixture(scope="session")
def planted() -> tuple[Corpus, Topics, Trends]:
    """120 papers of four planted topics, fitted."""
    corpus, _ = planted_corpus(120)
    topics = fit_topics(corpus)
    return corpus, topics, fit_trends(corpus, topics)


@pytest.fixture
def write_pages(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes pages into a folder: name=text."""

    def write(**pages: str | bytes) -> Path:
        folder = tmp_path / "raw"
        folder.mkdir(exist_ok=True)
        for name, content in pages.items():
            (folder / f"{name}.txt").write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


@pytest.fixture
def small_study(tmp_path: Path) -> Study:
    """A study of one page with six papers: too small to be split, quick to run."""
    folder = tmp_path / "small"
    (folder / "data" / "raw").mkdir(parents=True)
    entries = [PageEntry(f"A title about subject {i}", date=f"Mar {i + 1}, 202{i % 4}") for i in range(6)]
    (folder / "data" / "raw" / "page.txt").write_text(page(entries), encoding="utf-8")
    (folder / "study.toml").write_text("[figures]\nformats = []\n", encoding="utf-8")
    return Study.open(folder)
