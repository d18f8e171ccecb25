"""q values: false-discovery control over a family of tests."""

import numpy as np
from scipy.stats import false_discovery_control

# p values above this are taken to come from groups without a trend, evenly
_EVEN_ABOVE = 0.5


def q_values(p_values: np.ndarray) -> np.ndarray:
    """Return adaptive Benjamini-Hochberg q values.

    Those of Benjamini and Hochberg (1995, JRSS B 57(1), 289-300) times the share of groups without a trend, which is
    estimated from the p values above a half, one more counted (Storey, Taylor and Siegmund 2004, JRSS B 66(1), 187-205).

    Parameters
    ----------
    p_values : ndarray of float, shape (..., k)
        Within (0, 1]; each row is a family of its own.

    Returns
    -------
    ndarray of float, shape (..., k)
        Within (0, 1].

    Examples
    --------
    >>> q_values(np.array([0.01, 0.02, 0.03, 0.7])).round(3).tolist()
    [0.04, 0.04, 0.04, 0.7]
    """
    if not p_values.size:
        return np.ones(p_values.shape)
    even = 1 + (p_values > _EVEN_ABOVE).sum(axis=-1, keepdims=True)
    null = np.minimum(1.0, even / (p_values.shape[-1] * (1 - _EVEN_ABOVE)))
    return np.asarray(np.minimum(false_discovery_control(p_values, axis=-1) * null, 1.0))
