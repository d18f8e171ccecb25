"""Papers that stand for a topic: central in it, and different from each other."""

import numpy as np


def representative_papers(
    similarity: np.ndarray, members: np.ndarray, count: int = 3, balance: float = 0.7
) -> list[int]:
    """Choose representatives by maximal marginal relevance (Carbonell and Goldstein 1998).

    Parameters
    ----------
    similarity : ndarray of float, shape (n, n)
        Within [0, 1]; how much two papers belong together.
    members : ndarray of int, shape (m,)
        Positions of the topic's papers.
    count : int
    balance : float
        Weight of centrality (mean similarity to the topic) against difference, 0 to 1.

    Returns
    -------
    list of int
        Positions, the medoid first; all members where they are no more than `count`.
    """
    within = similarity[np.ix_(members, members)]
    central = within.mean(axis=1)
    chosen = [int(np.argmax(central))]
    while len(chosen) < min(count, len(members)):
        score = balance * central - (1 - balance) * within[:, chosen].max(axis=1)
        score[chosen] = -np.inf
        chosen.append(int(np.argmax(score)))
    return [int(members[position]) for position in chosen]
