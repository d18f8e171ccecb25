"""The chat models that study.toml names: asked only where a user allows their host, who is told what is sent."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import SettingsError
from analysis.study.allowances import KEY_PREFIX
from analysis.study.settings import ChatSettings, inside
from analysis.study.workspace import Workspace

if TYPE_CHECKING:
    # heavy packages are imported where they are used: a run that has nothing to do should not wait for them
    from analysis.survey.drafter import ChatDrafter
    from analysis.topics.describe.labeller import ChatLabeller

Say = Callable[[str], None]


def unsaid(text: str) -> None:
    """Say nothing."""


def chosen_labeller(workspace: Workspace, say: Say) -> "ChatLabeller | None":
    """Return the chat model that study.toml names for labels, if any.

    Raises
    ------
    SettingsError
        It is not allowed, or its key is not set.
    """
    chosen = workspace.settings.topics.labeller
    if chosen is None:
        return None
    from analysis.topics.describe.labeller import ChatLabeller

    key = _agreed(chosen, "labeller", "titles and keywords of the topics", workspace, say)
    return ChatLabeller(chosen.url, chosen.model, inside(workspace.folder, "data/label_exchanges.json"), key)


def chosen_drafter(workspace: Workspace, say: Say) -> "ChatDrafter | None":
    """Return the chat model that study.toml names for drafts, if any.

    Raises
    ------
    SettingsError
        It is not allowed, or its key is not set.
    """
    chosen, kept = workspace.settings.survey.drafter, workspace.kept_drafter
    if chosen is None or kept is None:
        return None
    key = _agreed(chosen, "drafter", "titles, keywords and a sentence of each abstract", workspace, say)
    return replace(kept, key=key, from_record=False)


def _agreed(chosen: ChatSettings, role: str, sent: str, workspace: Workspace, say: Say) -> str | None:
    """Hold that a user allows a chat model, say what is sent to it, and return the key that goes along."""
    from analysis.io.chat import host_of, key_from

    host = host_of(chosen.url)
    if not workspace.allowed.allows_host(host):
        raise SettingsError(
            f"study.toml asks the {role} at {host}, which is not this machine and would be sent {sent}; allow it with "
            f"--allow-labeller {host}, or under labeller_hosts in your own configuration (`topictrends doctor` says where "
            "that lies)"
        )
    if chosen.key_variable and not workspace.allowed.allows_key(chosen.key_variable):
        raise SettingsError(
            f"study.toml would send the content of the environment variable {chosen.key_variable} to {host}; a key's variable "
            f"begins with {KEY_PREFIX}, or is allowed under key_variables in your own configuration"
        )
    say(f"asks the chat model {chosen.model} at {host} as {role}: {sent} are sent there")
    return key_from(chosen.key_variable) if chosen.key_variable else None
