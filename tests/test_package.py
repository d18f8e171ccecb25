"""The package as a whole: light import, public names, the house's order, the committed notebooks."""

import ast
import inspect
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import analysis
from analysis.corpus.paper import Corpus
from analysis.topics.result import Topics
from analysis.trends.family import TestSettings
from analysis.trends.result import Trends
from tests.conftest import ROOT

# from the ground up; a module may import what stands on its own floor or below
_FLOORS = [
    "io",
    "corpus",
    "embedding",
    "topics.clustering",
    "topics.describe",
    "topics",
    "concepts",
    "trends",
    "listings",
    "figures.drawing",
    "figures.specs",
    "figures",
    "survey",
    "verify",
    "study",
    "cli_options",
    "cli_tools",
    "cli",
]
_MODULES = sorted((ROOT / "analysis").rglob("*.py"))


def test_one_version_is_told_everywhere() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert analysis.__version__ == told
    assert f"version: {told}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    newest = (ROOT / ".github" / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert newest.split("\n")[0] == told


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, analysis; print([m for m in ('numpy', 'pandas', 'plotly', 'sklearn', 'bertopic') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_public_names_are_there() -> None:
    for name in analysis.__all__:
        assert getattr(analysis, name) is not None
    with pytest.raises(AttributeError, match="public names"):
        _ = analysis.nothing


# what 0.7 made public
_OF_0_7 = (
    "Corpus",
    "Study",
    "Topics",
    "Trends",
    "compare_topics",
    "figures",
    "find_concepts",
    "fit_topics",
    "fit_trends",
    "load_corpus",
    "show",
    "survey",
    "trend_tests",
)
_FIGURES_OF_0_7 = (
    "burst_timeline",
    "calibration",
    "concept_trends",
    "corpus_flow",
    "emergence_plane",
    "field_coverage",
    "granularity_curve",
    "papers_over_time",
    "stability",
    "theme_shares",
    "topic_by_concept",
    "topic_by_source",
    "topic_flows",
    "topic_map",
    "topic_shares",
    "topic_similarity",
    "topic_sizes",
    "topic_tree",
    "trend_forest",
    "verdicts_by_choice",
    "vocabulary_drift",
)
_ARGUMENTS_OF_0_7 = {
    "fit_topics": ("seed", "granularity", "outliers", "vectors", "edits", "labeller", "threshold", "landmarks"),
    "fit_trends": ("concepts", "variants", "period", "alpha", "seed", "settings"),
    "load_corpus": ("path", "supplement", "columns", "date_choice"),
    "find_concepts": ("corpus", "vocabulary"),
    "trend_tests": ("labels", "date", "strata", "alpha", "seed", "draws", "settings"),
    "compare_topics": ("a", "b"),
    "show": ("figure", "alt"),
}


def test_no_public_name_or_argument_of_the_version_before_is_lost() -> None:
    assert set(_OF_0_7) <= set(analysis.__all__)
    assert set(_FIGURES_OF_0_7) <= set(analysis.figures.__all__)
    for name in _FIGURES_OF_0_7:
        assert callable(getattr(analysis.figures, name))
    assert {"write", "survey_tables"} <= set(analysis.survey.__all__)
    for name, arguments in _ARGUMENTS_OF_0_7.items():
        assert set(arguments) <= set(inspect.signature(getattr(analysis, name)).parameters), name


def test_arguments_that_have_another_name_now_work_and_say_so(planted: tuple[Corpus, Topics, Trends]) -> None:
    corpus, topics, _ = planted
    with pytest.warns(DeprecationWarning, match=r"fit_trends\(granularity=...\) is fit_trends\(period=...\) now"):
        old = analysis.fit_trends(corpus, topics, granularity="half", settings=TestSettings(n_permutations=99))  # type: ignore[call-arg]
    assert old.note["period"] == "half"
    with pytest.warns(DeprecationWarning, match=r"papers_over_time\(period=...\)"):
        analysis.figures.papers_over_time(corpus, granularity="half")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="got both 'granularity' and its new name 'period'"):
        analysis.fit_trends(corpus, topics, granularity="half", period="half")  # type: ignore[call-arg]


def _imported(path: Path) -> set[str]:
    """Return the modules of the package that a module imports, at its top or late, but not for type checkers alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    checked = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in checked:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name in _PATHS}


_PATHS = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in _MODULES}
_IMPORTS = {name: _imported(path) - {"analysis", name} for name, path in _PATHS.items()}


def _floor(name: str) -> int:
    """Return on which floor a module stands; those of no room (errors, escaping ...) are on the ground."""
    return next((floor for floor, prefix in enumerate(_FLOORS, 1) if f"{name}.".startswith(f"analysis.{prefix}.")), 0)


@pytest.mark.parametrize("name", sorted(set(_PATHS) - {"analysis"}))
def test_modules_import_only_from_their_floor_and_below(name: str) -> None:
    upwards = [other for other in _IMPORTS[name] if _floor(other) > _floor(name)]
    assert upwards == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = {name: set(others) for name, others in _IMPORTS.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    assert not left


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_committed_executed_short_and_light(path: Path) -> None:
    assert path.stat().st_size < 3_000_000
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert not any(
        output["output_type"] in ("error", "stream") and output.get("name") != "stdout"
        for cell in code
        for output in cell["outputs"]
    )
    assert all(len("".join(cell["source"]).splitlines()) <= 10 for cell in code)
    assert cells[0]["cell_type"] == "markdown"
