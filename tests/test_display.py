"""How results print themselves."""

import re

import pandas as pd
import pytest

from analysis.io.display import counted, html_table, probability


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "<0.001"), (0.00049, "<0.001"), (0.0005, "0.001"), (0.0494, "0.049"), (1.0, "1.000")]
)
def test_no_probability_is_told_to_be_nothing(value: float, text: str) -> None:
    assert probability(value) == text


def test_one_paper_is_no_papers() -> None:
    assert [counted(number, "paper") for number in (0, 1, 1200)] == ["0 papers", "1 paper", "1,200 papers"]


def _cells(html: str) -> list[tuple[str, str]]:
    return re.findall(r"<t[hd](?: style=\"text-align:(left|right)\")?>(.*?)</t[hd]>", html)


def test_a_table_has_text_whole_at_the_left_and_numbers_at_the_right_with_as_many_decimals_as_they_need() -> None:
    table = pd.DataFrame(
        {
            "title": ["An ever so long title " * 10, "<b>"],
            "share": [0.25, float("nan")],
            "year": [2024.0, 2025.0],
            "n": pd.array([1200, None], dtype="Int64"),
            "keywords": [["a", "b"], None],
            "day": [pd.Timestamp("2024-03-01"), pd.NaT],
            "sure": [True, False],
        },
        index=pd.Index(["x", "y"], name="label"),
    )
    cells = _cells(html_table(table))
    assert cells[8:16] == [
        ("left", "x"), ("left", ("An ever so long title " * 10).strip()), ("right", "0.25"), ("right", "2024"),
        ("right", "1200"), ("left", "a, b"), ("left", "2024-03-01"), ("left", "True"),
    ]  # fmt: skip
    assert cells[17:] == [
        ("left", "&lt;b&gt;"), ("right", ""), ("right", "2025"), ("right", ""), ("left", ""), ("left", ""), ("left", "False"),
    ]  # fmt: skip


def test_a_row_count_is_no_column_and_a_long_table_says_how_long_it_is() -> None:
    html = html_table(pd.DataFrame({"a": range(100)}))
    assert len(_cells(html)) == 61
    assert "60 of 100 rows" in html
    assert len(_cells(html_table(pd.DataFrame({"a": []})))) == 1


def test_columns_and_levels_of_one_name_stay_apart() -> None:
    table = pd.DataFrame([[1, "b"]], columns=["a", "a"], index=pd.MultiIndex.from_tuples([("p", 2)], names=["a", None]))
    assert _cells(html_table(table)) == [
        ("left", "a"), ("", ""), ("right", "a"), ("left", "a"), ("left", "p"), ("right", "2"), ("right", "1"), ("left", "b"),
    ]  # fmt: skip
