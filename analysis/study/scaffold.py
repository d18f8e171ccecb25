"""A new study: study.toml with its comments, notebooks, and a README, beside the exports that are there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import SettingsError
from analysis.escaping import terminal_text, toml_text
from analysis.io.files import write_texts
from analysis.study.first_look import FirstLook, Source, look_at
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


@dataclass(frozen=True)
class NewStudy:
    """What was written for a new study, what was found in its exports, a sentence each, and whether a run would find topics."""

    written: list[Path]
    told: tuple[str, ...]
    readable: bool


def new_study(folder: Path, title: str) -> NewStudy:
    """Start a study in `folder`; exports that lie there stay where they are and become its sources.

    Settings are fitted to what the exports hold; see `analysis.study.first_look`.

    Parameters
    ----------
    folder : Path
        Made where it is not there. Without exports, data/raw is made for them.
    title : str

    Returns
    -------
    NewStudy
        Notebooks, vocabulary and README that are already there are left alone.

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
    look = look_at(folder, sources)
    sources = [name for name in sources if name not in look.left_out] or sources
    vocabulary, told = folder / "data" / "vocabulary.toml", list(look.told)
    if sources == ["data/raw"]:
        (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
    texts = {
        folder / STUDY_FILE: _settings(title, sources, look, bool(look.vocabulary) or vocabulary.is_file()),
        folder / "README.md": _readme(title, sources),
        folder / ".gitignore": "# what a run derives\n" + "\n".join(_DERIVED) + "\n",
        **{folder / "notebooks" / path.name: _notebook(path, sources) for path in packaged_notebooks()},
    }
    if vocabulary.is_file():
        told.append("data/vocabulary.toml is yours, and is kept: its concepts are looked for.")
    elif look.vocabulary:
        concepts = look.vocabulary.count(" = [")
        told.append(f"{concepts} concepts are proposed in data/vocabulary.toml, to be edited.")
        texts[vocabulary] = look.vocabulary
        vocabulary.parent.mkdir(parents=True, exist_ok=True)
    texts_to_write = {path: text for path, text in texts.items() if not path.exists()}
    write_texts(texts_to_write)
    return NewStudy(list(texts_to_write), tuple(told), look.readable)


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


def _settings(title: str, sources: list[str], look: FirstLook, has_vocabulary: bool) -> str:
    """Return the shipped study.toml, whose comments explain every key, for another study."""
    text = (_home() / STUDY_FILE).read_text(encoding="utf-8")
    text = re.sub(r"^title = .*", lambda _: f"title = {toml_text(title)}", text, count=1, flags=re.MULTILINE)
    listed = ", ".join(map(toml_text, sources))
    text = re.sub(r"^sources = \[[^\]]*\]", lambda _: f"sources = [{listed}]", text, count=1, flags=re.MULTILINE)
    # the shipped study's own sources, supplement and vocabulary are not this one's: the first source stays as an example
    first, *others = _SOURCE.findall(text)
    for block in others:
        text = text.replace(block, "")
    example = "".join(f"# {line.removeprefix('# ')}\n" for line in first.strip().split("\n")) + "\n"
    text = text.replace(first, "".join(map(_source_block, look.sources)) or example)
    text = re.sub(r"^supplement = ", "# supplement = ", text, count=1, flags=re.MULTILINE)
    chosen = f'{"" if has_vocabulary else "# "}vocabulary = "data/vocabulary.toml" '
    text = re.sub(r"^vocabulary = \"[^\"]*\" +", chosen, text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^periods = \"year\" +", f"periods = {toml_text(look.periods)} ", text, count=1, flags=re.MULTILINE)
    for key, found in (("types", look.types), ("languages", look.languages)):
        if found:
            told = f"# found: {terminal_text(found)}\n{key} = ".replace("\\", r"\\")
            text = re.sub(rf"^{key} = ", told, text, count=1, flags=re.MULTILINE)
    return text


def _source_block(source: Source) -> str:
    """Return a source as study.toml names it, with what PRISMA's flow and the methods paragraph ask for left to be filled in."""
    files = ", ".join(map(toml_text, source.files))
    return (
        f"[[corpus.source]]\nname = {toml_text(source.name)}\nfiles = [{files}]\n"
        '# query = ""                          # what was searched for: told in the flow of records and in the methods\n'
        "# taken = 2026-01-31                  # the day of the search\n\n"
    )


def _readme(title: str, sources: list[str]) -> str:
    listed = "\n".join(f"- `{name}`" for name in sources)
    return (
        f"# {title}\n\nA study of topictrends. Its sources:\n\n{listed}\n\n"
        "    topictrends run       # corpus, topics, trends, figures, survey section, notebooks\n"
        "    topictrends verify    # do text, figures and tables agree?\n\n"
        "Everything that can be chosen is in `study.toml`. What a run derives lies in `data/`, figures and the explorer in "
        "`figures/`, the section in `figures/survey/`.\n"
    )
