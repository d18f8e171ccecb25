"""A reader's edits as a file holds them: read, checked, written."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analysis.errors import SettingsError
from analysis.escaping import toml_text
from analysis.validation import expect_path

_Papers = Annotated[list[str], Field(min_length=1)]
_Label = Annotated[str, Field(min_length=1, max_length=80)]


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    papers: _Papers


class Rename(_Edit):
    """Call the topic that holds most of `papers` by `label`."""

    action: Literal["rename"] = "rename"
    label: _Label


class Merge(_Edit):
    """Make one topic of all those that `papers` are in."""

    action: Literal["merge"] = "merge"
    label: _Label | None = None


class Split(_Edit):
    """Take `papers`, and those nearer to them than to the rest, out of their topic as one of their own.

    With ``only_these`` the new topic gets just the listed papers.
    """

    action: Literal["split"] = "split"
    label: _Label | None = None
    only_these: bool = False


class Move(_Edit):
    """Put `papers` into the topic that holds most of the papers `to`."""

    action: Literal["move"] = "move"
    to: _Papers


class SetAside(_Edit):
    """Take `papers` out of all topics; with ``whole_topic``, all papers of the topic that holds most of them."""

    action: Literal["set_aside"] = "set_aside"
    whole_topic: bool = False


class Exclude(_Edit):
    """Take `papers` out of all topics because they do not belong into the survey."""

    action: Literal["exclude"] = "exclude"
    reason: Annotated[str, Field(max_length=400)] = ""


class Star(_Edit):
    """Star `papers` for a reading list, or with ``off`` no longer; topics stay as they are."""

    action: Literal["star"] = "star"
    off: bool = False


class Note(_Edit):
    """Keep a note on `papers`, in place of an earlier one; topics stay as they are."""

    action: Literal["note"] = "note"
    text: Annotated[str, Field(max_length=400)] = ""


Edit = Rename | Merge | Split | Move | SetAside | Exclude | Star | Note
_EDITS = TypeAdapter(list[Annotated[Edit, Field(discriminator="action")]])


def read_edits(path: str | Path) -> list[Edit]:
    """Read a file of edits, one ``[[edit]]`` table each; none where there is no file.

    Raises
    ------
    SettingsError
        It is no TOML, or an edit has an unknown action, key or value. The message lists every fault.
    """
    path = expect_path(path, "path", SettingsError)
    if not path.exists():
        return []
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    if set(content) - {"edit"}:
        raise SettingsError(
            f"{path} is wrong: {', '.join(sorted(set(content) - {'edit'}))} is none of its keys; write [[edit]]"
        )
    return checked_edits(content.get("edit", []), str(path))


def checked_edits(listed: object, where: str) -> list[Edit]:
    """Return edits that came as tables, such as those of a page.

    Parameters
    ----------
    listed : list of mapping
    where : str
        What they came from, for the message.

    Raises
    ------
    SettingsError
        One has an unknown action, key or value. The message lists every fault.
    """
    try:
        return _EDITS.validate_python(listed)
    except ValidationError as error:
        faults = "\n".join(
            f"  {_key_path(fault['loc'])}: {fault['msg']} (it is {fault['input']!r})" for fault in error.errors()
        )
        raise SettingsError(f"{where} is wrong:\n{faults}") from error


def _key_path(location: tuple[int | str, ...]) -> str:
    if not location:
        return "edit"
    return f"edit {int(location[0]) + 1}" + "".join(f", {part}" for part in location[2:])


def reader_marks(edits: Sequence[Edit]) -> tuple[list[str], dict[str, str]]:
    """Return the papers that are starred, and the notes on papers, as edits leave them; papers are named as there."""
    starred: dict[str, None] = {}
    notes: dict[str, str] = {}
    for edit in edits:
        for paper in edit.papers:
            if isinstance(edit, Star):
                starred.pop(paper, None)
                if not edit.off:
                    starred[paper] = None
            elif isinstance(edit, Note):
                notes.pop(paper, None)
                if edit.text:
                    notes[paper] = edit.text
    return list(starred), notes


def edits_toml(edits: Sequence[Edit]) -> str:
    """Return edits as a file of them holds them.

    Examples
    --------
    >>> print(edits_toml([Rename(papers=["p1"], label="Bees")]), end="")
    [[edit]]
    action = "rename"
    papers = ["p1"]
    label = "Bees"
    """
    parts = []
    for edit in edits:
        fields = edit.model_dump(exclude_defaults=True)
        listed = {"action": edit.action, "papers": edit.papers, **fields}
        lines = [f"{name} = {_toml_value(value)}" for name, value in listed.items()]
        parts.append("\n".join(["[[edit]]", *lines]) + "\n")
    return "\n".join(parts)


def joined_edits(known: str, edits: Sequence[Edit]) -> str:
    """Return the text of a file of edits with more of them behind those that are there.

    Raises
    ------
    SettingsError
        The file is not one that more edits can be written behind.
    """
    gap = "" if not known else "\n" if known.endswith("\n") else "\n\n"
    text = f"{known}{gap}{edits_toml(edits)}"
    try:
        text.encode("utf-8")
        listed = tomllib.loads(text.removeprefix("\ufeff")).get("edit", [])
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"nothing can be written behind the edits that are there ({error}); write each as a table [[edit]]"
        ) from error
    checked_edits(listed, "the file of edits")
    return text


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml_value, value))}]"
    return toml_text(str(value))
