"""Edits by a reader: topics renamed, merged, split, papers moved or set aside, after the fit and in order.

Edits name papers, never topic numbers, so that they hold when topics are fitted again. An edit
that no longer applies is reported and leaves everything as it was.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.errors import TopicEditWarning, TopicsError, warn
from analysis.io.display import counted
from analysis.topics.clustering.cluster import Clustering
from analysis.topics.clustering.coassociation import Coassociation
from analysis.topics.clustering.consensus import renumbered
from analysis.topics.edits import Edit, Exclude, Merge, Move, Note, Rename, SetAside, Split, Star
from analysis.topics.grouping import Grouping, edit_report
from analysis.topics.named import PaperFinder

_SPLIT_ROUNDS = 5


class _InapplicableError(Exception):
    """An edit finds nothing to work on; its text says why."""


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
