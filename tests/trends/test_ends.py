"""The two ends between which a change is told."""

import numpy as np

from analysis.trends.ends import window_ends


def test_full_years_with_five_papers_are_the_ends() -> None:
    assert window_ends(np.repeat(np.arange(2015, 2022) + 0.5, 6)).names == ("2015", "2021")


def test_neighbouring_years_in_the_middle_of_a_long_window_are_no_ends() -> None:
    time = np.concatenate(
        [np.arange(2000, 2014) + 0.4, np.full(6, 2014.5), np.full(6, 2015.5), np.arange(2016, 2030) + 0.4]
    )
    ends = window_ends(time)
    assert ends.years > 10
    assert ends.names != ("2014", "2015")
