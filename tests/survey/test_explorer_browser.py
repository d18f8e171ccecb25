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
    year = dates.dt.year.mode()[0]
    expected = {
        "topic": ("1", int((labels == 1).sum())),
        "theme": ("0", int(topics.themes["size"][0])),
        "period": (str(year), int((dates.dt.year == year).sum())),
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


def test_search_finds_hostile_titles_as_text(page: Page) -> None:
    page.fill("#q", "<script>alert(1)</script> 102")
    page.wait_for_function("document.getElementById('count').textContent.startsWith('1 paper')")
    assert page.inner_text("#rows summary").startswith("<script>alert(1)</script> 102")
    page.fill("#q", "no such words at all")
    page.wait_for_function("document.getElementById('count').textContent.startsWith('0 papers')")


def test_columns_sort_both_ways(page: Page) -> None:
    for _ in range(2):
        page.click("th[data-by=date] button")
        dates = page.locator("#rows td:nth-child(2)").all_inner_texts()
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
    page.click("#card li button")
    text = page.inner_text("#card")
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
    boxes = page.locator("header h1, header p, form, #count, #map, #card, #papers .tools, .pages").evaluate_all(
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
