"""How good are the topics' words? Coherence and diversity."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from analysis.topics.describe.words import TermTable

# what each measure of the whole fit does not tell
QUALITY_CAVEATS = {
    "coverage": "share of all papers with a topic, those without an abstract counted as without; not whether it is the right one",
    "stability": "agreement with redrawn selves; a stable topic may still be a dull one",
    "npmi": "do keywords stand together; rewards rare words and says nothing of the papers left out",
    "diversity": "share of keywords of one topic alone; noise is diverse, too",
    "silhouette": "separation in the consensus; blind to what every view misses",
}


def npmi_coherence(table: TermTable, keywords: Sequence[Sequence[str]]) -> np.ndarray:
    """Return each topic's mean normalised pointwise mutual information over keyword pairs.

    Bouma (2009); probabilities are shares of papers in which terms stand together.

    Parameters
    ----------
    table : TermTable
    keywords : K sequences of str
        What is no term of the table, as a word that came with given topics may be, does not count.

    Returns
    -------
    ndarray of float64, shape (K,)
        Within [-1, 1]; 0 for a topic with fewer than two keywords. It tells whether words go
        together in this corpus, not whether the topic is useful.
    """
    terms = sorted({word for words in keywords for word in words}.intersection(table.terms.tolist()))
    if not terms:
        return np.zeros(len(keywords))
    columns = np.searchsorted(table.terms, terms)
    present = (table.counts[:, columns] > 0).astype(np.float64)
    together = np.asarray((present.T @ present).todense()) / max(present.shape[0], 1)
    alone = np.diag(together)
    position = {term: i for i, term in enumerate(terms)}
    return np.array(
        [_mean_npmi([position[word] for word in words if word in position], together, alone) for words in keywords]
    )


def _mean_npmi(positions: list[int], together: np.ndarray, alone: np.ndarray) -> float:
    if len(positions) < 2:
        return 0.0
    first, second = np.triu_indices(len(positions), k=1)
    rows, columns = np.array(positions)[first], np.array(positions)[second]
    joint = together[rows, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(joint / (alone[rows] * alone[columns])) / -np.log(joint)
    # never together is -1 by definition, always together everywhere is 0
    return float(np.where(joint == 0, -1.0, np.where(joint >= 1, 0.0, values)).mean())


def diversity(keywords: Sequence[Sequence[str]]) -> float:
    """Return the share of keywords that stand in one topic alone, 0 to 1 (Dieng et al. 2020)."""
    words = [word for topic in keywords for word in topic]
    return len(set(words)) / len(words) if words else 0.0


def own_share(keywords: Sequence[Sequence[str]]) -> np.ndarray:
    """Return the share of each topic's keywords that no other topic has, 0 where it has none, shape (K,)."""
    topics_with = Counter(word for words in keywords for word in set(words))
    return np.array([np.mean([topics_with[word] == 1 for word in words]) if words else 0.0 for words in keywords])
