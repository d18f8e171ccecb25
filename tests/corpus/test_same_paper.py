"""Which records are the same paper, and which only look like it."""

import numpy as np
import pytest

from analysis.corpus.evidence import Identity
from analysis.corpus.same_paper import group_records

LONG = "astudyofthemeltingofglaciersinthehighmountains"


def paper(key: str = LONG, **facts: object) -> Identity:
    return Identity(key, **facts)  # type: ignore[arg-type]


def together(*items: Identity) -> bool:
    return len(set(group_records(items).first.tolist())) == 1


@pytest.mark.parametrize("name", ["doi", "arxiv_id", "pmid"])
def test_the_same_identifier_is_the_same_paper_whatever_the_title_where_someone_is_shared(name: str) -> None:
    berg = frozenset({"berg"})
    found = group_records(
        [paper("one", surnames=berg, **{name: "10.1/x"}), paper("two", surnames=berg, **{name: "10.1/x"})]
    )
    assert found.first.tolist() == [0, 0]
    assert "10.1/x" in found.reasons[1]
    assert found.reasons[0] == ""
    assert found.doubts[1] > 0.4


@pytest.mark.parametrize("name", ["doi", "arxiv_id", "pmid"])
def test_an_identifier_that_title_and_authors_contradict_merges_nothing_and_is_told(name: str) -> None:
    one = paper("oldworkonsols", title="Old work on sols", surnames=frozenset({"ode"}), year=1950, **{name: "10.1/x"})
    other = paper("newwork", title="New work on crystals", surnames=frozenset({"umi"}), year=2016, **{name: "10.1/x"})
    found = group_records([one, other])
    assert found.first.tolist() == [0, 1]
    [(first, second, why)] = found.kept_apart
    assert (first, second) == (0, 1)
    assert "titles differ" in why
    assert "no author shared" in why


def test_the_same_title_is_the_same_paper_unless_something_contradicts() -> None:
    assert together(paper(), paper())
    assert together(paper(year=2020), paper(year=2022))
    assert not together(paper(year=2020), paper(year=2023))
    assert together(paper(surnames=frozenset({"berg", "wei"})), paper(surnames=frozenset({"wei"})))
    assert not together(paper(surnames=frozenset({"berg"})), paper(surnames=frozenset({"wei"})))
    assert not together(paper(doi="10.1/a"), paper(doi="10.1/b"))
    assert not together(paper(pmid="1"), paper(pmid="2"))


def test_a_preprint_and_its_publication_are_one_paper() -> None:
    assert together(
        paper(doi="10.48550/arxiv.2101.00001", arxiv_id="2101.00001", year=2021), paper(doi="10.1/a", year=2022)
    )
    assert together(paper(doi="10.1101/2020.01", year=2020), paper(doi="10.1/a", year=2021))


def test_a_record_without_identifiers_does_not_tie_two_papers_together() -> None:
    found = group_records([paper(doi="10.1/a"), paper(doi="10.1/b"), paper()])
    assert found.first.tolist() == [0, 1, 0]


def test_a_title_that_many_papers_share_needs_a_shared_author() -> None:
    assert not together(paper("editorial"), paper("editorial"))
    berg = frozenset({"berg"})
    assert together(paper("editorial", surnames=berg, year=2020), paper("editorial", surnames=berg, year=2020))


def test_nearly_the_same_title_needs_the_same_digits_and_a_witness() -> None:
    typo = LONG.replace("melting", "meltng")
    berg = frozenset({"berg"})
    assert not together(paper(), paper(typo))
    assert not together(paper(year=2020), paper(typo, year=2020))
    assert together(paper(year=2020, venue="jice"), paper(typo, year=2020, venue="jice"))
    assert together(paper(surnames=berg, year=2020), paper(typo, surnames=berg, year=2020))
    assert not together(paper(f"{LONG}part1", year=2020), paper(f"{LONG}part2", year=2020))
    # another first letter makes another word: symptomatic, asymptomatic
    assert not together(paper(surnames=berg, year=2020), paper("x" + LONG[1:], surnames=berg, year=2020))


def test_groups_do_not_depend_on_the_order_of_records() -> None:
    rng = np.random.default_rng(0)
    items = [
        paper(
            f"{LONG}{rng.integers(30)}",
            doi=f"10.1/{i}" if rng.random() < 0.3 else None,
            year=int(rng.integers(2018, 2020)),
        )
        for i in range(80)
    ]
    first = group_records(items).first
    order = rng.permutation(len(items))
    other = group_records([items[i] for i in order]).first
    by_identifier = [i for i in range(80) if items[i].doi]
    # papers with identifiers of their own stay apart in any order
    assert len({first[i] for i in by_identifier}) == len(by_identifier)
    assert len(set(other.tolist())) == len(set(first.tolist()))
