"""Notebooks that follow one another in a kernel, and those that are begun before their turn."""

import time
from collections.abc import Collection, Mapping
from pathlib import Path

import nbformat
import psutil
import pytest

import analysis.study.notebook_runner
from analysis.errors import NotebookError
from analysis.study.notebook_runner import notebook_runner

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


def _notebook(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def _execute(
    paths: list[Path], folder: Path, alike: Collection[Path] = (), environment: Mapping[str, str] | None = None
) -> list[Path]:
    with notebook_runner(folder, environment) as runner:
        return runner.execute(paths, alike)


def _outputs(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4)["cells"]
    return ["".join(output.get("text", "") for output in cell["outputs"]) for cell in cells]


@pytest.mark.parametrize(("cores", "kernels"), [(1, 1), (2, 1), (8, 2)])
def test_each_finds_no_names_and_no_filters_of_the_one_before_and_counts_from_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int, kernels: int
) -> None:
    monkeypatch.setattr(analysis.study.notebook_runner, "usable_cores", lambda: cores)
    spoil = 'import warnings, os\nwarnings.simplefilter("ignore", UserWarning)\nleft = os.getpid()\nprint(left)'
    look = 'import warnings, os\nprint(os.getpid(), "left" in globals(), [f[0] for f in warnings.filters if f[2] is UserWarning])'
    paths = [
        _notebook(tmp_path / f"{number}.ipynb", spoil, look.replace('"left"', f'"l{number}"')) for number in range(4)
    ]
    paths += [_notebook(tmp_path / f"look{number}.ipynb", look) for number in range(4)]
    assert _execute(paths, tmp_path, paths) == paths
    looked = [_outputs(path)[0].split(" ", 1) for path in paths[4:]]
    assert {rest.strip() for _, rest in looked} == {"False []"}
    # shared by all of them
    assert len({_outputs(path)[0].split()[0] for path in paths}) == kernels
    for path in paths:
        cells = nbformat.read(path, as_version=4)["cells"]
        assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
        assert nbformat.read(path, as_version=4)["metadata"]["language_info"]["name"] == "python"


def test_notebooks_of_a_folder_that_is_named_by_a_relative_path_find_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    look = "import os\nprint(os.path.basename(os.getcwd()), 'left' in globals())\nleft = 1"
    paths = [_notebook(Path("notebooks") / f"{number}.ipynb", look) for number in range(3)]
    with notebook_runner(Path()) as runner:
        runner.begin(paths[:1])
        assert runner.execute(paths, paths) == paths
    assert [_outputs(path)[0] for path in paths] == ["notebooks False\n"] * 3


def test_those_of_others_have_kernels_of_their_own(tmp_path: Path) -> None:
    paths = [_notebook(tmp_path / f"{number}.ipynb", "import os\nprint(os.getpid())") for number in range(3)]
    _execute(paths, tmp_path)
    assert len({_outputs(path)[0] for path in paths}) == 3


def test_a_failure_names_its_notebook_and_leaves_it_as_it_is_and_those_before_done(tmp_path: Path) -> None:
    good = _notebook(tmp_path / "good.ipynb", "# at.fit_ comes first\nprint(1)")
    bad = _notebook(tmp_path / "bad.ipynb", "print(2)", "1 / 0")
    before = bad.read_bytes()
    with pytest.raises(
        NotebookError, match=r"bad.ipynb failed: cell 2, ZeroDivisionError: division by zero. The stored"
    ):
        _execute([good, bad], tmp_path, [good, bad])
    assert bad.read_bytes() == before
    assert _outputs(good) in (["1\n"], [""])


def test_kernels_see_what_they_are_given(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "seen.ipynb", "import os\nprint(os.environ['SEEN'])")
    _execute([path], tmp_path, [path], {"SEEN": "yes"})
    assert _outputs(path) == ["yes\n"]


def test_what_is_begun_is_executed_once_and_stored_when_its_turn_comes(tmp_path: Path) -> None:
    early = _notebook(tmp_path / "early.ipynb", "import pathlib\npathlib.Path('ran').open('a').write('x')\nprint(1)")
    late = _notebook(tmp_path / "late.ipynb", "print(2)")
    before = early.read_bytes()
    with notebook_runner(tmp_path) as runner:
        runner.begin([early])
        _wait_for(tmp_path / "ran")
        assert early.read_bytes() == before
        runner.execute([early, late], [early, late])
    assert (_outputs(early), _outputs(late)) == (["1\n"], ["2\n"])
    assert (tmp_path / "ran").read_text() == "x"


def test_a_notebook_that_is_changed_after_it_was_begun_is_executed_as_it_is_now(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "one.ipynb", "import pathlib\npathlib.Path('ran').write_text('x')")
    with notebook_runner(tmp_path) as runner:
        runner.begin([path])
        _wait_for(tmp_path / "ran")
        _notebook(path, "print('new')")
        runner.execute([path], [path])
    assert _outputs(path) == ["new\n"]


def test_a_notebook_that_is_changed_while_it_is_executed_is_kept_and_named(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    change = f"import json\nnew = json.load(open({str(path)!r}))\nnew['cells'][0]['source'] = 'mine'\n"
    _notebook(path, change + f"json.dump(new, open({str(path)!r}, 'w'))")
    with pytest.raises(
        NotebookError, match=r"one.ipynb changed while it was executed, and is kept as it is; run again."
    ):
        _execute([path], tmp_path, [path])
    assert nbformat.read(path, as_version=4)["cells"][0]["source"] == "mine"


def test_kernels_that_were_begun_end_with_a_block_that_fails(tmp_path: Path) -> None:
    path = _notebook(
        tmp_path / "long.ipynb",
        "import os, pathlib, time\npathlib.Path('ran').write_text(str(os.getpid()))\ntime.sleep(200)",
    )
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), notebook_runner(tmp_path) as runner:
        runner.begin([path])
        _wait_for(tmp_path / "ran")
        raise KeyboardInterrupt
    assert time.monotonic() - began < 60
    assert not psutil.pid_exists(int((tmp_path / "ran").read_text()))


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not (path.is_file() and path.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    # what is told last in a cell may still be on its way
    time.sleep(1)
