"""Every figure of the catalogue, on ordinary and on awkward tables."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.figures import flows, theme
from analysis.figures.catalogue import CATALOGUE, Entry
from analysis.figures.placement import place_labels
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics
from analysis.trends.fit import fit_trends
from analysis.trends.result import Trends
from tests.generators import planted_corpus

Results = tuple[Corpus, Topics, Trends]
HOSTILE = ["<script>alert(1)</script>", "$\\alpha$ and 100%_&#{}~^\\", "עברית من اليمين", "x" * 300, "🧠 emoji"]


@pytest.fixture(scope="module")
def hostile(planted: Results) -> Results:
    """The planted results with titles and labels that no figure should choke on."""
    corpus, topics, trends = planted
    papers = corpus.papers.copy()
    papers["title"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(papers))]
    table = topics.table.copy()
    table["label"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(table))]
    themes = topics.themes.copy()
    themes["label"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(themes))]
    fields = {**topics.__dict__, "table": table, "themes": themes}
    fields.pop("bertopic", None)
    return Corpus(papers, corpus.occurrences, corpus.rejects), Topics(**fields), trends


@pytest.fixture(scope="module")
def single() -> Results:
    """Five undated papers in one topic."""
    corpus, _ = planted_corpus(5, 1, dated=False)
    with pytest.warns(UserWarning, match="cannot be split"):
        topics = fit_topics(corpus)
    return corpus, topics, fit_trends(corpus, topics)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
@pytest.mark.parametrize("results", ["planted", "hostile", "single"])
def test_every_figure_is_drawn_from_its_table_alone(entry: Entry, results: str, request: pytest.FixtureRequest) -> None:
    frame = entry.data(*request.getfixturevalue(results))
    before = frame.copy()
    fig = entry.draw(frame)
    assert isinstance(fig, go.Figure)
    assert fig.layout.width == theme.FULL_WIDTH
    pd.testing.assert_frame_equal(frame, before)
    assert entry.draw(frame).to_json() == fig.to_json()
    for text in (entry.caption(frame), entry.alt(frame)):
        assert text.endswith(".")
        assert "nan" not in text.lower().split()


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_markup_in_titles_stays_text(entry: Entry, hostile: Results) -> None:
    assert "<script" not in entry.draw(entry.data(*hostile)).to_json().replace("\\u003c", "<")


def test_figures_are_public_by_name(planted: Results) -> None:
    corpus, topics, trends = planted
    assert isinstance(at.figures.topic_map(corpus, topics), go.Figure)
    assert isinstance(at.figures.trend_forest(topics, trends), go.Figure)
    assert isinstance(at.figures.papers_over_time(corpus), go.Figure)
    with pytest.raises(AttributeError, match="topic_map"):
        _ = at.figures.pie_chart


def test_the_data_of_shares_are_the_trends_series(planted: Results) -> None:
    corpus, topics, trends = planted
    entry = next(entry for entry in CATALOGUE if entry.name == "topic_shares")
    assert entry.data(corpus, topics, trends)["n_topic"].sum() == trends.series["n_topic"].sum()


def test_source_counts_add_up_to_the_dated_papers(planted: Results) -> None:
    corpus, _, _ = planted
    entry = CATALOGUE[0]
    assert entry.data(*planted)["n"].sum() == corpus.papers["date"].notna().sum()


def _luminance(colour: str) -> float:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(
        np.where(values <= 0.03928, values / 12.92, ((values + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    )


def test_every_colour_carries_on_white() -> None:
    for colour in theme.PALETTE:
        assert 1.05 / (_luminance(colour) + 0.05) >= 1.9


def test_colours_differ_from_one_another() -> None:
    assert len(set(theme.PALETTE)) == len(theme.PALETTE)
    for one, other in itertools.combinations(theme.PALETTE, 2):
        assert sum(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5)) > 60


@pytest.mark.parametrize("count", [2, 10, 30])
def test_names_on_a_map_do_not_overlap(count: int) -> None:
    rng = np.random.default_rng(count)
    centres = rng.uniform(200, 400, (count, 2))
    sizes = np.column_stack([rng.uniform(40, 100, count), np.full(count, 14.0)])
    placed = place_labels(centres, sizes, rng.uniform(0, 600, (200, 2)), (0, 680, 0, 560))
    for i, j in itertools.combinations(range(count), 2):
        apart = np.abs(placed[i] - placed[j]) >= (sizes[i] + sizes[j]) / 2 - 0.5
        assert apart.any()
    assert (placed - sizes / 2 >= -0.5).all()


def test_a_name_avoids_dots_where_there_is_room() -> None:
    dots = np.column_stack([np.linspace(280, 320, 20), np.full(20, 300.0)])
    (placed,) = place_labels(np.array([[300.0, 300.0]]), np.array([[60.0, 14.0]]), dots, (0, 680, 0, 560))
    assert abs(placed[1] - 300) > 7


def test_long_labels_are_cut_and_escaped() -> None:
    assert theme.shortened("a" * 50, 10) == "a" * 9 + "…"
    assert theme.wrapped("one & two three four", 8, 2) == "one &amp;<br>two…"
    assert theme.plain("<b>") == "&lt;b&gt;"
    assert theme.colour_of(99) == theme.PALETTE[-1]


def test_files_are_written_without_a_browser(planted: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.figures.static
    from analysis.errors import StaticExportWarning
    from analysis.figures.export import write_figures

    monkeypatch.setattr(analysis.figures.static, "find_browser", lambda: None)
    with pytest.warns(StaticExportWarning, match="no Chrome or Chromium") as caught:
        written = write_figures(*planted, tmp_path)
    assert len(caught) == 1
    assert {path.suffix for path in written} == {".html", ".csv", ".json", ".js"}
    page = (tmp_path / "topic_map.html").read_text(encoding="utf-8")
    assert 'src="plotly.min.js"' in page
    assert "http" not in page.replace("https://plot.ly", "").split("<script", 1)[0]


def test_a_browser_that_fails_is_reported_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.figures.static

    sessions = []

    def broken(jobs: object, pictures: object) -> str:
        sessions.append(jobs)
        return "the browser failed (TimeoutError)"

    monkeypatch.setattr(analysis.figures.static, "find_browser", lambda: "/usr/bin/true")
    monkeypatch.setattr(analysis.figures.static, "_session", broken)
    pictures, problem = analysis.figures.static.render([(go.Figure(), "svg")])
    assert pictures == [None]
    assert "TimeoutError" in problem
    assert len(sessions) == 2


def test_static_pictures_repeat_to_the_byte() -> None:
    from analysis.figures.static import find_browser, render

    if find_browser() is None:
        pytest.skip("no Chrome or Chromium is installed")
    marks = [go.Bar(x=["a", "b"], y=[1, 2]), go.Scatter(x=["a", "b"], y=[2, 1]), go.Heatmap(z=[[1, 2]])]
    fig = theme.styled(go.Figure(marks), 200)
    kinds = ["svg", "png", "pdf"]
    first, problem = render([(fig, kind) for kind in kinds])
    second, _ = render([(fig, kind) for kind in kinds])
    assert not problem
    assert first[0] == second[0]
    assert first[1] == second[1]
    assert first[2] == second[2]


def test_flows_between_two_fits_show_every_shared_paper_and_colour_partners_alike(planted: Results) -> None:
    _, topics, _ = planted
    labels = topics.assignments["topic"].to_numpy().copy()
    labels[:5] = (labels[:5] + 1) % len(topics.table)
    fields = {**topics.__dict__, "assignments": topics.assignments.assign(topic=labels)}
    fields.pop("bertopic", None)
    frame = flows.data(at.compare_topics(topics, Topics(**fields)))
    assert frame["papers"].sum() == len(labels)
    assert frame.loc[~frame["matched"], "papers"].sum() == 5
    (sankey,) = flows.draw(frame).data
    assert sum(sankey.link.value) == len(labels)
    colours = dict(zip(sankey.node.label, sankey.node.color, strict=True))
    assert len(set(colours.values())) == len(topics.table)
    assert "5 papers that changed sides" in flows.caption(frame)
    assert f"{len(labels) - 5} of {len(labels)} papers stay" in flows.alt(frame)
