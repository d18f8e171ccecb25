"""Drafts by a chat model: what may stand, what is struck and why, and that nothing is asked twice or unasked."""

import json
import re
from pathlib import Path

import pytest

from analysis.errors import ChatError, SettingsError
from analysis.study.allowances import Allowances
from analysis.study.face import Study
from analysis.survey.draft_check import checked_draft
from analysis.survey.drafter import ChatDrafter, CitedPaper, DraftBrief, Fact
from tests.chat_server import chat_server

PAPERS = (
    CitedPaper(
        "lee2021nets", "GPT-4 Reads 3D Scans", "We show that very large nets read scans as well as people do now."
    ),
    CitedPaper("wu2022text", "Reports from Text", "Reports are written well."),
)
FACTS = (
    Fact("papers of the topic", "29", 29, "papers"),
    Fact("share of all papers in percent", "10.4", 10.394, "%"),
    Fact("half of the papers are of this year or later", "2024", 2024, "year"),
)
BRIEF = DraftBrief("Report Writing", ("reports", "scans"), FACTS, PAPERS)


def _reasons(text: str) -> list[str]:
    return [one.reason for one in checked_draft(text, BRIEF, ["lee2021nets", "wu2022text", "far2020away"]).struck]


@pytest.mark.parametrize(
    "sentence",
    [
        "Reports are studied [@wu2022text].",
        "GPT-4 reads 3D scans [@lee2021nets; @wu2022text].",
        "The 29 papers hold 10.4 % of all [@wu2022text].",
        "About 10 % of all papers belong here [@wu2022text].",
        "Half are of 2024 or later [@wu2022text].",
        "Two-stage methods are common (@lee2021nets).",
    ],
)
def test_a_sentence_that_cites_the_topics_papers_and_quotes_its_tables_stands(sentence: str) -> None:
    assert _reasons(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Reports are studied.", "cites no paper"),
        ("Reports are studied [@made2020up].", "cites made2020up, which does not exist"),
        ("Reports are studied [@wu2022text; @made2020up].", "cites made2020up, which does not exist"),
        ("Reports are studied [@far2020away].", "cites far2020away, a paper that the topic's notes do not list"),
        ("They win 97.3 % [@wu2022text].", "holds 97.3 %, which is in no table"),
        ("They hold 29 % of all [@wu2022text].", "holds 29 %, which is in no table"),
        ("They hold 10.39 % of all [@wu2022text].", "holds 10.39 %, which is in no table"),
        ("Some 2024 papers do [@wu2022text].", "holds 2024, which is in no table"),
        ("It has been so since 2019 [@wu2022text].", "holds 2019, which is in no table"),
        ("GPT-5 is better [@wu2022text].", "holds GPT-5, which is in no table"),
        ("Training is 10x faster [@wu2022text].", "holds 10x, which is in no table"),
        ("Three lines can be seen [@wu2022text].", "holds Three, which is in no table"),
        ("Hundreds of hospitals took part [@wu2022text].", "holds Hundreds, which is in no table"),
        ("About half fail [@wu2022text].", "holds half, which is in no table"),
        (
            "Very large nets read scans as well as people do [@lee2021nets].",
            "repeats 10 words or more of lee2021nets",
        ),
    ],
)
def test_a_sentence_with_a_citation_or_number_from_nowhere_is_struck(sentence: str, reason: str) -> None:
    assert _reasons(sentence) == [reason]


def test_a_citation_behind_its_full_stop_belongs_to_the_sentence_before() -> None:
    draft = checked_draft("Reports are read. [@wu2022text] Scans are read too. [@lee2021nets]", BRIEF)
    assert draft.kept == ("Reports are read [@wu2022text].", "Scans are read too [@lee2021nets].")


def test_a_reply_becomes_nothing_but_text_and_citations() -> None:
    reply = "Reports <img src=x> ![a](http://e) are\u202e read [@wu2022text].\n\n# Head [@gone2020x]"
    lines = "\n".join(checked_draft(reply, BRIEF).lines())
    assert "[@wu2022text]." in lines
    assert re.search(r"(?<!\\)[<#]|(?<!\\)\[(?!@wu2022text\])|\u202e", lines) is None
    # nor is what was struck a citation
    assert "\\@gone2020x" in lines


def test_an_empty_reply_says_that_nothing_stands() -> None:
    assert checked_draft("", BRIEF).lines() == ["No sentence of the draft could stand."]


def test_an_exchange_is_kept_and_not_asked_twice_and_a_kept_one_asks_nobody(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    with chat_server() as server:
        server.replies = ["Reports [@wu2022text]."]
        drafter = ChatDrafter(server.url, "small", record, key="secret")
        assert drafter(BRIEF) == drafter(BRIEF) == "Reports [@wu2022text]."
        assert len(server.asked) == 1
        shown = str(server.asked[0])
        with pytest.raises(ChatError, match="lacks an answer of the drafter"):
            ChatDrafter(server.url, "other", record, from_record=True)(BRIEF)
        assert len(server.asked) == 1
    assert all(
        text in shown for text in ("@lee2021nets: GPT-4 Reads 3D Scans", "percent: 10.4", "Reports are written well")
    )
    assert "secret" not in record.read_text(encoding="utf-8")
    assert ChatDrafter(server.url, "small", record, from_record=True)(BRIEF) == "Reports [@wu2022text]."


@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_a_drafter_elsewhere_is_refused_until_allowed(small_study: Study) -> None:
    settings = '[survey]\ndrafter = { url = "http://models.example.org/v1", model = "m" }\n'
    (small_study.folder / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"a sentence of each abstract; allow it with --allow-labeller models\.example\.org"
    ):
        Study.open(small_study.folder, allowed=Allowances()).run(["survey"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::analysis.errors.SmallCorpusWarning")
def test_a_study_with_a_drafter_writes_checked_drafts_into_its_notes_and_verifies_without_it(
    small_study: Study,
) -> None:
    folder = small_study.folder
    with chat_server() as server:
        server.replies = ["It is about all of it. See [@nobody2020here]."]
        settings = f'[survey]\ndrafter = {{ url = "{server.url}", model = "m" }}\n'
        (folder / "study.toml").write_text(settings, encoding="utf-8")
        study = Study.open(folder)
        said: list[str] = []
        study.run(say=said.append)
        asked = len(server.asked)
    assert asked == (study.topics.table.index >= 0).sum()
    assert any("a sentence of each abstract are sent there" in text for text in said)
    notes = "".join(path.read_text(encoding="utf-8") for path in (folder / "figures/survey/dossiers").glob("*.md"))
    assert notes.count("## A draft by a chat model") == asked
    assert "cites nobody2020here, which does not exist" in notes
    assert len(json.loads((folder / "data/draft_exchanges.json").read_text(encoding="utf-8"))) == asked
    # the server is gone: what is kept is enough
    assert Study.open(folder).verify() == []
