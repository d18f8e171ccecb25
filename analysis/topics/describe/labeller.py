"""Labels from a language model behind any OpenAI-compatible address: off by default, every exchange kept."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from analysis.errors import SettingsError, TopicLabelWarning, TopicsError, warn
from analysis.escaping import one_line
from analysis.io.files import write_bytes
from analysis.io.http_client import HttpClient, NoAnswerError
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
        TopicsError
            The model cannot be reached, answers in another format, or the record is damaged.

        Warns
        -----
        TopicLabelWarning
            An answer cannot be used; the label found without the model stays.
        """
        exchanges = self._recorded()
        labels: list[str] = []
        # what other topics are called, by the model or, until it has spoken, by the texts
        for number, brief in enumerate(briefs):
            others = [*labels, *(other.label for other in briefs[number + 1 :])]
            request = self._request(brief, others)
            name = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
            if name not in exchanges:
                exchanges[name] = {"url": self.url, "request": request, "reply": self._ask(request)}
                write_bytes(
                    self.record, (json.dumps(exchanges, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
                )
            labels.append(_usable(_reply(exchanges[name], self.record), brief, others))
        return labels

    def _request(self, brief: TopicBrief, others: Sequence[str]) -> dict[str, object]:
        shown = [
            "Keywords: " + ", ".join(brief.keywords),
            "Titles:",
            *(f"- {title}" for title in brief.titles),
            "Other topics: " + "; ".join(others),
        ]
        return {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": _TASK}, {"role": "user", "content": "\n".join(shown)}],
        }

    def _ask(self, request: dict[str, object]) -> str:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        advice = "start it, or take [topics.labeller] out of study.toml"
        try:
            with HttpClient(timeout=self.timeout) as client:
                text = client.post(self.url.rstrip("/") + "/chat/completions", request, headers)
            return str(json.loads(text)["choices"][0]["message"]["content"])
        except (NoAnswerError, ValueError, RecursionError) as error:
            raise TopicsError(f"the labeller at {self.url} failed ({error}); {advice}") from error
        except (KeyError, IndexError, TypeError) as error:
            raise TopicsError(f"the labeller at {self.url} does not answer as a chat model does; {advice}") from error

    def _recorded(self) -> dict[str, dict[str, object]]:
        if not self.record.exists():
            return {}
        try:
            content = json.loads(self.record.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise TopicsError(f"{self.record} cannot be read ({error}); delete it to ask the labeller again") from error
        if not isinstance(content, dict) or not all(isinstance(kept, dict) for kept in content.values()):
            raise TopicsError(f"{self.record} is no record of labels; delete it to ask the labeller again")
        return content


def _reply(exchange: dict[str, object], record: Path) -> str:
    reply = exchange.get("reply")
    if not isinstance(reply, str):
        raise TopicsError(f"{record} holds an exchange without a reply; delete it to ask the labeller again")
    return reply


def host_of(url: str) -> str:
    """Return the host that a labeller's address names, in lower case.

    Raises
    ------
    SettingsError
        It names none, or a name or password before it.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise SettingsError(f"the labeller's address {one_line(url)[:80]!r} is none ({error})") from error
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise SettingsError(f"the labeller's address {one_line(url)[:80]!r} is none: write http://host:port/v1")
    return host


def key_from(variable: str) -> str:
    """Return the key that an environment variable holds.

    Raises
    ------
    SettingsError
        It is not set.
    """
    key = os.environ.get(variable)
    if not key:
        raise SettingsError(f"study.toml takes the labeller's key from {variable}, which is not set")
    return key


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
