"""The public comparison of groups of papers."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.errors import ArtefactError, TrendsError
from analysis.io.display import counted, html_card
from analysis.io.latex_table import latex_table
from analysis.io.results import read_result, write_result
from analysis.io.threads import one_thread
from analysis.topics.result import Topics
from analysis.topics.tables import TopicTables
from analysis.trends.family import TestSettings
from analysis.trends.groups.compare import compare
from analysis.trends.groups.frame import Frame, frame_of
from analysis.trends.groups.reading import (
    FEWEST,
    MOST,
    Counting,
    PaperGroups,
    gathered_groups,
    name_of_groups,
    read_groups,
)
from analysis.trends.tests import judged_by
from analysis.validation import expect, expect_count, expect_path

_KIND = "groups"


@dataclass(frozen=True, eq=False, repr=False)
class GroupComparison:
    """How topics' shares and slopes differ between groups of papers.

    Attributes
    ----------
    table : DataFrame
        One row per group and topic: by, group, gathered (bool: small groups together), topic, label, n (papers, as counted),
        n_group, share (n / n_group), low, high (95 %, Jeffreys), share_others (of papers beside the group), difference (of
        shares within the same sources and years, -1 to 1), difference_low, difference_high (95 %, redrawn clusterings
        included), p (from exchanging papers' topics within source and year), q (adaptive Benjamini-Hochberg over the table),
        robustness (0-1: redrawn clusterings that agree), verdict (more | less | alike | inconclusive), slope_ratio (the group's
        odds ratio per year over that of the others), slope_low, slope_high, slope_p, slope_q (a family of its own),
        slope_verdict (faster | slower | alike | inconclusive), note (why a share cannot be compared, or empty).
    groups : DataFrame, index group
        n (papers, as counted), papers, first_year, last_year (Int64).
    facts : DataFrame
        name, value (str): by, counting, papers, unknown (papers of no known group), gathered (small groups in the last one),
        frame.
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    facts: pd.DataFrame

    @property
    def fact(self) -> dict[str, str]:
        """The facts as a mapping from name to text."""
        return dict(zip(self.facts["name"], self.facts["value"], strict=True))

    def to_latex(self) -> str:
        """Return shares, differences and verdicts as a booktabs table."""
        shown = [
            "group",
            "label",
            "n",
            "n_group",
            "share",
            "low",
            "high",
            "difference",
            "q",
            "verdict",
            "slope_verdict",
        ]
        return latex_table(self.table[shown])

    def save(self, folder: str | Path) -> None:
        """Save the tables in a folder; `at.load_groups` reads it.

        Raises
        ------
        ArtefactError
            The folder cannot be written, or holds a result of another kind.
        """
        tables = {item.name: getattr(self, item.name) for item in fields(self)}
        write_result(expect_path(folder, "folder", ArtefactError), _KIND, tables)

    def __repr__(self) -> str:
        told = self.table["verdict"].isin(["more", "less"]).sum()
        groups = counted(len(self.groups), "group")
        return f"GroupComparison({groups} by {self.fact['by']} over {self.fact['papers']} papers: {told} shares differ)"

    def _repr_html_(self) -> str:
        shown = [
            "group",
            "label",
            "n",
            "share",
            "difference",
            "q",
            "verdict",
            "slope_ratio",
            "slope_q",
            "slope_verdict",
        ]
        return html_card(f"Topics by {self.fact['by']}", self.groups, self.table[shown])


def load_groups(folder: str | Path) -> GroupComparison:
    """Load a comparison that `GroupComparison.save` wrote.

    Raises
    ------
    ArtefactError
        The folder holds no comparison, was saved in another format, or is damaged.
    """
    names = [item.name for item in fields(GroupComparison)]
    return GroupComparison(**read_result(expect_path(folder, "folder", ArtefactError), _KIND, names))


def compare_groups(
    corpus: Corpus | Mapping[str, Corpus],
    topics: Topics,
    by: Any = None,
    *,
    counting: Counting = "full",
    fewest: int = FEWEST,
    most: int = MOST,
    alpha: float = 0.1,
    seed: int = 0,
    settings: TestSettings | None = None,
) -> GroupComparison:
    """Compare topics between groups of papers: countries, venues, sources, or whatever tells papers apart.

    A group is compared with all other papers of which a group is known, within the same source, language and year, so that
    neither another query nor another window passes for another interest. A paper of several groups is in each of them.

    Parameters
    ----------
    corpus : Corpus, or dict of name to Corpus
        Several corpora are placed in the topics and compared with each other; their papers are in no group else.
    topics : Topics
    by : str, Series or array
        "source", "country", "venue", "type", "language" or another column of `Corpus.papers`; or one value a paper.
    counting : {"full", "fraction"}
        Whether a paper of several groups, such as two countries, counts wholly for each, or in equal parts.
    fewest : int
        Groups of fewer papers are gathered in one.
    most : int
        So are those past the largest.
    alpha : float
        False-discovery rate over all groups and topics.
    seed : int
    settings : TestSettings, optional
        Everything else; its alpha and seed are overruled by the arguments.

    Returns
    -------
    GroupComparison

    Raises
    ------
    TrendsError
        Nothing tells groups, or no group is large enough.

    Examples
    --------
    >>> import analysis as at, pandas as pd
    >>> rows = [{"title": f"On bees {i}", "abstract": "A hive.", "date": 2015 + i % 5, "kind": "bees"} for i in range(30)]
    >>> rows += [{"title": f"On ice {i}", "abstract": "Floes.", "date": 2015 + i % 5, "kind": "ice"} for i in range(30)]
    >>> frame = pd.DataFrame(rows).assign(venue=["Hives"] * 25 + ["Poles"] * 35)
    >>> corpus = at.Corpus.from_frame(frame)
    >>> found = at.compare_groups(corpus, at.Topics.from_labels(corpus, frame["kind"]), by="venue")
    >>> found.table.set_index(["group", "label"])["verdict"].to_dict()[("Hives", "bees")]
    'more'
    """
    expect(topics, TopicTables, "topics", "at.fit_topics or at.Topics.from_labels makes them", TrendsError)
    if counting not in ("full", "fraction"):
        raise TrendsError(f"counting must be 'full' or 'fraction', not {counting!r}")
    judged = judged_by(settings, alpha, seed)
    # in the order of ids: what chance decides does not hang on the order of the papers
    topics = replace(topics, assignments=topics.assignments.sort_index(), draws=topics.draws.sort_index())
    fewest, most = (expect_count(value, name, TrendsError) for name, value in (("fewest", fewest), ("most", most)))
    with one_thread():
        if isinstance(corpus, Mapping):
            frame, groups, name = _of_corpora(corpus, topics, by)
        else:
            expect(corpus, Corpus, "corpus", "at.load_corpus or at.Corpus.from_frame makes one", TrendsError)
            topics.check_papers(corpus, TrendsError)
            if by is None:
                raise TrendsError("say by what papers are grouped, such as by='country', 'venue' or 'source'")
            name = name_of_groups(by)
            groups = read_groups(corpus, topics.assignments.index, by, counting, fewest, most)
            _check_groups(groups, name, fewest)
            frame = frame_of(corpus, topics, name)
        table = compare(name, groups, frame, judged)
    table.insert(4, "label", table["topic"].map(topics.table["label"]).astype("str"))
    return GroupComparison(table, _group_table(groups, frame), _facts(name, counting, groups))


def _check_groups(groups: PaperGroups, name: str, fewest: int) -> None:
    if not groups.known.any():
        raise TrendsError(f"no paper with a topic has a known {name}, so nothing tells groups apart")
    if groups.gathered and len(groups.names) == 1:
        raise TrendsError(
            f"no {name} has {counted(fewest, 'paper')}: {groups.gathered:,} values stand for {groups.known.sum():,} papers; "
            "give larger groups, such as ranges of values, or a smaller number as fewest"
        )


def _of_corpora(corpora: Mapping[str, Corpus], topics: Topics, by: Any) -> tuple[Frame, PaperGroups, str]:
    """Place several corpora in the topics and put them side by side; their frame is the year alone."""
    if by is not None:
        raise TrendsError("several corpora are compared with each other; leave out by")
    if len(corpora) < 2:
        raise TrendsError("give two corpora or more, such as {'before': one, 'after': other}")
    frames = []
    for name, corpus in corpora.items():
        expect(corpus, Corpus, f"corpus {name!r}", "at.load_corpus or at.Corpus.from_frame makes one", TrendsError)
        same = corpus.ids[corpus.in_topics.to_numpy()]
        own = topics if set(same) == set(topics.assignments.index) else topics.place(corpus)
        own = replace(own, assignments=own.assignments.sort_index(), draws=own.draws.sort_index())
        frames.append(frame_of(corpus, own, "source"))
    shared = [
        set(one.ids) & set(other.ids) for one, other in zip(corpora.values(), list(corpora.values())[1:], strict=False)
    ]
    if any(shared):
        raise TrendsError("the corpora share papers by id; compare disjoint ones, or give ids that tell them apart")
    count = min(len(frame.draws) for frame in frames)
    whole = Frame(
        np.concatenate([frame.time for frame in frames]),
        np.zeros(sum(len(frame.time) for frame in frames), dtype=int),
        np.concatenate([frame.labels for frame in frames]),
        np.concatenate([frame.draws[:count] for frame in frames], axis=1),
        frames[0].topics,
    )
    values = [[str(name)] for name, frame in zip(corpora, frames, strict=True) for _ in frame.time]
    return whole, gathered_groups(values, "full", 1, len(corpora), "corpus"), "corpus"


def _group_table(groups: PaperGroups, frame: Frame) -> pd.DataFrame:
    years = np.floor(frame.time)
    rows = []
    for own, weight in zip(groups.inside.T, groups.weights.T, strict=True):
        dated = years[own & np.isfinite(years)]
        first, last = (int(dated.min()), int(dated.max())) if len(dated) else (pd.NA, pd.NA)
        rows.append({"n": float(weight.sum()), "papers": int(own.sum()), "first_year": first, "last_year": last})
    table = pd.DataFrame(rows, index=pd.Index(groups.names, name="group", dtype="str"))
    return table.astype({"n": "float64", "papers": "int64", "first_year": "Int64", "last_year": "Int64"})


def _facts(name: str, counting: str, groups: PaperGroups) -> pd.DataFrame:
    frames = {"source": "language and year", "corpus": "year"}
    facts = {
        "by": name,
        "counting": counting,
        "papers": str(int(groups.known.sum())),
        "unknown": str(int((~groups.known).sum())),
        "gathered": str(groups.gathered),
        "frame": frames.get(name, "source, language and year"),
    }
    return pd.DataFrame({"name": list(facts), "value": list(facts.values())}, dtype="str")
