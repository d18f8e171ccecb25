"""Random bits inside compiled loops: a counter, scrambled (Steele, Lea and Flood 2014, OOPSLA, 453-472)."""

import numpy as np

from analysis.io.compiled import compiled

# what the counter goes on by
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@compiled
def scrambled(counter: np.uint64) -> np.uint64:
    """Return 64 random bits for a value of the counter."""
    value = (counter ^ (counter >> _30)) * _FIRST
    value = (value ^ (value >> _27)) * _SECOND
    return value ^ (value >> _31)
