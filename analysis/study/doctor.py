"""What this installation has, and what each missing part would add: for a bug report, and before a first run."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from analysis import __version__
from analysis.errors import sentence
from analysis.study.allowances import config_path, read_allowances

# packages on whose versions results hang
_PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn", "umap-learn", "hdbscan", "bertopic", "plotly", "wordllama")
# least memory, GiB, for which a few thousand papers run with pictures and notebooks
_ENOUGH = 4.0


def findings() -> list[tuple[str, str]]:
    """Return what was found, as (what, how it stands) pairs of texts; each is a sentence.

    Raises
    ------
    SettingsError
        The user's configuration is wrong.
    """
    from analysis.embedding.known_models import fetched, models_folder

    allowed, config = read_allowances(), config_path()
    there = "" if config.is_file() else " (not there: nothing beyond a study is allowed)"
    given = {name: values for name, values in allowed.model_dump().items() if values}
    models = (
        f"{', '.join(fetched())}, in {models_folder()}"
        if fetched()
        else "none; `topictrends model get minilm` fetches one"
    )
    found = [
        ("topictrends", f"{__version__}, in {Path(__file__).parents[1]}"),
        ("Python", f"{platform.python_version()}, {sys.executable}"),
        ("packages", ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)),
        ("machine", platform.platform()),
        ("memory", _memory()),
        ("threads", _threads()),
        ("browser", _browser()),
        ("fonts", _fonts()),
        ("LaTeX", _program("pdflatex", "the LaTeX section is written, and can be compiled elsewhere, as on Overleaf")),
        ("pandoc", _program("pandoc", "section.md and section.qmd are written; it would make other formats of them")),
        ("sentence models", models),
        ("onnxruntime", _part("onnxruntime", "sentence models, which find better topics; topictrends[onnx] brings it")),
        ("sentence-transformers", _part("sentence_transformers", "models of that package, with torch's gigabytes")),
        ("Dask", _part("distributed", "clusters of machines; topictrends[scale] brings it")),
        ("your configuration", f"{config}{there}"),
        *((f"  {name}", ", ".join(values)) for name, values in given.items()),
    ]
    return [(what, sentence(how)) for what, how in found]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _memory() -> str:
    import psutil

    from analysis.io.resources import free_memory

    whole, free = psutil.virtual_memory().total / 2**30, free_memory() / 2**30
    enough = (
        ""
        if free >= _ENOUGH
        else f"; under {_ENOUGH:.0f} GiB a run with pictures and notebooks may not fit: try --quick"
    )
    return f"{whole:.1f} GiB, {free:.1f} free for this process{enough}"


def _threads() -> str:
    from analysis.io.threads import usable_cores

    limit = os.environ.get("OMP_NUM_THREADS")
    told = f", as OMP_NUM_THREADS = {limit} says" if limit else ""
    return f"{usable_cores()} of {os.cpu_count()} cores{told}; results are the same with any number"


def _browser() -> str:
    from analysis.figures.static import find_browser

    return find_browser() or "none: figures are HTML alone; Chrome or Chromium would add SVG, PDF and PNG"


def _fonts() -> str:
    """Say which scripts the pictures can show, as far as fontconfig tells."""
    if shutil.which("fc-list") is None:
        return "not known: there is no fontconfig to ask"
    missing = [name for name, code in (("Chinese", "zh"), ("Japanese", "ja"), ("Arabic", "ar")) if not _fonts_of(code)]
    some = f"{len(_fonts_of('en'))} for Latin"
    return (
        f"{some}; none for {', '.join(missing)}: Noto fonts would add them to pictures"
        if missing
        else f"{some}, and others"
    )


def _fonts_of(language: str) -> list[str]:
    command = ["fc-list", f":lang={language}", "family"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    return sorted(set(done.stdout.splitlines()))


def _program(name: str, without: str) -> str:
    return shutil.which(name) or f"none: {without}"


def _part(module: str, adds: str) -> str:
    return "installed" if importlib.util.find_spec(module) is not None else f"not installed; it would add {adds}"
