"""The study end to end: the real pages, skipping, resuming, verifying."""

import json
import re
import shutil
from pathlib import Path

import bibtexparser
import nbformat
import pandas as pd
import plotly.graph_objects as go
import pytest

import analysis as at
from analysis.errors import (
    ArtefactError,
    CorpusError,
    InputError,
    NotebookError,
    OutlineWarning,
    SettingsError,
    TopicEditWarning,
)
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.notebook import NotebookText
from analysis.figures.static import find_browser
from analysis.io.files import hash_file, read_table
from analysis.study.allowances import Allowances
from analysis.study.face import STAGE_NAMES, Study
from analysis.study.manifest import Manifest, StageRecord
from analysis.verify.self_test import KINDS
from tests.conftest import ROOT, copy_sources
from tests.guide import execute

_FORMATS = ("html", "csv", "svg", "pdf", "png") if find_browser() else ("html", "csv")


def parquet(study: Study) -> dict[str, pd.DataFrame]:
    return {path.relative_to(study.folder).as_posix(): read_table(path) for path in study.data.rglob("*.parquet")}


def test_an_export_may_be_a_link_to_another_disk(small_study: Study, tmp_path: Path) -> None:
    page = small_study.data / "raw" / "page.txt"
    elsewhere = page.rename(tmp_path / "elsewhere.txt")
    page.symlink_to(elsewhere)
    allowing = Study.open(small_study.folder, allowed=Allowances(linked_exports=[str(elsewhere)]))
    allowing.run(["corpus"])
    assert "data/raw/page.txt" in allowing.manifest().stages["corpus"].inputs
    assert len(allowing.corpus) == 6


def test_a_run_leaves_all_that_it_promises(shipped: Study) -> None:
    figures = shipped.figures_folder
    for entry in CATALOGUE:
        left_out = entry.without(entry.data(shipped.corpus, shipped.topics, shipped.trends))
        for suffix in _FORMATS:
            path = figures / f"{entry.name}.{suffix}"
            assert path.exists() is not bool(left_out)
            assert left_out or path.stat().st_size > 0
        if entry.body and not left_out:
            assert (figures / "single_column" / f"{entry.name}.pdf").stat().st_size > 0
    for name in (
        "section.md",
        "section.tex",
        "section.qmd",
        "numbers.tex",
        "references.bib",
        "tables/topics.csv",
        "tables/topics.tex",
    ):
        assert (figures / "survey" / name).stat().st_size > 0
    assert set(Manifest.read(shipped.manifest_path).stages) == set(STAGE_NAMES)


def test_the_results_of_the_shipped_study_are_whole(shipped: Study) -> None:
    topics = shipped.topics
    assert len(topics.assignments) == 279
    assert topics.assignments["topic"].ge(0).all()
    assert topics.table["size"].sum() == 279
    assert topics.table["label"].is_unique
    # most years are too thin for overdispersion or wandering to be asked about
    unknown = shipped.trends.tests.isna().any()
    of_periods = {"dispersion", "dispersion_p", "wandering_p", "beyond_wandering"}
    # and its sources name no authors
    assert set(unknown.index[unknown]) <= of_periods | {"p_series", "q_series", "series_holds"}
    assert shipped.trends.series["n_topic"].sum() == 279


def test_a_second_run_does_nothing(shipped: Study) -> None:
    before = shipped.manifest_path.read_bytes()
    assert not any(shipped.run().values())
    assert shipped.manifest_path.read_bytes() == before


def test_a_study_verifies_after_its_run(shipped: Study) -> None:
    assert shipped.verify() == []


def test_the_same_study_from_nothing_gives_identical_tables(shipped: Study, tmp_path: Path) -> None:
    again = Study.open(copy_sources(tmp_path / "again"))
    again.run(["topics"])
    first, second = parquet(shipped), parquet(again)
    assert second.keys() == {name for name in first if name.startswith(("data/corpus/", "data/topics/"))}
    for name, table in ((name, first[name]) for name in second):
        pd.testing.assert_frame_equal(table, second[name], check_exact=True, obj=name)


