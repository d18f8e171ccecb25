"""Labels from a chat model on the loopback address."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from analysis.errors import TopicLabelWarning, TopicsError
from analysis.topics.describe.labeller import ChatLabeller, TopicBrief
from analysis.topics.edits import Rename
from analysis.topics.fit import fit_topics
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

BRIEFS = [TopicBrief("Volcanoes", ["lava", "ash"], ["On lava"]), TopicBrief("Violins", ["violin"], ["A sonata"])]


class Server(HTTPServer):
    """A chat model that gives prepared replies and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[object] = []
        self.asked: list[dict[str, object]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.keys.append(self.headers["Authorization"])
        reply = self.server.replies[min(len(self.server.asked), len(self.server.replies)) - 1]
        content = {"choices": [{"message": {"content": reply}}]} if isinstance(reply, str) else reply
        self.send_response(200 if self.path == "/v1/chat/completions" else 404)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_replies_become_labels_and_every_exchange_is_kept_and_not_asked_twice(server: Server, tmp_path: Path) -> None:
    server.replies = ['"Active Volcanoes."', "**String Music**\nbecause"]
    labeller = ChatLabeller(server.url, "small", tmp_path / "record.json", key="secret")
    assert labeller(BRIEFS) == ["Active Volcanoes", "String Music"]
    assert server.keys == ["Bearer secret"] * 2
    assert "lava, ash" in str(server.asked[0])
    assert "Active Volcanoes" in str(server.asked[1])
    record = json.loads((tmp_path / "record.json").read_text())
    assert sorted(entry["reply"] for entry in record.values()) == ['"Active Volcanoes."', "**String Music**\nbecause"]
    assert "secret" not in (tmp_path / "record.json").read_text()
    assert labeller(BRIEFS) == ["Active Volcanoes", "String Music"]
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "fault"), [("", "is empty"), ("a b c d e f", "more than 5 words"), ("violins", "another topic's label")]
)
def test_an_answer_that_is_no_label_leaves_the_topics_own(
    server: Server, tmp_path: Path, reply: str, fault: str
) -> None:
    server.replies = [reply, "Fine"]
    with pytest.warns(TopicLabelWarning, match=fault):
        labels = ChatLabeller(server.url, "small", tmp_path / "record.json")(BRIEFS)
    assert labels == ["Volcanoes", "Fine"]


def test_another_kind_of_server_is_a_clear_error(server: Server, tmp_path: Path) -> None:
    server.replies = [{"error": "no"}]
    with pytest.raises(TopicsError, match="does not answer as a chat model"):
        ChatLabeller(server.url, "small", tmp_path / "record.json")(BRIEFS)


def test_a_server_that_is_not_there_is_a_clear_error(server: Server, tmp_path: Path) -> None:
    with pytest.raises(TopicsError, match=r"failed .*; start it, or take \[topics.labeller\] out"):
        ChatLabeller(server.url + "/elsewhere", "small", tmp_path / "record.json")(BRIEFS)


def test_a_damaged_record_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text("{")
    with pytest.raises(TopicsError, match="delete it"):
        ChatLabeller("http://127.0.0.1:1/v1", "small", tmp_path / "record.json")(BRIEFS)


def test_a_fit_takes_a_labellers_names_but_a_readers_stay() -> None:
    corpus, _ = planted_corpus(60, 3)
    plain = fit_topics(corpus)
    mine = plain.table.loc[0, "representative_papers"]
    topics = fit_topics(
        corpus,
        edits=[Rename(papers=mine, label="Mine")],
        labeller=lambda briefs: [f"Named {brief.label}"[:40] for brief in briefs],
    )
    assert topics.table.loc[0, "label"] == "Mine"
    assert topics.table.loc[1:, "label"].str.startswith("Named ").all()
