"""Spans of words as numbers: every stretch of one to five words of many runs, counted without building its text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Spans:
    """All spans of all runs, s in number.

    Attributes
    ----------
    run : ndarray of int, shape (s,)
        The run that each lies in.
    last : ndarray of int, shape (s,)
        Position of its last word among all runs' words side by side.
    words : ndarray of int, shape (s, longest)
        Its words as numbers, -1 behind its last.
    whole : ndarray of bool, shape (s,)
        Whether it is the whole run.
    """

    run: np.ndarray
    last: np.ndarray
    words: np.ndarray
    whole: np.ndarray

    @classmethod
    def of(cls, words: np.ndarray, lengths: np.ndarray, longest: int, begins: np.ndarray, ends: np.ndarray) -> "Spans":
        """Return the spans of runs that lie side by side.

        Parameters
        ----------
        words : ndarray of int, shape (w,)
            Numbers of the runs' words.
        lengths : ndarray of int, shape (runs,)
        longest : int
            Words that a span has at most.
        begins, ends : ndarray of bool, shape (w,)
            Which words a span may begin and end with.
        """
        run_of = np.repeat(np.arange(len(lengths)), lengths)
        stop = np.cumsum(lengths)[run_of]
        start_of_run = stop - lengths[run_of]
        starts = np.flatnonzero(begins)
        # runs in turn, in each all spans by where they begin and then by their length
        first = np.repeat(starts, longest)
        last = first + np.tile(np.arange(longest), len(starts))
        kept = (last < stop[first]) & ends[np.minimum(last, len(words) - 1)]
        first, last = first[kept], last[kept]
        places = first[:, None] + np.arange(longest)
        table = np.where(places <= last[:, None], words[np.minimum(places, len(words) - 1)], -1)
        whole = (first == start_of_run[first]) & (last == stop[first] - 1)
        return cls(run_of[first], last, table, whole)


def numbered(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each distinct row of whole numbers first stands, and which of these every row is."""
    combined = np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        values = column.astype(np.int64) - column.min(initial=0)
        # what is combined so far is renumbered, so that no product overflows
        combined = np.unique(combined, return_inverse=True)[1] * (int(values.max(initial=0)) + 1) + values
    _, first, number = np.unique(combined, return_index=True, return_inverse=True)
    return first, number


def texts_of(rows: np.ndarray, words: Sequence[str]) -> pa.LargeStringArray:
    """Return the words of each row, by their numbers and -1 behind the last, joined by spaces."""
    written = rows >= 0
    starts = np.concatenate([[0], np.cumsum(written.sum(axis=1))]).astype(np.int64)
    flat = pa.array(words, type=pa.large_string()).take(pa.array(rows[written]))
    return pc.binary_join(pa.LargeListArray.from_arrays(pa.array(starts), flat), pa.scalar(" ", type=pa.large_string()))
