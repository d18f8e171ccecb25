"""Papers that a reader names, by id or by title."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd


class PaperFinder:
    """Finds papers by what a reader writes: an id, or a title whatever its case and blanks.

    Parameters
    ----------
    ids : Index of paper_id, length n
    titles : sequence of str, length n
    """

    def __init__(self, ids: pd.Index, titles: Sequence[str]) -> None:
        self.ids = ids
        self._position = {_plain(title): row for row, title in enumerate(titles)}
        self._position.update({str(paper): row for row, paper in enumerate(ids)})

    def find(self, paper: str) -> int | None:
        """Return a paper's position; None where there is none of this id or title."""
        return self._position.get(paper, self._position.get(_plain(paper)))


def positions_of(named: Iterable[str], ids: pd.Index, titles: Sequence[str]) -> np.ndarray:
    """Return the positions of all papers that are named by id or title, two of one title both; sorted."""
    named = set(named)
    plain = {_plain(paper) for paper in named}
    return np.array(
        [
            row
            for row, (paper, title) in enumerate(zip(ids, titles, strict=True))
            if str(paper) in named or _plain(title) in plain
        ],
        dtype=int,
    )


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
