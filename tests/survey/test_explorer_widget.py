"""The explorer in a notebook: the page in a frame, its selection and edits in Python."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

import analysis as at
from analysis.corpus.paper import Corpus
from analysis.errors import InputError
from analysis.figures.static import find_browser
from analysis.survey.explorer_widget import Explorer
from analysis.topics.result import Topics
from analysis.trends.result import Trends

Results = tuple[Corpus, Topics, Trends]
pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

# what a notebook gives a widget, as far as this one asks for it
_NOTEBOOK = """<!doctype html><meta charset="utf-8"><div id="cell"></div><script type="module">
{script}
const state = {{ height: 700, chosen: null, edit_tables: [] }}, handlers = {{}};
window.model = {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; }},
  save_changes: () => {{ window.told = JSON.parse(JSON.stringify(state)); }},
  on: (name, act) => {{ handlers[name] = act; }},
  off: (name) => {{ delete handlers[name]; }},
  send: (content) => {{
    if (content.page) setTimeout(() => handlers["msg:custom"]({{ page: {page} }}));
    else window.sent = content;
  }},
}};
window.wish = (ids) => handlers["msg:custom"]({{ select: ids }});
render({{ model: window.model, el: document.getElementById("cell") }});
</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = find_browser()
    if found is None:
        pytest.skip("no Chrome or Chromium is installed")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


def test_the_selection_is_a_frame_and_all_papers_where_nothing_is_chosen(planted: Results) -> None:
    corpus, topics, _ = planted
    view = at.explore(*planted)
    assert isinstance(view, Explorer)
    assert list(view.selection.index) == list(topics.assignments.index)
    view.select(topics.assignments.query("topic == 1"))
    assert (view.selection["topic"] == 1).all()
    assert len(view.selection) == topics.table.loc[1, "size"]
    assert {"title", "topic_label", "membership"} <= set(view.selection.columns)
    view.select(topics.assignments["topic"] == 2)
    assert (view.selection["topic"] == 2).all()
    with pytest.raises(InputError, match="index holds no paper ids"):
        view.select(view.selection.reset_index())
    view.select([])
    assert len(view.selection) == len(corpus.papers)


def test_edits_are_those_of_files_and_are_written_on_request(planted: Results, tmp_path: Path) -> None:
    view = at.explore(*planted)
    assert view.edits == []
    view.edit_tables = [{"action": "rename", "papers": ["p00001"], "label": "Bees"}]
    assert view.edits == [at.Rename(papers=["p00001"], label="Bees")]
    path = tmp_path / "edits.toml"
    path.write_text("# mine\n")
    view.save_edits(path)
    assert path.read_text().startswith("# mine\n")
    assert at.read_edits(path) == [at.Rename(papers=["p00001"], label="Bees")]
    # what is saved is not written again
    assert view.edits == []
    view.save_edits(path)
    assert len(at.read_edits(path)) == 1


def test_of_a_study_the_file_that_changed_meanwhile_is_left_alone(
    planted_copy: at.Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = at.explore(planted_copy)
    view.edit_tables = [{"action": "star", "papers": ["p00001"]}]
    planted_copy.edits_path.write_text('[[edit]]\naction = "star"\npapers = ["p00002"]\n')
    sent: list[dict[str, Any]] = []
    view.send = sent.append
    view._save()
    assert "was changed since" in sent[0]["saved"]
    monkeypatch.chdir(planted_copy.folder)
    with pytest.raises(InputError, match="was changed since"):
        view.save_edits("data/topic_edits.toml")
    assert "p00001" not in planted_copy.edits_path.read_text()


def test_what_cannot_be_explored_is_said(planted: Results) -> None:
    corpus, topics, trends = planted
    with pytest.raises(InputError, match=r"at\.explore\(corpus, topics, trends\)"):
        at.explore(corpus)
    with pytest.raises(InputError, match="study must be"):
        at.explore(topics, topics, trends)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no paper 'nobody'"):
        at.explore(*planted).select(["nobody"])


def test_the_page_in_its_frame_tells_what_is_chosen_and_edited(
    planted: Results, browser: Browser, tmp_path: Path
) -> None:
    view = at.explore(*planted)
    script = str(Explorer._esm).replace("export default", "window.widget =")
    sent: list[dict[str, Any]] = []
    view.send = sent.append
    view._asked(view, {"page": True}, None)
    page_text = json.dumps(sent[0]["page"]).replace("</", "<\\/")
    path = tmp_path / "notebook.html"
    path.write_text(_NOTEBOOK.format(script=script, page=page_text), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("#rows tr").first.wait_for()
    frame.locator("#topic").select_option("1")
    page.wait_for_function("window.told && window.told.chosen && window.told.chosen.length > 0")
    view.chosen = page.evaluate("window.told.chosen")
    assert (view.selection["topic"] == 1).all()
    frame.locator("#editing summary").first.click()
    frame.locator("#new-name").fill("Bees")
    frame.locator("#rename").click()
    page.wait_for_function("window.told.edit_tables.length === 1")
    view.edit_tables = page.evaluate("window.told.edit_tables")
    assert view.edits[0].action == "rename"
    frame.locator("#save-edits").click()
    page.wait_for_function("window.sent && window.sent.save")
    frame.locator("#clear").click()
    ids = [str(paper) for paper in view.selection.index[:3]]
    page.evaluate("(ids) => window.wish(ids)", ids)
    frame.locator("#count", has_text="3 papers of").wait_for()
    assert faults == []
    page.close()
