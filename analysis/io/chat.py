"""A chat model behind any OpenAI-compatible address: asked only where a user allows it, every exchange kept."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from analysis.errors import ChatError, SettingsError
from analysis.escaping import one_line
from analysis.io.files import write_bytes
from analysis.io.http_client import HttpClient, NoAnswerError


@dataclass(frozen=True)
class ChatModel:
    """A chat model and the record of what it was asked.

    Attributes
    ----------
    url : str
        Base address, such as ``http://localhost:11434/v1``; ``/chat/completions`` is added.
    model : str
    record : Path
        JSON file of prompts and replies. A prompt that it holds is not sent again.
    key : str, optional
        Sent as bearer token; never recorded.
    timeout : float
        Seconds a request may take.
    role : str
        What messages call the model: labeller, drafter.
    setting : str
        The table of study.toml that asks for it.
    from_record : bool
        Only answers that the record holds are given; nothing is sent.
    """

    url: str
    model: str
    record: Path
    key: str | None = None
    timeout: float = 60.0
    role: str = "labeller"
    setting: str = "topics.labeller"
    from_record: bool = False

    def answer(self, task: str, shown: str) -> str:
        """Return the reply to a task and what is shown with it: the recorded one, or a new one, which is recorded.

        Raises
        ------
        ChatError
            The model cannot be reached, answers in another format, or the record is damaged or lacks the prompt.
        """
        messages = [{"role": "system", "content": task}, {"role": "user", "content": shown}]
        request = {"model": self.model, "temperature": 0, "messages": messages}
        name = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        exchanges = self._recorded()
        if name not in exchanges:
            if self.from_record:
                raise ChatError(f"{self.record} lacks an answer of the {self.role}; run the study to ask it")
            exchanges[name] = {"url": self.url, "request": request, "reply": self._ask(request)}
            kept = json.dumps(exchanges, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            write_bytes(self.record, kept.encode())
        reply = exchanges[name].get("reply")
        if not isinstance(reply, str):
            raise ChatError(f"{self.record} holds an exchange without a reply; delete it to ask the {self.role} again")
        return reply

    def _ask(self, request: dict[str, object]) -> str:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        advice = f"start it, or take [{self.setting}] out of study.toml"
        try:
            with HttpClient(timeout=self.timeout) as client:
                text = client.post(self.url.rstrip("/") + "/chat/completions", request, headers)
            return str(json.loads(text)["choices"][0]["message"]["content"])
        except (NoAnswerError, ValueError, RecursionError) as error:
            raise ChatError(f"the {self.role} at {self.url} failed ({error}); {advice}") from error
        except (KeyError, IndexError, TypeError) as error:
            raise ChatError(f"the {self.role} at {self.url} does not answer as a chat model does; {advice}") from error

    def _recorded(self) -> dict[str, dict[str, object]]:
        if not self.record.exists():
            return {}
        advice = f"delete it to ask the {self.role} again"
        try:
            content = json.loads(self.record.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ChatError(f"{self.record} cannot be read ({error}); {advice}") from error
        if not isinstance(content, dict) or not all(isinstance(kept, dict) for kept in content.values()):
            raise ChatError(f"{self.record} is no record of a chat; {advice}")
        return content


def host_of(url: str) -> str:
    """Return the host that a chat model's address names, in lower case.

    Raises
    ------
    SettingsError
        It names none, or a name or password before it.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise SettingsError(f"the chat model's address {one_line(url)[:80]!r} is none ({error})") from error
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise SettingsError(f"the chat model's address {one_line(url)[:80]!r} is none: write http://host:port/v1")
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
        raise SettingsError(f"study.toml takes a chat model's key from {variable}, which is not set")
    return key
