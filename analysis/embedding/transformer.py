"""Sentence vectors from a transformer, where one is installed: optional, and from this machine's disk alone."""

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from analysis.embedding.vectors import unit_rows
from analysis.errors import EmbeddingError
from analysis.escaping import one_line

INSTALL = "uv pip install --no-config sentence-transformers"
_BATCH = 32
_MODEL_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
# endings of what is run or unpickled
_CODE = (".py", ".pyc", ".so", ".dll", ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")


class Encoder(Protocol):
    """What is asked of a model: cut a text into windows that it reads whole, and encode windows."""

    def windows(self, text: str) -> list[str]:
        """Return pieces of `text`, at least one, none longer than the model reads."""
        ...

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row per text, shape (n, d)."""
        ...


class SentenceTransformerEncoder:
    """A sentence-transformers model.

    Parameters
    ----------
    name : str
        A folder with a saved model, or a model's name.

    Raises
    ------
    EmbeddingError
        The package is not installed, the folder holds code or pickles, or the model cannot be loaded.
    """

    def __init__(self, name: str) -> None:
        refuse_code(Path(name))
        self._model: Any = _loaded(name, download=False)

    def windows(self, text: str) -> list[str]:
        """Cut `text` into equal pieces of at most as many tokens as the model reads."""
        longest = int(self._model.max_seq_length or 512) - 2
        tokens = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        spans = tokens["offset_mapping"]
        if len(spans) <= longest:
            return [text]
        size = math.ceil(len(spans) / math.ceil(len(spans) / longest))
        pieces = [spans[start : start + size] for start in range(0, len(spans), size)]
        return [text[piece[0][0] : piece[-1][1]] for piece in pieces]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Encode texts, each read whole."""
        return np.asarray(self._model.encode(list(texts), batch_size=_BATCH, show_progress_bar=False), dtype=np.float32)


def pooled_vectors(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """Return one vector per text: the mean of its windows' vectors, so that nothing of a long text is cut off.

    Parameters
    ----------
    encoder : Encoder
    texts : sequence of str, length n

    Returns
    -------
    ndarray of float32, shape (n, d)
        Rows of unit length.

    Raises
    ------
    EmbeddingError
        The model gives a vector that is not finite.
    """
    windows = [encoder.windows(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(pieces) for pieces in windows])
    raw = encoder.encode([piece for pieces in windows for piece in pieces])
    if not np.isfinite(raw).all():
        raise EmbeddingError("the transformer gave vectors that are not numbers; use another model")
    vectors = unit_rows(raw)
    sums = np.zeros((len(texts), vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owner, vectors)
    return unit_rows(sums)


def sentence_vectors(name: str, titles: Sequence[str], abstracts: Sequence[str]) -> np.ndarray:
    """Return a transformer's vectors of papers, title and abstract read whole, shape (n, d), rows of unit length.

    Parameters
    ----------
    name : str
        A folder with a saved sentence-transformers model, or a model's name.
    titles, abstracts : sequence of str, length n

    Raises
    ------
    EmbeddingError
        The package or the model is missing, or gives no numbers.
    """
    encoder = SentenceTransformerEncoder(name)
    return pooled_vectors(encoder, [f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])


def is_model_name(name: str) -> bool:
    """Return whether a text is the name of a model, such as ``sentence-transformers/all-MiniLM-L6-v2``."""
    return _MODEL_NAME.fullmatch(name) is not None and ".." not in name


def fetch_model(name: str) -> None:
    """Fetch a model by name, so that it is on this machine. Uses the network.

    Raises
    ------
    EmbeddingError
        The package is not installed, the name is none, or the model cannot be fetched.
    """
    if not is_model_name(name):
        raise EmbeddingError(
            f"{one_line(name)!r} is no name of a model, such as sentence-transformers/all-MiniLM-L6-v2"
        )
    _loaded(name, download=True)


def refuse_code(folder: Path) -> None:
    """Raise EmbeddingError where a model's folder holds code, names modules of its own, or keeps its weights as a pickle.

    A folder that is not there passes: it is a model's name.
    """
    if not folder.is_dir():
        return
    strange = sorted(path.name for path in folder.rglob("*") if path.suffix.casefold() in _CODE)
    if strange:
        raise EmbeddingError(
            f"the model in {folder} holds {strange[0]}, which would be run when it is loaded; save it with safetensors and "
            "without code of its own"
        )
    for path in (*folder.rglob("modules.json"), *folder.rglob("config.json")):
        try:
            content = path.read_text(encoding="utf-8")
            modules = json.loads(content)
        except (OSError, ValueError, RecursionError) as error:
            raise EmbeddingError(f"the model in {folder} is damaged: {path.name} cannot be read ({error})") from error
        types = (
            [str(item.get("type")) for item in modules if isinstance(item, dict)] if isinstance(modules, list) else []
        )
        own = [name for name in types if not name.startswith("sentence_transformers.")]
        if own or '"auto_map"' in content:
            raise EmbeddingError(
                f"the model in {folder} names code of its own ({(own or ['auto_map'])[0]}), which is not run"
            )


def _loaded(name: str, *, download: bool) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbeddingError(
            f"the transformer view needs sentence-transformers; install it with `{INSTALL}`"
        ) from error
    try:
        return SentenceTransformer(name, local_files_only=not download, device="cpu", trust_remote_code=False)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        where = "" if download else f" on this machine; `topictrends model get {one_line(name)}` fetches one by name"
        raise EmbeddingError(f"no sentence-transformers model {one_line(name)!r} could be loaded{where}") from error


def model_fingerprint(name: str) -> str:
    """Return what tells one model from another: its name, and for a folder the content of its weights."""
    from analysis.io.files import hash_file

    folder = Path(name)
    weights = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    return " ".join([name, *(hash_file(path) for path in weights)])
