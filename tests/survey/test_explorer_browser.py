"""The explorer in a browser: what a reader clicks, saves, shares, and whether everybody can use it."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import bibtexparser
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.concepts.mentions import Concepts, find_concepts
from analysis.concepts.vocabulary import Concept, Vocabulary
from analysis.corpus.paper import Corpus
from analysis.escaping import one_line
from analysis.figures.static import find_browser
from analysis.survey.explorer import explorer_page
from analysis.topics.result import Topics
from analysis.trends.result import Trends

Results = tuple[Corpus, Topics, Trends]
# playwright talks to its driver over a pipe, and the driver to the browser over another
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1 cmd",
    r"$\alpha$ 100%_&#{}~^\ ",
    "עברית מן הימין",
    "x" * 300,
    '🧠 "quoted", and comma',
)
SIZES = {"wide": (1280, 900), "narrow": (375, 740)}


@pytest.fixture(scope="module")
def results(planted: Results) -> tuple[Corpus, Topics, Trends, Concepts]:
    corpus, topics, trends = planted
    papers = corpus.papers.copy()
    papers["title"] = [f"{HOSTILE[i % len(HOSTILE)]} {i}" for i in range(len(papers))]
    papers["venue"] = ["Hives" if i % 3 else "<b>Poles</b>" for i in range(len(papers))]
    papers["countries"] = [["PE", "ES"] if i % 4 == 0 else ["PE"] for i in range(len(papers))]
    papers["arxiv_id"] = [f"2301.{i:05d}" for i in range(len(papers))]
    hostile = corpus.with_papers(papers)
    concepts = find_concepts(hostile, Vocabulary((Concept("Volcano", "kind", ("volcano",)),)))
    return hostile, topics, trends, concepts


@pytest.fixture(scope="module")
def address(results: tuple[Corpus, Topics, Trends, Concepts], tmp_path_factory: pytest.TempPathFactory) -> str:
    corpus, topics, trends, concepts = results
    path = tmp_path_factory.mktemp("explorer") / "index.html"
    path.write_text(explorer_page(corpus, topics, trends, concepts, "A study"), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The page, wide unless asked otherwise; whatever it logs as an error or asks of a network fails the test."""
    width, height = SIZES[getattr(request, "param", "wide")]
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("dialog", lambda dialog: troubles.append(f"a dialog: {dialog.message}"))
    opened.on("request", lambda asked: troubles.append(asked.url) if asked.url.startswith("http") else None)
    opened.goto(address)
    opened.wait_for_selector("#rows tr")
    yield opened
    assert troubles == []
    context.close()


def chosen(page: Page) -> int:
    return int(page.inner_text("#count").split()[0].replace(",", ""))


@pytest.mark.parametrize("page", list(SIZES), indirect=True)
def test_every_filter_narrows_the_table_and_clear_brings_all_back(
    page: Page, results: tuple[Corpus, Topics, Trends, Concepts]
) -> None:
    corpus, topics, _, concepts = results
    labels, dates = topics.assignments["topic"], corpus.papers["date"]
    year = int(dates.dt.year.mode()[0])
    expected = {
        "topic": ("1", int((labels == 1).sum())),
        "theme": ("0", int(topics.themes["size"][0])),
        "source": ("0", int((corpus.strata == sorted(set(corpus.strata))[0]).sum())),
        "country": ("1", len(corpus.papers.iloc[::4])),
        "venue": ("1", len(corpus.papers.iloc[::3])),
        "concept": ("0", int(concepts.mentions["Volcano"].sum())),
    }
    for name, (value, count) in expected.items():
        page.select_option(f"#{name}", value)
        assert chosen(page) == count, name
        page.click("#clear")
        assert chosen(page) == len(corpus.papers)
    page.fill("#from", f"{year}-01")
    page.fill("#to", f"{year}-12")
    page.dispatch_event("#to", "change")
    assert chosen(page) == int((dates.dt.year == year).sum())
    page.click("#always")
    assert chosen(page) == len(corpus.papers)


