"""Run the fast tests, and a small study, with the oldest versions that pyproject.toml allows: ``make test-oldest``.

It is no part of ``make test``: an environment of its own takes a package index and about a gigabyte.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from analysis.corpus.export import export
from tests.generators import planted_corpus
from tests.wheel import ROOT, SETTINGS


def _run(*command: str | Path, cwd: Path = ROOT) -> None:
    print("$", *command, flush=True)
    subprocess.run(list(map(str, command)), cwd=cwd, check=True)


def main() -> None:
    """Fail where an older version that is allowed does not do."""
    uv = Path(sys.executable).parent / "uv"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python, versions = folder / "env" / "bin" / "python", folder / "versions.txt"
        _run(uv, "venv", "--python", sys.executable, folder / "env")
        wanted = ("pyproject.toml", "--group", "dev", "--extra", "scale", "--extra", "onnx")
        _run(uv, "pip", "compile", "--quiet", "--resolution", "lowest-direct", *wanted, "--output-file", versions)
        _run(uv, "pip", "sync", "--python", python, versions)
        _run(python, "-m", "pytest", "-m", "not slow", "--numprocesses", "2")
        study = folder / "study"
        (study / "data" / "raw").mkdir(parents=True)
        (study / "data" / "raw" / "papers.csv").write_bytes(export(planted_corpus(60, 3)[0], "csv"))
        (study / "study.toml").write_text(SETTINGS, encoding="utf-8")
        for command in ("run", "verify"):
            _run(python, "-c", f"import sys; sys.argv = ['topictrends', '{command}', '--study', {str(study)!r}]; "
                 "from analysis.cli import main; main()")  # fmt: skip
    print("The oldest versions do.")


if __name__ == "__main__":
    main()
