"""Is it this topic that moves, or all the others? Trends of centred log-ratios.

Shares add up to one, so a booming topic lowers all others. A centred log-ratio compares a topic
with the geometric mean of all topics instead (Aitchison 1982, JRSS B 44(2), 139-177).
"""

import numpy as np
from scipy import stats

# stands for counts of zero, whose logarithm does not exist
_HALF = 0.5
_FEWEST_TOPICS, _FEWEST_CELLS = 3, 4


def relative_trends(
    counts: np.ndarray, time: np.ndarray, strata: np.ndarray, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each topic's yearly ratio to the geometric mean of all topics, with its interval.

    Weighted least squares of centred log-ratios on time with stratum effects; the weights are
    the cells' papers.

    Parameters
    ----------
    counts : ndarray of int, shape (c, k)
        Papers of k topics in c cells of stratum and period; every paper is in one topic.
    time : ndarray of float, shape (c,)
        Decimal year of each cell.
    strata : ndarray, shape (c,)
    level : float
        Coverage.

    Returns
    -------
    ratio, low, high : ndarray of float, shape (k,)
        1, 0 and inf where fewer than three topics or too few cells say anything.
    """
    kept = counts.sum(axis=1) > 0
    counts, time = counts[kept], time[kept]
    indicators = (np.asarray(strata)[kept][:, None] == np.unique(np.asarray(strata)[kept])[None, :]).astype(float)
    design = np.column_stack([time - time.mean() if len(time) else time, indicators])
    freedom = len(counts) - design.shape[1]
    topics = counts.shape[1]
    if topics < _FEWEST_TOPICS or freedom < _FEWEST_CELLS or np.linalg.matrix_rank(design) < design.shape[1]:
        return np.ones(topics), np.zeros(topics), np.full(topics, np.inf)
    logs = np.log(counts + _HALF)
    ratios = logs - logs.mean(axis=1, keepdims=True)
    weights = counts.sum(axis=1).astype(float)
    inverse = np.linalg.inv((design * weights[:, None]).T @ design)
    coefficients = inverse @ (design * weights[:, None]).T @ ratios
    residual = (weights[:, None] * (ratios - design @ coefficients) ** 2).sum(axis=0) / freedom
    reach = stats.t.ppf((1 + level) / 2, freedom) * np.sqrt(residual * inverse[0, 0])
    slope = coefficients[0]
    return np.exp(slope), np.exp(slope - reach), np.exp(slope + reach)