def test_search_finds_hostile_titles_as_text(page: Page) -> None:
    page.fill("#q", "<script>alert(1)</script> 102")
    page.wait_for_function("document.getElementById('count').textContent.startsWith('1 paper')")
    assert page.inner_text("#rows summary").startswith("<script>alert(1)</script> 102")
    page.fill("#q", "nosuchwordsatall")
    page.wait_for_function("document.getElementById('count').textContent.startsWith('0 papers')")


def test_columns_sort_both_ways(page: Page) -> None:
    for _ in range(2):
        page.click("th[data-by=date] button")
        dates = page.locator("#rows td:nth-child(3)").all_inner_texts()
        down = page.get_attribute("th[data-by=date]", "aria-sort") == "descending"
        assert dates == sorted(dates, reverse=down)


def test_pages_turn(page: Page) -> None:
    first = page.inner_text("#rows tr:first-child")
    page.click("#next")
    assert page.inner_text("#page").startswith("Page 2 of")
    assert page.inner_text("#rows tr:first-child") != first
    page.click("#previous")
    assert page.inner_text("#rows tr:first-child") == first
    assert page.is_disabled("#previous")


def test_a_selection_travels_in_the_address(page: Page, browser: Browser) -> None:
    page.select_option("#topic", "0")
    page.click("th[data-by=title] button")
    count, rows = chosen(page), page.inner_text("#rows")
    other = browser.new_page()
    other.goto(page.url)
    other.wait_for_selector("#rows tr")
    assert chosen(other) == count
    assert other.inner_text("#rows") == rows
    other.close()


@pytest.mark.parametrize("page", list(SIZES), indirect=True)
def test_a_topics_card_tells_its_trend_and_papers(page: Page, results: tuple[Corpus, Topics, Trends, Concepts]) -> None:
    _, topics, trends, _ = results
    page.select_option("#topic", "0")
    text = page.inner_text("#card")
    assert page.locator("#card svg.chart circle").count() >= 2
    assert topics.table["label"][0] in text
    assert trends.tests["note"][0][:40] in text
    assert page.locator("#card ul li").count() == len(topics.table["representative_papers"][0])


def test_links_lead_to_the_papers(page: Page) -> None:
    links = page.locator("#rows a").evaluate_all("nodes => nodes.map(node => [node.href, node.rel, node.target])")
    assert len(links) >= 50
    for href, rel, target in links:
        assert re.fullmatch(r"https://arxiv\.org/abs/2301\.\d{5}", href)
        assert (rel, target) == ("noopener noreferrer", "_blank")


@pytest.mark.parametrize("kind", ["csv", "bib", "ris"])
def test_a_selection_is_saved(
    page: Page, kind: str, tmp_path: Path, results: tuple[Corpus, Topics, Trends, Concepts]
) -> None:
    page.select_option("#topic", "0")
    with page.expect_download() as waiting:
        page.click(f"[data-save={kind}]")
    path = tmp_path / f"papers.{kind}"
    waiting.value.save_as(path)
    text, count = path.read_text(encoding="utf-8"), chosen(page)
    papers = results[0].papers
    titles = set(papers.loc[results[1].assignments.query("topic == 0").index, "title"].map(one_line))
    if kind == "csv":
        frame = pd.read_csv(path)
        assert set(frame["title"].str.removeprefix("'")) == titles
        assert not [row for row in csv.reader(text.splitlines()) if row and row[0].startswith("=")]
    elif kind == "bib":
        library = bibtexparser.parse_string(text)
        assert len(library.entries) == count
        assert library.failed_blocks == []
    else:
        assert text.count("TY  - GEN") == text.count("ER  - ") == count
        assert set(re.findall(r"TI  - (.*?)\r?\n", text)) == titles


