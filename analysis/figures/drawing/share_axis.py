"""A square-root axis for shares: it parts small ones as a logarithm does, and still has a zero."""

from typing import Any

import numpy as np

# where the axis may have ticks
_ROUND = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def placed(shares: Any) -> np.ndarray:
    """Return where shares (0-1) stand on the axis, in their shape."""
    return np.asarray(np.sqrt(np.asarray(shares, dtype=float)))


def share_ticks(end: float, apart: float = 0.09) -> tuple[list[float], list[str]]:
    """Return where round shares up to `end` stand, at least a part `apart` of the axis from each other, and their texts.

    Examples
    --------
    >>> share_ticks(0.2, 0.25)[1]
    ['0%', '2%', '10%', '20%']
    """
    ticks = [0.0]
    for share in _ROUND:
        if share <= end and placed(share) - placed(ticks[-1]) >= apart * placed(end):
            ticks.append(share)
    return placed(ticks).tolist(), [f"{share:.1%}".replace(".0%", "%") for share in ticks]
