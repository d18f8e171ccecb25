"""The package as a whole: light import, public names, the house's order, the committed notebooks."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import analysis
from tests.conftest import ROOT

_ROOMS = ["corpus", "embedding", "topics", "trends", "figures", "survey"]
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


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_rooms_import_only_rooms_before_them(path: Path) -> None:
    parts = path.relative_to(ROOT / "analysis").parts
    if parts[0] not in _ROOMS:
        return
    allowed = _ROOMS[: _ROOMS.index(parts[0]) + 1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        module = node.module if isinstance(node, ast.ImportFrom) else None
        if module and module.startswith("analysis.") and module.split(".")[1] in _ROOMS:
            assert module.split(".")[1] in allowed, f"{path} imports {module}"


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