@pytest.mark.parametrize("page", list(SIZES), indirect=True)
def test_nothing_runs_over_the_edge_or_over_another(page: Page) -> None:
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.locator(
        "header h1, header p, form, #times, #count, #tree, #map, #card, #edit, #papers .tools, .pages"
    ).evaluate_all(
        "nodes => nodes.map(node => { const b = node.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= width + 0.5
        for other_left, other_top, other_right, other_bottom in boxes[i + 1 :]:
            apart = right <= other_left + 0.5 or other_right <= left + 0.5
            assert apart or bottom <= other_top + 0.5 or other_bottom <= top + 0.5


@pytest.mark.parametrize(("page", "dark"), [("wide", False), ("wide", True), ("narrow", False)], indirect=["page"])
def test_axe_finds_no_violation(page: Page, dark: bool) -> None:
    if (page.get_attribute("#look", "aria-pressed") == "true") != dark:
        page.click("#look")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_alone_will_do(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#q")
    page.keyboard.type("volcano")
    page.wait_for_function("!document.getElementById('count').textContent.startsWith('120 ')")
    page.focus("th[data-by=title] button")
    page.keyboard.press("Enter")
    assert page.get_attribute("th[data-by=title]", "aria-sort") is not None


def test_counts_beside_choices_follow_the_other_filters(
    page: Page, results: tuple[Corpus, Topics, Trends, Concepts]
) -> None:
    topics = results[1]
    page.select_option("#venue", "1")
    labels = topics.assignments["topic"].iloc[::3]
    told = page.locator("#topic option").all_inner_texts()[1:]
    assert [int(text.rsplit("(", 1)[1][:-1]) for text in told] == [
        int((labels == topic).sum()) for topic in topics.table.index
    ]
    in_tree = page.locator("#tree ul ul li:nth-child(n+2) .n").all_text_contents()
    assert sum(map(int, in_tree)) == len(labels)
    # whichever topic is open, a theme counts what its topics do
    page.select_option("#topic", "1")
    in_tree = page.locator("#tree ul ul li:nth-child(n+2) .n").all_text_contents()
    of_themes = page.locator("#tree summary .n").all_text_contents()
    assert sum(map(int, in_tree)) == sum(map(int, of_themes)) == len(labels)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ('"meltwater study 102"', "phrase"),
        ("volcano OR glacier", "or"),
        ("volcano -eruption", "not"),
        ("year:2020", "field"),
        ("volcanp", "typo"),
        ("abstract:volcanp", "typo within"),
        ("title:zzqqxx", "nowhere"),
    ],
)
def test_a_search_is_more_than_words(
    page: Page, query: str, word: str, results: tuple[Corpus, Topics, Trends, Concepts]
) -> None:
    papers = results[0].papers
    text = (papers["title"].map(one_line) + "\n" + papers["abstract"].map(one_line)).str.lower()
    expected = {
        "phrase": text.str.contains("meltwater study 102", regex=False),
        "or": text.str.contains("volcano", regex=False) | text.str.contains("glacier", regex=False),
        "not": text.str.contains("volcano", regex=False) & ~text.str.contains("eruption", regex=False),
        "field": papers["date"].dt.year == 2020,
        "typo": text.str.contains("volcano", regex=False),
        "typo within": papers["abstract"].str.lower().str.contains("volcano", regex=False),
        "nowhere": text == "",
    }[word]
    page.fill("#q", query)
    page.wait_for_function(
        "(count) => document.getElementById('count').textContent.startsWith(`${count} paper`)", arg=int(expected.sum())
    )
    if word.startswith("typo"):
        assert "Searched for volcano for volcanp" in page.inner_text("#count")
        page.click("#rows summary")
        assert page.locator("#rows mark").first.inner_text().lower() == "volcano"


def test_a_lasso_chooses_papers_and_gives_them_up(page: Page) -> None:
    box = page.locator("#map").bounding_box()
    corners = [(0.02, 0.02), (0.6, 0.02), (0.6, 0.98), (0.02, 0.98), (0.02, 0.02)]
    points = [(box["x"] + across * box["width"], box["y"] + down * box["height"]) for across, down in corners]
    whole = chosen(page)
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()
    page.wait_for_selector("#unpick:not([hidden])")
    assert 0 < chosen(page) < whole
    page.click("#unpick")
    assert chosen(page) == whole


