"""`topictrends explore`: a page that saves, for the reader at this machine alone."""

import http.client
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from analysis.errors import ArtefactError
from analysis.figures.static import find_browser
from analysis.io.files import alone_in
from analysis.study.explore_server import ExplorerServer
from analysis.study.face import Study
from analysis.survey.explorer import state_of
from analysis.topics.edits import Rename, edits_toml, read_edits

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def folder(planted_study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study that has been run."""
    return Path(shutil.copytree(planted_study.folder, tmp_path_factory.mktemp("explored") / "study"))


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[..., ExplorerServer]]:
    started: list[ExplorerServer] = []

    def start(run: Callable[[], object] = lambda: None, **options: bool) -> ExplorerServer:
        server = ExplorerServer(lambda: Study.open(folder), run, **options)
        threading.Thread(target=server.serve, daemon=True).start()
        started.append(server)
        return server

    (folder / "data" / "topic_edits.toml").unlink(missing_ok=True)
    yield start
    for server in started:
        server.close()


def ask(
    server: ExplorerServer, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    content = None if body is None else json.dumps(body)
    connection.request("GET" if body is None else "POST", path, content, headers or {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, json.loads(text) if answer.headers["Content-Type"] == "application/json" else {"page": text}


def edits(folder: Path) -> list[dict[str, object]]:
    topics = Study.open(folder).topics
    return [{"action": "rename", "papers": topics.table["representative_papers"][0], "label": "Renamed"}]


def base(folder: Path) -> str:
    study = Study.open(folder)
    return state_of(study.topics, study.edits_text)


def wait(server: ExplorerServer) -> dict[str, str]:
    for _ in range(600):
        _, told = ask(server, f"/{server.token}/status")
        if told["state"] != "running":
            return told
        threading.Event().wait(0.2)
    raise AssertionError("the run did not end")


def test_the_page_opens_with_its_token_alone(serve: Callable[..., ExplorerServer]) -> None:
    server = serve()
    status, told = ask(server, f"/{server.token}/")
    assert status == 200
    assert "connect-src 'self'" in told["page"]
    strange = (
        "/",
        "/index.html",
        f"/{server.token}x/",
        "/../data/topic_edits.toml",
        f"/{server.token}/../study.toml",
    )
    for path in strange:
        assert ask(server, path)[0] == 404
    assert ask(server, f"/{server.token}/", headers={"Host": "elsewhere.example"})[0] == 404
    assert server.address.startswith("http://127.0.0.1:")


def test_edits_are_written_behind_those_that_are_there(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    ran = []
    server = serve(lambda: ran.append(True))
    path = folder / "data" / "topic_edits.toml"
    path.write_text("# by hand\n" + edits_toml([Rename(papers=["x"], label="Before")]))
    status, told = ask(server, f"/{server.token}/edits", {"base": base(folder), "edits": edits(folder)})
    assert (status, told["state"]) == (202, "running")
    assert wait(server)["state"] == "idle"
    assert ran == [True]
    assert path.read_text().startswith("# by hand\n")
    assert [edit.label for edit in read_edits(path) if isinstance(edit, Rename)] == ["Before", "Renamed"]


def test_of_two_explorers_the_second_is_told_that_the_file_changed(
    serve: Callable[..., ExplorerServer], folder: Path
) -> None:
    one, other = serve(), serve()
    known = base(folder)
    assert ask(one, f"/{one.token}/edits", {"base": known, "edits": edits(folder)})[0] == 202
    wait(one)
    written = (folder / "data" / "topic_edits.toml").read_bytes()
    status, told = ask(other, f"/{other.token}/edits", {"base": known, "edits": edits(folder)})
    assert status == 409
    assert "were changed since this page was opened" in told["message"]
    assert (folder / "data" / "topic_edits.toml").read_bytes() == written


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({"base": "x", "edits": []}, 400),
        ({"base": "x", "edits": [{"action": "burn", "papers": ["p"]}]}, 400),
        ({"base": "x", "edits": [{"action": "rename", "papers": ["p"], "label": "y" * 81}]}, 400),
    ],
)
def test_what_are_no_edits_is_refused_and_nothing_written(
    serve: Callable[..., ExplorerServer], folder: Path, body: object, status: int
) -> None:
    server = serve()
    assert ask(server, f"/{server.token}/edits", body)[0] == status
    assert not (folder / "data" / "topic_edits.toml").exists()


def test_another_page_may_not_save(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    server = serve()
    told = ask(
        server,
        f"/{server.token}/edits",
        {"base": base(folder), "edits": edits(folder)},
        {"Origin": "http://bad.example"},
    )
    assert told[0] == 403
    assert not (folder / "data" / "topic_edits.toml").exists()


def test_half_a_message_writes_nothing(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    server = serve()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST", f"/{server.token}/edits")
    connection.putheader("Content-Length", "1000")
    connection.endheaders()
    connection.send(b'{"base": "')
    assert connection.sock is not None
    connection.sock.close()
    connection.close()
    assert ask(server, f"/{server.token}/status")[1]["state"] == "idle"
    assert not (folder / "data" / "topic_edits.toml").exists()


def test_read_only_takes_no_edits(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    server = serve(read_only=True)
    assert "connect-src 'none'" in ask(server, f"/{server.token}/")[1]["page"]
    assert ask(server, f"/{server.token}/edits", {"base": base(folder), "edits": edits(folder)})[0] == 403


def test_a_run_that_stops_says_why(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    def fail() -> None:
        raise ArtefactError("the disk is full")

    server = serve(fail)
    ask(server, f"/{server.token}/edits", {"base": base(folder), "edits": edits(folder)})
    told = wait(server)
    assert told["state"] == "failed"
    assert "the disk is full" in told["message"]
    # what a run cannot take is not left for the next one to fail at
    assert "taken back" in told["message"]
    assert not (folder / "data" / "topic_edits.toml").exists()


def test_a_file_that_nothing_can_be_written_behind_stays_as_it_is(
    serve: Callable[..., ExplorerServer], folder: Path
) -> None:
    server, path = serve(), folder / "data" / "topic_edits.toml"
    path.write_text('edit = [{ action = "star", papers = ["p00001"] }]\n')
    status, told = ask(server, f"/{server.token}/edits", {"base": base(folder), "edits": edits(folder)})
    assert status == 400
    assert "[[edit]]" in told["message"]
    assert path.read_text() == 'edit = [{ action = "star", papers = ["p00001"] }]\n'


def test_a_message_that_is_no_number_of_bytes_or_too_many_is_refused(serve: Callable[..., ExplorerServer]) -> None:
    server = serve()
    for length in ("9" * 5000, "5000000", "-1", "x"):
        told = ask(server, f"/{server.token}/edits", {}, {"Content-Length": length})
        assert told[0] == 413


def test_while_another_run_is_at_work_nothing_is_written(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    server = serve()
    with alone_in(folder / "data"):
        status, told = ask(server, f"/{server.token}/edits", {"base": base(folder), "edits": edits(folder)})
    assert status == 500
    assert "another run is at work" in told["message"]
    assert not (folder / "data" / "topic_edits.toml").exists()


def test_a_round_trip_edit_run_and_the_same_page_shows_it(serve: Callable[..., ExplorerServer], folder: Path) -> None:
    browser = find_browser()
    if browser is None:
        pytest.skip("no Chrome or Chromium is installed")
    server = serve(lambda: Study.open(folder).run(["topics", "concepts", "trends", "figures", "survey"]))
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(server.address)
        page.wait_for_selector("#rows tr")
        page.select_option("#topic", "0")
        page.evaluate("document.getElementById('editing').open = true")
        page.fill("#new-name", "Called anew")
        page.click("#rename")
        with page.expect_navigation(timeout=240_000):
            page.click("#save-edits")
        page.wait_for_selector("#rows tr")
        assert page.locator("#pending li").count() == 0
        assert "Called anew" in "".join(page.locator("#topic option").all_inner_texts())
        assert faults == []
        started.close()
    assert "Called anew" in set(Study.open(folder).topics.table["label"])
    assert "Called anew" in (folder / "figures" / "survey" / "section.md").read_text(encoding="utf-8")
