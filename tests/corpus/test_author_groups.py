"""Papers of one author group: who is one person, and who only has the same surname."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.author_groups import author_groups


def grouped(*papers: list[str], years: list[float] | None = None) -> list[int]:
    return author_groups(list(papers), np.array(years or [2020.0] * len(papers))).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["Müller-Lüden, Karla", "Abe, Jo"], ["Karla Mueller-Lueden", "Ivo, Ed"]),
        (["Ode, P. Q.", "Abe, Jo"], ["Ivo, Ed", "PQ Ode"]),
        (["Ode PQ"], ["Ode, P.Q."]),
        (["Wang Y", "Abe, Jo"], ["Wang, Y.", "Tan, L", "Abe J"]),
        (["K. van der Berg", "Abe, Jo", "Umi, T"], ["Berg, K. van der", "Umi T"]),
        (["Ivo, Ed", "Ode, Pat"], ["Ode, Pat", "Tan, Lu"]),
        (["ZHANG, WEI"], ["Wei Zhang"]),
        (["王伟"], ["王伟"]),
    ],
)
def test_one_person_at_an_end_makes_a_group(one: list[str], other: list[str]) -> None:
    assert grouped(one, other) == [0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["Ode, Pat"], ["Ode, Per"]),
        (["Wang Y", "Abe, Jo"], ["Wang Y", "Tan, Lu"]),
        (["Wang Y"], ["Wang Y"]),
        (["Abe, Jo", "Ode, Pat", "Tan, Lu"], ["Ivo, Ed", "Ode, Pat", "Umi, Kai"]),
        ([], []),
        (["1234"], ["1234"]),
    ],
)
def test_a_surname_an_initial_or_a_middle_place_alone_make_none(one: list[str], other: list[str]) -> None:
    assert grouped(one, other) == [0, 1]


def test_papers_more_than_two_years_apart_are_linked_by_those_between() -> None:
    ode = ["Ode, Pat"]
    assert grouped(ode, ode, years=[2020, 2023]) == [0, 1]
    assert grouped(ode, ode, ode, years=[2020, 2023, 2021.5]) == [0, 0, 0]
    assert grouped(ode, ode, years=[2020, float("nan")]) == [0, 1]


def test_a_full_name_on_many_papers_needs_another_author_in_common() -> None:
    many = [["Wang, Wei", f"Coauthor{chr(97 + n)}, Someone"] for n in range(25)]
    assert len(set(grouped(*many))) == 25
    assert len(set(grouped(*many, many[3]))) == 25


def test_one_author_alone_on_every_paper_is_one_group() -> None:
    assert set(grouped(*[["Ode, Pat"]] * 40)) == {0}


def test_one_author_everywhere_with_one_partner_is_one_group() -> None:
    assert set(grouped(*[["Ode, Pat", "Abe, Jo"]] * 40)) == {0}


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=20))
def test_any_names_give_groups_numbered_by_first_appearance(papers: list[list[str]]) -> None:
    found = author_groups(papers, np.full(len(papers), 2020.0))
    assert found.shape == (len(papers),)
    first = list(dict.fromkeys(found.tolist()))
    assert first == list(range(len(first)))
