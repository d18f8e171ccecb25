"""Reading notes: a file a topic with its papers in reading order, for the author's eyes and not for the section."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.escaping import markdown_text, one_line
from analysis.survey.draft_check import Draft
from analysis.survey.references import citation_keys, paper_address
from analysis.survey.sentences import sentences_of
from analysis.topics.result import Topics
from analysis.trends.result import Trends

FOLDER = "dossiers"
# by which a file of notes is known as one
MARK = "Reading notes for the author:"
# papers that a topic's notes list: those that represent it, then the surest
_MOST_PAPERS = 60
# words by which authors announce what they claim, the plainest first
_AUTHORS = r"\b(?:we|this (?:paper|work|study|article)) (?:\w+ )?"
_CLAIMS = (
    _AUTHORS + r"(?:shows?|finds?|demonstrates?|reports?|proves?)\b",
    r"\b(?:results|experiments|findings|evaluations?) (?:\w+ ){0,4}(?:shows?|demonstrate|indicate|suggest|reveal)",
    r"\b(?:outperforms?|achieves?|surpass(?:es)?|improves?|significantly|w(?:as|ere) associated|conclusions?)\b",
    _AUTHORS + r"(?:proposes?|introduces?|presents?|describes?)\b",
)


def claim_of(abstract: str) -> str:
    """Return the sentence of an abstract that says what its authors claim; its last where none announces it.

    Examples
    --------
    >>> claim_of("Bees matter. We propose hives. Experiments show that hives work. Code is here.")
    'Experiments show that hives work.'
    """
    sentences = sentences_of(abstract)
    for pattern in _CLAIMS:
        found = [sentence for sentence in sentences if re.search(pattern, sentence, re.IGNORECASE)]
        if found:
            return found[0]
    return sentences[-1] if sentences else ""


def dossiers(
    corpus: Corpus,
    topics: Topics,
    trends: Trends,
    cited: pd.DataFrame,
    drafts: Mapping[int, Draft] | None = None,
) -> dict[str, str]:
    """Return the notes of every topic.

    Parameters
    ----------
    corpus, topics, trends
    cited : DataFrame
        The papers that have a citation key.
    drafts : mapping of topic to Draft, optional
        Checked drafts, which stand before the papers.

    Returns
    -------
    dict of path to text
        ``dossiers/<number>-<label>.md``.
    """
    keys = citation_keys(cited)
    table = topics.table[topics.table.index >= 0]
    written = drafts or {}
    listed = {int(topic): pd.Index(listed_papers(topics, int(topic)), dtype=corpus.ids.dtype) for topic in table.index}
    # every partition of a large corpus is read once, not once a topic
    every = (
        pd.Index(np.unique(np.concatenate([ids.to_numpy() for ids in listed.values()]))) if listed else corpus.ids[:0]
    )
    papers = corpus.rows(every.astype(corpus.ids.dtype))
    papers = papers.assign(source=corpus.strata.loc[papers.index])
    return {
        f"{FOLDER}/{topic:02d}-{_slug(str(table.loc[topic, 'label']))}.md": _dossier(
            papers.loc[ids], topics, trends, topic, keys, written.get(topic)
        )
        for topic, ids in listed.items()
    }


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:50] or "topic"


def _dossier(
    papers: pd.DataFrame, topics: Topics, trends: Trends, topic: int, keys: dict[object, str], draft: Draft | None
) -> str:
    row = topics.table.loc[topic]
    size = int((topics.assignments["topic"] == topic).sum())
    note = trends.tests["note"].get(topic, "")
    about = topics.key_phrases.loc[topics.key_phrases["topic"] == topic, "phrase"].tolist()
    told_about = f"About {markdown_text(', '.join(about))}. " if about else ""
    lines = [
        f"# {markdown_text(row['label'])}",
        f"{size} papers. {told_about}Keywords: {markdown_text(', '.join(row['keywords']))}. {markdown_text(note)}".strip(),
        f"{MARK} sentences between quotation marks are the papers' own and do not belong into a text as they are. First the "
        "papers that represent the topic, then the surest. Every run writes this file anew.",
        *([] if draft is None else ["## A draft by a chat model", _DRAFT_NOTE, *draft.lines(), "## Papers"]),
    ]
    for number, (paper, facts) in enumerate(papers.iterrows(), start=1):
        membership = topics.assignments.loc[paper, "membership"]
        told = [
            "undated" if pd.isna(facts["date"]) else f"{facts['date']:%Y-%m-%d}"[: _DIGITS[facts["date_precision"]]],
            f"listed by {facts['source']}",
            *([] if pd.isna(membership) else [f"membership {membership:.2f}"]),
            *([f"@{keys[paper]}"] if paper in keys else []),
        ]
        keywords = facts["keywords"] if isinstance(facts["keywords"], list) else []
        claim = claim_of(facts["abstract"] if isinstance(facts["abstract"], str) else "")
        title = markdown_text(one_line(facts["title"]))
        address = paper_address(facts)
        lines += [
            f"## {number}. " + (f"[{title}]({address})" if address else title),
            markdown_text(", ".join(told))
            + ("" if not keywords else f". Keywords: {markdown_text(', '.join(keywords))}"),
            *([f"> “{markdown_text(claim)}”"] if claim else []),
        ]
    if size > len(papers):
        lines.append(f"{size - len(papers)} more papers stand in the explorer.")
    return "\n\n".join(lines) + "\n"


_DRAFT_NOTE = (
    "Each sentence cites papers of this topic and uses no number but the tables'; whether it says what the papers say is for you "
    "to check."
)
_DIGITS = {"day": 10, "month": 7, "year": 4, "none": 0}


def listed_papers(topics: Topics, topic: int) -> list[object]:
    """Return the papers that a topic's notes list, in reading order: those that represent it, then the surest."""
    own = topics.assignments[topics.assignments["topic"] == topic].sort_values(
        "membership", ascending=False, kind="stable"
    )
    order = dict.fromkeys([*topics.table.loc[topic, "representative_papers"], *own.index])
    return list(order)[:_MOST_PAPERS]
