"""A new study: study.toml with its comments, notebooks, and a README, beside the exports that are there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.errors import SettingsError
from analysis.io.files import write_texts
from analysis.study.notebooks import without_outputs
from analysis.study.settings import STUDY_FILE

# where a run leaves things; not exports
_OWN_FOLDERS = {"data", "figures", "notebooks"}
# what a study is read by; whatever else lies among the shipped study's notebooks stays there
STUDY_NOTEBOOKS = (
    "00_own_corpus.ipynb",
    "01_corpus.ipynb",
    "02_topics.ipynb",
    "03_trends.ipynb",
    "04_survey.ipynb",
    "05_compare.ipynb",
)
_DERIVED = (
    "data/corpus/",
    "data/topics/",
    "data/concepts/",
    "data/trends/",
    "data/embeddings.npz",
    "data/sentences/",
    "data/manifest.json",
    "data/work/",
    ".lock",
    "*.part",
)
_BUNDLED = Path(__file__).parent.parent / "study_notebooks"


def new_study(folder: Path, title: str) -> list[Path]:
    """Start a study in `folder`; exports that lie there stay where they are and become its sources.

    Parameters
    ----------
    folder : Path
        Made where it is not there. Without exports, data/raw is made for them.
    title : str

    Returns
    -------
    list of Path
        What was written; notebooks and a README that are already there are left alone.

    Raises
    ------
    SettingsError
        There is a study.toml already, or the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder} is a file; name a folder")
    if (folder / STUDY_FILE).exists():
        raise SettingsError(f"{folder} holds a {STUDY_FILE} already; edit it, or name another folder")
    sources = _sources(folder)
    if sources == ["data/raw"]:
        (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
    texts = {
        folder / STUDY_FILE: _settings(title, sources),
        folder / "README.md": _readme(title, sources),
        folder / ".gitignore": "# what a run derives\n" + "\n".join(_DERIVED) + "\n",
        **{folder / "notebooks" / path.name: _notebook(path, sources) for path in packaged_notebooks()},
    }
    texts_to_write = {path: text for path, text in texts.items() if not path.exists()}
    write_texts(texts_to_write)
    return list(texts_to_write)


def _sources(folder: Path) -> list[str]:
    """Return what in the folder may be exports, relative to it."""
    if not folder.is_dir() or (folder / "data" / "raw").is_dir():
        return ["data/raw"]
    names = [
        path.name
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".")
        and path.name not in _OWN_FOLDERS
        and not path.name.lower().startswith("readme")
    ]
    return names or ["data/raw"]


def _home() -> Path:
    """Return where the package keeps a study's files: in a wheel beside the code, in a checkout above it."""
    return _BUNDLED if _BUNDLED.is_dir() else Path(__file__).parents[2]


def packaged_notebooks() -> Iterator[Path]:
    """Yield the notebooks that come with the package."""
    folder = _BUNDLED if _BUNDLED.is_dir() else _home() / "notebooks"
    yield from (folder / name for name in STUDY_NOTEBOOKS)


def _notebook(path: Path, sources: list[str]) -> str:
    """Return a notebook without outputs that reads the study's own sources."""
    shipped = json.dumps('exports = "../data/raw"')[1:-1]
    if sources == ["data/raw"]:
        return without_outputs(path)
    exports = json.dumps(f"exports = {[f'../{name}' for name in sources]}")[1:-1]
    return without_outputs(path).replace(shipped, exports)


_SOURCE = re.compile(r"^\[\[corpus\.source\]\]\n(?:(?:name|files|# query|# taken)\b.*\n)+\n?", re.MULTILINE)


def _settings(title: str, sources: list[str]) -> str:
    """Return the shipped study.toml, whose comments explain every key, for another study."""
    text = (_home() / STUDY_FILE).read_text(encoding="utf-8")
    for key, value in (("title", title), ("sources", sources)):
        pattern = rf"^{key} = (?:\"[^\"]*\"|\[[^\]]*\])"
        line = f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\\", r"\\")
        text = re.sub(pattern, line, text, count=1, flags=re.MULTILINE)
    # the shipped study's own sources, supplement and vocabulary are not this one's: the first source stays as an example
    first, *others = _SOURCE.findall(text)
    for block in others:
        text = text.replace(block, "")
    text = text.replace(first, "".join(f"# {line.removeprefix('# ')}\n" for line in first.strip().split("\n")) + "\n")
    return re.sub(r"^supplement = ", "# supplement = ", text, count=1, flags=re.MULTILINE)


def _readme(title: str, sources: list[str]) -> str:
    listed = "\n".join(f"- `{name}`" for name in sources)
    return (
        f"# {title}\n\nA study of topictrends. Its sources:\n\n{listed}\n\n"
        "    topictrends run       # corpus, topics, trends, figures, survey section, notebooks\n"
        "    topictrends verify    # do text, figures and tables agree?\n\n"
        "Everything that can be chosen is in `study.toml`. What a run derives lies in `data/`, figures and the explorer in "
        "`figures/`, the section in `figures/survey/`.\n"
    )
