"""Build the wheel, install it into an empty environment, and run a small study there: ``make test-wheel``.

It is no part of ``make test``: an environment of its own takes a package index and about a gigabyte.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from analysis.corpus.export import export
from tests.generators import planted_corpus

ROOT = Path(__file__).parent.parent
SETTINGS = 'title = "Wheel"\n[trends]\nsensitivity = false\npermutations = 999\n[figures]\nformats = []\n'


def _run(*command: str | Path, cwd: Path) -> str:
    print("$", *command, flush=True)
    done = subprocess.run(list(map(str, command)), cwd=cwd, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def main() -> None:
    """Fail where the wheel lacks what a study of a stranger needs."""
    uv = Path(sys.executable).parent / "uv"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _run(uv, "build", "--wheel", "--out-dir", folder / "dist", cwd=ROOT)
        [wheel] = (folder / "dist").glob("*.whl")
        _run(uv, "venv", "--python", sys.executable, folder / "env", cwd=ROOT)
        python = folder / "env" / "bin" / "python"
        # in the project's folder uv leaves sentence-transformers, hence torch, out
        _run(uv, "pip", "install", "--python", python, wheel, cwd=ROOT)
        study = folder / "study"
        study.mkdir()
        (study / "papers.csv").write_bytes(export(planted_corpus(60, 3)[0], "csv"))
        command = folder / "env" / "bin" / "topictrends"
        _run(command, "init", ".", "--title", "Wheel", cwd=study)
        notebooks = sorted(path.name for path in (study / "notebooks").glob("*.ipynb"))
        assert notebooks == [
            "00_own_corpus.ipynb",
            "01_corpus.ipynb",
            "02_topics.ipynb",
            "03_trends.ipynb",
            "04_survey.ipynb",
            "05_compare.ipynb",
        ]
        settings = (study / "study.toml").read_text(encoding="utf-8")
        assert 'sources = ["papers.csv"]' in settings
        (study / "study.toml").write_text(SETTINGS + '[corpus]\nsources = ["papers.csv"]\n', encoding="utf-8")
        print(_run(command, "run", cwd=study))
        print(_run(command, "verify", cwd=study))
        where = _run(python, "-c", "import analysis; print(analysis.__file__)", cwd=study)
        assert str(folder) in where, where
        assert (Path(where.strip()).parent / "py.typed").is_file()
    print("The wheel works in an empty environment.")


if __name__ == "__main__":
    main()
