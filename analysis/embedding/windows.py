"""Texts longer than a model reads: cut into windows of equal length, and seen as the mean of their vectors."""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from analysis.embedding.vectors import unit_rows
from analysis.errors import EmbeddingError


class Encoder(Protocol):
    """What is asked of a model: cut a text into windows that it reads whole, and encode windows."""

    def windows(self, text: str) -> list[str]:
        """Return pieces of `text`, at least one, none longer than the model reads."""
        ...

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row per text, shape (n, d)."""
        ...


def equal_windows(text: str, spans: Sequence[tuple[int, int]], longest: int) -> list[str]:
    """Return `text` in as few pieces of equal length as have at most `longest` tokens.

    Parameters
    ----------
    text : str
    spans : sequence of (int, int)
        Where each token begins and ends.
    longest : int

    Examples
    --------
    >>> equal_windows("a b c d e", [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)], 4)
    ['a b c', 'd e']
    """
    if len(spans) <= longest:
        return [text]
    size = math.ceil(len(spans) / math.ceil(len(spans) / longest))
    pieces = [spans[start : start + size] for start in range(0, len(spans), size)]
    return [text[piece[0][0] : piece[-1][1]] for piece in pieces]


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
