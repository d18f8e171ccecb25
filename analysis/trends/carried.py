"""What alone carries a direction: one of its papers, or one thin year."""

import numpy as np

from analysis.trends.cells import Cells
from analysis.trends.false_discovery import q_values
from analysis.trends.influence import Influence
from analysis.trends.permutation import normal_p, permutation_p

# past this many papers the normal approximation stands for permutations: one paper in thousands is no small sample
_BY_NORMAL = 2_000
# q values within this factor of alpha are close to it
_CLOSE = 4.0
# by how much the normal approximation may be too small for it to say anything of p without a paper
_MOST_OFF = 100.0


def carried_by(
    cells: Cells,
    papers: tuple[np.ndarray, np.ndarray, np.ndarray],
    column: int,
    p_values: np.ndarray,
    influence: Influence,
    alpha: float,
    n_permutations: int,
    seed: int,
) -> str:
    """Say what alone carries the direction of one topic; empty where it stands without any paper and any thin year.

    Parameters
    ----------
    cells : Cells
        Of n papers.
    papers : time, strata (n,), members (n, k)
    column : int
        The topic.
    p_values : ndarray, shape (k,)
        Of the family.
    influence : Influence
        Of the topic.
    alpha : float
    n_permutations, seed : int
    """
    time, strata, members = papers
    inside = members[:, column]
    year = np.floor(time)
    by_normal = float(normal_p(inside[:, None], time, strata)[0])

    def lost(kept: np.ndarray) -> bool:
        own = inside[kept][:, None]
        if not own.any() or own.all():
            return True
        # the normal approximation errs alike with and without a paper, within bounds: past what permutations can tell, p
        # is theirs; what is not close needs no permutations
        without = float(normal_p(own, time[kept], strata[kept])[0])
        p = max(without * min(p_values[column] / by_normal, _MOST_OFF), float(p_values[column]))
        close = alpha / _CLOSE < q_with(min(p, 1.0)) < alpha * _CLOSE
        if close and len(time) <= _BY_NORMAL:
            p = float(permutation_p(own, time[kept], strata[kept], n_permutations, seed)[0])
        return q_with(min(p, 1.0)) >= alpha

    def q_with(p: float) -> float:
        others = p_values.copy()
        others[column] = p
        return float(q_values(others)[column])

    one = int(np.flatnonzero(inside & (cells.cell == influence.paper))[0])
    if lost(np.arange(len(time)) != one):
        return f"its paper of {year[one]:.0f} alone carries it"
    for thin in influence.years:
        if lost(year != thin):
            return f"the few papers of {thin:.0f} alone carry it"
    return ""
