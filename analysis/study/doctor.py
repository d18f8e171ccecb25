"""What this installation has: for a bug report, and before a first run."""

import importlib.util
import platform
import shutil
import sys
from pathlib import Path

from analysis import __version__
from analysis.study.allowances import config_path, read_allowances


def findings() -> list[tuple[str, str]]:
    """Return what was found, as (what, how it stands) pairs.

    Raises
    ------
    SettingsError
        The user's configuration is wrong.
    """
    import psutil

    from analysis.embedding.known_models import fetched, models_folder
    from analysis.figures.static import find_browser

    allowed = read_allowances()
    config = config_path()
    given = {name: values for name, values in allowed.model_dump().items() if values}
    memory = psutil.virtual_memory().total / 2**30
    return [
        ("topictrends", f"{__version__}, in {Path(__file__).parents[1]}"),
        ("python", f"{platform.python_version()}, {sys.executable}"),
        ("machine", f"{platform.platform()}, {psutil.cpu_count()} cores, {memory:.0f} GiB memory"),
        ("browser", find_browser() or "none: figures are HTML alone; install Chrome or Chromium for SVG, PDF and PNG"),
        ("LaTeX", shutil.which("pdflatex") or "none: the LaTeX section is written, and compiled elsewhere"),
        ("sentence-transformers", "installed" if _is_there("sentence_transformers") else "not installed; see README"),
        ("onnxruntime", "installed" if _is_there("onnxruntime") else "not installed; topictrends[onnx] brings it"),
        ("sentence models", f"{', '.join(fetched()) or 'none fetched'}, in {models_folder()}"),
        ("dask", "installed" if _is_there("distributed") else "not installed; topictrends[scale] brings it"),
        (
            "your configuration",
            f"{config}{'' if config.is_file() else ' (not there: nothing beyond a study is allowed)'}",
        ),
        *((f"  {name}", ", ".join(values)) for name, values in given.items()),
    ]


def _is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
