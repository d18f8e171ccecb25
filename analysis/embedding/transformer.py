"""Sentence vectors from a transformer, where one is installed: optional, from disk unless a download is allowed."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from analysis.embedding.vectors import unit_rows
from analysis.errors import EmbeddingError

INSTALL = "uv pip install --no-config sentence-transformers"
_BATCH = 32


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
    download : bool
        Whether a named model that is not on this machine may be fetched.

    Raises
    ------
    EmbeddingError
        The package is not installed, or the model cannot be loaded.
    """

    def __init__(self, name: str, *, download: bool = False) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbeddingError(
                f"the transformer view needs sentence-transformers; install it with `{INSTALL}`"
            ) from error
        try:
            self._model: Any = SentenceTransformer(name, local_files_only=not download, device="cpu")
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            where = "" if download else " on this machine; set download = true under [topics] to let it be fetched"
            raise EmbeddingError(f"no sentence-transformers model {name!r} could be loaded{where}") from error

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


def sentence_vectors(
    name: str, titles: Sequence[str], abstracts: Sequence[str], *, download: bool = False
) -> np.ndarray:
    """Return a transformer's vectors of papers, title and abstract read whole, shape (n, d), rows of unit length.

    Parameters
    ----------
    name : str
        A folder with a saved sentence-transformers model, or a model's name.
    titles, abstracts : sequence of str, length n
    download : bool
        Whether a named model that is not on this machine may be fetched.

    Raises
    ------
    EmbeddingError
        The package or the model is missing, or gives no numbers.
    """
    encoder = SentenceTransformerEncoder(name, download=download)
    return pooled_vectors(encoder, [f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])


def model_fingerprint(name: str) -> str:
    """Return what tells one model from another: its name, and for a folder the content of its weights."""
    from analysis.io.files import hash_file

    folder = Path(name)
    weights = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    return " ".join([name, *(hash_file(path) for path in weights)])
