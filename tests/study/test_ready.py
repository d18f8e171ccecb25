"""Set-up compiles every loop that a first run would wait for."""

import pytest

from analysis.study import ready
from analysis.topics.describe import neighbour_map
from analysis.trends import stratified, subset_sums, subsets


@pytest.mark.slow
def test_every_compiled_loop_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    ready.main()
    assert "compiled loops: ready" in capsys.readouterr().out
    loops = (neighbour_map._arrange, stratified.maximise, subset_sums.times_reached, subsets.subset_moments)
    # one signature each: another layout of an array would be compiled once more
    assert [len(loop.signatures) for loop in loops] == [1, 1, 1, 1]
