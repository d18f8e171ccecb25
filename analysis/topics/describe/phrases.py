"""Noun-phrase candidates of a corpus: runs of content words, with the papers they stand in."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from analysis.topics.describe.acronyms import expanded, find_acronyms

LONGEST_PHRASE = 5
_TOKEN = re.compile(r"[^\W_](?:[^\W_]|['’+&]|-(?=\w))*|[^\w\s]")
_WORD = re.compile(r"[^\W_]")
# words of academic prose in any field that join phrases rather than belong to one
_CONNECTIVES = frozenset(
    """
    using based via towards toward versus vs propose proposed proposes present presents presented introduce
    introduces introduced show shows shown demonstrate demonstrates demonstrated achieve achieves achieving
    outperform outperforms improve improves improved improving enable enables enabling provide provides provided
    including include includes leverage leverages leveraging address addresses addressing compared existing recent
    recently novel new different various several significant significantly effective effectively respectively
    additionally furthermore specifically moreover however thus therefore across within without rethinking
    exploring investigating evaluating revisiting understanding make makes making given use uses used utilize
    utilizes utilizing require requires required remain remains i.e e.g et al paper work study studies approach
    method results state-of-the-art extensive experiments key
    hundreds thousands millions billions dozens million billion thousand hundred
    """.split()
)
FUNCTION_WORDS = frozenset(ENGLISH_STOP_WORDS)
STOP_WORDS = FUNCTION_WORDS | _CONNECTIVES
# a noun ends a run of content words at least this often; an adjective stands before another word
_NOUN_ENDS = 0.15
# a word of which this share of papers hold one longer phrase with it is a part of that
_FRAGMENT = 0.8
# what looks like a verb ("containing", "learned") must do so more often
_VERBAL, _VERBAL_ENDS = ("ing", "ed"), 0.3
_NO_NOUN = re.compile(r"(?:ly|able|ible|ful|ous|ical|less)$|^\d+$")


@dataclass(frozen=True)
class Phrases:
    """Candidates and where they stand.

    Attributes
    ----------
    keys : list of str
        Normalised phrases: lower case, singular, hyphens as spaces.
    surfaces : list of str
        The commonest wording of each.
    papers : list of ndarray of int
        Sorted positions of the papers with the phrase in title or abstract.
    in_title : list of ndarray of int
        Sorted positions of the papers with the phrase in their title.
    acronyms : mapping of acronym to words
        Long forms, under which acronyms were counted.
    """

    keys: list[str]
    surfaces: list[str]
    papers: list[np.ndarray]
    in_title: list[np.ndarray]
    acronyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def singular(word: str) -> str:
    """Return an English word's singular, roughly: enough to count both forms as one."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) == 4 and word.endswith("as"):  # bias
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous")):
        return word[:-1]
    return word


def phrase_key(phrase: str) -> str:
    """Return the form under which two wordings are one phrase."""
    return " ".join(singular(word) for word in phrase.lower().replace("-", " ").split())


def find_phrases(titles: Sequence[str], abstracts: Sequence[str], min_papers: int = 2) -> Phrases:
    """Collect phrases of one to five words that stand in at least `min_papers` papers.

    A phrase lies between stop words or punctuation and ends in a noun. What is a noun is learnt
    from the corpus: a word that often ends such a run, where an adjective goes on to another
    word. A part that nearly always continues to a longer phrase ("electronic health" of
    "electronic health record") is dropped.
    """
    acronyms = find_acronyms(abstracts, STOP_WORDS)
    papers: dict[str, list[int]] = defaultdict(list)
    in_title: dict[str, list[int]] = defaultdict(list)
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    head: dict[str, str] = {}
    bounded: Counter[str] = Counter()
    total: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    words: Counter[str] = Counter()
    one: dict[str, str] = {}
    for paper, (title, abstract) in enumerate(zip(titles, abstracts, strict=True)):
        for text, is_title in ((title, True), (abstract, False)):
            for run in (expanded(words_of_run, acronyms) for words_of_run in _runs(text)):
                keys = [one[word] if word in one else one.setdefault(word, phrase_key(word)) for word in run]
                heads = [key.rsplit(" ", 1)[-1] for key in keys]
                ends[heads[-1]] += 1
                words.update(heads)
                for start, end in _spans(run):
                    surface = " ".join(run[start:end])
                    key = " ".join(keys[start:end])
                    head[key] = heads[end - 1]
                    # only abstracts speak of casing: titles capitalise as they please
                    surfaces[key][surface] += 1 if is_title else 5
                    total[key] += 1
                    bounded[key] += start == 0 and end == len(run)
                    for where in (papers, in_title) if is_title else (papers,):
                        if not where[key] or where[key][-1] != paper:
                            where[key].append(paper)
    fragments = _fragments(papers)
    kept = sorted(
        key
        for key, positions in papers.items()
        if len(positions) >= min_papers
        and key not in fragments
        and (" " not in key or bounded[key] >= 0.15 * total[key])
        and ends[head[key]] >= (_VERBAL_ENDS if head[key].endswith(_VERBAL) else _NOUN_ENDS) * words[head[key]]
    )
    return Phrases(
        kept,
        [min(surfaces[key], key=lambda text: (-surfaces[key][text], text)) for key in kept],
        [np.array(papers[key], dtype=np.int64) for key in kept],
        [np.array(in_title.get(key, []), dtype=np.int64) for key in kept],
        acronyms,
    )


def _fragments(papers: Mapping[str, Sequence[int]]) -> set[str]:
    """Return words that nearly always stand in one longer phrase: "answering" in "question answering"."""
    found = set()
    for key, positions in papers.items():
        parts = key.split(" ")
        if len(parts) == 2:
            found |= {
                word for word in parts if word in papers and len(positions) >= _FRAGMENT * len(papers[word]) > _FRAGMENT
            }
    return found


def _runs(text: str) -> list[list[str]]:
    """Split a text into runs of content words."""
    runs: list[list[str]] = [[]]
    for token in _TOKEN.findall(text):
        if _WORD.match(token) and token.lower() not in STOP_WORDS and len(token) > 1:
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _spans(run: list[str]) -> list[tuple[int, int]]:
    return [
        (start, end)
        for start in range(len(run))
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(run)) + 1)
        if not _NO_NOUN.search(run[end - 1]) and not run[start].isdigit()
    ]
