"""Which paper is in which topic, whatever put it there: the clustering or a reader."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

EDIT_COLUMNS = ["number", "action", "papers", "applied", "outcome"]


@dataclass(frozen=True)
class Grouping:
    """Topics of n papers as numbers, ready to be described.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        0..K-1 by falling size; -1 for papers that were set aside.
    draws : ndarray of int32, shape (draws, n)
        The same in resampled clusterings.
    names : dict of int to str
        Labels that a reader has given.
    edits : DataFrame
        What became of a reader's edits; see `Topics.edits`.
    """

    labels: np.ndarray
    draws: np.ndarray
    names: dict[int, str]
    edits: pd.DataFrame


def set_aside(before: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return which topic that a reader set aside whole each paper was in, 0 upwards; -1 for papers of other topics.

    Parameters
    ----------
    before, labels : ndarray of int, shape (n,)
        Topics before and after the reader's edits.
    """
    gone = [topic for topic in np.unique(before).tolist() if (labels[before == topic] < 0).all()]
    numbers = np.full(len(before), -1)
    for number, topic in enumerate(gone):
        numbers[before == topic] = number
    return numbers


def edit_report(rows: list[tuple[int, str, int, bool, str]]) -> pd.DataFrame:
    """Return what became of each edit as a table."""
    frame = pd.DataFrame(rows, columns=EDIT_COLUMNS)
    return frame.astype({"number": "int64", "action": "str", "papers": "int64", "applied": "bool", "outcome": "str"})
