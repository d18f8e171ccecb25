"""Where papers stand on the map: among the atoms nearest to them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.topics.describe.layout import _nearest


@given(st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), min_size=1, max_size=8), st.integers(1, 5))
def test_the_nearest_are_the_least_and_of_equals_the_first(rows: list[list[int]], count: int) -> None:
    values = np.array(rows, dtype=float)
    np.testing.assert_array_equal(_nearest(values, count), np.argsort(values, axis=1, kind="stable")[:, :count])
