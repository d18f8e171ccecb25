"""Papers that stand for a topic: central in it, and different from each other."""

import numpy as np

# representatives are looked for among this many of a topic's most central papers
_CANDIDATES = 60


def central_members(closeness: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the positions of a topic's most central papers, at most 60, the most central first.

    Parameters
    ----------
    closeness : ndarray of float, shape (n,)
        Mean coassociation of each paper with the topic.
    inside : ndarray of bool, shape (n,)
    """
    members = np.flatnonzero(inside)
    return members[np.argsort(-closeness[members], kind="stable")[:_CANDIDATES]]


def choose_representatives(
    central: np.ndarray, within: np.ndarray, count: int = 3, balance: float = 0.7
) -> tuple[list[int], list[float]]:
    """Choose representatives by maximal marginal relevance (Carbonell and Goldstein 1998).

    Parameters
    ----------
    central : ndarray of float, shape (m,)
        How much each candidate belongs to the topic, within [0, 1].
    within : ndarray of float, shape (m, m)
        How much two candidates belong together, within [0, 1].
    count : int
    balance : float
        Weight of centrality against difference, 0 to 1.

    Returns
    -------
    positions : list of int
        The medoid first; all candidates where they are no more than `count`.
    similarity : list of float
        How much each belongs together with the most similar one chosen before it, 0 for the first.
    """
    chosen, similarity = [int(np.argmax(central))], [0.0]
    while len(chosen) < min(count, len(central)):
        nearest = within[:, chosen].max(axis=1)
        score = balance * central - (1 - balance) * nearest
        score[chosen] = -np.inf
        chosen.append(int(np.argmax(score)))
        similarity.append(float(nearest[chosen[-1]]))
    return chosen, similarity


def why(rank: int, central: float, similarity: float) -> str:
    """Return the clause that tells why a paper represents its topic."""
    if rank == 1:
        return f"the medoid: together with the topic's other papers in {central:.0%} of the clusterings"
    return f"central ({central:.0%}) and unlike those before it (with the nearest of them in {similarity:.0%})"
