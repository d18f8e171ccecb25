"""The package as a whole: light import, public names, the house's order, the committed notebooks."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import analysis
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
    "figures.drawing",
    "figures.specs",
    "figures",
    "survey",
    "verify",
    "study",
    "cli",
]
_MODULES = sorted((ROOT / "analysis").rglob("*.py"))


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, analysis; print([m for m in ('numpy', 'pandas', 'plotly', 'sklearn', 'bertopic') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_public_names_are_there() -> None:
    for name in analysis.__all__:
        assert getattr(analysis, name) is not None
    with pytest.raises(AttributeError, match="public names"):
        _ = analysis.nothing


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
