"""Edits by a reader: topics renamed, merged, split, papers moved or set aside, after the fit and in order.

Edits name papers, never topic numbers, so that they hold when topics are fitted again. An edit
that no longer applies is reported and leaves everything as it was.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analysis.errors import SettingsError, TopicEditWarning, TopicsError, warn
from analysis.io.display import counted
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.clustering.coassociation import Coassociation
from analysis.topics.clustering.consensus import renumbered
from analysis.topics.grouping import Grouping, edit_report
from analysis.topics.named import PaperFinder
from analysis.validation import expect_path

_Papers = Annotated[list[str], Field(min_length=1)]
_Label = Annotated[str, Field(min_length=1, max_length=80)]
_SPLIT_ROUNDS = 5


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


class _InapplicableError(Exception):
    """An edit finds nothing to work on; its text says why."""


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
    # a JSON text is a TOML one but for DEL, which TOML wants escaped
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def apply_edits(
    clustering: Clustering,
    ids: pd.Index,
    titles: Sequence[str],
    edits: Sequence[Edit],
    names: Mapping[int, str] | None = None,
) -> Grouping:
    """Apply edits in order.

    Parameters
    ----------
    clustering : Clustering
        Of n papers.
    ids : Index of paper_id, length n
    titles : sequence of str, length n
        An edit may name a paper by its title as well.
    edits : sequence of Edit
    names : mapping of topic to str, optional
        Labels that an outline gave.

    Returns
    -------
    Grouping

    Raises
    ------
    TopicsError
        The edits set every paper aside.

    Warns
    -----
    TopicEditWarning
        An edit does not apply, or some of its papers are not in the corpus.
    """
    edited = _EditedClustering(clustering, ids, titles, names or {})
    rows: list[tuple[int, str, int, bool, str]] = []
    for number, edit in enumerate(edits, start=1):
        try:
            outcome, applied = edited.apply(edit), True
        except _InapplicableError as reason:
            outcome, applied = str(reason), False
        missing = edited.unknown(edit.papers)
        if missing:
            outcome += f"; not in the corpus: {', '.join(missing)}"
        if missing or not applied:
            state = "was applied in part" if applied else "was not applied"
            warn(f"edit {number} ({edit.action}) {state}: {outcome}.", TopicEditWarning)
        rows.append((number, edit.action, len(edit.papers), applied, outcome))
    if (edited.labels < 0).all():
        raise TopicsError("the edits set every paper aside, so no topic is left; take one of them back")
    labels, draws, names = renumbered(edited.labels, edited.draws, edited.names)
    return Grouping(labels, draws, names, edit_report(rows))


def named_papers(edits: Sequence[Edit]) -> set[str]:
    """Return the papers that edits name, by id or title."""
    return {paper for edit in edits for paper in (*edit.papers, *(edit.to if isinstance(edit, Move) else ()))}


class _EditedClustering:
    """Working copies of a clustering's labels, which edits change one after the other."""

    def __init__(self, clustering: Clustering, ids: pd.Index, titles: Sequence[str], names: Mapping[int, str]) -> None:
        self.labels, self.draws = clustering.labels.copy(), clustering.draws.copy()
        self.names = dict(names)
        self.together: Coassociation = clustering.coassociation
        self._finder = PaperFinder(ids, titles)

    def apply(self, edit: Edit) -> str:
        """Apply one edit and return what it did; raises _InapplicableError where it finds nothing to work on."""
        papers = self._rows(edit.papers)
        match edit:
            case Rename():
                return self._rename(papers, edit.label)
            case Merge():
                return self._merge(papers, edit.label)
            case Split():
                return self._split(papers, edit.label, edit.only_these)
            case Move():
                return self._move(papers, self._rows(edit.to))
            case SetAside():
                return self._set_aside(papers, edit.whole_topic)
            case Exclude():
                self.labels[papers] = -1
                self.draws[:, papers] = -1
                self._forget_empty()
                return f"excluded {counted(len(papers), 'paper')}"
            case Star():
                return f"{'took the star from' if edit.off else 'starred'} {counted(len(papers), 'paper')}"
            case Note():
                return f"{'noted something on' if edit.text else 'took the note from'} {counted(len(papers), 'paper')}"

    def unknown(self, papers: Sequence[str]) -> list[str]:
        """Return those of `papers` that are not in the corpus."""
        return [paper for paper in papers if self._finder.find(paper) is None]

    def _rows(self, papers: Sequence[str]) -> np.ndarray:
        rows = [row for row in map(self._finder.find, papers) if row is not None]
        if not rows:
            raise _InapplicableError("none of its papers is in the corpus")
        return np.unique(rows)

    def _forget_empty(self) -> None:
        """Give up the names of topics that have lost their last paper: another may be called so."""
        there = set(self.labels.tolist())
        self.names = {topic: name for topic, name in self.names.items() if topic in there}

    def _home(self, papers: np.ndarray) -> int:
        """Return the topic that holds more than half of the papers."""
        topics, counts = np.unique(self.labels[papers], return_counts=True)
        best = int(counts.argmax())
        if topics[best] < 0:
            raise _InapplicableError("most of its papers were set aside")
        if 2 * counts[best] <= len(papers):
            raise _InapplicableError(f"its papers are spread over {len(topics)} topics")
        return int(topics[best])

    def _name(self, topic: int, label: str | None) -> None:
        if label is None:
            return
        if any(name.casefold() == label.casefold() for other, name in self.names.items() if other != topic):
            raise _InapplicableError(f"another topic is called {label!r}")
        self.names[topic] = label

    def _rename(self, papers: np.ndarray, label: str) -> str:
        topic = self._home(papers)
        self._name(topic, label)
        return f"called a topic of {counted(int((self.labels == topic).sum()), 'paper')} {label!r}"

    def _merge(self, papers: np.ndarray, label: str | None) -> str:
        topics = np.unique(self.labels[papers])
        topics = topics[topics >= 0]
        if len(topics) < 2:
            raise _InapplicableError("its papers are in one topic already")
        kept = int(topics[0])
        given = {self.names[topic] for topic in topics.tolist() if topic in self.names}
        taken = {topic: name for topic, name in self.names.items() if topic not in topics}
        if label is not None and label.casefold() in {name.casefold() for name in taken.values()}:
            raise _InapplicableError(f"another topic is called {label!r}")
        self.names = taken
        # a name that a reader gave one of them stays with the whole
        self._name(kept, label or (given.pop() if len(given) == 1 else None))
        self.labels[np.isin(self.labels, topics)] = kept
        self.draws[np.isin(self.draws, topics)] = kept
        return f"made one topic of {len(topics)}"

    def _split(self, papers: np.ndarray, label: str | None, only_these: bool) -> str:
        topic = self._home(papers)
        members = np.flatnonzero(self.labels == topic)
        core = np.intersect1d(papers, members)
        if len(core) == len(members):
            raise _InapplicableError("it lists all papers of their topic")
        side = np.full(len(self.labels), -1)
        side[members], side[core] = 1, 0
        nearer = side == 0
        for _ in range(0 if only_these else _SPLIT_ROUNDS):
            closeness = self.together.closeness(side)
            nearer = closeness[:, 0] > closeness[:, 1]
            nearer[core] = True
            side[members] = np.where(nearer[members], 0, 1)
            if nearer[members].all():
                raise _InapplicableError(
                    "all its other papers are nearer to the listed papers than to the rest, so nothing is left of it"
                )
        new = int(max(self.labels.max(), self.draws.max())) + 1
        self._name(new, label)
        self.labels[side == 0] = new
        self.draws[(self.draws == topic) & nearer[None, :]] = new
        return f"took {counted(int((side == 0).sum()), 'paper')} out of {len(members)} as a topic"

    def _move(self, papers: np.ndarray, to: np.ndarray) -> str:
        topic = self._home(to)
        there = int((self.labels[papers] == topic).sum())
        self.labels[papers] = topic
        self.draws[:, papers] = topic
        return f"moved {counted(len(papers) - there, 'paper')}" + (f"; {there} stood there already" if there else "")

    def _set_aside(self, papers: np.ndarray, whole_topic: bool) -> str:
        if whole_topic:
            papers = np.flatnonzero(self.labels == self._home(papers))
        if (self.labels[papers] < 0).all():
            raise _InapplicableError("its papers were set aside already")
        self.labels[papers] = -1
        self.draws[:, papers] = -1
        self._forget_empty()
        return f"set {counted(len(papers), 'paper')} aside"
