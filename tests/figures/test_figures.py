"""Every figure of the catalogue, on ordinary and on awkward tables."""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

import analysis as at
from analysis.concepts.mentions import find_concepts
from analysis.concepts.vocabulary import Concept, Vocabulary
from analysis.corpus.paper import Corpus
from analysis.errors import UnheldTopicsWarning
from analysis.figures.catalogue import CATALOGUE
from analysis.figures.drawing import style as styles
from analysis.figures.drawing import text
from analysis.figures.drawing.label_layout import lay_out_labels
from analysis.figures.drawing.spec import FigureSpec
from analysis.figures.drawing.style import PALETTE, Style
from analysis.figures.gallery import gallery
from analysis.figures.specs import field_coverage, topic_by_source, topic_flows, topic_similarity, topic_sizes
from analysis.figures.specs.topic_map import central_papers
from analysis.io.partitions import FramePartitions
from analysis.topics.fit import fit_topics
from analysis.topics.result import Topics
from analysis.trends.fit import fit_trends
from analysis.trends.result import Trends
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

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
    texts = FramePartitions(papers[["title", "abstract"]])
    fields = {**topics.__dict__, "table": table, "themes": themes, "texts": texts}
    fields.pop("bertopic", None)
    names = [[HOSTILE[i % len(HOSTILE)], f"Partner {i % 3}"] for i in range(len(papers))]
    papers = papers.assign(authors=pd.Series(names, index=papers.index, dtype=object))
    return Corpus(papers, corpus.occurrences, corpus.rejects), Topics(**fields), trends


@pytest.fixture(scope="module")
def single() -> Results:
    """Five undated papers in one topic."""
    corpus, _ = planted_corpus(5, 1, dated=False)
    with pytest.warns(UserWarning, match="cannot be split"):
        topics = fit_topics(corpus)
    return corpus, topics, fit_trends(corpus, topics)


# pixels of a printed page's height, 26 cm
_PAGE = 985


@pytest.fixture(scope="module")
def many() -> Results:
    """Papers of one year cut into sixty topics, with concepts and other choices."""
    corpus, _ = planted_corpus(400)
    papers = corpus.papers.copy()
    papers["date"] = papers["date"].mask(papers["date"] >= "2020-01-01")
    papers["date_precision"] = papers["date_precision"].where(papers["date"].notna(), "none")
    corpus = Corpus(papers, corpus.occurrences, corpus.rejects)
    with pytest.warns(UnheldTopicsWarning):
        topics = fit_topics(corpus, granularity=60)
    variants = topics.draws.iloc[:, :1].set_axis(["another seed"], axis=1)
    words = ("study", "retinal", "network", "tumour")
    vocabulary = Vocabulary(tuple(Concept(word.title(), "kind", (word,)) for word in words))
    concepts = find_concepts(corpus, vocabulary)
    return corpus, topics, fit_trends(corpus, topics, concepts=concepts, variants=variants)


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
@pytest.mark.parametrize("results", ["planted", "hostile", "single", "many"])
def test_every_figure_is_drawn_from_its_table_alone(
    spec: FigureSpec, results: str, request: pytest.FixtureRequest
) -> None:
    frame = spec.data(*request.getfixturevalue(results))
    before = frame.copy()
    fig = spec.draw(frame)
    assert isinstance(fig, go.Figure)
    assert fig.layout.width == styles.FULL_WIDTH
    assert fig.layout.height <= _PAGE
    pd.testing.assert_frame_equal(frame, before)
    assert spec.draw(frame).to_json() == fig.to_json()
    for sentence in (spec.caption(frame), spec.alt(frame)):
        assert sentence.endswith(".")
        assert "nan" not in sentence.lower().split()


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_markup_in_titles_stays_text(spec: FigureSpec, hostile: Results) -> None:
    assert "<script" not in spec.draw(spec.data(*hostile)).to_json().replace("\\u003c", "<")


def test_figures_are_public_by_name(planted: Results) -> None:
    corpus, topics, trends = planted
    assert isinstance(at.figures.topic_map(corpus, topics), go.Figure)
    assert isinstance(at.figures.trend_forest(topics, trends), go.Figure)
    assert isinstance(at.figures.papers_over_time(corpus), go.Figure)
    with pytest.raises(AttributeError, match="topic_map"):
        _ = at.figures.pie_chart


