"""The examples in docstrings run and give what they show."""

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow


def _has_example(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Module)
    return any(">>> " in (ast.get_docstring(node) or "") for node in nodes if isinstance(node, kinds))


_MODULES = [path for path in sorted((ROOT / "analysis").rglob("*.py")) if _has_example(path)]


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.stem)
def test_the_examples_of_a_module_hold(path: Path) -> None:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0
