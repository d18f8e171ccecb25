"""The table of evidence, a row a test."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.corpus import evidence
from analysis.corpus.evidence import Identity
from analysis.corpus.same_paper import group_records
from analysis.corpus.text import title_key

BEES = "A study of the nesting of wild bees in meadows"
WORDS = "wild bees nest under stones where meadows stay uncut until late summer brings flowers back again every year"
OTHER = "taxation of merchant ships changed when harbours raised customs during seventeenth century wars between northern towns"


def sketch_of(text: str) -> bytes:
    return evidence.sketch_of(text.split())


def record(title: str = BEES, **facts: Any) -> Identity:
    known: dict[str, Any] = {"year": 2020, "surnames": frozenset({"ode"})} | facts
    return Identity(title_key(title), title=title, **known)


def joined(one: Identity, other: Identity) -> bool:
    answers = {len(set(group_records(pair).first.tolist())) == 1 for pair in ([one, other], [other, one])}
    assert len(answers) == 1, "the order of records decides"
    return answers.pop()


@pytest.mark.parametrize("facts", [{"doi": "10.1/a"}, {"arxiv_id": "2101.00001"}, {"pmid": "12"}])
class TestTheSameIdentifier:
    def test_with_the_same_title(self, facts: dict[str, str]) -> None:
        assert joined(record(**facts), record(**facts))
        assert joined(record(**facts, surnames=frozenset()), record(**facts, year=None))

    def test_with_a_title_in_other_words(self, facts: dict[str, str]) -> None:
        assert joined(record(**facts), record("Nesting of wild bees in meadows: a field study", **facts))

    def test_with_a_translated_title(self, facts: dict[str, str]) -> None:
        assert joined(record(**facts), record("Estudio de las abejas silvestres en los prados", **facts))

    def test_contradicted_by_title_and_authors(self, facts: dict[str, str]) -> None:
        assert not joined(record(**facts), record("Taxation of merchant ships", **facts, surnames=frozenset({"umi"})))
        assert not joined(
            record(**facts, surnames=frozenset()), record("Taxation of ships", **facts, surnames=frozenset())
        )

    def test_of_a_supplement_or_a_book(self, facts: dict[str, str]) -> None:
        places = ("12/s1/s14", "12/s1/s15")
        one, other = (record(title, **facts, place=place) for title, place in zip((BEES, "Wasps"), places, strict=True))
        assert not joined(one, other)
        assert not joined(record(**facts, type="chapter"), record("Wasps of the dunes", **facts, type="chapter"))

    def test_of_an_erratum(self, facts: dict[str, str]) -> None:
        assert not joined(record(**facts), record(f"Erratum: {BEES}", **facts))

    def test_of_parts(self, facts: dict[str, str]) -> None:
        assert not joined(record(f"{BEES}, part I", **facts), record(f"{BEES}, part II", **facts))


def test_a_number_of_pubmed_joins_no_two_dois_of_two_titles() -> None:
    one, other = (
        record(doi="10.1/a", pmid="9", place="1/2/3"),
        record("Taxation of ships", doi="10.1/b", pmid="9", place="1/2/3"),
    )
    assert not joined(one, other)
    assert joined(one, replace(other, doi=None))


class TestTheSameTitle:
    def test_alone(self) -> None:
        assert joined(record(), record(year=2021))
        assert joined(record(surnames=frozenset()), record(surnames=frozenset(), year=None))

    @pytest.mark.parametrize(
        "facts",
        [
            {"doi": ("10.1/a", "10.1/b")},
            {"arxiv_id": ("1", "2")},
            {"pmid": ("1", "2")},
            {"year": (2016, 2020)},
            {"surnames": (frozenset({"ode"}), frozenset({"umi"}))},
        ],
    )
    def test_contradicted(self, facts: dict[str, tuple[Any, Any]]) -> None:
        mine, theirs = ({name: both[side] for name, both in facts.items()} for side in (0, 1))
        assert not joined(record(**mine), record(**theirs))

    def test_of_a_preprint_and_its_publication(self) -> None:
        for preprint in ("10.26434/chemrxiv-1", "10.31235/osf.io/a", "10.21203/rs.3.rs-1/v2", "10.48550/arxiv.2101.1"):
            assert joined(record(doi=preprint), record(doi="10.1/a", year=2021))

    def test_of_versions(self) -> None:
        assert joined(record(doi="10.12688/f1000research.7654.1"), record(doi="10.12688/f1000research.7654.2"))

    def test_without_authors_and_with_other_abstracts(self) -> None:
        one, other = (record(surnames=frozenset(), sketch=sketch_of(words)) for words in (WORDS, OTHER))
        assert not joined(one, other)
        assert joined(one, replace(one, year=2021))

    def test_of_many_papers(self) -> None:
        editorial = record("Editorial", venue="jone", place="1/1/3")
        assert not joined(editorial, replace(editorial, place="1/2/90"))
        assert not joined(editorial, replace(editorial, venue="jtwo", place="7/2/90"))
        assert joined(editorial, editorial)
        one, other = (record("Editorial", sketch=sketch_of(words)) for words in (WORDS, OTHER))
        assert not joined(one, other)
        assert joined(one, one)

    def test_of_each_year(self) -> None:
        assert joined(record("Annual report of the bees"), record("Annual report of the bees"))
        assert not joined(record("Annual report of the bees"), record("Annual report of the bees", year=2021))


class TestNearlyTheSameTitle:
    def test_in_another_spelling(self) -> None:
        british = record("Modelling of tumours in the lungs of old coal miners")
        assert joined(british, record("Modeling of tumors in lungs of old coal miners"))

    def test_by_a_slip_with_a_witness(self) -> None:
        slip = BEES.replace("nesting", "nestng")
        assert joined(record(), record(slip))
        assert not joined(record(), record(slip, year=2021))
        assert joined(record(sketch=sketch_of(WORDS)), record(slip, year=2021, sketch=sketch_of(WORDS)))
        assert not joined(record(sketch=sketch_of(WORDS)), record(slip, sketch=sketch_of(OTHER)))

    def test_that_goes_on(self) -> None:
        longer = f"{BEES}: results of many summers"
        assert not joined(record(), record(longer))
        assert joined(record(sketch=sketch_of(WORDS)), record(longer, sketch=sketch_of(WORDS)))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Sleep of men who work at night in hospitals", "Sleep of women who work at night in hospitals"),
            (
                "Growth of trees in cold towns of the north: part I",
                "Growth of trees in cold towns of the north: part II",
            ),
            ("Learning without labels from meadow pictures", "Learning with labels from meadow pictures"),
            ("Statistics of cancer in northern towns, 2019", "Statistics of cancer in northern towns, 2020"),
        ],
    )
    def test_where_a_word_differs(self, one: str, other: str) -> None:
        assert not joined(record(one), record(other))

    def test_of_an_erratum(self) -> None:
        assert not joined(record(doi="10.1/a"), record(f"Erratum: {BEES.lower()}"))


def test_every_merge_says_how_doubtful_it_is() -> None:
    sure = group_records([record(doi="10.1/a"), record(doi="10.1/a")])
    unsure = group_records([record(doi="10.1/a"), record("Abejas de los prados", doi="10.1/a")])
    assert sure.doubts[1] < 0.1 < 0.4 < unsure.doubts[1] <= 1
    assert "1 surname(s) shared" in unsure.evidence[1]


def test_a_reader_keeps_and_parts() -> None:
    alike = [record(), record()]
    assert group_records(alike, parted=[(0, 1)]).first.tolist() == [0, 1]
    strange = [record(), record("Taxation of ships", surnames=frozenset({"umi"}))]
    assert group_records(strange, together=[(0, 1)]).first.tolist() == [0, 0]
    # a third record does not bring together what is parted
    assert group_records([record(), record(), record()], parted=[(0, 1)]).first[1] != 0


def test_many_editorials_take_no_time() -> None:
    items = [
        record("Editorial", venue=f"j{i % 50}", place=f"{i}/1/{i}", surnames=frozenset({f"n{i}"})) for i in range(4000)
    ]
    assert len(set(group_records(items).first.tolist())) == 4000
