"""Numbers of texts that were edited."""

import pytest

from analysis.verify.comparison import foreign_numbers


@pytest.mark.parametrize(
    ("edited", "wrong"),
    [
        ("There are 12 papers of 3 sources. None falls.", []),
        ("We found 12 papers. None falls.", []),
        (
            "There are 3 papers of 12 sources. None falls.",
            ["says '3'; the tables give '12'", "says '12'; the tables give '3'"],
        ),
        ("There are 13 papers of 3 sources.", ["says '13'; the tables give '12'"]),
        ("About 40 % fall [@key2020].", ["says '40', which the tables do not give here"]),
    ],
)
def test_numbers_of_an_edited_paragraph_are_held_to_the_tables(edited: str, wrong: list[str]) -> None:
    assert foreign_numbers(edited, "There are 12 papers of 3 sources. None falls [@other2021].") == wrong


def test_macros_count_as_numbers_in_an_edited_latex_paragraph() -> None:
    generated = r"There are \ttFlowPapersCount{} papers of \ttFlowSourcesCount{} sources."
    assert foreign_numbers(r"Papers: \ttFlowPapersCount{}.", generated) == []
    assert (
        len(foreign_numbers(r"There are \ttFlowSourcesCount{} papers of \ttFlowPapersCount{} sources.", generated)) == 2
    )
    assert len(foreign_numbers("There are 42 papers.", generated)) == 1
