"""Which differences between two titles are spelling, and which make another paper."""

import pytest

from analysis.corpus.title_words import Relation, Title, holds, relation, resembles, translated


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Modelling of tumours in the lung", "Modeling of tumors in lung", "spelling"),
        ("Organisation of centres", "Organization of centers", "spelling"),
        ("Health & education in towns", "Health and Education in Towns", "spelling"),
        ("X-ray study of lungs", "X ray study of lungs", "same"),
        ("Ground water in towns", "Groundwater in towns", "same"),
        ("Binding of α-synuclein", "Binding of alpha-synuclein", "same"),
        ("Größe der Städte", "Groesse der Staedte", "spelling"),
        ("Sleep of nurses in a large hospital", "Sleep of nurses in large hospitals", "spelling"),
        ("RETRACTED: On bees and trees", "On bees and trees", "same"),
        ("A study of the melting of glaciers", "A study of the meltng of glaciers", "slip"),
        ("Mapping the field of bees", "Mapping the field of bees: a survey of methods", "longer"),
        # numerals of every kind
        ("Automated screening, part I", "Automated screening, part II", "apart"),
        ("On the growth of trees, part one", "On the growth of trees, part two", "apart"),
        ("Cancer statistics, 2019", "Cancer statistics, 2020", "apart"),
        ("Hepatitis B in Peru", "Hepatitis C in Peru", "apart"),
        ("Trial of a drug: phase 2", "Trial of a drug", "apart"),
        # opposites
        ("Supervised learning of images", "Unsupervised learning of images", "apart"),
        ("Care of pain with drugs", "Care of pain without drugs", "apart"),
        ("Sleep of men in cities", "Sleep of women in cities", "apart"),
        ("Symptomatic patients at home", "Asymptomatic patients at home", "apart"),
        ("Hypertension in the young", "Hypotension in the young", "apart"),
        ("Care before surgery", "Care after surgery", "apart"),
        # places, compounds, Greek letters
        ("Health in Austria", "Health in Australia", "apart"),
        ("Rivers of Iran", "Rivers of Iraq", "apart"),
        ("Synthesis of benzene rings", "Synthesis of benzyne rings", "apart"),
        ("Rates of methane decay", "Rates of ethane decay", "apart"),
        ("Growth of β cells", "Growth of α cells", "apart"),
    ],
)
def test_relation_of_two_titles(one: str, other: str, expected: Relation) -> None:
    assert relation(Title.of(one), Title.of(other)) == expected
    assert relation(Title.of(other), Title.of(one)) == expected


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Erratum: On bees", "erratum"),
        ("Corrigendum to “On bees”", "erratum"),
        ("On bees (Erratum to vol 3, pg 5, 2010)", "erratum"),
        ("Retraction: On bees", "retraction"),
        ("Comment on “On bees”", "comment"),
        ("A reply to the letter on bees", "comment"),
        ("Bees in towns: a reply", "comment"),
        ("Preface", "preface"),
        ("On bees", ""),
    ],
)
def test_kind(title: str, kind: str) -> None:
    assert Title.of(title).kind == kind


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Editorial",
            "Guest Editorial",
            "Introduction to the Special Issue",
            "Letter to the Editor",
            "Table of contents",
            "Preface",
        ),
        *(
            "Book review",
            "In this issue",
            "From the Editor",
            "Carta al editor",
            "Obituary",
            "News",
            "Reply",
            "Front Matter",
        ),
        *("Erratum", "Annual report", "Oral presentations", "List of reviewers 2019"),
    ],
)
def test_titles_of_many_papers(title: str) -> None:
    assert Title.of(title).serial


@pytest.mark.parametrize(
    "title", ["Editorial boards and gender in science", "Letters in the mind", "News from the south"]
)
def test_titles_of_one_paper(title: str) -> None:
    assert not Title.of(title).serial


def test_titles_in_other_words() -> None:
    one = Title.of("Deep nets that find bees in meadow pictures")
    assert resembles(one, Title.of("Finding bees in meadow pictures: deep nets"))
    assert not resembles(one, Title.of("A law for the taxation of ships"))
    assert translated(Title.of("Health of the old in towns"), Title.of("Salud de los viejos en las ciudades"))
    assert not translated(Title.of("Health of the old"), Title.of("Sleep of the young"))
    assert holds(
        Title.of("Some considerations on high rivers"),
        Title.of("Letter to the editor: some considerations on high rivers"),
    )
