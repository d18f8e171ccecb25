"""A figure's own page, as a reader sees it: it fills the window, names itself, leads back, and follows light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from analysis.corpus.paper import Corpus
from analysis.figures.export import write_figures
from analysis.figures.static import find_browser
from analysis.topics.result import Topics
from analysis.trends.result import Trends

Results = tuple[Corpus, Topics, Trends]
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def folder(planted: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("figures")
    write_figures(*planted, found, formats=())
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.mark.parametrize("name", ["topic_map", "trend_forest", "before_after"])
def test_a_page_fills_the_window_and_leads_back(name: str, folder: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto((folder / f"{name}.html").as_uri())
    assert page.evaluate("(name) => document.getElementById(name)._fullLayout.width", name) > 1300
    assert page.title() == page.text_content("h1")
    assert page.get_attribute("header a", "href") == "index.html"
    # what does not fit a phone scrolls inside its box, not the page
    page.set_viewport_size({"width": 375, "height": 700})
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert faults == []
    page.close()


def test_a_page_is_dark_where_the_reader_is(folder: Path, browser: Browser) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto((folder / "topic_sizes.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 22, 22)"
    assert "invert" in page.evaluate("getComputedStyle(document.querySelector('.plot > div')).filter")
    page.close()


def test_a_figure_with_nothing_to_show_is_left_out_and_its_old_files_go(planted: Results, tmp_path: Path) -> None:
    for name in ("burst_timeline.csv", "burst_timeline.html", "burst_timeline.svg", "mine.svg"):
        (tmp_path / name).write_text("old")
    corpus, topics, trends = planted
    bare = Trends(**{**trends.__dict__, "bursts": trends.bursts[:0], "change_points": trends.change_points[:0]})
    write_figures(corpus, topics, bare, tmp_path, formats=())
    assert sorted(path.name for path in tmp_path.glob("burst_timeline.*")) == []
    assert (tmp_path / "mine.svg").read_text() == "old"
    assert "## Left out" in (tmp_path / "README.md").read_text(encoding="utf-8")
