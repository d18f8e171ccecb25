"""How far the papers bear out an outline: support, margin, stability, and what a topic cannot be told from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import OutlineWarning, warn
from analysis.topics.outline.match import Matcher
from analysis.topics.outline.reading import Outline

# cosine of static vectors of a topic's phrases and its nearest papers, of 300: nine in ten topics that no paper spoke of were
# below the first and nearly all below the second, one in twenty of the others below the first (RESULTS.md, outlines)
_UNSUPPORTED, _WEAK = 0.26, 0.32
# of more papers the nearest are nearer, those of a topic that nobody speaks of too: by so much where they are e times as many
_BY_SIZE, _OF_PAPERS = 0.026, 300
# a topic whose papers believe in another one nearly as much cannot be told from it
APART = 0.4
# of fewer papers two that hold a phrase bear a topic out
_FEW, _MENTIONED = 100, 2
# the nearest papers: five of 300, growing with the root of the papers
_NEAREST, _NEAREST_BY_ROOT = 5, 3.5
COLUMNS = [
    "name",
    "heading",
    "topic",
    "size",
    "support",
    "told",
    "mentions",
    "examples",
    "margin",
    "stability",
    "neighbour",
]


@dataclass(frozen=True)
class OutlineFit:
    """What became of an outline.

    Attributes
    ----------
    of_outline : ndarray of int, shape (n,)
        Which of its topics each paper was given to; -1 for those beside it.
    table : DataFrame, a row a topic of the outline
        The columns of `TopicTables.outline` but for topic and size.
    """

    of_outline: np.ndarray
    table: pd.DataFrame

    def names(self, labels: np.ndarray) -> dict[int, str]:
        """Return the outline's names of the topics 0..K-1 that `labels`, before any edit, give the same papers."""
        return {
            int(labels[self.of_outline == number][0]): name
            for number, name in enumerate(self.table["name"])
            if (self.of_outline == number).any()
        }

    def in_topics(self, labels: np.ndarray, sizes: pd.Series) -> pd.DataFrame:
        """Return the table with the topic, 0..K-1, that holds most of each one's papers, and its size.

        Parameters
        ----------
        labels : ndarray of int, shape (n,)
            Topics of the same papers, after a reader's edits; -1 for none.
        sizes : Series, index topic
        """
        homes: list[int | None] = []
        for number in range(len(self.table)):
            topics, counts = np.unique(labels[self.of_outline == number], return_counts=True)
            best = int(counts.argmax()) if len(counts) else 0
            held = len(counts) and topics[best] >= 0 and 2 * counts[best] > counts.sum()
            homes.append(int(topics[best]) if held else None)
        table = self.table.assign(topic=pd.array(homes, dtype="Int64"))
        return table.assign(size=table["topic"].map(sizes).fillna(0).astype("int64"))[COLUMNS]


def no_outline() -> pd.DataFrame:
    """Return the table of topics that nobody named."""
    frame = pd.DataFrame({name: [] for name in COLUMNS})
    words = dict.fromkeys(("name", "heading", "told", "neighbour"), "str")
    numbers = {"topic": "Int64", "size": "int64", "mentions": "int64", "examples": "int64"}
    return frame.astype({**dict.fromkeys(COLUMNS, "float64"), **words, **numbers})


def report_of(
    outline: Outline,
    labels: np.ndarray,
    beliefs: np.ndarray,
    stability: np.ndarray,
    matcher: Matcher,
    examples: Sequence[np.ndarray],
) -> pd.DataFrame:
    """Return what tells how far papers bear out each topic of an outline.

    Parameters
    ----------
    outline : Outline
        Of N topics.
    labels : ndarray of int, shape (n,)
        Topic of each paper: below N the outline's, past it those beside it.
    beliefs : ndarray of float64, shape (n, K)
    stability : ndarray of float64, shape (K,)
    matcher : Matcher
    examples : N arrays of int
    """
    seeds = [topic.seeds for topic in outline.topics]
    nearest = max(_NEAREST, round(len(labels) ** 0.5 / _NEAREST_BY_ROOT))
    nearness = np.sort(matcher.nearness(seeds), axis=0)[-nearest:].mean(axis=0)
    mentions = matcher.mentions(seeds)
    names = [topic.name for topic in outline.topics]
    rows = []
    for number, topic in enumerate(outline.topics):
        own = beliefs[labels == number]
        mean = own.mean(axis=0) if len(own) else np.zeros(beliefs.shape[1])
        others = np.delete(mean, number)
        # topics beside the outline have no names yet
        rival = int(np.argsort(-np.where(np.arange(len(mean)) == number, -1, mean), kind="stable")[0])
        support = float("nan") if not topic.seeds else float(nearness[number])
        rows.append(
            {
                "name": topic.name,
                "heading": topic.above[0] if topic.above else "",
                "support": support,
                "told": told_of(support, len(labels), len(examples[number]), int(mentions[number])),
                "mentions": int(mentions[number]),
                "examples": len(examples[number]),
                "margin": float((own.max(axis=1) - np.sort(own, axis=1)[:, -2]).mean())
                if len(own) and len(others)
                else float("nan"),
                "stability": float(stability[number]) if len(own) else float("nan"),
                "neighbour": names[rival] if rival < len(names) and rival != number and len(own) else "",
            }
        )
    return pd.DataFrame(rows)


def tell_unsupported(table: pd.DataFrame) -> None:
    """Warn of topics that hardly any paper speaks of, and of those that no paper was given to."""
    empty = table.loc[table["margin"].isna() & table["stability"].isna(), "name"].tolist()
    if empty:
        warn(
            f"no paper goes to {', '.join(map(repr, empty))} of the outline: others are nearer to each.", OutlineWarning
        )
    names = table.loc[(table["told"] == "unsupported") & ~table["name"].isin(empty), "name"].tolist()
    if names:
        warn(
            f"hardly any paper speaks of {', '.join(map(repr, names))}: what these topics of the outline hold is the nearest "
            "there is. `Topics.outline` tells more.",
            OutlineWarning,
        )


def told_of(support: float, n_papers: int, n_examples: int = 0, mentions: int = 0) -> str:
    """Return what a topic's support among so many papers says of it.

    Examples
    --------
    >>> told_of(0.3, 300), told_of(0.3, 15_000), told_of(0.1, 300, n_examples=2)
    ('weak', 'unsupported', 'supported')
    """
    # papers that a reader names bear a topic out, whatever its phrases do
    if n_examples:
        return "supported"
    # vectors of few papers, centred, tell little: there words decide
    if n_papers < _FEW and mentions >= _MENTIONED:
        return "supported"
    above = support - _BY_SIZE * max(float(np.log(n_papers / _OF_PAPERS)), 0.0)
    return "supported" if above >= _WEAK else "weak" if above >= _UNSUPPORTED else "unsupported"
