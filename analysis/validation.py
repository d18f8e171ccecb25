"""What may come in at the public functions: one door for types, ids, labels, dates, vectors, seeds and matching papers.

Every check ends in a value that the rooms can rely on, or in a typed error that says what to do. The error's class is the
caller's, since the same array is wrong for another reason in each room.
"""

import datetime as dt
import functools
import numbers
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
import pandas as pd

from analysis.errors import TopicTrendsError
from analysis.escaping import one_line

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Fault = type[TopicTrendsError]

_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_LABEL = ("", "-1", "-1.0", "nan", "None")
_SHOWN = 3


def expect(value: object, kind: type[T], name: str, how: str, fault: Fault) -> T:
    """Return `value` where it is a `kind`.

    Parameters
    ----------
    value : object
    kind : type
    name : str
        Of the argument.
    how : str
        What makes such a thing, such as ``at.load_corpus``.
    fault : type
        What is raised where it is none.
    """
    if not isinstance(value, kind):
        raise fault(f"{name} must be a {kind.__name__}, not {_described(value)}; {how}")
    return value


def expect_seed(seed: object, fault: Fault) -> int:
    """Return a seed, a whole number from 0 to 2**32 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, numbers.Integral) or not 0 <= int(seed) < 2**32:
        raise fault(f"seed must be a whole number from 0 to 4294967295, not {_described(seed)}")
    return int(seed)


def expect_count(value: object, name: str, fault: Fault, least: int = 1) -> int:
    """Return a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least:
        raise fault(f"{name} must be a whole number of at least {least}, not {_described(value)}")
    return int(value)


def expect_share(value: object, name: str, fault: Fault) -> float:
    """Return a number strictly between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 < float(value) < 1:
        raise fault(f"{name} must lie between 0 and 1, not {_described(value)}")
    return float(value)


def expect_path(value: object, name: str, fault: Fault) -> Path:
    """Return a path, given as one or as a text."""
    if not isinstance(value, (str, Path)) or not str(value):
        raise fault(f"{name} must be a path, not {_described(value)}")
    return Path(value)


def expect_paths(value: object, name: str, fault: Fault) -> list[Path]:
    """Return the paths that an argument names: one, or a list of them."""
    if isinstance(value, (list, tuple)) and value:
        return [expect_path(item, f"each {name}", fault) for item in value]
    return [expect_path(value, name, fault)]


def expect_frame(value: object, name: str, fault: Fault) -> pd.DataFrame:
    """Return a table whose columns have one name each."""
    frame = expect(value, pd.DataFrame, name, "pd.DataFrame(rows) makes one of a list of dicts", fault)
    if isinstance(frame.columns, pd.MultiIndex):
        raise fault(f"{name} has {frame.columns.nlevels} levels of column names; give its columns one name each")
    repeated = frame.columns[frame.columns.duplicated()].unique().tolist()
    if repeated:
        raise fault(f"{name} has two columns called {', '.join(map(repr, repeated))}; rename or drop one of them")
    return frame


def whole_text(text: str) -> str:
    """Return a text in which halves of a character, as an API's cut at a length leaves them, became U+FFFD."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def broken_rows(values: pd.Series) -> list[int]:
    """Return the rows, counted from 1, of texts that hold half a character."""
    return [
        row
        for row, value in enumerate(values.tolist(), start=1)
        if isinstance(value, str) and _SURROGATE.search(value) is not None and "\ufffd" in whole_text(value)
    ]


def read_texts(values: pd.Series, name: str, fault: Fault) -> list[str]:
    """Return a column's texts; missing ones are empty.

    Raises
    ------
    fault
        A cell holds a list, a dict or a table; the message names its row, counted from 1.
    """
    texts = []
    for row, value in enumerate(values.tolist(), start=1):
        if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
            texts.append("")
        elif isinstance(value, str):
            texts.append(whole_text(value))
        elif isinstance(value, float) and value.is_integer():
            # a column of whole numbers with gaps
            texts.append(str(int(value)))
        elif isinstance(value, (numbers.Number, dt.date, np.generic)):
            texts.append(str(value))
        else:
            raise fault(f"row {row} of the table: {name} holds {_described(value)}, not a text; join it into one")
    return texts


def read_ids(values: Iterable[Any], fault: Fault) -> pd.Index:
    """Return ids of papers, of their own type: texts, or numbers.

    Raises
    ------
    fault
        An id is missing or repeats, or ids are of several types.
    """
    ids = pd.Index(values)
    if isinstance(ids, pd.MultiIndex):
        raise fault("ids have several levels; give each paper one, such as df.index.map('-'.join)")
    if ids.dtype == object:
        ids = ids.infer_objects()
    if isinstance(ids, pd.CategoricalIndex):
        ids = pd.Index(ids.categories)[ids.codes] if (ids.codes >= 0).all() else ids.astype(object)
    missing = np.flatnonzero(np.asarray(ids.isna()) | (ids == "")) + 1
    if len(missing):
        raise fault(f"{counted(len(missing), 'paper')} without an id, at row {listed(missing)}; each needs one")
    are_texts = all(isinstance(value, str) for value in ids)
    if not are_texts and (
        not pd.api.types.is_any_real_numeric_dtype(ids.dtype) or pd.api.types.is_bool_dtype(ids.dtype)
    ):
        raise fault(
            "ids must all be texts, or all numbers of at most 64 bits; df['id'].astype(str) makes texts of them"
        )
    if ids.has_duplicates:
        raise fault(f"ids must be unique; repeated: {listed(ids[ids.duplicated()].unique())}")
    if are_texts:
        broken = [row for row, text in enumerate(ids, start=1) if _SURROGATE.search(text)]
        if broken:
            raise fault(f"the id of row {listed(broken)} holds half a character; mend it")
        return ids.astype("str").rename("paper_id")
    if pd.api.types.is_extension_array_dtype(ids.dtype):
        ids = ids.astype(ids.dtype.numpy_dtype)
    return ids.rename("paper_id")


