"""README and guide: links lead somewhere, commands exist, settings are read, and every block of Python runs as it stands."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import numpy as np
import pandas as pd
import pytest
import typer

import analysis as at
from analysis.cli import app
from analysis.corpus.export import export
from analysis.embedding.static import static_vectors
from analysis.figures.static import find_browser
from analysis.study.face import Study
from tests.conftest import ROOT
from tests.generators import planted_corpus

GUIDE = ROOT / "notebooks" / "guide"
PAGES = [ROOT / "README.md", *sorted(GUIDE.glob("*.md")), *sorted((ROOT / ".github").glob("*.md"))]
NOTEBOOKS = sorted(GUIDE.glob("*.ipynb"))
# blocks that no test runs: they need a network, other machines, or a GPU
_NOT_RUN = {"network", "cluster", "gpu"}


def _blocks(path: Path, language: str, *, every: bool = False) -> list[str]:
    """Return the fenced blocks of a page in one language; without `every`, those that tests can run."""
    found = re.findall(r"^```(\w+)([^\n]*)\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [text for name, marks, text in found if name == language and (every or not _NOT_RUN & set(marks.split()))]


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".md":
        yield re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        return
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])


def test_the_readme_fits_on_a_screen_or_two() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    links = [link for text in _texts(path) for link in re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text)]
    for link in map("".join, links):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://")
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / unquote(name) if name else path
        assert target.exists(), link
        if anchor:
            heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}, link


def test_every_page_of_the_guide_is_linked_from_its_contents_and_from_the_readme() -> None:
    pages = {path.name for path in GUIDE.iterdir() if path.suffix in (".md", ".ipynb")} - {"README.md"}
    contents = (GUIDE / "README.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in pages if f"]({name})" not in contents} == set()
    assert {name for name in pages if f"](notebooks/guide/{name})" not in readme} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_are_commands_with_their_options(path: Path) -> None:
    root = typer.main.get_command(app)
    inline = [code for text in _texts(path) for code in re.findall(r"`(topictrends [^`]+)`", text)]
    lines = [line for block in _blocks(path, "sh", every=True) for line in block.splitlines()]
    for line in [*inline, *(line for line in lines if line.startswith("topictrends"))]:
        words = shlex.split(line, comments=True)[1:]
        _parse(root, words, line)
    targets = {line.split()[1] for line in lines if line.startswith("make ")}
    made = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets <= set(made)


def _parse(command: Any, words: list[str], line: str) -> None:
    """Hold a command line to the command's own definition: its name, its options, how many arguments it takes."""
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        assert words[0] in command.commands, line
        command, words = command.commands[words[0]], words[1:]
    options = {name: option for option in command.params for name in (*option.opts, *option.secondary_opts)}
    given = [word.partition("=")[0] for word in words if word.startswith("--")]
    assert set(given) <= {*options, "--help"}, line
    values = sum(not getattr(options[name], "is_flag", False) for name in given if name in options)
    arguments = [option for option in command.params if option.param_type_name == "argument"]
    if not any(option.nargs == -1 for option in arguments):
        assert len(words) - len(given) - values <= len(arguments), line


