"""Labels a person would put in a table: a distinct noun phrase from each topic's own papers."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.embedding.tokens import Pieces
from analysis.topics.describe.name_rules import keyword_factors, kind_factors, kinds_or_places, rule_factors
from analysis.topics.describe.phrases import Phrases, find_phrases, phrase_key

# of 95 labels graded by one who did not know their method half of those below were wrong, a tenth of the others
# (tests/topics/describe/labels_graded.csv)
SURE_LABEL = 0.3
_SMALL_WORDS = frozenset("a an and as at by for from in into of on or the to via with".split())
# a label is judged as a rule that finds its topic's papers; precision counts more than recall
_BETA_SQUARED = 0.4
# a phrase of two papers proves little: its precision starts as if it stood in this many papers at random
_PRIOR_PAPERS = 2.0
_WORD_BONUS = (0.0, 0.6, 1.0, 1.08, 1.08, 1.05)
_TITLE_BONUS = 0.5
# a word alone counts the more, the more of a topic's papers hold it, from one share to another, where so much of it is the
# topic's; it grows into the phrase that ends in it where that stands in this share of its papers
_COVERS, _OWN, _GROWS = (0.6, 0.85), 0.45, 0.35
# a phrase of which the topic has less than this share names another
_SHARED = 0.25
# a label stands in a third of its topic's papers; of a larger topic this many are enough
_MOST_EVIDENCE = 3
# labels are read from this many papers, or this share of each topic where there are more
_READ_ALL, _READ_AT_LEAST = 1_500, 20
_BETWEEN_UNSPACED = re.compile(
    r"(?<=[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]) (?=[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff])"
)
_WORD = r"[^\W_][\w'’+&-]*"
_ODD_CASE = re.compile(r"[A-Z].*[A-Z0-9]|[a-z].*[A-Z]|\d")


@dataclass(frozen=True)
class Label:
    """A label and how well it names its topic.

    ``papers`` counts those of the topic's papers that were read in which the phrase stands,
    ``elsewhere`` the others; both are 0 for a label that a reader gave. ``score`` is how well the phrase tells the topic's
    papers from the others, 0 upwards; NaN for a reader's.
    """

    text: str
    papers: int
    elsewhere: int
    score: float = float("nan")

    @property
    def is_sure(self) -> bool:
        """Whether it is likely to name what the papers share; a reader's always does."""
        return not self.score < SURE_LABEL


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

    @functools.cached_property
    def kinds(self) -> np.ndarray:
        """Which phrases are kinds of papers or places, bool (phrases,)."""
        return kinds_or_places(self.phrases)

    @functools.cached_property
    def rules(self) -> np.ndarray:
        """What rules for names make of each phrase, float (phrases,); see `rule_factors`."""
        return rule_factors(self.phrases)

    @classmethod
    def of(cls, titles: Sequence[str], abstracts: Sequence[str], rows: np.ndarray | None = None) -> "Wording":
        """Read papers, all of them or those at `rows`."""
        rows = np.arange(len(titles)) if rows is None else rows
        chosen, shown = ([texts[row] for row in rows.tolist()] for texts in (titles, abstracts))
        return cls(find_phrases(chosen, shown, min_papers=1 if len(rows) < 20 else 2), _casing(shown), rows)


def all_are_read(n_papers: int) -> bool:
    """Return whether labels are read from all of so many papers, whatever their topics."""
    return n_papers <= _READ_ALL


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
    if all_are_read(len(labels)):
        return np.arange(len(labels))
    share = _READ_ALL / len(labels)
    chosen = []
    for topic in np.unique(labels):
        members = np.flatnonzero(labels == topic)
        count = max(_READ_AT_LEAST, round(share * len(members)))
        chosen.append(members[np.argsort(-centrality[members], kind="stable")[:count]])
    return np.sort(np.concatenate(chosen))


def label_topics(
    wording: Wording, labels: np.ndarray, scores: np.ndarray, given: Mapping[int, str] | None = None
) -> list[Label]:
    """Name every topic 0..K-1.

    Topics choose in the order of their best scores; a label that repeats or contains another topic's is passed over.

    Parameters
    ----------
    wording : Wording
        Of n papers.
    labels : ndarray of int, shape (n,)
        Topic of each paper; -1 for none.
    scores : ndarray of float, shape (K, phrases)
        From `name_scores`.
    given : mapping of int to str, optional
        Labels that a reader chose; they stay as they are, and no other topic gets one like them.

    Returns
    -------
    list of Label, length K
        Title-cased, acronyms kept. A topic without any phrase of its own is named after its
        number.
    """
    chosen = choose_labels(wording, labels, scores, given)
    return [Label(f"Topic {topic}", 0, 0, 0.0) if label is None else label for topic, label in enumerate(chosen)]


def choose_labels(
    wording: Wording, labels: np.ndarray, scores: np.ndarray, given: Mapping[int, str] | None = None
) -> list[Label | None]:
    """Choose labels as `label_topics` does, None for a group without any phrase of its own."""
    phrases, count = wording.phrases, len(scores)
    labels = labels[wording.rows]
    given = given or {}
    chosen = {topic: Label(name, 0, 0) for topic, name in given.items()}
    taken = [phrase_key(name) for name in given.values()]
    order = sorted(set(range(count)) - set(given), key=lambda topic: (-scores[topic].max(initial=0.0), topic))
    for topic in order:
        position = _first_free(scores[topic], phrases, taken)
        if position is None:
            continue
        score = float(scores[topic, position])
        position = _grown(position, phrases, scores[topic], labels == topic, taken)
        taken.append(phrases.keys[position])
        inside = labels[phrases.papers[position]] == topic
        text = title_case(phrases.surfaces[position], wording.casing)
        chosen[topic] = Label(text, int(inside.sum()), int((~inside).sum()), score)
    return [chosen.get(topic) for topic in range(count)]


