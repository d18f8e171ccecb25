"""Labels a person would put in a table: a distinct noun phrase from each topic's own papers."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.topics.describe.phrases import Phrases, find_phrases, phrase_key

_SMALL_WORDS = frozenset("a an and as at by for from in into of on or the to via with".split())
# a label is judged as a rule that finds its topic's papers; precision counts more than recall
_BETA_SQUARED = 0.4
# a phrase of two papers proves little: its precision starts as if it stood in this many papers at random
_PRIOR_PAPERS = 2.0
_WORD_BONUS = (0.0, 0.6, 1.0, 1.08, 1.08, 1.05)
_TITLE_BONUS = 0.5
_NO_KEYWORD = 0.3
# a label stands in a quarter of its topic's papers; of a large topic this many are enough
_MOST_EVIDENCE = 3
# labels are read from this many papers, or this share of each topic where there are more
_READ_ALL, _READ_AT_LEAST = 1_500, 20
_ODD_CASE = re.compile(r"[A-Z].*[A-Z0-9]|[a-z].*[A-Z]|\d")


@dataclass(frozen=True)
class Label:
    """A label and how well it names its topic.

    ``papers`` counts those of the topic's papers that were read in which the phrase stands,
    ``elsewhere`` the others; both are 0 for a label that a reader gave.
    """

    text: str
    papers: int
    elsewhere: int


@dataclass(frozen=True)
class Wording:
    """What labels are made from: the phrases of some papers and how running text writes their words.

    Attributes
    ----------
    phrases : Phrases
        Their positions count within `rows`.
    casing : dict of str to str
    rows : ndarray of int
        Positions of the papers that were read.
    """

    phrases: Phrases
    casing: dict[str, str]
    rows: np.ndarray

    @classmethod
    def of(cls, titles: Sequence[str], abstracts: Sequence[str], rows: np.ndarray | None = None) -> "Wording":
        """Read papers, all of them or those at `rows`."""
        rows = np.arange(len(titles)) if rows is None else rows
        chosen, shown = ([texts[row] for row in rows.tolist()] for texts in (titles, abstracts))
        return cls(find_phrases(chosen, shown, min_papers=1 if len(rows) < 20 else 2), _casing(shown), rows)


def papers_to_read(labels: np.ndarray, centrality: np.ndarray) -> np.ndarray:
    """Return which papers labels are read from: all of 1,500, else the most central of each topic.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    centrality : ndarray of float, shape (n,)
        How much each paper belongs to its topic.

    Returns
    -------
    ndarray of int
        Sorted positions.
    """
    if len(labels) <= _READ_ALL:
        return np.arange(len(labels))
    share = _READ_ALL / len(labels)
    chosen = []
    for topic in np.unique(labels):
        members = np.flatnonzero(labels == topic)
        count = max(_READ_AT_LEAST, round(share * len(members)))
        chosen.append(members[np.argsort(-centrality[members], kind="stable")[:count]])
    return np.sort(np.concatenate(chosen))


def label_topics(
    wording: Wording, labels: np.ndarray, keywords: Sequence[Sequence[str]], given: Mapping[int, str] | None = None
) -> list[Label]:
    """Name every topic 0..K-1.

    Each candidate phrase is scored as a rule that tells the topic's papers from the others (an
    F score that weighs precision over recall, with a bonus where titles carry the phrase and a
    malus where it holds none of the topic's keywords). Topics choose in the order of their best
    scores; a label that repeats or contains another topic's is passed over.

    Parameters
    ----------
    wording : Wording
        Of n papers.
    labels : ndarray of int, shape (n,)
        Topic of each paper; -1 for none.
    keywords : K sequences of str
        Each topic's own words.
    given : mapping of int to str, optional
        Labels that a reader chose; they stay as they are, and no other topic gets one like them.

    Returns
    -------
    list of Label, length K
        Title-cased, acronyms kept. A topic without any phrase of its own is named after its
        number.
    """
    chosen = choose_labels(wording, labels, keywords, given)
    return [Label(f"Topic {topic}", 0, 0) if label is None else label for topic, label in enumerate(chosen)]


def choose_labels(
    wording: Wording,
    labels: np.ndarray,
    keywords: Sequence[Sequence[str]],
    given: Mapping[int, str] | None = None,
    allowed: np.ndarray | None = None,
) -> list[Label | None]:
    """Choose labels as `label_topics` does, None for a group without any phrase of its own.

    Parameters
    ----------
    wording, labels, keywords, given
        As in `label_topics`.
    allowed : ndarray of bool, shape (K, phrases), optional
        Which phrases may name which group.
    """
    count, phrases = len(keywords), wording.phrases
    labels = labels[wording.rows]
    scores = phrase_scores(phrases, labels, count) * _keyword_factor(phrases, keywords)
    if allowed is not None:
        scores = np.where(allowed, scores, 0.0)
    given = given or {}
    chosen = {topic: Label(name, 0, 0) for topic, name in given.items()}
    taken = [phrase_key(name) for name in given.values()]
    order = sorted(set(range(count)) - set(given), key=lambda topic: (-scores[topic].max(initial=0.0), topic))
    for topic in order:
        position = _first_free(scores[topic], phrases, taken)
        if position is None:
            continue
        taken.append(phrases.keys[position])
        inside = labels[phrases.papers[position]] == topic
        text = title_case(phrases.surfaces[position], wording.casing)
        chosen[topic] = Label(text, int(inside.sum()), int((~inside).sum()))
    return [chosen.get(topic) for topic in range(count)]


def phrase_scores(phrases: Phrases, labels: np.ndarray, count: int) -> np.ndarray:
    """Return how well each phrase tells each topic's papers from the others, shape (count, phrases)."""
    sizes = np.bincount(labels[labels >= 0], minlength=count)[:, None]
    inside, titled = (papers_by_topic(holding, labels, count) for holding in (phrases.papers, phrases.in_title))
    papers = np.array([len(holding) for holding in phrases.papers], dtype=float)[None, :]
    words = np.minimum([len(surface.split()) for surface in phrases.surfaces], len(_WORD_BONUS) - 1).astype(int)
    enough = inside >= np.minimum(np.ceil(sizes / 4), _MOST_EVIDENCE)
    precision = (inside + _PRIOR_PAPERS * sizes / max(len(labels), 1)) / (papers + _PRIOR_PAPERS)
    recall = inside / np.maximum(sizes, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        fit = (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)
    fit = np.where(enough & (inside > 0), np.nan_to_num(fit), 0.0)
    return np.asarray(fit * (1 + _TITLE_BONUS * titled / np.maximum(sizes, 1)) * np.array(_WORD_BONUS)[words])


def papers_by_topic(holding: Sequence[np.ndarray], labels: np.ndarray, count: int) -> np.ndarray:
    """Return how many papers of each topic hold each phrase, shape (count, phrases)."""
    lengths = [len(papers) for papers in holding]
    topics = labels[np.concatenate([*holding, np.zeros(0, dtype=np.int64)]).astype(np.int64)]
    columns = np.repeat(np.arange(len(holding)), lengths)
    table = np.zeros((count, len(holding)))
    np.add.at(table, (topics[topics >= 0], columns[topics >= 0]), 1)
    return table


def _keyword_factor(phrases: Phrases, keywords: Sequence[Sequence[str]]) -> np.ndarray:
    """Return 1 where a phrase holds all words of one of a topic's keywords, else the malus, shape (K, phrases)."""
    words = [frozenset(key.split()) for key in phrases.keys]
    factors = np.full((len(keywords), len(words)), _NO_KEYWORD)
    for topic, topic_keywords in enumerate(keywords):
        wanted = [frozenset(phrase_key(keyword).split()) for keyword in topic_keywords]
        factors[topic, [any(keyword <= phrase for keyword in wanted) for phrase in words]] = 1.0
    return factors


def title_case(phrase: str, casing: dict[str, str]) -> str:
    """Return `phrase` in title case; words that texts write with capitals inside keep them."""
    words = []
    for position, word in enumerate(phrase.split()):
        common = casing.get(word.lower(), word)
        if _ODD_CASE.search(common):
            words.append(common)
        elif position and word.lower() in _SMALL_WORDS:
            words.append(word.lower())
        else:
            words.append("-".join(part[:1].upper() + part[1:] for part in common.split("-")))
    return " ".join(words)


def _casing(texts: Sequence[str]) -> dict[str, str]:
    """Return the commonest wording of every word that running text writes with inner capitals."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for word in re.findall(r"[^\W_][\w'’+&-]*", text):
            counts.setdefault(word.lower(), Counter())[word.rstrip("-")] += 1
    return {word: min(forms, key=lambda form: (-forms[form], form)) for word, forms in counts.items()}


def _first_free(scores: np.ndarray, phrases: Phrases, taken: list[str]) -> int | None:
    candidates = np.flatnonzero(scores > 0)
    for position in candidates[np.argsort(-scores[candidates], kind="stable")]:
        key = phrases.keys[position]
        if not any(_alike(key, other) for other in taken):
            return int(position)
    return None


def _alike(one: str, other: str) -> bool:
    """Return whether two keys would read as the same label: equal words, or one within the other."""
    first, second = set(phrase_key(one).split()), set(phrase_key(other).split())
    return first <= second or second <= first
