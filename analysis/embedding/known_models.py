"""Models that can be fetched by name: each file pinned by its hash, on the user's word alone, never at run time."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import EmbeddingError
from analysis.escaping import one_line
from analysis.io.files import hash_file, replacing
from analysis.io.http_client import HttpClient, NoAnswerError

_MODEL_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
HUB = "https://huggingface.co"


@dataclass(frozen=True)
class KnownModel:
    """A model of a hub at one revision.

    Attributes
    ----------
    repository, revision : str
    files : mapping of name on this machine to (path on the hub, SHA-256)
    what : str
        Languages, size and licence, for those who choose.
    """

    repository: str
    revision: str
    files: Mapping[str, tuple[str, str]]
    what: str


KNOWN: Mapping[str, KnownModel] = {
    "minilm": KnownModel(
        "sentence-transformers/all-MiniLM-L6-v2",
        "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        {
            "model.onnx": ("onnx/model.onnx", "6fd5d72fe4589f189f8ebc006442dbb529bb7ce38f8082112682524616046452"),
            "tokenizer.json": ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
        },
        "English, 90 MB, Apache-2.0",
    ),
    "multilingual": KnownModel(
        "Xenova/paraphrase-multilingual-MiniLM-L12-v2",
        "2c4055b12046f11709e9df2c122e59ffbdc2f900",
        {
            "model.onnx": (
                "onnx/model_quantized.onnx",
                "66fc00f5f29afcaff34092e1bdd20008ca3918265a82fb9695a551e510cc4ebc",
            ),
            "tokenizer.json": ("tokenizer.json", "b60b6b43406a48bf3638526314f3d232d97058bc93472ff2de930d43686fa441"),
        },
        "50 languages, 118 MB, Apache-2.0",
    ),
}


def models_folder() -> Path:
    """Return where fetched models lie: in this user's folder for what programs keep."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    elif sys.platform == "darwin":
        root = Path.home() / "Library" / "Caches"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "topictrends" / "models"


def fetched() -> list[str]:
    """Return the known models that are on this machine."""
    return [
        name for name, model in KNOWN.items() if all((models_folder() / name / file).is_file() for file in model.files)
    ]


def folder_of(name: str) -> Path:
    """Return a model's folder: that of a known model that was fetched, else the name as a path."""
    if name in KNOWN and not Path(name).is_dir():
        return models_folder() / name
    return Path(name)


def is_model_name(name: str) -> bool:
    """Return whether a text is the name of a model, such as ``minilm`` or ``sentence-transformers/all-MiniLM-L6-v2``."""
    return _MODEL_NAME.fullmatch(name) is not None and ".." not in name


def fetch_known(name: str, base: str = HUB) -> Path:
    """Fetch a known model into `models_folder`. Uses the network.

    Parameters
    ----------
    name : str
        One of `KNOWN`.
    base : str
        The hub's address.

    Returns
    -------
    Path
        Its folder.

    Raises
    ------
    EmbeddingError
        There is no such model, it cannot be fetched, or what came is not what was pinned.
    """
    model = KNOWN.get(name)
    if model is None:
        raise EmbeddingError(f"{one_line(name)!r} is none of the known models: {', '.join(KNOWN)}")
    folder = models_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    with HttpClient(timeout=120.0) as client:
        for local, (path, pinned) in model.files.items():
            if (folder / local).is_file() and hash_file(folder / local) == pinned:
                continue
            address = f"{base}/{model.repository}/resolve/{model.revision}/{path}"
            with replacing(folder / local) as target:
                try:
                    client.download(address, target)
                except NoAnswerError as error:
                    raise EmbeddingError(f"{name}: {base} {error}") from error
                if hash_file(target) != pinned:
                    raise EmbeddingError(
                        f"{name}: {path} is not the file that was pinned (its SHA-256 differs); nothing was kept of it"
                    )
    return folder
