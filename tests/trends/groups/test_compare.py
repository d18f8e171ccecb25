"""Groups compared: what is planted is found, other queries and windows are no difference, and bad groups are told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import analysis as at
from analysis.trends.family import TestSettings
from analysis.trends.groups.compare import GROUP_COLUMNS, compare
from analysis.trends.groups.frame import Frame
from analysis.trends.groups.reading import gathered_groups
from analysis.trends.groups.shares import ShareDifferences, exchange_p
from analysis.trends.groups.slopes import slope_differences
from tests.trends.groups.worlds import World, world

pytestmark = pytest.mark.slow
QUICK = TestSettings(n_permutations=199)


def compared(drawn: World, *, framed: bool = True) -> pd.DataFrame:
    strata = drawn.strata if framed else np.zeros(len(drawn.strata), dtype=int)
    frame = Frame(drawn.time, strata, drawn.labels, np.zeros((0, len(strata)), dtype=int), np.arange(drawn.n_topics))
    groups = gathered_groups([[f"g{group}"] for group in drawn.group], "full", 1, 12, "group")
    return compare("group", groups, frame, TestSettings(n_permutations=999))


def test_without_differences_few_shares_and_slopes_are_below_a_level() -> None:
    tables = [compared(world(300, seed)) for seed in range(12)]
    p = pd.concat([table.loc[table["note"] == "", "p"] for table in tables])
    slope_p = pd.concat([table.loc[table["slope_p"] < 1, "slope_p"] for table in tables])
    assert (p < 0.05).mean() < 0.075
    assert (slope_p < 0.05).mean() < 0.085
    assert sum((table["verdict"].isin(["more", "less"])).any() for table in tables) <= 3


def test_where_sources_are_not_held_apart_another_query_passes_for_another_interest() -> None:
    framed, pooled = (
        np.mean([(compared(world(1500, seed), framed=held)["p"] < 0.05).mean() for seed in range(4)])
        for held in (True, False)
    )
    assert pooled > framed + 0.1


def test_a_course_that_all_groups_share_is_no_difference_of_slopes_whatever_their_windows() -> None:
    p_values = []
    for seed in range(12):
        drawn = world(1500, seed)
        rng = np.random.default_rng([seed, 9])
        # a topic that all but nobody wrote of, and two in five from 2021 on
        jumped = rng.random(1500) < np.where(drawn.time > 2021, 0.4, 0.02)
        inside = np.eye(5, dtype=bool)[drawn.group]
        labels = np.where(jumped, 0, drawn.labels)
        cells = Frame(drawn.time, drawn.strata, labels, np.zeros((0, 1500), dtype=int), np.arange(10)).cells
        found = slope_differences(inside, labels, 10, cells, drawn.time)
        p_values += found.p[found.p < 1].tolist()
    assert np.mean(np.array(p_values) < 0.05) < 0.085


def test_planted_differences_in_share_and_slope_are_found() -> None:
    found = [compared(world(1500, seed, share=1.2, slope=0.35)).set_index(["group", "topic"]) for seed in range(4)]
    assert all(table.loc[("g1", 2), "verdict"] == "more" for table in found)
    assert sum(table.loc[("g1", 1), "slope_verdict"] == "faster" for table in found) >= 3
    rows = [table.loc[("g1", 2)] for table in found]
    assert all(row["difference_low"] > 0 and row["share"] > row["share_others"] for row in rows)


def test_a_paper_of_two_groups_counts_in_each_or_by_half() -> None:
    values = [["a", "b"], ["a"], ["b"], []]
    full, half = (gathered_groups(values, counting, 1, 5, "country") for counting in ("full", "fraction"))
    assert full.weights.sum(axis=0).tolist() == [2, 2]
    assert half.weights.sum(axis=0).tolist() == [1.5, 1.5]
    assert full.known.tolist() == [True, True, True, False]


def test_exchanged_papers_agree_with_the_normal_approximation_where_there_are_many() -> None:
    drawn = world(2000, 3, n_topics=4)
    weights = np.eye(5)[drawn.group]
    cells = np.unique(drawn.strata * 100 + np.floor(drawn.time).astype(int) - 2000, return_inverse=True)[1]
    found = ShareDifferences.of(weights, drawn.labels, 4, cells)
    p = exchange_p(weights, drawn.labels, cells, found, 1999, 0)
    large = found.variance >= 25
    assert large.sum() >= 8
    assert np.abs(p - found.normal_p(0.5))[large].max() < 0.06
    assert (p <= found.normal_p(0.5) + 0.02)[large].all()


def test_groups_in_several_corpora_are_placed_and_compared() -> None:
    drawn = world(240, 1, share=1.5, n_topics=4)
    corpus, topics = drawn.corpus()
    parts = [corpus.papers[drawn.group == 1], corpus.papers[drawn.group != 1]]
    one, other = (
        at.Corpus.from_frame(part.reset_index(names="id")[["id", "title", "abstract", "date"]]) for part in parts
    )
    found = at.compare_groups({"one": one, "other": other}, topics, settings=QUICK)
    assert sorted(found.groups.index) == ["one", "other"]
    assert found.groups["papers"].sum() == 240
    assert found.fact["frame"] == "year"
    with pytest.raises(at.errors.TrendsError, match="share papers"):
        at.compare_groups({"one": one, "same": one}, topics)
    with pytest.raises(at.errors.TrendsError, match="two corpora"):
        at.compare_groups({"one": one}, topics)


@pytest.fixture(scope="module")
def venues() -> tuple[at.Corpus, at.Topics]:
    return world(160, 0, share=1.5, n_topics=4).corpus()


def test_a_comparison_prints_itself_saves_and_loads(venues: tuple[at.Corpus, at.Topics], tmp_path: Path) -> None:
    found = at.compare_groups(*venues, by="venue", settings=QUICK)
    assert repr(found).startswith("GroupComparison(5 groups by venue over 160 papers")
    assert "Venue 0" in found._repr_html_()
    assert "Venue 1" in found.to_latex()
    found.save(tmp_path / "groups")
    pd.testing.assert_frame_equal(at.load_groups(tmp_path / "groups").table, found.table)
    assert list(found.table.drop(columns="label").columns) == list(GROUP_COLUMNS)


def test_a_grouping_by_ones_own_values_follows_ids(venues: tuple[at.Corpus, at.Topics]) -> None:
    corpus, topics = venues
    own = corpus.papers["venue"].rename("arm").sample(frac=1, random_state=0)
    by_id, by_name = at.compare_groups(corpus, topics, by=own), at.compare_groups(corpus, topics, by="venue")
    assert by_id.fact["by"] == "arm"
    pd.testing.assert_frame_equal(by_id.table.drop(columns="by"), by_name.table.drop(columns="by"))


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("planet", "cannot be grouped by 'planet'"),
        ("country", "no paper with a topic has a known country"),
        ("abstract", "cannot be grouped"),
        (None, "say by what papers are grouped"),
        ([1, 2], "there are groups for 2 papers"),
        (3, "name of a column, or one value a paper"),
        (list(range(160)), "160 values stand for 160 papers"),
    ],
)
def test_what_tells_no_groups_is_told(venues: tuple[at.Corpus, at.Topics], by: object, message: str) -> None:
    with pytest.raises(at.errors.TrendsError, match=message):
        at.compare_groups(*venues, by=by)


def test_one_group_is_compared_with_nobody_and_small_ones_are_gathered(venues: tuple[at.Corpus, at.Topics]) -> None:
    corpus, topics = venues
    alone = at.compare_groups(corpus, topics, by=["all"] * 160).table
    assert (alone["verdict"] == "inconclusive").all()
    assert alone["note"].str.contains("one group").all()
    many = ["large"] * 100 + [f"tiny {number}" for number in range(60)]
    found = at.compare_groups(corpus, topics, by=many)
    assert found.groups.index.tolist() == ["large", "other (60)"]
    assert found.fact["gathered"] == "60"


def test_countries_and_venues_in_several_spellings_are_one() -> None:
    spelled = [["USA"], ["United States"], ["us"], ["Perú"], ["PE"], ["UK"], ["Great Britain"]]
    names = ["The Lancet", "Lancet", "LANCET", "Food & Feed", "Food and Feed", "Gut : organ of the society", "Gut"]
    frame = pd.DataFrame(
        {"title": [f"Paper {n}" for n in range(7)], "abstract": "Some words.", "countries": spelled, "venue": names}
    )
    corpus = at.Corpus.from_frame(frame)
    assert corpus.papers["countries"].tolist() == [["US"], ["US"], ["US"], ["PE"], ["PE"], ["GB"], ["GB"]]
    topics = at.Topics.from_labels(corpus, [0, 0, 0, 0, 1, 1, 1])
    countries, venues = (at.compare_groups(corpus, topics, by=by, fewest=1) for by in ("country", "venue"))
    assert countries.groups["papers"].to_dict() == {"United States": 3, "Peru": 2, "United Kingdom": 2}
    assert venues.groups["papers"].to_dict() == {"LANCET": 3, "Food & Feed": 2, "Gut": 2}


def test_trends_carry_the_groupings_that_the_papers_tell(venues: tuple[at.Corpus, at.Topics], tmp_path: Path) -> None:
    corpus, topics = venues
    trends = at.fit_trends(corpus, topics, groups=["venue", "country"], settings=QUICK)
    assert trends.groups["by"].unique().tolist() == ["venue"]
    trends.save(tmp_path / "trends")
    pd.testing.assert_frame_equal(at.load_trends(tmp_path / "trends").groups, trends.groups)
    for groups, message in (
        ("venue", "list of names"),
        (3, "list of names"),
        (["planet"], "cannot be grouped by 'planet'"),
    ):
        with pytest.raises(at.errors.TrendsError, match=message):
            at.fit_trends(corpus, topics, groups=groups)  # type: ignore[arg-type]


def test_a_figure_draws_the_largest_groups_with_what_differs(venues: tuple[at.Corpus, at.Topics]) -> None:
    corpus, topics = venues
    found = at.compare_groups(corpus, topics, by="venue", settings=QUICK)
    figure = at.figures.topic_by_group(topics, found.table)
    titles = " ".join(annotation.text for annotation in figure.layout.annotations)
    assert all(f"Venue<br>{number}" in titles or f"Venue {number}" in titles for number in range(5))
    with pytest.raises(at.errors.InputError, match="compares nothing by 'planet'"):
        at.figures.topic_by_group(topics, found.table, by="planet")
    with pytest.raises(at.errors.InputError, match="lacks"):
        at.figures.topic_by_group(topics, found.table[["group"]])


def test_two_groups_are_mirrors_of_each_other() -> None:
    drawn = world(150, 5)
    halves = [["a"] if one else ["b"] for one in np.random.default_rng(0).random(150) < 0.25]
    frame = Frame(drawn.time, drawn.strata, drawn.labels, np.zeros((0, 150), dtype=int), np.arange(drawn.n_topics))
    table = compare("half", gathered_groups(halves, "full", 1, 5, "half"), frame, QUICK)
    one, other = (table[table["group"] == group].set_index("topic") for group in ("a", "b"))
    for column in ("p", "slope_p", "slope_q"):
        np.testing.assert_allclose(one[column], other[column], rtol=1e-5)
    np.testing.assert_allclose(one["difference"], -other["difference"], atol=1e-9)
    np.testing.assert_allclose(one["slope_ratio"], 1 / other["slope_ratio"], rtol=1e-5)


def test_the_order_of_papers_changes_nothing() -> None:
    drawn = world(120, 2, share=1.0, n_topics=4)
    corpus, topics = drawn.corpus()
    rows = np.random.default_rng(0).permutation(120)
    papers = corpus.papers.reset_index(names="id")
    columns = ["id", "title", "abstract", "date", "venue"]
    source = [f"query {stratum}" for stratum in drawn.strata]
    shuffled = at.Corpus.from_frame(papers[columns].assign(source=source).iloc[rows])
    again = at.Topics.from_labels(shuffled, topics.assignments["topic"].loc[shuffled.ids].to_numpy())
    one, other = (
        at.compare_groups(*pair, by="venue", settings=QUICK).table for pair in ((corpus, topics), (shuffled, again))
    )
    pd.testing.assert_frame_equal(one.drop(columns="label"), other.drop(columns="label"))


@pytest.mark.parametrize("share", [0.0, 2.5])
def test_a_section_tells_of_groups_whether_anything_differs_or_not(share: float, tmp_path: Path) -> None:
    corpus, topics = world(200, 1, share=share, n_topics=3).corpus()
    trends = at.fit_trends(corpus, topics, groups=["venue"], settings=TestSettings(n_permutations=999))
    at.survey.write(corpus, topics, trends, tmp_path)
    text = (tmp_path / "section.md").read_text(encoding="utf-8")
    [told] = [line for line in text.splitlines() if line.startswith("By venue, 5 groups were compared")]
    differ = trends.groups["verdict"].isin(["more", "less"]).sum()
    assert f": {differ} of 15 shares differ" in told
    assert "by -" not in told
    assert (differ > 0) == (share > 0)


@pytest.mark.parametrize("dated", [0, 1])
def test_without_dates_shares_are_compared_and_slopes_are_not(dated: int) -> None:
    frame = pd.DataFrame({"title": [f"Paper {n}" for n in range(60)], "abstract": "Some words."})
    frame["date"] = ["2020-01-01"] * dated + [None] * (60 - dated)
    corpus = at.Corpus.from_frame(frame)
    labels = np.where(np.arange(60) < 30, np.arange(60) % 10 == 0, np.arange(60) % 10 != 0).astype(int)
    found = at.compare_groups(corpus, at.Topics.from_labels(corpus, labels), by=["a"] * 30 + ["b"] * 30).table
    assert set(found["verdict"]) == {"more", "less"}
    assert (found["slope_p"] == 1).all()
    assert found["slope_ratio"].isna().all()
