"""What a user allows beyond a study: one file of the user's own, never one in the study.

A study's folder may come from a stranger. Whatever reaches outside of it, to other folders, hosts or secrets, is refused
unless the user has named it here or on the command line.
"""

import os
import sys
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.errors import SettingsError

# environment variables of this name are made for studies; all others must be allowed by name
KEY_PREFIX = "TOPICTRENDS_"
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_Name = Annotated[str, Field(min_length=1, max_length=4096)]


class Allowances(BaseModel):
    """What a user allows.

    Attributes
    ----------
    linked_folders : list of str
        Folders outside of studies, by whole path, that a study's output folders may be links to.
    linked_exports : list of str
        Files and folders outside of studies that exports may be links to.
    labeller_hosts : list of str
        Hosts other than this machine whose chat models may be asked for labels and drafts.
    key_variables : list of str
        Environment variables, beside those that begin with ``TOPICTRENDS_``, whose content may be sent as a chat model's key.
    transformers : list of str
        Folders outside of studies that hold sentence-transformers models.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    linked_folders: list[_Name] = []
    linked_exports: list[_Name] = []
    labeller_hosts: list[_Name] = []
    key_variables: list[_Name] = []
    transformers: list[_Name] = []

    def with_more(self, **lists: list[str]) -> "Allowances":
        """Return these and more, as the command line gives them."""
        return self.model_copy(update={name: [*getattr(self, name), *more] for name, more in lists.items()})

    def allows_folder(self, target: Path) -> bool:
        """Return whether an output folder may be a link to `target`."""
        return _within(target, self.linked_folders)

    def allows_export(self, target: Path) -> bool:
        """Return whether an export may be a link to `target`."""
        return _within(target, self.linked_exports)

    def allows_transformer(self, target: Path) -> bool:
        """Return whether a model may lie at `target`."""
        return _within(target, self.transformers)

    def allows_host(self, host: str) -> bool:
        """Return whether a host's chat model may be asked."""
        return host in _THIS_MACHINE or host.casefold() in {name.casefold() for name in self.labeller_hosts}

    def allows_key(self, variable: str) -> bool:
        """Return whether an environment variable's content may be sent."""
        return variable.startswith(KEY_PREFIX) or variable in self.key_variables


def config_path() -> Path:
    """Return where the user's own configuration lies; it need not exist."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming")) / "topictrends" / "config.toml"
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "topictrends" / "config.toml"


def read_allowances() -> Allowances:
    """Read the user's configuration; without one nothing is allowed.

    Raises
    ------
    SettingsError
        It is no TOML, or has an unknown key or a wrong value.
    """
    path = config_path()
    if not path.is_file():
        return Allowances()
    try:
        return Allowances.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        what = _faults(error) if isinstance(error, ValidationError) else str(error)
        raise SettingsError(f"{path} is wrong: {what}") from error


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())


def _within(target: Path, allowed: list[str]) -> bool:
    return any(target.is_relative_to(Path(name).expanduser().resolve()) for name in allowed)