def test_the_data_of_shares_are_the_trends_series(planted: Results) -> None:
    corpus, topics, trends = planted
    spec = next(spec for spec in CATALOGUE if spec.name == "topic_shares")
    assert spec.data(corpus, topics, trends)["n_topic"].sum() == trends.series["n_topic"].sum()


def test_source_counts_add_up_to_the_dated_papers(planted: Results) -> None:
    corpus, _, _ = planted
    spec = next(spec for spec in CATALOGUE if spec.name == "papers_over_time")
    assert spec.data(*planted)["n"].sum() == corpus.papers["date"].notna().sum()


def _luminance(colour: str) -> float:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(
        np.where(values <= 0.03928, values / 12.92, ((values + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
    )


def test_every_colour_carries_on_white() -> None:
    for colour in PALETTE:
        assert 1.05 / (_luminance(colour) + 0.05) >= 1.9


# severe protanomaly, deuteranomaly and tritanomaly: Machado, Oliveira and Fernandes 2009, IEEE TVCG 15(6), table 1
_VISION = {
    "ordinary": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def _lab(colour: str, vision: np.ndarray) -> np.ndarray:
    """Return a colour as somebody sees it, in CIELAB under D65."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(vision @ linear, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", list(_VISION))
def test_colours_keep_apart_under_every_kind_of_colour_vision(vision: str) -> None:
    seen = [_lab(colour, _VISION[vision]) for colour in PALETTE]
    # two that differ by 2.3 can just be told apart side by side; marks lie apart, so ask for several times that
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= 15


def test_themes_that_share_a_colour_have_another_symbol() -> None:
    looks = {(Style().colour_of(number), styles.symbol_of(number)) for number in range(40)}
    assert len(looks) == 40


def test_another_style_changes_width_font_and_every_colour(planted: Results) -> None:
    palette = tuple(f"#{10 * number:02X}22{200 - 9 * number:02X}" for number in range(1, 9))
    for spec in CATALOGUE:
        drawn = spec.draw(spec.data(*planted), Style(27.0, "Source Sans 3", palette)).to_json()
        channels = [styles.tinted(colour, 1).rsplit(",", 1)[0] for colour in PALETTE]
        assert not [colour for colour in (*PALETTE, *channels) if colour.lower() in drawn.lower()]
        assert json.loads(drawn)["layout"]["width"] == 1020
        assert json.loads(drawn)["layout"]["font"]["family"].startswith("Source Sans 3, ")


def test_the_gallery_shows_every_figure_with_its_caption() -> None:
    words = {spec.name: {"title": spec.title, "caption": "One [two].", "alt": "A * b."} for spec in CATALOGUE}
    names = [spec.name for spec in CATALOGUE]
    page = gallery(words, ["svg", "png"], names)
    assert page.count("One \\[two\\].") == len(CATALOGUE)
    for name in names:
        assert f"![A \\* b.]({name}.png)" in page
    assert page.index("### Figure 8: ") < page.index("## For its supplement") < page.index("### Figure S1: ")
    assert "![" not in gallery(words, [], names)


def test_the_gallery_says_in_a_sentence_what_was_left_out() -> None:
    words = {spec.name: {"title": spec.title, "caption": "There is nothing.", "alt": "A."} for spec in CATALOGUE}
    page = gallery(words, ["png"], [spec.name for spec in CATALOGUE if spec.name != "burst_timeline"])
    assert "burst_timeline.png" not in page
    assert page.endswith("## Left out\n\n**Bursts and changes of level**: There is nothing.\n")


def test_eight_figures_make_the_body() -> None:
    assert [spec.name for spec in CATALOGUE if spec.body] == [
        "corpus_flow",
        "topic_map",
        "topic_sizes",
        "topic_tree",
        "theme_shares",
        "trend_forest",
        "before_after",
        "topic_by_group",
    ]


def test_papers_of_one_topic_fall_together_in_the_similarity(planted: Results) -> None:
    frame = topic_similarity.data(planted[1]).set_index(["topic", "other"])["together"].unstack()
    assert np.diag(frame).min() > frame.to_numpy()[~np.eye(len(frame), dtype=bool)].max()
    np.testing.assert_allclose(frame, frame.T)
    assert frame.to_numpy().max() <= 1


def test_similarity_counts_pairs_of_different_papers() -> None:
    labels, draws = np.array([0, 0, 0, 1]), np.array([[5, 5], [5, 6], [6, 6], [6, 6]])
    found = topic_similarity._together(labels, draws, [0, 1])
    # of three pairs within topic 0 one is together in each draw; with the paper of topic 1 it is one and two of three
    np.testing.assert_allclose(found, [[1 / 3, 1 / 2], [1 / 2, 0]])


def test_papers_that_a_draw_leaves_without_a_topic_are_together_with_none() -> None:
    labels, draws = np.array([0, 0, 0, 1]), np.array([[0, 0], [0, -1], [-1, -1], [-1, 1]])
    found = topic_similarity._together(labels, draws, [0, 1])
    # of three pairs within topic 0 one is together in one of two draws
    np.testing.assert_allclose(found, np.array([[1 / 6, 0.0], [0.0, 0.0]]))


def test_a_session_that_hangs_is_killed_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.figures.static

    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nsleep 60 & echo $! > $3/child\nwait\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    problem = analysis.figures.static._run_session(tmp_path, 1.0)
    assert problem == "the browser did not answer within 1 seconds"
    child = int((tmp_path / "child").read_text())
    assert not Path(f"/proc/{child}/cmdline").exists() or "sleep" not in Path(f"/proc/{child}/cmdline").read_text()


def test_a_session_that_fails_says_its_last_word(tmp_path: Path) -> None:
    import analysis.figures.static

    assert "jobs.json" in analysis.figures.static._run_session(tmp_path, 60.0)


@pytest.mark.parametrize("count", [2, 10, 30])
def test_names_on_a_map_do_not_overlap(count: int) -> None:
    rng = np.random.default_rng(count)
    centres = rng.uniform(200, 400, (count, 2))
    sizes = np.column_stack([rng.uniform(40, 100, count), np.full(count, 14.0)])
    placed = lay_out_labels(centres, sizes, rng.uniform(0, 600, (200, 2)), (0, 680, 0, 560))
    for i, j in itertools.combinations(range(count), 2):
        apart = np.abs(placed[i] - placed[j]) >= (sizes[i] + sizes[j]) / 2 - 0.5
        assert apart.any()
    assert (placed - sizes / 2 >= -0.5).all()


def test_a_topic_on_two_islands_has_a_region_on_each_and_none_between_them() -> None:
    rng = np.random.default_rng(0)
    islands = [rng.normal(centre, 0.02, size=(300, 2)) for centre in ((0, 0), (1, 0))]
    between = np.column_stack([np.linspace(0.1, 0.9, 20), np.zeros(20)])
    regions = central_papers(np.vstack([*islands, between]), 0.06)
    assert len(regions) == 2
    assert sum(map(len, regions)) == np.ceil(0.8 * 620)
    assert all(np.ptp(own[:, 0]) < 0.2 for own in regions)


def test_a_small_topic_of_scattered_papers_keeps_four_in_five_of_them() -> None:
    points = np.random.default_rng(1).normal(size=(12, 2)) * 0.02
    (region,) = central_papers(points, 0.06)
    assert len(region) == 10


def test_many_sources_are_gathered_past_the_largest(planted: Results) -> None:
    corpus, topics, _ = planted
    sources = [[f"part-{number % 30:02d}.jsonl#1"] for number in range(len(corpus.papers))]
    many = Corpus(corpus.papers.assign(sources=sources), corpus.occurrences, corpus.rejects)
    found = topic_by_source.data(many, topics)
    names = found["source"].unique().tolist()
    assert len(names) == 13
    assert names[-1] == "other sources"
    assert found["n"].sum() == len(topics.assignments)
    assert topic_by_source.topic_by_source(many, topics).data[0].z.shape[1] == 13


def test_a_name_avoids_dots_where_there_is_room() -> None:
    dots = np.column_stack([np.linspace(280, 320, 20), np.full(20, 300.0)])
    (placed,) = lay_out_labels(np.array([[300.0, 300.0]]), np.array([[60.0, 14.0]]), dots, (0, 680, 0, 560))
    assert abs(placed[1] - 300) > 7


def test_long_labels_are_cut_and_escaped() -> None:
    assert text.shortened("a" * 50, 10) == "a" * 9 + "…"
    assert text.wrapped("one & two three four", 45, 11, 2) == "one &amp;<br>two …"
    assert text.plain("<b>") == "&lt;b&gt;"
    assert Style().colour_of(-1) == styles.OUTLIER


def test_files_are_written_without_a_browser(planted: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import analysis.figures.static
    from analysis.errors import StaticExportWarning
    from analysis.figures.export import write_figures

    monkeypatch.setattr(analysis.figures.static, "find_browser", lambda: None)
    with pytest.warns(StaticExportWarning, match="no Chrome or Chromium") as caught:
        written = write_figures(*planted, tmp_path)
    assert len(caught) == 1
    assert {path.suffix for path in written} == {".html", ".csv", ".json", ".js", ".md"}
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
    fig = Style().apply(go.Figure(marks), 200)
    kinds = ["svg", "png", "pdf"]
    first, problem = render([(fig, kind) for kind in kinds])
    second, _ = render([(fig, kind) for kind in kinds])
    assert problem == ""
    assert first[0] == second[0]
    assert first[1] == second[1]
    assert first[2] == second[2]


def test_flows_between_two_fits_show_every_shared_paper_and_colour_partners_alike(planted: Results) -> None:
    _, topics, _ = planted
    labels = topics.assignments["topic"].to_numpy().copy()
    labels[:5] = (labels[:5] + 1) % len(topics.table)
    fields = {**topics.__dict__, "assignments": topics.assignments.assign(topic=labels)}
    fields.pop("bertopic", None)
    frame = topic_flows.data(at.compare_topics(topics, Topics(**fields)))
    assert frame["papers"].sum() == len(labels)
    assert frame.loc[~frame["matched"], "papers"].sum() == 5
    (sankey,) = topic_flows.draw(frame).data
    assert sum(sankey.link.value) == len(labels)
    colours = dict(zip(sankey.node.label, sankey.node.color, strict=True))
    assert len(set(colours.values())) == len(topics.table)
    assert "5 papers that changed sides" in topic_flows.caption(frame)
    assert f"{len(labels) - 5} of {len(labels)} papers stay" in topic_flows.alt(frame)


def test_what_no_database_wrote_is_left_out_of_the_coverage(planted: Results) -> None:
    corpus = planted[0]
    bare = set(field_coverage.data(corpus)["label"])
    papers = corpus.papers.assign(language="en")
    fuller = field_coverage.data(Corpus(papers, corpus.occurrences, corpus.rejects))
    assert set(fuller["label"]) - bare == {"Language"}
    assert (fuller.loc[fuller["field"] == "language", "share"] == 1).all()


def test_an_unsure_name_is_marked_where_names_are_listed(planted: Results) -> None:
    topics = planted[1]
    fields = {**topics.__dict__, "topic_quality": topics.topic_quality.assign(label_sure=topics.table.index != 1)}
    fields.pop("bertopic", None)
    doubtful = Topics(**fields)
    frame = topic_sizes.data(doubtful)
    assert frame.loc[~frame["sure"], "topic"].tolist() == [1]
    assert "(?)" in topic_sizes.caption(frame)
    assert "(?)" not in topic_sizes.caption(topic_sizes.data(topics)) or not topics.topic_quality["label_sure"].all()
    assert sum("(?)" in label for label in topic_sizes.draw(frame).layout.yaxis.ticktext) == 1
    assert doubtful._repr_html_().count("(?)") == 2


def test_every_caption_lists_the_unsure_names_that_its_figure_shows(planted: Results) -> None:
    corpus, topics, trends = planted
    fields = {**topics.__dict__, "topic_quality": topics.topic_quality.assign(label_sure=topics.table.index != 1)}
    fields.pop("bertopic", None)
    doubtful = Topics(**fields)
    name = topics.table.loc[1, "label"]
    for spec in CATALOGUE:
        frame = spec.data(corpus, doubtful, trends)
        shows = "label" in frame and name in set(frame["label"]) and not spec.without(frame)
        assert (
            f"Unsure names, better read with their keywords: {name}." in spec.words(frame, doubtful)["caption"]
        ) == shows, spec.name
    assert "label" in topic_sizes.data(topics)
