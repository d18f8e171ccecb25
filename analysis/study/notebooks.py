"""A study's notebooks as files: hashed and read without their outputs."""

import json
from pathlib import Path
from typing import Any

from analysis.errors import NotebookError
from analysis.io.files import hash_json


def source_hash(path: Path) -> str:
    """Return a hash of a notebook's cells without their outputs.

    Raises
    ------
    NotebookError
        The file is no notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return hash_json([(cell["cell_type"], "".join(cell["source"])) for cell in cells])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotebookError(f"{path} is no notebook: {error}") from error


def without_outputs(path: Path) -> str:
    """Return a notebook's text without its outputs.

    Raises
    ------
    NotebookError
        The file is no notebook.
    """
    import nbformat

    return str(nbformat.writes(emptied(path))) + "\n"


def emptied(path: Path) -> Any:
    """Return a notebook without its outputs.

    Raises
    ------
    NotebookError
        The file is no notebook.
    """
    notebook = _read(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def _read(path: Path) -> Any:
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, KeyError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path} is no notebook: {error}") from error
