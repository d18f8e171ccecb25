"""Static word vectors from the WordLlama wheel: no download, no torch, a millisecond a text."""

import functools
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

DIMENSIONS = 256


@functools.cache
def _model() -> Any:
    """Load the weights that the wheel carries; loading them twice would only cost time."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama
    from wordllama import WordLlama

    # importing wordllama configures the root logger; logging belongs to the application
    root.handlers[:], root.level = handlers, level
    return WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def static_vectors(texts: Sequence[str]) -> np.ndarray:
    """Return mean-pooled WordLlama vectors (Miller 2024), rows of unit length.

    Parameters
    ----------
    texts : sequence of str, length n
        A text without any known token gets a zero row.

    Returns
    -------
    ndarray of float32, shape (n, 256)
    """
    if not len(texts):
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    # a text without tokens would be divided by zero tokens
    shown = [text if text.strip() else "." for text in texts]
    vectors = np.array(_model().embed(shown, norm=True), dtype=np.float32)
    vectors[[not text.strip() for text in texts]] = 0
    return np.nan_to_num(vectors)
