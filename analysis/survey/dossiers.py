"""Reading notes: a file a topic with its papers in reading order, for the author's eyes and not for the section."""

import re
from collections.abc import Sequence

import pandas as pd

from analysis.corpus.paper import Corpus
from analysis.escaping import markdown_text, one_line, url_text
from analysis.survey.references import citation_keys
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
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(])")


def claim_of(abstract: str) -> str:
    """Return the sentence of an abstract that says what its authors claim; its last where none announces it.

    Examples
    --------
    >>> claim_of("Bees matter. We propose hives. Experiments show that hives work. Code is here.")
    'Experiments show that hives work.'
    """
    sentences = [part.strip() for part in _SENTENCE.split(one_line(abstract)) if part.strip()]
    for pattern in _CLAIMS:
        found = [sentence for sentence in sentences if re.search(pattern, sentence, re.IGNORECASE)]
        if found:
            return found[0]
    return sentences[-1] if sentences else ""


def dossiers(corpus: Corpus, topics: Topics, trends: Trends, cited: pd.DataFrame) -> dict[str, str]:
    """Return the notes of every topic.

    Parameters
    ----------
    corpus, topics, trends
    cited : DataFrame
        The papers that have a citation key.

    Returns
    -------
    dict of path to text
        ``dossiers/<number>-<label>.md``.
    """
    keys = citation_keys(cited)
    table = topics.table[topics.table.index >= 0]
    return {
        f"{FOLDER}/{topic:02d}-{_slug(str(row['label']))}.md": _dossier(corpus, topics, trends, int(topic), keys)
        for topic, row in table.iterrows()
    }


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:50] or "topic"


def _dossier(corpus: Corpus, topics: Topics, trends: Trends, topic: int, keys: dict[object, str]) -> str:
    row = topics.table.loc[topic]
    order = _reading_order(topics, topic, row["representative_papers"])
    papers = corpus.rows(pd.Index(order[:_MOST_PAPERS], dtype=topics.assignments.index.dtype))
    sources = corpus.strata
    note = trends.tests["note"].get(topic, "")
    lines = [
        f"# {markdown_text(row['label'])}",
        f"{len(order)} papers. Keywords: {markdown_text(', '.join(row['keywords']))}. {markdown_text(note)}".strip(),
        f"{MARK} sentences between quotation marks are the papers' own and do not belong into a text as they are. First the "
        "papers that represent the topic, then the surest. Every run writes this file anew.",
    ]
    for number, (paper, facts) in enumerate(papers.iterrows(), start=1):
        membership = topics.assignments.loc[paper, "membership"]
        told = [
            "undated" if pd.isna(facts["date"]) else f"{facts['date']:%Y-%m-%d}"[: _DIGITS[facts["date_precision"]]],
            f"listed by {sources[paper]}",
            *([] if pd.isna(membership) else [f"membership {membership:.2f}"]),
            *([f"@{keys[paper]}"] if paper in keys else []),
        ]
        keywords = facts["keywords"] if isinstance(facts["keywords"], list) else []
        claim = claim_of(facts["abstract"] if isinstance(facts["abstract"], str) else "")
        title = markdown_text(one_line(facts["title"]))
        address = _address(facts)
        lines += [
            f"## {number}. " + (f"[{title}]({address})" if address else title),
            markdown_text(", ".join(told))
            + ("" if not keywords else f". Keywords: {markdown_text(', '.join(keywords))}"),
            *([f"> “{markdown_text(claim)}”"] if claim else []),
        ]
    if len(order) > _MOST_PAPERS:
        lines.append(f"{len(order) - _MOST_PAPERS} more papers stand in the explorer.")
    return "\n\n".join(lines) + "\n"


_DIGITS = {"day": 10, "month": 7, "year": 4, "none": 0}


def _reading_order(topics: Topics, topic: int, representatives: Sequence[object]) -> list[object]:
    own = topics.assignments[topics.assignments["topic"] == topic].sort_values(
        "membership", ascending=False, kind="stable"
    )
    return list(dict.fromkeys([*representatives, *own.index]))


def _address(facts: pd.Series) -> str:
    """Return where a paper is found: arXiv, DOI, or its page; "" where nothing is known."""
    if pd.notna(facts["arxiv_id"]):
        return url_text(f"https://arxiv.org/abs/{facts['arxiv_id']}")
    if pd.notna(facts["doi"]):
        return url_text(f"https://doi.org/{facts['doi']}")
    return url_text(str(facts["url"])) if pd.notna(facts["url"]) else ""
