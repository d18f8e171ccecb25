"""What groups are compared within: papers' dates, strata and topics."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.topics.tables import TopicTables
from analysis.trends.coverage import Dated
from analysis.trends.periods import decimal_year
from analysis.trends.strata import by_language
from analysis.trends.tested import positions

# windows shorter than this many years are cut into quarters
_SHORT = 3.0


@dataclass(frozen=True)
class Frame:
    """What n papers are compared within.

    Attributes
    ----------
    time : ndarray of float, shape (n,)
        Decimal years; NaN where unknown.
    strata : ndarray of int, shape (n,)
    labels : ndarray of int, shape (n,)
        Position of each paper's topic, 0..k-1; -1 for none.
    draws : ndarray of int, shape (b, n)
        The same in redrawn clusterings.
    topics : ndarray of int, shape (k,)
        Numbers of the topics.
    """

    time: np.ndarray
    strata: np.ndarray
    labels: np.ndarray
    draws: np.ndarray
    topics: np.ndarray

    @property
    def cells(self) -> np.ndarray:
        """Stratum and year of each paper together, int (n,); of a short window, stratum and quarter. The undated have one."""
        known = np.isfinite(self.time)
        parts = 4 if known.any() and np.ptp(self.time[known]) < _SHORT else 1
        period = np.where(known, np.floor(np.where(known, self.time, 0) * parts), -1).astype(np.int64)
        return np.asarray(np.unique(np.stack([self.strata, period]), axis=1, return_inverse=True)[1]).ravel()

    def at(self, rows: np.ndarray) -> "Frame":
        """Return that of some papers."""
        return Frame(self.time[rows], self.strata[rows], self.labels[rows], self.draws[:, rows], self.topics)


def frame_of(corpus: Corpus, topics: TopicTables, name: str) -> Frame:
    """Return what the papers with a topic are compared within.

    Strata are sources, parted by language where papers are in several; what groups are told apart by is no stratum.
    """
    ids = topics.assignments.index
    strata = np.full(len(ids), "") if name == "source" else corpus.strata.loc[ids].to_numpy()
    if name != "language":
        strata = by_language(corpus, ids, strata)
    numbers = topics.table.index[topics.table.index >= 0].to_numpy(dtype=int)
    return Frame(
        decimal_year(Dated.of(corpus, ids).papers["date"]),
        pd.factorize(strata, sort=True)[0],
        positions(topics.assignments["topic"].to_numpy(), numbers),
        positions(topics.draws.to_numpy(dtype=int).T.reshape(-1, len(ids)), numbers),
        numbers,
    )
