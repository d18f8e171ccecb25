"""How results print themselves."""

import pytest

from analysis.io.display import counted, probability


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "<0.001"), (0.00049, "<0.001"), (0.0005, "0.001"), (0.0494, "0.049"), (1.0, "1.000")]
)
def test_no_probability_is_told_to_be_nothing(value: float, text: str) -> None:
    assert probability(value) == text


def test_one_paper_is_no_papers() -> None:
    assert [counted(number, "paper") for number in (0, 1, 1200)] == ["0 papers", "1 paper", "1,200 papers"]
