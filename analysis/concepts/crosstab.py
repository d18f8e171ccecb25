"""Which concepts belong to which topics: cross-tables with adjusted residuals.

Haberman (1973), Biometrics 29(1), 205-220.
"""

import numpy as np
import pandas as pd
from scipy import stats

CROSSTAB_COLUMNS = ["topic", "concept", "n", "expected", "residual", "p"]


def adjusted_residuals(together: np.ndarray, rows: np.ndarray, columns: np.ndarray, total: int) -> np.ndarray:
    """Return adjusted residuals of counts, each cell as a two-by-two table of its own.

    Parameters
    ----------
    together : ndarray of int, shape (k, c)
        Papers of each of k topics that mention each of c concepts.
    rows : ndarray of int, shape (k,)
        Papers of each topic.
    columns : ndarray of int, shape (c,)
        Papers that mention each concept.
    total : int

    Returns
    -------
    ndarray of float, shape (k, c)
        About standard normal where topic and concept have nothing to do with each other; 0
        where a margin is empty or full.
    """
    shares = np.outer(rows / max(total, 1), columns / max(total, 1))
    expected = shares * total
    variance = expected * np.outer(1 - rows / max(total, 1), 1 - columns / max(total, 1))
    return np.where(variance > 0, (together - expected) / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)


def concept_crosstab(labels: pd.Series, mentions: pd.DataFrame) -> pd.DataFrame:
    """Cross topics with concepts.

    Parameters
    ----------
    labels : Series of int, index paper_id
        Topic of each paper; -1 counts among the papers but has no rows.
    mentions : DataFrame of bool, index paper_id
        One column per concept; those that no paper mentions are left out.

    Returns
    -------
    DataFrame
        topic, concept, n (papers of the topic that mention it), expected (if topic and concept
        had nothing to do with each other), residual (adjusted), p (two-sided, normal).
    """
    mentions = mentions.loc[labels.index]
    mentions = mentions.loc[:, mentions.any()]
    topics = np.unique(labels[labels >= 0])
    member = labels.to_numpy()[:, None] == topics[None, :]
    said = mentions.to_numpy(dtype=float)
    together = member.T.astype(float) @ said
    rows, columns = member.sum(axis=0), said.sum(axis=0)
    residual = adjusted_residuals(together, rows, columns, len(labels))
    frame = pd.DataFrame(
        {
            "topic": np.repeat(topics, mentions.shape[1]),
            "concept": np.tile(mentions.columns.to_numpy(), len(topics)),
            "n": together.ravel().astype("int64"),
            "expected": (np.outer(rows, columns) / max(len(labels), 1)).ravel(),
            "residual": residual.ravel(),
            "p": 2 * stats.norm.sf(np.abs(residual)).ravel(),
        }
    )
    return frame[CROSSTAB_COLUMNS].astype({"topic": "int64", "concept": "str"})
