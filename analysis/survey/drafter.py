"""Draft paragraphs by a chat model, a topic each: off by default, every exchange kept, every sentence checked elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.escaping import one_line
from analysis.io.chat import ChatModel

_TASK = (
    "You draft one paragraph of a literature survey, about one topic, in plain English and in your own words. Say what the "
    "papers work on, how they differ, and what the facts say of the topic's course. Four to eight sentences. Every sentence "
    "ends with the keys of the papers it rests on, in square brackets, such as [@smith2020deep; @lee2021nets]. Use no other "
    "keys than those listed. Use no numbers, digits or words, but those of the facts. Quote nothing. "
    "Answer with the paragraph alone."
)


@dataclass(frozen=True)
class CitedPaper:
    """A paper that a draft may cite: its key, its title, and the sentence of its abstract that says what it claims."""

    key: str
    title: str
    claim: str


@dataclass(frozen=True)
class Fact:
    """A number of the tables that a draft may use.

    Attributes
    ----------
    name : str
        What it is.
    text : str
        As the section shows it.
    value : float
    unit : str
        "papers", "year" or "%".
    """

    name: str
    text: str
    value: float
    unit: str


@dataclass(frozen=True)
class DraftBrief:
    """What a drafter is shown of a topic.

    Attributes
    ----------
    label : str
    keywords : sequence of str
    facts : sequence of Fact
    papers : sequence of CitedPaper
        Those in the reading notes.
    """

    label: str
    keywords: Sequence[str]
    facts: Sequence[Fact]
    papers: Sequence[CitedPaper]


Drafter = Callable[[DraftBrief], str]


@dataclass(frozen=True)
class ChatDrafter:
    """A drafter that asks a chat model.

    Attributes
    ----------
    url, model, record, key, timeout
        As `analysis.io.chat.ChatModel` has them.
    from_record : bool
        Only drafts that the record holds are given; nothing is sent.
    """

    url: str
    model: str
    record: Path
    key: str | None = None
    timeout: float = 300.0
    from_record: bool = False

    def __call__(self, brief: DraftBrief) -> str:
        """Return the model's reply as it came.

        Raises
        ------
        ChatError
            The model cannot be reached, answers in another format, or the record is damaged.
        """
        model = ChatModel(
            self.url, self.model, self.record, self.key, self.timeout, "drafter", "survey.drafter", self.from_record
        )
        return model.answer(_TASK, _shown(brief))


def _shown(brief: DraftBrief) -> str:
    facts = [f"- {fact.name}: {fact.text}" for fact in brief.facts]
    papers = [f"- @{paper.key}: {one_line(paper.title)} | {one_line(paper.claim)}" for paper in brief.papers]
    return "\n".join(
        [
            f"Topic: {one_line(brief.label)}",
            "Keywords: " + ", ".join(map(one_line, brief.keywords)),
            "Facts:",
            *facts,
            "Papers:",
            *papers,
        ]
    )