def test_the_same_topics_give_identical_trends(planted_study: Study, planted_copy: Study) -> None:
    planted_copy.run(["trends"], force=True)
    first, second = parquet(planted_study), parquet(planted_copy)
    for name in (name for name in first if name.startswith("data/trends/")):
        pd.testing.assert_frame_equal(first[name], second[name], check_exact=True, obj=name)


def test_renamed_and_reordered_pages_give_the_same_papers_the_same_topics(shipped: Study, tmp_path: Path) -> None:
    other = Study.open(copy_sources(tmp_path / "renamed"))
    for number, path in enumerate(sorted((other.data / "raw").iterdir(), reverse=True)):
        path.rename(path.with_name(f"{number}.txt"))
    settings = other.folder / "study.toml"
    renamed = re.compile(r'^files = \["(\d+)_\*\.txt"\]', re.MULTILINE)
    settings.write_text(renamed.sub(lambda match: f'files = ["{3 - int(match[1])}.txt"]', settings.read_text()))
    other = Study.open(other.folder)
    other.run(["topics"])
    pd.testing.assert_frame_equal(other.topics.assignments, shipped.topics.assignments)
    pd.testing.assert_frame_equal(other.topics.table, shipped.topics.table)


def test_every_citation_resolves_and_the_bibliography_parses(shipped: Study) -> None:
    survey = shipped.figures_folder / "survey"
    library = bibtexparser.parse_file(str(survey / "references.bib"))
    assert not library.failed_blocks
    keys = {entry.key for entry in library.entries}
    assert len(keys) == len(library.entries)
    papers = [entry for entry in library.entries if "eprint" in entry.fields_dict and "author" not in entry.fields_dict]
    assert len(papers) == 279
    assert all({"title", "year", "url", "key"} <= set(entry.fields_dict) for entry in papers)
    cited = re.findall(r"\\cite\{([^}]*)\}", (survey / "section.tex").read_text(encoding="utf-8"))
    assert {key for group in cited for key in group.split(",")} <= keys
    assert cited


def test_every_macro_of_the_section_is_defined_with_its_source(shipped: Study) -> None:
    survey = shipped.figures_folder / "survey"
    used = set(re.findall(r"\\(tt[A-Za-z]+)\{\}", (survey / "section.tex").read_text(encoding="utf-8")))
    lines = (survey / "numbers.tex").read_text(encoding="utf-8").splitlines()[1:]
    defined = {}
    for line in lines:
        found = re.fullmatch(r"\\newcommand\{\\(tt[A-Za-z]+)\}\{(.*)\} % (\w+)\.csv \| (.*) \| (\w+)", line)
        assert found, line
        defined[found.group(1)] = found.groups()[2:]
    assert used <= set(defined)
    for table, row, column in defined.values():
        cells = pd.read_csv(survey / "tables" / f"{table}.csv", index_col=0, dtype=str)
        assert column in cells.columns
        assert row in cells.index.astype(str)


@pytest.mark.parametrize(
    "tampered",
    [
        "figures/survey/section.md",
        "figures/survey/section.tex",
        "figures/survey/numbers.tex",
        "figures/survey/tables/flow.csv",
        "figures/topic_sizes.csv",
        "figures/captions.json",
        "notebooks/01_corpus.ipynb",
    ],
)
def test_a_changed_number_is_named(planted_copy: Study, tampered: str) -> None:
    path = planted_copy.folder / tampered
    text = path.read_text(encoding="utf-8")
    number = "120" if "120" in text else re.findall(r"\d\d+", text)[0]
    path.write_text(text.replace(number, "978", 1), encoding="utf-8")
    problems = planted_copy.verify()
    assert any(Path(tampered).name in problem.file for problem in problems), problems


