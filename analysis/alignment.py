"""What somebody says of papers, brought into the order of the papers; what could be meant in two ways is refused."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.validation import Fault, counted, listed


def aligned_to(
    values: Any,
    ids: pd.Index,
    name: str,
    fault: Fault,
    *,
    rows: pd.Index | None = None,
    required: np.ndarray | None = None,
    more: bool = False,
) -> Any:
    """Return what somebody says of papers in the order of their ids.

    A Series or DataFrame whose index holds ids is aligned by them, and one whose index is that of the table that the corpus
    was made from by its rows. All else has one row per paper, in the corpus' order. What could be meant in two ways is
    refused.

    Parameters
    ----------
    values : Series, DataFrame or array, n rows
    ids : Index of paper_id
        Of the corpus, in its order.
    name : str
        Of what is given, in the plural.
    fault : type
    rows : Index, optional
        Of the table that the corpus was made from, in its order.
    required : ndarray of bool, shape (papers,), optional
        The papers that must be among labelled rows; all by default.
    more : bool
        Whether labelled rows may speak of other papers too.

    Raises
    ------
    fault
        The length does not fit, an index repeats or holds other ids, papers are missing, or it cannot be told what an index
        names.
    """
    if isinstance(values, (pd.Series, pd.DataFrame)) and isinstance(values.index, pd.MultiIndex):
        raise fault(f"the index of the {name} has several levels; give it one, of ids")
    if isinstance(values, (pd.Series, pd.DataFrame)) and rows is not None and len(values) and not rows.equals(ids):
        named = _by_rows(values, ids if required is None else ids[required], rows, name, fault)
        if named is not None:
            return named
    labelled = isinstance(values, (pd.Series, pd.DataFrame)) and not is_unlabelled(values.index)
    if isinstance(values, (pd.Series, pd.DataFrame)) and not labelled and pd.api.types.is_numeric_dtype(ids.dtype):
        same = len(values) == len(ids) and set(ids) == set(values.index)
        if same and not np.array_equal(ids.to_numpy(), values.index.to_numpy()):
            raise fault(
                f"the {name} have the index 0, 1, 2 ..., which are also ids of the corpus, in another order: give .to_numpy() "
                "for rows in the corpus' order, or set their index to the ids"
            )
    if not labelled:
        if len(values) != len(ids):
            raise fault(
                f"there are {name} for {counted(len(values), 'paper')}, and "
                f"{counted(len(ids), 'paper')} in the corpus: give "
                "one row per paper, in the corpus' order and papers without an abstract included, or an index of ids"
            )
        return values
    _check_index(values.index, ids, name, fault, required, more)
    return values.reindex(ids)


def is_unlabelled(index: pd.Index) -> bool:
    """Return whether an index is 0, 1, 2 ... and so names no papers."""
    return isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None


def same_rows(first: Any, second: Any, names: str, fault: Fault) -> Any:
    """Return `second` in the order of `first`: aligned where both have an index that names the same rows.

    Raises
    ------
    fault
        Both have an index, and they name other rows.
    """
    if not (isinstance(first, pd.Series) and isinstance(second, (pd.Series, pd.DataFrame))):
        return second
    if first.index.equals(second.index):
        return second
    if is_unlabelled(first.index) or is_unlabelled(second.index):
        if len(first) == len(second) and set(first.index) == set(second.index):
            raise fault(
                f"the indices of {names} are the same numbers in other orders, so it cannot be told whether rows or numbers "
                "belong together; give arrays in one order, or Series with one index"
            )
        return second
    unique = first.index.is_unique and second.index.is_unique
    if unique and len(first) == len(second) and first.index.isin(second.index).all():
        return second.reindex(first.index)
    raise fault(f"the indices of {names} name other rows; give arrays in one order, or Series with one index")


def matching_papers(ids: pd.Index, others: pd.Index, what: str, fault: Fault, *, within: str = "this corpus") -> None:
    """Raise where papers that a result speaks of are not in the corpus, or in another result.

    Parameters
    ----------
    ids : Index of paper_id
        Of the result.
    others : Index of paper_id
        Of the corpus.
    what : str
        The result, in the plural, such as ``topics``.
    within : str
        What lacks them.
    """
    unknown = ids.difference(others, sort=False) if not ids.equals(others) else ids[:0]
    if len(unknown):
        raise fault(
            f"the {what} speak of {len(unknown)} of {counted(len(ids), 'paper')} that are not in {within}, such as "
            f"{listed(unknown)}; give what was made of the same papers"
        )


def _by_rows(values: Any, wanted: pd.Index, rows: pd.Index, name: str, fault: Fault) -> Any:
    """Return values in the order of a table's rows where their index is that table's; None where it is not.

    An index that names all papers that are `wanted`, by their ids, may be meant so.
    """
    index = values.index
    same = index.equals(rows)
    if not same and (len(index) != len(rows) or index.has_duplicates or not index.isin(rows).all()):
        return None
    by_ids = bool(wanted.isin(index).all())
    # that rows in no order are the same as ids in no order by chance can be left out
    own = same and not is_unlabelled(index) and not (by_ids and index.is_monotonic_increasing)
    if own or (same and not by_ids):
        return values
    if by_ids or is_unlabelled(index):
        also = "ids of the corpus" if by_ids else "positions"
        raise fault(
            f"the index of the {name} could be rows of the table or {also}, which stand in another order: give .to_numpy() for "
            "the corpus' order, or set the index to the ids"
        )
    return values.reindex(rows)


def _check_index(
    index: pd.Index, ids: pd.Index, name: str, fault: Fault, required: np.ndarray | None, more: bool
) -> None:
    if index.has_duplicates:
        raise fault(f"the index of the {name} repeats {listed(index[index.duplicated()].unique())}")
    known = index.isin(ids)
    if not known.any():
        alike = index.astype(str).isin(ids.astype(str)).any()
        hint = (
            f"they are {ids.dtype} in the corpus and {index.dtype} here"
            if alike
            else "give .to_numpy() for rows in order"
        )
        raise fault(f"the index of the {name} holds none of the corpus' ids, such as {listed(ids)}; {hint}")
    if not more and not known.all():
        raise fault(f"the {name} speak of papers that are not in the corpus: {listed(index[~known])}")
    wanted = ids if required is None else ids[required]
    lacking = wanted[~wanted.isin(index)]
    if len(lacking):
        raise fault(
            f"there are no {name} for {counted(len(lacking), 'paper')} of the corpus, such as {listed(lacking)}"
        )
