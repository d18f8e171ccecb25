"""Vectors that somebody else has made of the papers, and what they may be."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.alignment import aligned_to
from analysis.embedding.vectors import unit_rows
from analysis.embedding.views import View
from analysis.errors import TopicsError

_NAME = "given"
_ID_COLUMNS = ("id", "paper_id")
_BLOCK = 4_096


def read_vectors(given: Any, ids: pd.Index, described: np.ndarray, rows: pd.Index | None = None) -> list[View]:
    """Return given vectors as views with one row per paper of the corpus, in its order.

    Parameters
    ----------
    given : array, DataFrame or View, a list of them, or a dict of name to array or DataFrame
        An array has one row per paper, in the order of the corpus and papers without an abstract included; a DataFrame
        whose index holds ids is aligned by them. Numbers of any type; lengths do not count, only directions.
    ids : Index of paper_id, length n
        Of the corpus, in its order.
    described : ndarray of bool, shape (n,)
        The papers with an abstract; what the others' vectors hold does not matter.
    rows : Index, optional
        Of the table that the corpus was made from.

    Returns
    -------
    list of View
        float32, rows of unit length.

    Raises
    ------
    TopicsError
        There is none, rows do not fit the papers, or a vector of a paper with an abstract is zero or not finite.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> frame = pd.DataFrame([[0.0, 2.0], [3.0, 0.0]], index=["b", "a"])
    >>> read_vectors(frame, pd.Index(["a", "b"]), np.array([True, True]))[0].vectors.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if isinstance(given, Mapping):
        if given and len(given) == len(ids) and all(np.ndim(value) == 1 for value in given.values()):
            return read_vectors(pd.DataFrame.from_dict(dict(given), orient="index"), ids, described)
        views = [_called(str(name), vectors) for name, vectors in given.items()]
    else:
        several = isinstance(given, (list, tuple)) and any(isinstance(item, (View, pd.DataFrame)) for item in given)
        several = several or (isinstance(given, (list, tuple)) and any(np.ndim(item) == 2 for item in given))
        views = [_named(item, number) for number, item in enumerate(given if several else [given])]
    if not views or (isinstance(given, (list, tuple)) and not given):
        raise TopicsError("no vectors were given; leave `vectors` out for the default views")
    names = [view.name for view in views]
    if len(set(names)) < len(names):
        raise TopicsError(f"two views are called {max(names, key=names.count)!r}; give each its own name")
    return [replace(view, vectors=_rows(view, ids, described, rows)) for view in views]


def _named(item: Any, number: int) -> View:
    return item if isinstance(item, View) else View(f"{_NAME}-{number + 1}" if number else _NAME, "transformer", item)


def _called(name: str, vectors: Any) -> View:
    return replace(vectors, name=name) if isinstance(vectors, View) else View(name, "transformer", vectors)


def _with_ids(frame: pd.DataFrame, ids: pd.Index, name: str) -> pd.DataFrame:
    """Return a table of vectors whose ids, where a column holds them, are its index."""
    for column in frame.columns:
        if str(column) in _ID_COLUMNS or (len(frame) == len(ids) and set(frame[column]) == set(ids)):
            if frame[column].isin(ids).any():
                return frame.set_index(column)
            raise TopicsError(
                f"the column {column!r} of the vectors {name!r} holds none of the corpus' ids; drop it or mend it"
            )
    return frame


def _rows(view: View, ids: pd.Index, described: np.ndarray, rows: pd.Index | None) -> np.ndarray:
    vectors: Any = view.vectors
    if isinstance(vectors, pd.Series):
        if len(vectors) and all(np.ndim(value) == 1 for value in vectors):
            vectors = pd.DataFrame(vectors.tolist(), index=vectors.index)
        else:
            raise TopicsError(f"the vectors {view.name!r} are one number a paper; give a row of numbers for each")
    if isinstance(vectors, pd.DataFrame):
        vectors = _with_ids(vectors, ids, view.name)
    if sparse.issparse(vectors):
        raise TopicsError(f"the vectors {view.name!r} are a sparse matrix; reduce them first, as by TruncatedSVD")
    if not isinstance(vectors, pd.DataFrame):
        vectors = _array(vectors, view.name)
    aligned = aligned_to(vectors, ids, "vectors", TopicsError, rows=rows, required=described, more=True)
    numbers = _array(aligned, view.name)
    whole = np.zeros(numbers.shape, dtype=np.float32)
    # a few thousand at a time: copies of all would take several times the memory of what they are made from
    for rows_of_block in _blocks(np.flatnonzero(described)):
        whole[rows_of_block] = _directions(view, numbers[rows_of_block], ids[rows_of_block])
    return whole


def _blocks(rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), _BLOCK):
        yield rows[start : start + _BLOCK]


def _directions(view: View, numbers: np.ndarray, ids: pd.Index) -> np.ndarray:
    """Return rows scaled to length one, float32; raises TopicsError where one has no direction."""
    known = numbers.astype(np.float64)
    finite = np.isfinite(known).all(axis=1)
    if not finite.all():
        raise _fault(view, ids[~finite], "hold values that are not numbers")
    # scaled by the largest entry first: the squares of huge or tiny numbers would overflow or vanish
    largest = np.abs(known).max(axis=1, keepdims=True)
    if not largest.all():
        raise _fault(view, ids[largest[:, 0] == 0], "are all zero, which is no direction")
    return unit_rows(known / largest)


def _array(vectors: Any, name: str) -> np.ndarray:
    try:
        array = np.asarray(vectors)
    except (ValueError, TypeError, RuntimeError) as error:
        raise TopicsError(f"the vectors {name!r} cannot be read as an array ({error}); give numpy or pandas") from error
    if array.ndim != 2:
        raise TopicsError(
            f"the vectors {name!r} must have two dimensions, papers by numbers; their shape is {array.shape}: "
            "np.stack makes them of one array a paper"
        )
    if array.dtype == object:
        try:
            array = array.astype(np.float64)
        except (ValueError, TypeError) as error:
            raise TopicsError(f"the vectors {name!r} hold what is no number ({error})") from error
    if array.dtype.kind not in "fiub":
        raise TopicsError(f"the vectors {name!r} are of type {array.dtype}; give real numbers")
    if array.shape[1] < 2:
        raise TopicsError(f"the vectors {name!r} have {array.shape[1]} column(s); a direction needs two or more")
    return array


def _fault(view: View, papers: pd.Index, what: str) -> TopicsError:
    shown = ", ".join(map(repr, papers[:3].tolist()))
    return TopicsError(
        f"the vectors {view.name!r} of {len(papers)} paper(s) {what}, such as {shown}; mend them or leave these papers out"
    )
