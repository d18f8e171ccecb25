"""False-discovery control over a family of tests."""

import numpy as np


def benjamini_hochberg(p_values: np.ndarray) -> np.ndarray:
    """Return Benjamini-Hochberg q values (1995, JRSS B 57(1), 289-300), in the order of `p_values`.

    Parameters
    ----------
    p_values : ndarray of float, shape (m,)
        Within [0, 1].

    Returns
    -------
    ndarray of float64, shape (m,)
        The smallest false-discovery rate at which each test is a discovery.
    """
    p_values = np.asarray(p_values, dtype=float)
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * count / np.arange(1, count + 1)
    adjusted = np.minimum.accumulate(scaled[::-1])[::-1]
    q_values = np.empty(count)
    q_values[order] = np.minimum(adjusted, 1.0)
    return q_values


def benjamini_yekutieli(p_values: np.ndarray) -> np.ndarray:
    """Return Benjamini-Yekutieli q values (2001, Annals of Statistics 29(4), 1165-1188), valid under any dependence.

    Parameters and result are those of `benjamini_hochberg`.
    """
    count = len(p_values)
    return np.asarray(np.minimum(benjamini_hochberg(p_values) * (1 / np.arange(1, count + 1)).sum(), 1.0))