@pytest.mark.parametrize("page", list(SIZES), indirect=True)
def test_a_clicked_paper_opens_in_place_and_nothing_jumps(page: Page) -> None:
    before = page.evaluate("[scrollY, document.getElementById('map').getBoundingClientRect().top]")
    page.evaluate("document.getElementById('map').emit('plotly_click', { points: [{ customdata: 7 }] })")
    after = page.evaluate("[scrollY, document.getElementById('map').getBoundingClientRect().top]")
    assert after == before
    assert page.locator("#rows tr.open details[open] p").count() >= 1
    assert page.evaluate("document.getElementById('map').data.at(-1).x.length") == 1


def test_names_on_the_map_keep_apart_and_follow_the_zoom(page: Page) -> None:
    notes = "document.getElementById('map').layout.annotations"
    few = page.evaluate(f"{notes}.map(note => note.text)")
    assert few
    boxes = page.locator("#map .annotation-text-g").evaluate_all(
        "nodes => nodes.map(node => { const b = node.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"
    )
    for i, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert right <= other[0] + 1 or other[2] <= left + 1 or bottom <= other[1] + 1 or other[3] <= top + 1
    for _ in range(6):
        page.click("#nearer")
    assert page.evaluate(f"{notes}.map(note => note.text)") != few
    page.click("#whole")
    assert page.evaluate(f"{notes}.map(note => note.text)") == few


def test_names_on_the_map_cover_few_dots(page: Page) -> None:
    covered = page.evaluate("""() => {
      const plot = document.getElementById("map"), size = plot._fullLayout, dots = [];
      for (const trace of plot.data) trace.x.forEach((x, i) => dots.push([size.xaxis.l2p(x), size.yaxis.l2p(trace.y[i])]));
      const left = plot.getBoundingClientRect().left, top = plot.getBoundingClientRect().top;
      return [...plot.querySelectorAll(".annotation-text-g")].map((node) => {
        const box = node.getBoundingClientRect();
        const under = ([x, y]) => x > box.left - left && x < box.right - left && y > box.top - top && y < box.bottom - top;
        return dots.filter(under).length;
      });
    }""")
    assert covered
    assert sum(covered) <= 0.1 * page.evaluate(
        "document.getElementById('map').data.reduce((n, trace) => n + trace.x.length, 0)"
    )


def test_a_card_says_what_its_topic_is_about(page: Page, results: tuple[Corpus, Topics, Trends, Concepts]) -> None:
    phrases = results[1].key_phrases
    topic = int(phrases["topic"].iloc[0])
    page.select_option("#topic", str(topic))
    assert f"About {phrases['phrase'].iloc[0]}" in page.inner_text("#card")


def test_dates_are_brushed_and_played(page: Page) -> None:
    whole = chosen(page)
    box = page.locator("#bars").bounding_box()
    page.mouse.move(box["x"] + 4, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 20, steps=5)
    page.mouse.up()
    assert 0 < chosen(page) < whole
    start = page.input_value("#from")
    page.click("#play")
    page.wait_for_function("(start) => document.getElementById('from').value > start", arg=start)
    page.click("#play")
    assert page.inner_text("#play") == "Play"


def test_a_whole_row_is_seen_on_a_phone(
    results: tuple[Corpus, Topics, Trends, Concepts], browser: Browser, address: str
) -> None:
    opened = browser.new_page(viewport={"width": 375, "height": 740})
    opened.goto(address)
    opened.wait_for_selector("#rows tr")
    assert opened.evaluate("document.getElementById('scroll').scrollWidth") <= 375
    edges = opened.locator("#rows tr:first-child td").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().right)"
    )
    assert max(edges) <= 375
    opened.close()


def test_names_in_the_dark_are_light(page: Page) -> None:
    if page.get_attribute("#look", "aria-pressed") != "true":
        page.click("#look")
    colours = page.evaluate("document.getElementById('map').layout.annotations.map(note => note.font.color)")
    assert all(max(int(part) for part in re.findall(r"\d+", colour)) >= 120 for colour in colours)