def name_scores(wording: Wording, labels: np.ndarray, keywords: Sequence[Sequence[str]]) -> np.ndarray:
    """Return how well each phrase names each topic, shape (K, phrases); 0 for one that does not.

    Each phrase is scored as a rule that tells the topic's papers from the others (an F score that weighs precision over recall,
    with a bonus where titles carry the phrase and a malus where it holds none of the topic's keywords).

    Parameters
    ----------
    wording : Wording
        Of n papers.
    labels : ndarray of int, shape (n,)
        Topic of each paper; -1 for none.
    keywords : K sequences of str
        Each topic's own words.
    """
    scores = phrase_scores(wording, labels[wording.rows], len(keywords))
    return np.asarray(scores * keyword_factors(wording.phrases, keywords) * wording.rules)


def phrase_scores(wording: Wording, labels: np.ndarray, count: int) -> np.ndarray:
    """Return how well each phrase tells each topic's papers from the others, shape (count, phrases)."""
    phrases = wording.phrases
    sizes = np.bincount(labels[labels >= 0], minlength=count)[:, None]
    inside, titled = (papers_by_topic(holding, labels, count) for holding in (phrases.papers, phrases.in_title))
    papers = np.array([len(holding) for holding in phrases.papers], dtype=float)[None, :]
    words = np.minimum([len(surface.split()) for surface in phrases.surfaces], len(_WORD_BONUS) - 1).astype(int)
    enough = inside >= np.minimum(np.ceil(sizes / 3), _MOST_EVIDENCE)
    precision = (inside + _PRIOR_PAPERS * sizes / max(len(labels), 1)) / (papers + _PRIOR_PAPERS)
    recall = inside / np.maximum(sizes, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        fit = (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)
    fit = np.where(enough & (inside > 0), np.nan_to_num(fit), 0.0)
    covering = (
        np.clip((recall - _COVERS[0]) / (_COVERS[1] - _COVERS[0]), 0, 1) * (precision >= _OWN) * (words == 1)[None, :]
    )
    bonus = np.array(_WORD_BONUS)[words][None, :] * (1 - covering) + covering
    bonus *= np.minimum(precision / _SHARED, 1)
    titles = 1 + _TITLE_BONUS * titled / np.maximum(sizes, 1)
    return np.asarray(fit * titles * bonus * kind_factors(wording.kinds, precision, recall))


def papers_by_topic(holding: Sequence[np.ndarray], labels: np.ndarray, count: int) -> np.ndarray:
    """Return how many papers of each topic hold each phrase, shape (count, phrases)."""
    columns = np.repeat(np.arange(len(holding)), [len(papers) for papers in holding])
    topics = labels[np.concatenate([*holding, np.zeros(0, dtype=np.int64)]).astype(np.int64)]
    cells = topics[topics >= 0] * len(holding) + columns[topics >= 0]
    return np.bincount(cells, minlength=count * len(holding)).reshape(count, len(holding)).astype(float)


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
    return joined_unspaced(" ".join(words))


def joined_unspaced(phrase: str) -> str:
    """Return a phrase without the spaces between words of scripts that write none."""
    return _BETWEEN_UNSPACED.sub("", phrase)


def _casing(texts: Sequence[str]) -> dict[str, str]:
    """Return the commonest wording of every word that running text writes with inner capitals."""
    words, word, _ = Pieces.of(texts).matches(_WORD)
    forms: dict[str, int] = {}
    for form, count in zip(words, np.bincount(word, minlength=len(words)).tolist(), strict=True):
        plain = form.rstrip("-")
        forms[plain] = forms.get(plain, 0) + count
    best: dict[str, str] = {}
    for form, count in forms.items():
        other = best.get(form.lower())
        if other is None or (-count, form) < (-forms[other], other):
            best[form.lower()] = form
    return best


def _grown(position: int, phrases: Phrases, scores: np.ndarray, members: np.ndarray, taken: list[str]) -> int:
    """Return the phrase that a word grows into: the commonest that ends in it, where much of the word's papers hold that."""
    word = phrases.keys[position]
    if " " in word:
        return position
    held = members[phrases.papers[position]]
    best, most = position, _GROWS * held.sum()
    for longer in phrases.with_word[word].tolist():
        key = phrases.keys[longer]
        if not key.endswith(f" {word}") or scores[longer] <= 0 or any(alike(key, other) for other in taken):
            continue
        inside = members[phrases.papers[longer]]
        if inside.sum() >= most and inside.mean() >= held.mean():
            best, most = longer, inside.sum() + 1
    return best


def _first_free(scores: np.ndarray, phrases: Phrases, taken: list[str]) -> int | None:
    candidates = np.flatnonzero(scores > 0)
    for position in candidates[np.argsort(-scores[candidates], kind="stable")]:
        key = phrases.keys[position]
        if not any(alike(key, other) for other in taken):
            return int(position)
    return None


def alike(one: str, other: str) -> bool:
    """Return whether two keys would read as the same label: equal words, or one within the other."""
    first, second = set(phrase_key(one).split()), set(phrase_key(other).split())
    return first <= second or second <= first