def read_labels(labels: Any, fault: Fault) -> tuple[np.ndarray, pd.Index]:
    """Return the number of each paper's label, -1 for none, and the labels in their order.

    Parameters
    ----------
    labels : array, Series or list, shape (n,)
        Whole numbers, texts or categories. -1, None and NaN are no label, as numbers or as texts, nor is an empty text.

    Returns
    -------
    codes : ndarray of int, shape (n,)
    names : Index
        Numbers rise, texts are sorted, categories keep their order.

    Raises
    ------
    fault
        There are several labels a paper, or fractions.
    """
    if isinstance(labels, pd.DataFrame):
        if labels.shape[1] != 1:
            raise fault(f"labels are a table of {labels.shape[1]} columns; give one of them, such as df['cluster']")
        labels = labels.iloc[:, 0]
    if not isinstance(labels, pd.Categorical):
        labels = labels if isinstance(labels, (pd.Series, pd.Index)) else _flat(labels, "labels", fault)
    column = pd.Series(labels).reset_index(drop=True)
    if not isinstance(column.dtype, pd.CategoricalDtype) and not pd.api.types.is_numeric_dtype(column.dtype):
        column = column.map(lambda value: one_line(value) if isinstance(value, str) else value).astype(object)
    if isinstance(column.dtype, pd.CategoricalDtype):
        order = [name for name in column.cat.categories if not _is_no_label(name)]
    else:
        if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
            column = _whole_numbers(column, fault)
        try:
            order = [name for name in column.dropna().unique().tolist() if not _is_no_label(name)]
        except TypeError as error:
            raise fault(f"labels must be numbers or texts, one a paper ({error})") from error
        order.sort(
            key=lambda name: (isinstance(name, str), name if isinstance(name, (str, numbers.Real)) else str(name))
        )
    codes = pd.Index(order, dtype=object).get_indexer(pd.Index(column.astype(object)))
    held = np.bincount(codes[codes >= 0], minlength=len(order)) > 0
    names = [name for name, any_paper in zip(order, held, strict=True) if any_paper]
    return np.append(np.cumsum(held) - 1, -1)[codes], pd.Index(names)


def _flat(values: Any, name: str, fault: Fault) -> np.ndarray:
    if values is None or isinstance(values, (str, bytes, dict)) or not hasattr(values, "__len__"):
        raise fault(f"{name} must be an array, a Series or a list, one a paper, not {_described(values)}")
    try:
        array = np.asarray(values) if hasattr(values, "dtype") else np.array(list(values), dtype=object)
    except ValueError as error:
        raise fault(f"{name} cannot be read as an array ({error})") from error
    if array.ndim != 1:
        raise fault(f"{name} must have one dimension, one a paper; they have the shape {array.shape}")
    return array if array.dtype != object else np.asarray(pd.Series(array.tolist()).infer_objects())


def _whole_numbers(column: pd.Series, fault: Fault) -> pd.Series:
    known = column.dropna()
    if not np.isfinite(known.to_numpy(dtype=float)).all() or (known.to_numpy(dtype=float) % 1 != 0).any():
        raise fault("labels are numbers with fractions; give one topic a paper, not its probabilities")
    if (known < -1).any():
        raise fault(f"a label is {int(known.min())}; labels count from 0, and -1 is none")
    return column.astype(float).fillna(-1).astype("int64")


def _is_no_label(name: Any) -> bool:
    return str(name).strip() in _NO_LABEL


def counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(values: Iterable[Any]) -> str:
    """Return some values for a message, the first few of them."""
    shown = [repr(value.item() if isinstance(value, np.generic) else value) for value in values]
    return ", ".join(shown[:_SHOWN]) + (", ..." if len(shown) > _SHOWN else "")


def _described(value: object) -> str:
    """Return what a value is, for a message: a short one as it is, else its type and size."""
    if value is None or isinstance(value, (bool, numbers.Number, str)):
        return repr(value)[:80]
    size = getattr(value, "shape", None) or (len(value) if isinstance(value, Sequence) else None)
    return f"a {type(value).__name__}" + (f" of {size}" if size is not None else "")


def renamed_arguments(**new_names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take arguments by the names of the version before, with a DeprecationWarning that names the new one.

    Parameters
    ----------
    **new_names : str
        The new name of each old one.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapped(*args: Any, **named: Any) -> R:
            for old, new in new_names.items():
                if old in named:
                    if new in named:
                        raise TypeError(f"{function.__name__}() got both {old!r} and its new name {new!r}")
                    warnings.warn(
                        f"{function.__name__}({old}=...) is {function.__name__}({new}=...) now; the old name goes with 1.0",
                        DeprecationWarning,
                        stacklevel=2,
                    )
                    named[new] = named.pop(old)
            return function(*args, **named)

        return cast(Callable[P, R], wrapped)

    return decorate
