"""Static word vectors from the WordLlama wheel: no download, no torch, a millisecond a text."""

import functools
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from analysis.embedding.vectors import unit_rows

DIMENSIONS = 256
# texts tokenised at a time
_BATCH = 512


@functools.cache
def _model() -> Any:
    """Load the weights that the wheel carries; loading them twice would only cost time."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama
    from wordllama import WordLlama

    # importing wordllama configures the root logger; logging belongs to the application
    root.handlers[:], root.level = handlers, level
    model = WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    model.tokenizer.no_padding()
    return model


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
    return unit_rows(static_sums(texts))


def static_sums(texts: Sequence[str]) -> np.ndarray:
    """Return the sum of each text's WordLlama token vectors, float32, shape (n, 256).

    Sums of parts add up: a title counted three times is three times its sum. A sum points
    where the mean does, and only directions are used.
    """
    model = _model()
    sums = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        tokens = [
            encoded.ids
            for encoded in model.tokenizer.encode_batch_fast(
                [text.strip() for text in texts[start : start + _BATCH]], add_special_tokens=False
            )
        ]
        lengths = [len(ids) for ids in tokens]
        ids = np.fromiter(
            (token for text_tokens in tokens for token in text_tokens), dtype=np.int64, count=sum(lengths)
        )
        starts = np.concatenate([[0], np.cumsum(lengths)])
        counts = sparse.csr_matrix(
            (np.ones(len(ids), dtype=np.float32), ids, starts), (len(tokens), len(model.embedding))
        )
        sums[start : start + len(tokens)] = counts @ model.embedding
    return sums
