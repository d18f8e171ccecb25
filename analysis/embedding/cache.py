"""Views and their encoder, kept on disk under the content they were made from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np

from analysis import __version__
from analysis.embedding.sentences import model_fingerprint, sentence_vectors
from analysis.embedding.views import Kind, View, ViewEncoder, fit_views
from analysis.errors import ArtefactError
from analysis.io.files import hash_json, read_arrays, write_arrays
from analysis.io.runner import Run, in_turn

_KEY, _VIEW, _ENCODER = "made_from", "view:", "encoder:"


def cached_views(
    path: Path | None,
    titles: Sequence[str],
    abstracts: Sequence[str],
    transformer: str | None = None,
    run: Run = in_turn,
    *,
    read: tuple[Sequence[str], Sequence[str]] | None = None,
    languages: Sequence[str] | None = None,
) -> tuple[list[View], ViewEncoder]:
    """Return the default views and their encoder, from `path` where it was made from the same texts, model and version.

    Parameters
    ----------
    path : Path or None
        An .npz file; written, atomically, where it has to be made. None keeps nothing.
    titles, abstracts : sequence of str, length n
    transformer : str, optional
        A sentence model, for views of its own; see `analysis.embedding.sentences.load_encoder`. Its vectors lie beside
        `path`, under ``sentences``.
    run : callable
        Does a piece of work on every block of texts that the model encodes.
    read : titles and abstracts, optional
        As the model reads them, where function words were taken out of the others.
    languages : sequence of str, length n, optional
        As in `fit_views`.

    Returns
    -------
    views : list of View
    encoder : ViewEncoder

    Raises
    ------
    EmbeddingError
        The transformer is asked for and cannot be had.
    """
    key = ""
    if path is not None:
        model = model_fingerprint(transformer) if transformer else ""
        key = hash_json([__version__, model, list(titles), list(abstracts), list(languages or [])])
        stored = _read(path)
        if str(stored.get(_KEY, "")) == key:
            return _views(stored), ViewEncoder.from_arrays(_under(stored, _ENCODER))
    sentences = None
    if transformer:
        store = None if path is None else path.parent / "sentences"
        sentences = sentence_vectors(transformer, *(read or (titles, abstracts)), store=store, run=run)
    views, encoder = fit_views(titles, abstracts, sentences, languages)
    if path is not None:
        write_kept(path, views, encoder, {_KEY: np.array(key)})
    return views, encoder


def write_kept(path: Path, views: Sequence[View], encoder: ViewEncoder | None, facts: Mapping[str, np.ndarray]) -> None:
    """Write views and their encoder, and some facts about them, atomically."""
    arrays = {
        f"{_VIEW}{number:02d}-{view.kind}-{view.weight:.6g}:{view.name}": view.vectors
        for number, view in enumerate(views)
    }
    if encoder is not None:
        arrays |= {f"{_ENCODER}{name}": values for name, values in encoder.to_arrays().items()}
    write_arrays(path, {**facts, **arrays})


def read_kept(path: Path) -> tuple[list[View], ViewEncoder | None, dict[str, np.ndarray]]:
    """Read what `write_kept` wrote; raises ArtefactError where it is missing or damaged."""
    stored = read_arrays(path)
    encoder = _under(stored, _ENCODER)
    facts = {name: values for name, values in stored.items() if not name.startswith((_VIEW, _ENCODER))}
    try:
        return _views(stored), ViewEncoder.from_arrays(encoder) if encoder else None, facts
    except (KeyError, ValueError) as error:
        raise ArtefactError(f"{path} is damaged ({error}); make it again") from error


def _views(stored: dict[str, np.ndarray]) -> list[View]:
    views = []
    for name, vectors in _under(stored, _VIEW).items():
        head, _, own_name = name.partition(":")
        _, kind, weight = (*head.split("-"), "1")[:3]
        views.append(View(own_name, cast(Kind, kind), vectors, float(weight)))
    return views


def _under(stored: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): values for name, values in stored.items() if name.startswith(prefix)}


def _read(path: Path) -> dict[str, np.ndarray]:
    """Return what is stored; a missing or damaged file is made again, so it counts as empty."""
    try:
        return read_arrays(path)
    except ArtefactError:
        return {}
