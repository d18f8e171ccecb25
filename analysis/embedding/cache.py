"""Views kept on disk under the content they were made from."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np

from analysis import __version__
from analysis.embedding.transformer import model_fingerprint, sentence_vectors
from analysis.embedding.views import Kind, View, build_views
from analysis.errors import ArtefactError
from analysis.io.files import hash_json, read_arrays, write_arrays

_KEY = "made_from"


def cached_views(
    path: Path,
    titles: Sequence[str],
    abstracts: Sequence[str],
    transformer: str | None = None,
    download: bool = False,
) -> list[View]:
    """Return the default views, from `path` where it was made from the same texts, model and version.

    Parameters
    ----------
    path : Path
        An .npz file; written, atomically, where it has to be made.
    titles, abstracts : sequence of str, length n
    transformer : str, optional
        A sentence-transformers folder or name, for the transformer's views.
    download : bool
        Whether a named model may be fetched.

    Returns
    -------
    list of View

    Raises
    ------
    EmbeddingError
        The transformer is asked for and cannot be had.
    """
    model = model_fingerprint(transformer) if transformer else ""
    key = hash_json([__version__, model, list(titles), list(abstracts)])
    stored = _read(path)
    if str(stored.get(_KEY, "")) == key:
        names = [name for name in stored if name != _KEY]
        return [
            View(name.partition(":")[2], cast(Kind, name.split(":")[0].split("-")[1]), stored[name]) for name in names
        ]
    sentences = sentence_vectors(transformer, titles, abstracts, download=download) if transformer else None
    views = build_views(titles, abstracts, sentences)
    arrays = {f"{number:02d}-{view.kind}:{view.name}": view.vectors for number, view in enumerate(views)}
    write_arrays(path, {_KEY: np.array(key), **arrays})
    return views


def _read(path: Path) -> dict[str, np.ndarray]:
    """Return what is stored; a missing or damaged file is made again, so it counts as empty."""
    try:
        return read_arrays(path)
    except ArtefactError:
        return {}