def test_a_changed_number_is_named_even_where_the_manifest_was_changed_along(planted_copy: Study) -> None:
    path = planted_copy.figures_folder / "survey" / "section.md"
    path.write_text(path.read_text(encoding="utf-8").replace("120 papers", "978 papers", 1), encoding="utf-8")
    manifest = json.loads(planted_copy.manifest_path.read_text(encoding="utf-8"))
    manifest["stages"]["survey"]["outputs"]["figures/survey/section.md"] = hash_file(path)
    planted_copy.manifest_path.write_text(json.dumps(manifest), encoding="utf-8")
    (problem,) = [problem for problem in planted_copy.verify() if problem.line]
    assert "'978'" in problem.message
    assert "'120'" in problem.message


def test_a_changed_input_makes_its_stage_stale_and_the_next_run_mends_it(planted_copy: Study) -> None:
    page = sorted((planted_copy.data / "raw").iterdir())[0]
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert any("stale" in problem.message and problem.file == "corpus" for problem in planted_copy.verify())
    ran = planted_copy.run(["trends"])
    # one more line end changes the file but no table, so nothing after the corpus has to run
    assert ran == {"corpus": True, "topics": False, "concepts": False, "trends": False}


def test_a_damaged_output_is_made_again(planted_copy: Study) -> None:
    (planted_copy.data / "trends" / "tests.parquet").write_bytes(b"damaged")
    with pytest.raises(ArtefactError, match="damaged"):
        _ = Study.open(planted_copy.folder).trends
    assert planted_copy.run(["trends"]) == {"corpus": False, "topics": False, "concepts": False, "trends": True}
    assert len(Study.open(planted_copy.folder).trends.tests) == len(planted_copy.topics.table)


def test_a_failing_stage_leaves_the_earlier_results_whole(planted_copy: Study) -> None:
    before = parquet(planted_copy)
    for path in (planted_copy.data / "raw").iterdir():
        path.write_text("no page at all", encoding="utf-8")
    with pytest.raises(CorpusError, match="no record"):
        planted_copy.run()
    for name, table in parquet(planted_copy).items():
        pd.testing.assert_frame_equal(table, before[name])


