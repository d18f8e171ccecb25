"""Labels a person would put in a table: a distinct noun phrase from each topic's own papers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.topics.phrases import Phrases, find_phrases, phrase_key

_SMALL_WORDS = frozenset("a an and as at by for from in into of on or the to via with".split())
# a label is judged as a rule that finds its topic's papers; precision counts more than recall
_BETA_SQUARED = 0.75
# a phrase of two papers proves little: its precision starts as if it stood in this many papers at random
_PRIOR_PAPERS = 2.0
_WORD_BONUS = (0.0, 0.72, 1.0, 1.08, 1.08, 1.05)
_TITLE_BONUS = 0.5
_NO_KEYWORD = 0.3
# a label stands in a quarter of its topic's papers; of a large topic this many are enough
_MOST_EVIDENCE = 3
_ODD_CASE = re.compile(r"[A-Z].*[A-Z0-9]|[a-z].*[A-Z]|\d")


@dataclass(frozen=True)
class Label:
    """A label and how well it names its topic.

    ``papers`` counts the topic's papers in which the phrase stands, ``elsewhere`` the others.
    """

    text: str
    papers: int
    elsewhere: int


def label_topics(
    titles: Sequence[str], abstracts: Sequence[str], labels: np.ndarray, keywords: Sequence[Sequence[str]]
) -> list[Label]:
    """Name every topic 0..K-1.

    Each candidate phrase is scored as a rule that tells the topic's papers from the others (an
    F score that weighs precision over recall, with a bonus where titles carry the phrase and a
    malus where it holds none of the topic's keywords). Topics choose in the order of their best
    scores; a label that repeats or contains another topic's is passed over.

    Parameters
    ----------
    titles, abstracts : sequence of str, length n
    labels : ndarray of int, shape (n,)
        Topic of each paper; -1 for none.
    keywords : K sequences of str
        Each topic's own words.

    Returns
    -------
    list of Label, length K
        Title-cased, acronyms kept. A topic without any phrase of its own is named after its
        most central words, and after its number as a last resort.
    """
    count = int(labels.max(initial=-1)) + 1
    phrases = find_phrases(titles, abstracts, min_papers=1 if len(titles) < 20 else 2)
    casing = _casing(abstracts)
    scores = phrase_scores(phrases, labels, count) * _keyword_factor(phrases, keywords)
    chosen: dict[int, Label] = {}
    taken: list[str] = []
    order = sorted(range(count), key=lambda topic: (-scores[topic].max(initial=0.0), topic))
    for topic in order:
        position = _first_free(scores[topic], phrases, taken)
        if position is None:
            chosen[topic] = Label(f"Topic {topic}", 0, 0)
            continue
        taken.append(phrases.keys[position])
        inside = labels[phrases.papers[position]] == topic
        text = title_case(phrases.surfaces[position], casing)
        chosen[topic] = Label(text, int(inside.sum()), int((~inside).sum()))
    return [chosen[topic] for topic in range(count)]


def phrase_scores(phrases: Phrases, labels: np.ndarray, count: int) -> np.ndarray:
    """Return how well each phrase tells each topic's papers from the others, shape (count, phrases)."""
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    scores = np.zeros((count, len(phrases.keys)))
    for column, (papers, in_title) in enumerate(zip(phrases.papers, phrases.in_title, strict=True)):
        topics = labels[papers]
        inside = np.bincount(topics[topics >= 0], minlength=count)[:count]
        titled = np.bincount(labels[in_title][labels[in_title] >= 0], minlength=count)[:count]
        words = min(len(phrases.surfaces[column].split()), len(_WORD_BONUS) - 1)
        enough = inside >= np.minimum(np.ceil(sizes / 4), _MOST_EVIDENCE)
        base = sizes / max(len(labels), 1)
        precision = (inside + _PRIOR_PAPERS * base) / (len(papers) + _PRIOR_PAPERS)
        recall = inside / np.maximum(sizes, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            fit = (1 + _BETA_SQUARED) * precision * recall / (_BETA_SQUARED * precision + recall)
        fit = np.where(enough & (inside > 0), np.nan_to_num(fit), 0.0)
        scores[:, column] = fit * (1 + _TITLE_BONUS * titled / np.maximum(sizes, 1)) * _WORD_BONUS[words]
    return scores


def _keyword_factor(phrases: Phrases, keywords: Sequence[Sequence[str]]) -> np.ndarray:
    """Return 1 where a phrase holds all words of one of a topic's keywords, else the malus, shape (K, phrases)."""
    words = [frozenset(key.split()) for key in phrases.keys]
    factors = np.full((len(keywords), len(words)), _NO_KEYWORD)
    for topic, own in enumerate(keywords):
        wanted = [frozenset(phrase_key(keyword).split()) for keyword in own]
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
    for position in np.lexsort((np.arange(len(scores)), -scores)):
        if scores[position] <= 0:
            return None
        key = phrases.keys[position]
        if not any(_alike(key, other) for other in taken):
            return int(position)
    return None


def _alike(one: str, other: str) -> bool:
    """Tell whether two keys would read as the same label: equal words, or one within the other."""
    first, second = set(phrase_key(one).split()), set(phrase_key(other).split())
    return first <= second or second <= first
