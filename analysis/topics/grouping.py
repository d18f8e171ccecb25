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
        The same in redrawn clusterings.
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
    found = np.full(len(before), -1)
    for number, topic in enumerate(gone):
        found[before == topic] = number
    return found


def edit_report(rows: list[tuple[int, str, int, bool, str]]) -> pd.DataFrame:
    """Return what became of each edit as a table."""
    frame = pd.DataFrame(rows, columns=EDIT_COLUMNS)
    return frame.astype({"number": "int64", "action": "str", "papers": "int64", "applied": "bool", "outcome": "str"})


def renumbered(
    labels: np.ndarray, draws: np.ndarray, names: dict[int, str]
) -> tuple[np.ndarray, np.ndarray, dict[int, str]]:
    """Give topics the numbers 0..K-1 by falling size again, ties by the first paper; those without papers are gone.

    Draws that put a paper into a topic that is gone leave it without one.
    """
    topics, first, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = topics[np.lexsort((first, -sizes))]
    # the last place is that of -1
    number = np.full(int(max(labels.max(), draws.max())) + 2, -1)
    number[order] = np.arange(len(order))
    return (
        number[labels],
        number[draws].astype(np.int32),
        {int(number[old]): name for old, name in names.items() if number[old] >= 0},
    )
