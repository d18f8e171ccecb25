"""Notebooks are programs: which of a study's are not the package's own, and which a user has agreed to."""

import ast
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from analysis.errors import NotebookError
from analysis.escaping import one_line
from analysis.io.files import write_text, writing
from analysis.study.allowances import config_path
from analysis.study.notebooks import source_hash
from analysis.study.scaffold import packaged_notebooks

_AGREED = "agreed_notebooks.txt"


def foreign_notebooks(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks that hold other code than the package's, and that the user has not agreed to before."""
    every, agreed = list(paths), _agreed()
    own = set(own_notebooks(every))
    return [path for path in every if path not in own and source_hash(path) not in agreed]


def own_notebooks(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks that hold the package's code; what the first cell sets, names to literal values, may differ."""
    packaged = {path.name: path for path in packaged_notebooks()}
    return [path for path in paths if path.name in packaged and _same_code(path, packaged[path.name])]


def agree_to(paths: Iterable[Path]) -> None:
    """Remember, in the user's own folder, that these notebooks may run as they are."""
    hashes = sorted(_agreed() | {source_hash(path) for path in paths})
    target = _agreed_path()
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    write_text(target, "\n".join(hashes) + "\n")


def agreed_to_run(
    paths: Iterable[Path], wanted: bool | None, ask: Callable[[str], bool] | None, tell: Callable[[str], None]
) -> bool:
    """Return whether notebooks may run.

    Parameters
    ----------
    paths : iterable of Path
    wanted : bool, optional
        What the user has said; where nothing, those with code of their own decide.
    ask : callable, optional
        Asks a person; what was agreed to is remembered. Without one there is nobody to ask, and it is told.
    tell : callable
    """
    if wanted is not None:
        return wanted
    foreign = foreign_notebooks(paths)
    if not foreign:
        return True
    names = ", ".join(one_line(path.name) for path in foreign)
    if ask is None:
        tell(f"notebooks with code of the study's own are run: {names} (--no-notebooks leaves them alone)")
        return True
    if not ask(f"This study's notebooks hold code of their own ({names}), which can do all that you can. Run them?"):
        return False
    agree_to(foreign)
    return True


def _agreed_path() -> Path:
    return config_path().with_name(_AGREED)


def _agreed() -> set[str]:
    path = _agreed_path()
    return set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()


def _same_code(path: Path, other: Path) -> bool:
    """Return whether two notebooks run the same code but for literal values that they begin with."""
    first, second = _code(path), _code(other)
    return len(first) == len(second) and all(
        one == two or (_sets(one) is not None and _sets(one) == _sets(two))
        for one, two in zip(first, second, strict=True)
    )


def _code(path: Path) -> list[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] != "markdown"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotebookError(f"{path} is no notebook: {error}") from error


def _sets(source: str) -> list[str] | None:
    """Return the names that a cell sets to literal values; None where it does anything else."""
    try:
        statements = ast.parse(source).body
        names = []
        for statement in statements:
            if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
                return None
            ast.literal_eval(statement.value)
            names.append(statement.targets[0].id)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return names if len(statements) == len(names) else None
