"""Edits made on the explorer's page: each is shown at once, can be taken back, and ends in a file that the next run reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import SettingsError, TopicEditWarning
from analysis.figures.static import find_browser
from analysis.survey.explorer import explorer_page
from analysis.topics.edits import Edit, edits_toml
from analysis.topics.result import Topics
from analysis.trends.result import Trends

Results = tuple[Corpus, Topics, Trends]
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=[1280, 375])
def page(request: pytest.FixtureRequest, browser: Browser, planted: Results, tmp_path: Path) -> Iterator[Page]:
    """The page with a star and a note of an earlier edit."""
    corpus = planted[0]
    first = corpus.papers.index[0]
    edits = edits_toml([at.Star(papers=[first]), at.Note(papers=[first], text="Read.")])
    path = tmp_path / "index.html"
    path.write_text(explorer_page(*planted, title="A study", edits=edits), encoding="utf-8")
    opened = browser.new_page(viewport={"width": request.param, "height": 800})
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.goto(path.as_uri())
    opened.wait_for_selector("#rows tr")
    yield opened
    assert troubles == []
    opened.close()


def saved(page: Page, tmp_path: Path) -> list[Edit]:
    with page.expect_download() as waiting:
        page.click("#copy-edits")
    path = tmp_path / "topic_edits.toml"
    waiting.value.save_as(path)
    return at.read_edits(path)


def open_topic(page: Page, topic: int) -> None:
    page.select_option("#topic", str(topic))
    page.evaluate("document.getElementById('editing').open = true")


def mark(page: Page, count: int) -> None:
    for number in range(count):
        page.locator("#rows .tick input").nth(number).check()


def test_every_edit_is_shown_saved_and_applied(page: Page, planted: Results, tmp_path: Path) -> None:
    _, topics, _ = planted
    sizes = topics.table["size"]
    open_topic(page, 0)
    page.fill("#new-name", 'Bees "and" hives')
    page.click("#rename")
    assert 'Bees "and" hives' in page.inner_text("#card")
    open_topic(page, 1)
    page.select_option("#merge-with", "2")
    page.click("#merge")
    assert page.inner_text("#pending li:nth-child(2)").endswith(f"become one topic of {sizes[1] + sizes[2]} papers")
    open_topic(page, 0)
    mark(page, 3)
    page.fill("#split-name", "Young")
    page.click("#split")
    assert "3 papers of" in page.inner_text("#pending li:nth-child(3)")
    open_topic(page, 3)
    mark(page, 2)
    page.select_option("#move-to", "1")
    page.click("#move")
    mark(page, 1)
    page.fill("#remark", "not a study")
    page.click("#exclude")
    page.click("#clear")
    mark(page, 2)
    page.click("#star")
    mark(page, 1)
    page.fill("#remark", "Read it")
    page.click("#note")
    assert page.locator("#pending li").count() == 7
    edits = saved(page, tmp_path)
    # the earlier star and note stay before them
    assert [edit.action for edit in edits] == [
        "star",
        "note",
        "rename",
        "merge",
        "split",
        "move",
        "exclude",
        "star",
        "note",
    ]
    whole = at.fit_topics(planted[0], edits=edits)
    assert whole.edits["applied"].all()
    assert {'Bees "and" hives', "Young"} <= set(whole.table["label"])
    # what the page counted is what the run finds
    told = page.evaluate("[...document.querySelectorAll('#topic option')].slice(1).map(node => node.textContent)")
    counted = {text.rpartition(" (")[0]: int(text.rpartition("(")[2][:-1]) for text in told}
    for label in ('Bees "and" hives', "Young"):
        assert counted[label] == whole.table.set_index("label").loc[label, "size"]


def test_an_edit_is_taken_back_and_made_again(page: Page, planted: Results) -> None:
    label = planted[1].table.loc[0, "label"]
    open_topic(page, 0)
    page.fill("#new-name", "Another")
    page.click("#rename")
    assert "Another" in page.inner_text("#card")
    page.click("#undo")
    assert label in page.inner_text("#card")
    assert page.is_disabled("#undo")
    page.click("#redo")
    assert "Another" in page.inner_text("#card")


def test_a_draft_outlives_a_browser_that_closes(page: Page) -> None:
    open_topic(page, 0)
    page.fill("#new-name", "Kept")
    page.click("#rename")
    page.reload()
    page.wait_for_selector("#rows tr")
    assert page.locator("#pending li").count() == 1
    page.click("#editing summary")
    page.click("#undo")


def test_a_topic_that_was_split_off_is_found_by_its_address(page: Page, planted: Results) -> None:
    open_topic(page, 0)
    mark(page, 3)
    page.fill("#split-name", "Fresh")
    page.click("#split")
    fresh = len(planted[1].topic_quality)
    page.select_option("#topic", str(fresh))
    address = page.evaluate("location.href")
    assert f"topic={fresh}" in address
    page.reload()
    page.wait_for_selector("#rows tr")
    assert page.evaluate("location.href") == address
    assert page.inner_text("#card h3") == "Fresh"


def test_a_taken_name_is_refused_in_words(page: Page, planted: Results) -> None:
    open_topic(page, 0)
    page.fill("#new-name", planted[1].table.loc[1, "label"])
    page.click("#rename")
    assert "Another topic is called" in page.inner_text("#edited")
    assert page.locator("#pending li").count() == 0


def test_stars_and_notes_of_the_file_are_shown(page: Page, planted: Results) -> None:
    page.check("#starred")
    assert page.inner_text("#count").startswith("1 paper of")
    page.click("#rows summary")
    assert "Note: Read." in page.inner_text("#rows")


def test_marks_do_not_move_papers_and_exclusion_does(planted: Results) -> None:
    corpus, topics, _ = planted
    ids = list(topics.assignments.index[:2])
    marked = at.fit_topics(corpus, edits=[at.Star(papers=ids), at.Note(papers=ids, text="x")])
    assert marked.assignments["topic"].equals(topics.assignments["topic"])
    left = at.fit_topics(corpus, edits=[at.Exclude(papers=ids, reason="no study")])
    assert (left.assignments.loc[ids, "topic"] == -1).all()
    assert left.edits["outcome"].tolist() == ["excluded 2 papers"]


def test_a_file_of_edits_that_is_none_is_refused(planted: Results) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        explorer_page(*planted, edits="[[edit")
    with pytest.raises(SettingsError, match="action"):
        explorer_page(*planted, edits='[[edit]]\naction = "burn"\npapers = ["p"]\n')


def test_a_topic_that_lost_its_last_paper_is_gone_and_one_is_always_left(page: Page, planted: Results) -> None:
    topics = planted[1].table
    open_topic(page, 0)
    page.click("#mark-all")
    page.click("#aside")
    options = page.locator("#topic option").all_text_contents()
    assert not [text for text in options if text.startswith(topics.loc[0, "label"])]
    assert page.locator("#merge-with option").count() == len(topics) - 1
    for topic in (1, 2):
        open_topic(page, topic)
        page.click("#drop")
    open_topic(page, 3)
    assert page.is_enabled("#merge") is False or page.locator("#merge-with option").count() == 0
    page.click("#drop")
    assert "would leave no topic" in page.inner_text("#edited")
    assert page.locator("#pending li").count() == 3


def test_a_name_given_up_with_its_topic_is_free_again(planted: Results) -> None:
    corpus, topics, _ = planted
    first, second = (topics.table.loc[topic, "representative_papers"] for topic in (0, 1))
    edits: list[Edit] = [
        at.Rename(papers=first, label="Foo"),
        at.SetAside(papers=first, whole_topic=True),
        at.Rename(papers=second, label="Foo"),
    ]
    assert at.fit_topics(corpus, edits=edits).edits["applied"].all()


def test_an_exclusion_counts_for_a_paper_of_no_topic(planted: Results) -> None:
    corpus, topics, _ = planted
    paper = [topics.assignments.index[0]]
    found = at.fit_topics(corpus, edits=[at.SetAside(papers=paper), at.Exclude(papers=paper, reason="no study")])
    assert found.edits["applied"].all()


def test_edits_that_a_run_did_not_apply_are_told_on_the_page(planted: Results) -> None:
    corpus, topics, trends = planted
    with pytest.warns(TopicEditWarning):
        fitted = at.fit_topics(corpus, edits=[at.Merge(papers=topics.table.loc[0, "representative_papers"])])
    assert "1 (merge): its papers are in one topic already" in explorer_page(corpus, fitted, trends)


def test_what_is_starred_alone_stands_in_the_address(page: Page) -> None:
    page.check("#starred")
    page.reload()
    page.wait_for_selector("#rows tr")
    assert page.is_checked("#starred")


def test_a_broken_draft_is_forgotten(page: Page) -> None:
    open_topic(page, 0)
    page.fill("#new-name", "Broken")
    page.click("#rename")
    page.evaluate("Object.keys(localStorage).forEach(key => localStorage.setItem(key, '{'))")
    page.reload()
    page.wait_for_selector("#rows tr")
    assert page.locator("#pending li").count() == 0
