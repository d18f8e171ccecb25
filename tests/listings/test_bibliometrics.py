"""Counts of what sources list: in full and by fraction, one spelling a person, and silence where nothing is listed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.figures.drawing.country_places import country_places
from analysis.listings.networks import collaboration
from analysis.listings.people import group_names, in_one_name

ROWS = [
    ("Bees", "insects", "Hives", ["PE", "US"], ["Ode, Pat", "Umi, Kai"], ["10.1234/w1", "10.1234/w2"], 2020),
    ("Hives", "insects", "The Hives", ["Peru"], ["Pat Ode", "Ivo, Jan"], ["https://doi.org/10.1234/W1"], 2021),
    ("Ice", "polar", "Poles", ["Spain"], ["Tan L"], ["10.1234/w1", "Roe J, 2009, ICE, P1"], 2021),
    ("Floes", "polar", None, None, None, None, None),
]


@pytest.fixture(scope="module")
def listed() -> tuple[at.Corpus, at.Topics, at.Bibliometrics]:
    names = ["title", "subject", "venue", "countries", "authors", "references", "date"]
    frame = pd.DataFrame(ROWS, columns=names).assign(abstract="Some words of it.")
    frame["date"] = frame["date"].astype("Int64")
    corpus = at.Corpus.from_frame(frame)
    topics = at.Topics.from_labels(corpus, frame["subject"])
    return corpus, topics, at.bibliometrics(corpus, topics)


def test_papers_are_counted_in_full_and_by_fraction(listed: tuple[at.Corpus, at.Topics, at.Bibliometrics]) -> None:
    table = listed[2].table.set_index(["kind", "name"])
    assert table.loc[("country", "Peru"), ["papers", "fractional"]].tolist() == [2, 1.5]
    assert table.loc[("venue", "Hives"), "papers"] == 2
    assert table.loc[("author", "Ode, Pat"), ["papers", "first_year", "last_year"]].tolist() == [2, 2020, 2021]
    assert listed[2].fact == {"papers": 4, "country": 3, "venue": 3, "author": 3, "author group": 2, "references": 3}


def test_names_are_counted_by_topic_and_year(listed: tuple[at.Corpus, at.Topics, at.Bibliometrics]) -> None:
    _, topics, found = listed
    insects = int(topics.table.index[topics.table["label"] == "insects"][0])
    hives = found.by_topic.query("name == 'Hives'")
    assert hives[["topic", "papers"]].to_numpy().tolist() == [[insects, 2]]
    assert found.by_year.query("name == 'Peru'")[["year", "papers"]].to_numpy().tolist() == [[2020, 1], [2021, 1]]


def test_works_are_cited_once_a_paper_however_they_are_written(
    listed: tuple[at.Corpus, at.Topics, at.Bibliometrics],
) -> None:
    found = listed[2]
    assert found.cited.loc[0, ["papers", "topics"]].tolist() == [3, 2]
    assert found.coupling[["shared"]].to_numpy().tolist() == [[1]]
    assert 0 < found.coupling.loc[0, "coupling"] < 1


def test_a_name_with_one_initial_is_left_as_it_is() -> None:
    authors = [["Wang Y"], ["Wang, Yi"], ["Wang, Yan"], ["YK Wang"], ["Wang, Y.K."]]
    assert in_one_name(authors) == [["Wang Y"], ["Wang, Yi"], ["Wang, Yan"], ["Wang, Y.K."], ["Wang, Y.K."]]


def test_groups_are_called_after_their_authors_and_lone_papers_have_none() -> None:
    authors = [["Ode, Pat", "Umi, Kai"], ["Ode, Pat"], ["Tan, Lu"], []]
    assert group_names(np.array([0, 0, 1, 2]), authors) == [
        ["Ode, Pat and Umi, Kai"],
        ["Ode, Pat and Umi, Kai"],
        [],
        [],
    ]


def test_collaborations_are_links_by_papers_in_common() -> None:
    nodes, links = collaboration("country", [["PE", "US"], ["PE", "US", "ES"], ["JP"]], 9)
    assert links[["one", "other", "papers"]].to_numpy().tolist()[0] == ["PE", "US", 2]
    assert nodes.set_index("name")["partners"].to_dict() == {"PE": 2, "US": 2, "ES": 1, "JP": 0} | {"ES": 2}
    again, _ = collaboration("country", [["PE", "US"], ["PE", "US", "ES"], ["JP"]], 9)
    pd.testing.assert_frame_equal(nodes, again)


def test_a_consortium_of_hundreds_links_nobody() -> None:
    _, links = collaboration("author", [[f"name {number}" for number in range(300)]], 60)
    assert links.empty


def test_counts_print_save_and_load(listed: tuple[at.Corpus, at.Topics, at.Bibliometrics], tmp_path: Path) -> None:
    found = listed[2]
    assert repr(found) == "Bibliometrics(4 papers: 3 countries, 2 venues, 4 authors, 1 author groups; 3 cited works)"
    assert "Hives" in found._repr_html_()
    assert "Hives" in found.to_latex()
    found.save(tmp_path / "listed")
    pd.testing.assert_frame_equal(at.load_bibliometrics(tmp_path / "listed").table, found.table)


def test_without_lists_there_is_nothing_to_count_and_figures_say_so() -> None:
    corpus = at.Corpus.from_frame(pd.DataFrame({"title": ["Bees", "Ice"], "abstract": ["Honey.", "Floes."]}))
    topics = at.Topics.from_labels(corpus, [0, 1])
    found = at.bibliometrics(corpus, topics)
    assert found.table.empty
    assert found.cited.empty
    for figure in (at.figures.who_publishes(found), at.figures.collaboration(found, "author")):
        assert "list no" in figure.layout.annotations[0].text


def test_figures_show_names_and_refuse_other_kinds(listed: tuple[at.Corpus, at.Topics, at.Bibliometrics]) -> None:
    found = listed[2]
    bars = at.figures.who_publishes(found)
    assert [annotation.text for annotation in bars.layout.annotations] == [
        "Countries (3 papers)",
        "Venues (3 papers)",
        "Authors (3 papers)",
    ]
    world = at.figures.collaboration(found)
    assert {"Peru", "Spain"} <= {annotation.text for annotation in world.layout.annotations}
    with pytest.raises(at.errors.InputError, match="kind must be"):
        at.figures.collaboration(found, "planet")  # type: ignore[arg-type]
    with pytest.raises(at.errors.InputError, match=r"at\.bibliometrics makes them"):
        at.figures.who_publishes(found.table)


def test_countries_lie_where_they_do() -> None:
    places = country_places()
    assert len(places) > 200
    assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in places.values())
    assert places["AU"][0] > 110
    assert places["CL"][1] < 0


def test_the_section_names_who_the_sources_list(listed: tuple[at.Corpus, at.Topics, at.Bibliometrics]) -> None:
    corpus, topics, _ = listed
    trends = at.fit_trends(corpus, topics, settings=at.TestSettings(n_permutations=99))
    table = at.survey.survey_tables(corpus, topics, trends)["who"]
    assert table.loc[table["name"] == "Peru", ["papers", "known"]].to_numpy().tolist() == [[2, 3]]


def test_ids_that_are_numbers_stay_so_and_a_paper_that_cites_itself_is_no_second_work(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": [70, 30, 50],
            "title": ["Bees", "Hives", "Ice"],
            "abstract": "Some words.",
            "doi": [f"10.5555/p{number}" for number in range(3)],
            "references": [["10.5555/p1", "10.5555/p0"], ["10.5555/p2", "10.5555/p1"], ["10.5555/p0", "10.5555/x"]],
        }
    )
    corpus = at.Corpus.from_frame(frame)
    found = at.bibliometrics(corpus, at.Topics.from_labels(corpus, [0, 0, 1]))
    held = found.cited.set_index("reference")["cited"]
    assert held.dropna().to_dict() == {"10.5555/p1": 30, "10.5555/p2": 50, "10.5555/p0": 70}
    assert held.isna().sum() == 1
    assert (corpus.citations["by"] == "itself").sum() == 2
    found.save(tmp_path / "listed")
    pd.testing.assert_frame_equal(at.load_bibliometrics(tmp_path / "listed").cited, found.cited)


def test_papers_without_a_topic_are_not_counted(listed: tuple[at.Corpus, at.Topics, at.Bibliometrics]) -> None:
    corpus = listed[0]
    topics = at.Topics.from_labels(corpus, [0, 0, -1, -1])
    found = at.bibliometrics(corpus, topics)
    assert found.fact["papers"] == 2
    assert found.table.query("kind == 'venue'")["name"].tolist() == ["Hives"]
