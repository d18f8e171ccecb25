"""Labels from a chat model on the loopback address."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.errors import TopicLabelWarning, TopicsError
from analysis.topics.describe.labeller import ChatLabeller, TopicBrief
from analysis.topics.edits import Rename
from analysis.topics.fit import fit_topics
from tests.chat_server import ChatServer, chat_server
from tests.generators import planted_corpus

pytestmark = pytest.mark.slow

BRIEFS = [TopicBrief("Volcanoes", ["lava", "ash"], ["On lava"]), TopicBrief("Violins", ["violin"], ["A sonata"])]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as server:
        yield server


def test_replies_become_labels_and_every_exchange_is_kept_and_not_asked_twice(
    server: ChatServer, tmp_path: Path
) -> None:
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
    server: ChatServer, tmp_path: Path, reply: str, fault: str
) -> None:
    server.replies = [reply, "Fine"]
    with pytest.warns(TopicLabelWarning, match=fault):
        labels = ChatLabeller(server.url, "small", tmp_path / "record.json")(BRIEFS)
    assert labels == ["Volcanoes", "Fine"]


def test_another_kind_of_server_is_a_clear_error(server: ChatServer, tmp_path: Path) -> None:
    server.replies = [{"error": "no"}]
    with pytest.raises(TopicsError, match="does not answer as a chat model"):
        ChatLabeller(server.url, "small", tmp_path / "record.json")(BRIEFS)


def test_a_server_that_is_not_there_is_a_clear_error(server: ChatServer, tmp_path: Path) -> None:
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
