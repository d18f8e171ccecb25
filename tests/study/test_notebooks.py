"""Notebooks that follow one another in a kernel: each finds what it would find in a new one."""

from pathlib import Path

import nbformat
import pytest

from analysis.errors import NotebookError
from analysis.study.notebooks import execute_all

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


def _notebook(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def _outputs(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4)["cells"]
    return ["".join(output.get("text", "") for output in cell["outputs"]) for cell in cells]


def test_each_finds_no_names_and_no_filters_of_the_one_before_and_counts_from_one(tmp_path: Path) -> None:
    spoil = 'import warnings, os\nwarnings.simplefilter("ignore", UserWarning)\nleft = os.getpid()\nprint(left)'
    look = 'import warnings, os\nprint(os.getpid(), "left" in globals(), [f[0] for f in warnings.filters if f[2] is UserWarning])'
    paths = [
        _notebook(tmp_path / f"{number}.ipynb", spoil, look.replace('"left"', f'"l{number}"')) for number in range(4)
    ]
    paths += [_notebook(tmp_path / f"look{number}.ipynb", look) for number in range(4)]
    assert execute_all(paths, tmp_path, paths) == paths
    looked = [_outputs(path)[0].split(" ", 1) for path in paths[4:]]
    assert {rest.strip() for _, rest in looked} == {"False []"}
    # two kernels for all of them
    assert len({_outputs(path)[0].split()[0] for path in paths}) == 2
    for path in paths:
        cells = nbformat.read(path, as_version=4)["cells"]
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        assert nbformat.read(path, as_version=4)["metadata"]["language_info"]["name"] == "python"


def test_those_of_others_have_kernels_of_their_own(tmp_path: Path) -> None:
    paths = [_notebook(tmp_path / f"{number}.ipynb", "import os\nprint(os.getpid())") for number in range(3)]
    execute_all(paths, tmp_path)
    assert len({_outputs(path)[0] for path in paths}) == 3


def test_a_failure_names_its_notebook_and_leaves_it_as_it_is_and_those_before_done(tmp_path: Path) -> None:
    good = _notebook(tmp_path / "good.ipynb", "# at.fit_ comes first\nprint(1)")
    bad = _notebook(tmp_path / "bad.ipynb", "print(2)", "1 / 0")
    before = bad.read_bytes()
    with pytest.raises(NotebookError, match=r"bad.ipynb failed: ZeroDivisionError: division by zero. The stored"):
        execute_all([good, bad], tmp_path, [good, bad])
    assert bad.read_bytes() == before
    assert _outputs(good) in (["1\n"], [""])


def test_kernels_see_what_they_are_given(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "seen.ipynb", "import os\nprint(os.environ['SEEN'])")
    execute_all([path], tmp_path, [path], {"SEEN": "yes"})
    assert _outputs(path) == ["yes\n"]
