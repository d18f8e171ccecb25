"""Labels from a language model behind any OpenAI-compatible address: off by default, every exchange kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import TopicLabelWarning, warn
from analysis.escaping import one_line
from analysis.io.chat import ChatModel
from analysis.topics.describe.phrases import LONGEST_PHRASE

_LONGEST_REPLY, _LONGEST_LABEL = 10_000, 80
_TASK = (
    "You name topics of a literature survey. Answer with one noun phrase in title case, at most "
    f"{LONGEST_PHRASE} words, no quotation marks, no explanation. The name must tell this topic from the others."
)


@dataclass(frozen=True)
class TopicBrief:
    """What a labeller is shown of a topic.

    ``label`` is the label found without it, which stays where the answer cannot be used.
    """

    label: str
    keywords: Sequence[str]
    titles: Sequence[str]


Labeller = Callable[[Sequence[TopicBrief]], list[str]]


@dataclass(frozen=True)
class ChatLabeller:
    """A labeller that asks a chat model for each topic.

    Attributes
    ----------
    url : str
        Base address, such as ``http://localhost:11434/v1``; ``/chat/completions`` is added.
    model : str
    record : Path
        JSON file of prompts and replies. A prompt that it holds is not sent again, so a study
        is rebuilt without the model.
    key : str, optional
        Sent as bearer token; never recorded.
    timeout : float
        Seconds a request may take.
    """

    url: str
    model: str
    record: Path
    key: str | None = None
    timeout: float = 60.0

    def __call__(self, briefs: Sequence[TopicBrief]) -> list[str]:
        """Return a label for each topic, distinct and at most five words.

        Raises
        ------
        ChatError
            The model cannot be reached, answers in another format, or the record is damaged.

        Warns
        -----
        TopicLabelWarning
            An answer cannot be used; the label found without the model stays.
        """
        model = ChatModel(self.url, self.model, self.record, self.key, self.timeout)
        labels: list[str] = []
        # what other topics are called, by the model or, until it has spoken, by the texts
        for number, brief in enumerate(briefs):
            others = [*labels, *(other.label for other in briefs[number + 1 :])]
            labels.append(_usable(model.answer(_TASK, _shown(brief, others)), brief, others))
        return labels


def _shown(brief: TopicBrief, others: Sequence[str]) -> str:
    lines = ["Keywords: " + ", ".join(brief.keywords), "Titles:", *(f"- {title}" for title in brief.titles)]
    return "\n".join([*lines, "Other topics: " + "; ".join(others)])


def _usable(reply: str, brief: TopicBrief, others: Sequence[str]) -> str:
    """Return the reply as a label, or the topic's own label where it is none."""
    # a reply is a stranger's text: no control characters, nothing that turns the writing around
    lines = [
        one_line(line).strip(" \"'`*#.").removeprefix("Label:").strip() for line in reply[:_LONGEST_REPLY].splitlines()
    ]
    label = next((line for line in lines if line), "")
    if not label:
        fault = "is empty"
    elif len(label) > _LONGEST_LABEL:
        fault = f"has more than {_LONGEST_LABEL} characters"
    elif len(label.split()) > LONGEST_PHRASE:
        fault = f"has more than {LONGEST_PHRASE} words"
    elif label.casefold() in {other.casefold() for other in others}:
        fault = "is another topic's label"
    else:
        return label
    warn(f"the labeller's answer {label[:60]!r} {fault}; the topic stays {brief.label!r}.", TopicLabelWarning)
    return brief.label