def test_a_run_resumes_where_it_was_interrupted(small_study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.trends.fit

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with (
        monkeypatch.context() as patched,
        pytest.raises(KeyboardInterrupt),
        pytest.warns(UserWarning, match="cannot be split"),
    ):
        patched.setattr(analysis.trends.fit, "fit_trends", interrupted)
        small_study.run()
    ran = small_study.run()
    assert (ran["corpus"], ran["topics"], ran["trends"]) == (False, False, True)


@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_a_readers_edits_are_applied_watched_and_told(small_study: Study) -> None:
    small_study.run(["topics"])
    first = small_study.topics.assignments.index[0]
    edits = f'[[edit]]\naction = "rename"\npapers = ["{first}"]\nlabel = "My Own Name"\n'
    small_study.edits_path.write_text(edits, encoding="utf-8")
    assert not small_study.is_current("topics")
    small_study.run()
    assert small_study.topics.table["label"].tolist() == ["My Own Name"]
    assert small_study.topics.edits["applied"].tolist() == [True]
    assert "My Own Name" in (small_study.figures_folder / "survey" / "section.md").read_text(encoding="utf-8")
    assert small_study.verify() == []
    small_study.edits_path.write_text("[[edit]]", encoding="utf-8")
    with pytest.raises(SettingsError, match="edit 1"):
        small_study.run()


def test_a_labeller_whose_key_is_not_set_is_a_clear_error(small_study: Study) -> None:
    settings = (
        '[topics.labeller]\nurl = "http://127.0.0.1:1/v1"\nmodel = "m"\nkey_variable = "TOPICTRENDS_NO_SUCH_KEY"\n'
    )
    (small_study.folder / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(SettingsError, match="TOPICTRENDS_NO_SUCH_KEY, which is not set"):
        Study.open(small_study.folder).run(["topics"])


@pytest.mark.slow
def test_any_figure_can_be_shown_in_a_notebook() -> None:
    shown = at.show(go.Figure(), "Nothing")._repr_mimebundle_()
    assert shown["text/plain"] == "Nothing"
    assert ("image/svg+xml" in shown) == (find_browser() is not None)


def test_texts_are_shown_as_paragraphs_and_lists_that_hold_no_markup() -> None:
    paragraph, several = at.show("Of *all* <b>papers</b>."), at.show(pd.Series(["One.", "Two."]))
    assert isinstance(paragraph, NotebookText)
    assert isinstance(several, NotebookText)
    assert "<b>" not in paragraph._repr_markdown_().replace("\\<", "")
    assert "*all*" not in paragraph._repr_markdown_()
    assert repr(paragraph) == "Of *all* <b>papers</b>."
    assert several._repr_markdown_() == "* One.\n* Two."
    with pytest.raises(InputError, match="texts are str"):
        at.show([1, 2])


@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_a_small_study_runs_to_its_end_and_verifies(small_study: Study) -> None:
    small_study.run()
    assert small_study.verify() == []
    text = (small_study.figures_folder / "survey" / "section.md").read_text(encoding="utf-8")
    assert "single topic" in text


@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_pictures_of_an_earlier_run_do_not_outlive_it(small_study: Study) -> None:
    small_study.run(["figures"])
    old = small_study.figures_folder / "topic_map.svg"
    old.write_text("<svg>old</svg>", encoding="utf-8")
    manifest = small_study.manifest()
    figures = manifest.stages["figures"]
    known = StageRecord(figures.inputs, {**figures.outputs, "figures/topic_map.svg": hash_file(old)})
    manifest.with_stage("figures", known).write(small_study.manifest_path)
    small_study.run(["figures"], force=True)
    assert not old.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"topic_map": 1}'])
def test_damaged_captions_are_named_and_nothing_crashes(planted_copy: Study, text: str) -> None:
    (planted_copy.figures_folder / "captions.json").write_text(text, encoding="utf-8")
    assert any("captions.json" in problem.file for problem in planted_copy.verify())


def test_damaged_text_and_tables_are_named_and_nothing_crashes(planted_copy: Study) -> None:
    (planted_copy.figures_folder / "survey" / "section.md").write_bytes(b"\xff\xfe\x00")
    tests = planted_copy.data / "trends" / "tests.parquet"
    read_table(tests).drop(columns="q").to_parquet(tests)
    found = {problem.file for problem in planted_copy.verify()}
    assert {"figures/survey/section.md", "data/trends/tests.parquet", "data"} <= found


def test_foreign_files_among_the_figures_are_left_alone(small_study: Study) -> None:
    foreign = small_study.figures_folder / "mine.txt"
    foreign.parent.mkdir()
    foreign.write_text("mine", encoding="utf-8")
    with pytest.warns(UserWarning, match="cannot be split"):
        small_study.run(["figures"])
    assert foreign.read_text(encoding="utf-8") == "mine"


def test_a_failing_notebook_is_named_and_left_as_it_was(planted_copy: Study) -> None:
    path = planted_copy.notebooks_folder / "01_corpus.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][1]["source"] = "raise RuntimeError('broken on purpose')"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=r"01_corpus\.ipynb failed: cell 2, RuntimeError: broken on purpose"):
        planted_copy.run(["notebooks"])
    assert path.read_bytes() == before


def test_an_unknown_stage_is_a_clear_error(small_study: Study) -> None:
    with pytest.raises(SettingsError, match="unknown stage"):
        small_study.run(["plots"])


def test_results_that_are_not_there_yet_say_what_to_run(small_study: Study) -> None:
    with pytest.raises(ArtefactError, match="topictrends run"):
        _ = small_study.corpus
    assert [problem.message for problem in small_study.verify()] == ["this stage has not run"] * len(STAGE_NAMES)


def test_every_kind_of_tampering_is_caught(planted_study: Study) -> None:
    outcomes = list(planted_study.self_test())
    assert [outcome.file for outcome in outcomes if not outcome.caught] == []
    assert {outcome.file for outcome in outcomes} >= {
        kind.file for kind in KINDS if Path(kind.file).suffix in (".md", ".tex")
    }
    traced = {outcome.kind for outcome in outcomes if outcome.traced}
    assert traced >= {
        "prose, Markdown",
        "prose, LaTeX",
        "prose, Word",
        "caption",
        "figure's data",
        "figure, HTML",
        "explorer",
    }
    assert planted_study.verify() == []


def test_an_outline_is_followed_watched_and_told(planted_copy: Study) -> None:
    outline = (
        '[[topic]]\nname = "Fire mountains"\nphrases = ["volcano eruption", "lava", "magma"]\n'
        '[[topic]]\nname = "Quantum gravity"\nphrases = ["string theory", "spacetime"]\n'
    )
    planted_copy.outline_path.write_text(outline, encoding="utf-8")
    assert not planted_copy.is_current("topics")
    with pytest.warns(OutlineWarning, match="Quantum gravity"):
        planted_copy.run(["topics", "trends", "figures", "survey"])
    topics = planted_copy.topics
    assert topics.outline["told"].tolist() == ["supported", "unsupported"]
    assert "Fire mountains" in set(topics.table["label"])
    section = (planted_copy.figures_folder / "survey" / "section.md").read_text(encoding="utf-8")
    assert "Hardly any paper speaks of Quantum gravity" in section
    assert f"The outline misses {topics.table.loc[topics.beside_outline[0], 'label']}" in section
    captions = json.loads((planted_copy.figures_folder / "captions.json").read_text(encoding="utf-8"))
    assert "Not in the outline" in captions["topic_sizes"]["caption"]
    assert [problem for problem in planted_copy.verify() if problem.file != "notebooks"] == []
    planted_copy.outline_path.write_text("[[topic]]", encoding="utf-8")
    with pytest.raises(SettingsError, match="topic 1 name"):
        planted_copy.run(["topics"])


def test_a_readers_answers_are_asked_for_kept_and_told(planted_copy: Study) -> None:
    path = planted_copy.sample(30)
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert planted_copy.is_current("survey") is False
    own = planted_copy.topics.assignments["topic"].loc[sheet["paper_id"]].map(planted_copy.topics.table["label"])
    sheet.assign(topic=own.to_numpy()).to_csv(path, index=False)
    planted_copy.run(["survey"])
    section = (planted_copy.figures_folder / "survey" / "section.md").read_text(encoding="utf-8")
    assert "A reader sorted 30 papers" in section
    assert [problem for problem in planted_copy.verify() if problem.file != "notebooks"] == []
    with pytest.raises(ArtefactError, match="holds a reader's answers"):
        planted_copy.sample()
    sheet.assign(topic="Gone").to_csv(path, index=False)
    with pytest.warns(TopicEditWarning, match="there is no topic 'Gone'"):
        planted_copy.run(["survey"])
    assert "A reader sorted" not in (planted_copy.figures_folder / "survey" / "section.md").read_text(encoding="utf-8")


def test_an_edited_paragraph_survives_the_next_run(planted_copy: Study) -> None:
    path = planted_copy.figures_folder / "survey" / "section.md"
    path.write_text(path.read_text(encoding="utf-8").replace("The corpus holds", "We read", 1), encoding="utf-8")
    assert planted_copy.verify() == []
    planted_copy.run(["survey"], force=True)
    assert "We read 120 papers" in path.read_text(encoding="utf-8")
    assert [problem for problem in planted_copy.verify() if problem.file != "notebooks"] == []


def test_notebooks_of_the_guide_run_on_the_shipped_study(shipped: Study, tmp_path: Path) -> None:
    study = Study.open(shutil.copytree(shipped.folder, tmp_path / "study"))
    folder = study.notebooks_folder / "guide"
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        nbformat.write(notebook, path)
    executed = [path.name for path in execute(folder)]
    assert executed == sorted(path.name for path in (ROOT / "notebooks" / "guide").glob("*.ipynb"))