def test_files_that_are_named_for_those_who_carry_on_are_there() -> None:
    text = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:analysis|tests|notebooks)/[^`<>\s]+)`", text)
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_settings_and_edits_that_are_shown_are_read(path: Path) -> None:
    for block in _blocks(path, "toml"):
        assert tomllib.loads(block)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a reader has: exports, a table with text ids, vectors, a saved BERTopic model, new papers, results of a fit."""
    monkeypatch.chdir(tmp_path)
    planted, truth = planted_corpus(60, 3)
    df = planted.papers.reset_index().rename(columns={"paper_id": "id"})[["id", "title", "abstract", "date"]]
    df["cluster"] = truth.to_numpy()
    df["countries"] = [["PE"] if row % 2 else ["Spain"] for row in range(60)]
    df = df.sample(frac=1, random_state=0).reset_index(drop=True)
    new_corpus, new_truth = planted_corpus(20, 3, seed=9)
    rng = np.random.default_rng(0)
    array, new_array = (np.eye(3)[t] + rng.normal(0, 0.05, (len(t), 3)) for t in (df["cluster"], new_truth))
    corpus = at.Corpus.from_frame(df)
    names = np.array(["Segmentation", "Reports", "Privacy", "Genomes"])
    topics = at.Topics.from_labels(corpus, names[(df["cluster"] + (np.arange(60) % 9 == 0)).to_numpy()])
    for folder in ("exports", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exports" / "papers.csv").write_bytes(export(corpus, "csv"))
    trends = at.fit_trends(corpus, topics, settings=at.TestSettings(n_permutations=99))
    return {"at": at, "pd": pd, "np": np, "df": df, "array": array, "new_array": new_array, "corpus": corpus,
            "new_corpus": new_corpus, "topics": topics, "trends": trends}  # fmt: skip


def _run(block: str, world: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        # BERTopic warns of pickles; the outline that is shown is of other papers
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", at.errors.OutlineWarning)
        exec(block, world)


def _ran(page: str, world: dict[str, Any], blocks: int) -> None:
    """Run a page's blocks of Python, of which there must be so many."""
    found = _blocks(GUIDE / f"{page}.md", "python")
    assert len(found) == blocks
    for block in found:
        _run(block, world)


@pytest.mark.slow
def test_the_readme_runs_from_exports_to_a_section(world: dict[str, Any], tmp_path: Path) -> None:
    [block] = _blocks(ROOT / "README.md", "python")
    _run(block, world)
    assert len(world["corpus"]) == len(world["topics"].documents) == 60
    assert (tmp_path / "survey" / "section.md").is_file()


@pytest.mark.slow
def test_the_functions_that_are_listed_run(world: dict[str, Any]) -> None:
    _ran("api", world, 1)


@pytest.mark.slow
def test_what_users_bring_is_carried_to_a_section(world: dict[str, Any], tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder

        model = BERTopic(embedding_model=BaseEmbedder(), min_topic_size=8)
        texts = (world["df"]["title"] + " " + world["df"]["abstract"]).tolist()
        model.fit(texts, embeddings=static_vectors(texts))
        model.save("model", serialization="pickle")
    world["BERTopic"] = BERTopic
    blocks = _blocks(GUIDE / "bring_your_own.md", "python")
    assert len(blocks) == 5
    for number, block in enumerate(blocks):
        _run(block, world)
        topics = world["topics"]
        assert topics.assignments.index.tolist() == world["df"]["id"].tolist()
        trends = at.fit_trends(world["corpus"], topics, settings=at.TestSettings(n_permutations=99))
        at.survey.write(world["corpus"], topics, trends, tmp_path / f"section-{number}")
        text = (tmp_path / f"section-{number}" / "section.md").read_text(encoding="utf-8")
        assert "topics in" in text
        assert "nan" not in text


@pytest.mark.slow
def test_the_outline_and_the_vocabulary_that_are_shown_are_followed(world: dict[str, Any], tmp_path: Path) -> None:
    outline, vocabulary = _blocks(GUIDE / "guiding.md", "toml")
    (tmp_path / "data" / "outline.toml").write_text(outline, encoding="utf-8")
    (tmp_path / "data" / "vocabulary.toml").write_text(vocabulary, encoding="utf-8")
    _ran("guiding", world, 2)
    assert world["outline"].topics[0].above == ("Medical imaging",)
    assert world["topics"].outline["told"].tolist() == ["unsupported"]
    assert set(world["concepts"].table["category"]) == {"method", "organ"}


@pytest.mark.slow
def test_groups_are_compared_as_it_is_shown(world: dict[str, Any]) -> None:
    world["one"], world["other"] = (at.Corpus.from_frame(world["df"].iloc[rows]) for rows in (slice(30), slice(30, 60)))
    _ran("groups", world, 2)
    assert sorted(world["found"].groups.index) == ["Peru", "Spain"]


@pytest.mark.enable_socket
@pytest.mark.slow
@pytest.mark.skipif(find_browser() is None, reason="no Chrome or Chromium")
def test_figures_of_ones_own_are_drawn_and_written(world: dict[str, Any], tmp_path: Path) -> None:
    _ran("writing", world, 1)
    assert (tmp_path / "forest.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_topics_are_curated_in_a_notebook_and_checked_by_a_reader(
    world: dict[str, Any], planted_copy: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(planted_copy.folder)
    world |= {"study": planted_copy, "corpus": planted_copy.corpus, "topics": planted_copy.topics}
    _ran("curating", world, 2)
    assert world["check"].agreement == 0


@pytest.mark.enable_socket
@pytest.mark.slow
def test_a_first_study_goes_as_it_is_told(tmp_path: Path) -> None:
    downloads = tmp_path / "Downloads"
    downloads.mkdir()
    (downloads / "zotero.ris").write_bytes(export(planted_corpus(100, 4)[0], "ris"))
    lines = [line for block in _blocks(GUIDE / "getting_started.md", "sh") for line in block.splitlines()]
    told = [line for line in lines if line not in ("topictrends explore", "topictrends run", "topictrends verify")]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "HOME": str(tmp_path), "PATH": path}
    done = subprocess.run(
        ["bash", "-e"], input="\n".join(told), cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "100 papers" in done.stdout
    assert re.search(r"trends\s+│ out of date │.*a quick run made it", done.stdout)
    assert (tmp_path / "my-survey" / "figures" / "index.html").is_file()


def test_no_block_of_python_is_left_out() -> None:
    pages = {path.stem for path in GUIDE.glob("*.md") if _blocks(path, "python")}
    assert pages == {"api", "bring_your_own", "curating", "groups", "guiding", "writing"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_of_the_guide_are_committed_executed_short_and_light(path: Path) -> None:
    assert path.stat().st_size < 1_000_000
    cells = nbformat.read(path, as_version=4)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert not any(output["output_type"] == "error" for cell in code for output in cell["outputs"])
    assert all(len(cell["source"].splitlines()) <= 10 for cell in code)
    assert cells[0]["source"].startswith("# ")
