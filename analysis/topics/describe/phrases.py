"""Noun-phrase candidates of a corpus: runs of content words, with the papers they stand in."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from analysis.embedding.tokens import Pieces, spread
from analysis.topics.describe.acronyms import expanded, find_acronyms
from analysis.topics.describe.spans import Spans, numbered, texts_of

LONGEST_PHRASE = 5
_WORD_OR_MARK = r"[^\W_](?:[^\W_]|['’+&]|-(?=\w))*|[^\w\s]"
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
_NO_NOUN = ("ly", "able", "ible", "ful", "ous", "ical", "less")


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

    @functools.cached_property
    def with_word(self) -> dict[str, np.ndarray]:
        """Sorted positions of the phrases that hold each word."""
        words, word, phrase = Pieces.of(self.keys).matches(r"\S+")
        held = _papers_by_key(word, phrase, len(words))
        return {name: held.of(number) for number, name in enumerate(words)}


def singular(word: str) -> str:
    """Return an English word's singular, roughly: enough to count both forms as one."""
    if not word.endswith("s"):
        return word
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
    lower = phrase.lower()
    if lower.isalnum():
        return singular(lower)
    return " ".join([singular(word) for word in lower.replace("-", " ").split()])


def find_phrases(titles: Sequence[str], abstracts: Sequence[str], min_papers: int = 2) -> Phrases:
    """Collect phrases of one to five words that stand in at least `min_papers` papers.

    A phrase lies between stop words or punctuation and ends in a noun. What is a noun is learnt
    from the corpus: a word that often ends such a run, where an adjective goes on to another
    word. A part that nearly always continues to a longer phrase ("electronic health" of
    "electronic health record") is dropped.
    """
    acronyms = find_acronyms(abstracts, STOP_WORDS)
    # a paper's title, and then its abstract
    runs = _runs_of(Pieces.of([text for both in zip(titles, abstracts, strict=True) for text in both]), acronyms)
    if not len(runs.lengths):
        return Phrases([], [], [], [], acronyms)
    forms, words, lengths, paper, is_title = runs.forms, runs.words, runs.lengths, runs.text // 2, runs.text % 2 == 0
    keys = [phrase_key(form) for form in forms]
    heads, head_of = _factorized([key.rsplit(" ", 1)[-1] for key in keys])
    ends_run = np.cumsum(lengths) - 1
    ends = np.bincount(head_of[words[ends_run]], minlength=len(heads))
    used = np.bincount(head_of[words], minlength=len(heads))
    begins = np.array([not form.isdigit() for form in forms], dtype=bool)[words]
    nouns = np.array([not (form.endswith(_NO_NOUN) or form.isdecimal()) for form in forms])[words]
    spans = Spans.of(words, lengths, LONGEST_PHRASE, begins, nouns)
    first, surface_of = numbered(spans.words)
    surfaces = texts_of(spans.words[first], forms).to_pylist()
    # wordings that differ in case, number or hyphens are one phrase
    encoded = texts_of(spans.words[first], keys).dictionary_encode()
    found, key_of_surface = encoded.dictionary.to_pylist(), np.asarray(encoded.indices, dtype=np.int64)
    key_of, count = key_of_surface[surface_of], len(found)
    papers = _papers_by_key(key_of, paper[spans.run], count)
    titled = is_title[spans.run]
    in_title = _papers_by_key(key_of[titled], paper[spans.run][titled], count)
    total = np.bincount(key_of, minlength=count)
    bounded = np.bincount(key_of[spans.whole], minlength=count)
    head = np.zeros(count, dtype=np.int64)
    head[key_of] = head_of[words[spans.last]]
    often = np.array([_VERBAL_ENDS if name.endswith(_VERBAL) else _NOUN_ENDS for name in heads], dtype=float)
    several = np.array([" " in key for key in found], dtype=bool)
    passed = (
        (np.diff(papers.starts) >= min_papers)
        & (~several | (bounded >= 0.15 * total))
        & (ends[head] >= often[head] * used[head])
    )
    fragments = _fragments(dict(zip(found, np.diff(papers.starts).tolist(), strict=True)))
    kept = sorted(
        (number for number in np.flatnonzero(passed).tolist() if found[number] not in fragments),
        key=found.__getitem__,
    )
    # only abstracts speak of casing: titles capitalise as they please
    weight = np.bincount(surface_of, weights=np.where(titled, 1, 5))
    return Phrases(
        [found[number] for number in kept],
        _commonest(surfaces, weight, key_of_surface, kept),
        [papers.of(number) for number in kept],
        [in_title.of(number) for number in kept],
        acronyms,
    )


@dataclass(frozen=True)
class _Holders:
    """The papers that hold each key: those of key k between starts[k] and starts[k + 1]."""

    papers: np.ndarray
    starts: np.ndarray

    def of(self, key: int) -> np.ndarray:
        return self.papers[self.starts[key] : self.starts[key + 1]]


def _papers_by_key(keys: np.ndarray, papers: np.ndarray, count: int) -> _Holders:
    width = int(papers.max(initial=0)) + 1
    pairs = np.unique(keys * width + papers)
    return _Holders(pairs % width, np.searchsorted(pairs // width, np.arange(count + 1)))


@dataclass(frozen=True)
class _Runs:
    """Runs of content words of many texts: their words, as numbers of `forms`, side by side, and each run's length and text."""

    forms: list[str]
    words: np.ndarray
    lengths: np.ndarray
    text: np.ndarray


def _runs_of(pieces: Pieces, acronyms: Mapping[str, tuple[str, ...]]) -> _Runs:
    """Return the runs of content words between stop words, punctuation and ends of texts, acronyms written out."""
    tokens, token, text = pieces.matches(_WORD_OR_MARK)
    is_word = np.array([_is_content(form) for form in tokens], dtype=bool)[token]
    joined = np.zeros(len(token), dtype=bool)
    joined[1:] = is_word[:-1] & (text[1:] == text[:-1])
    first = (is_word & ~joined)[is_word]
    run = np.cumsum(first) - 1
    number_of: dict[str, int] = {}
    held, flat = [], []
    for form in tokens:
        if not form[:2].isupper():
            held.append(1)
            flat.append(number_of.setdefault(form, len(number_of)))
            continue
        written = expanded([form], acronyms)
        held.append(len(written))
        flat += [number_of.setdefault(word, len(number_of)) for word in written]
    words, counts = spread(np.array(held, dtype=np.int64), np.array(flat, dtype=np.int64), token[is_word])
    lengths = np.bincount(run, weights=counts, minlength=int(first.sum())).astype(np.int64)
    return _Runs(list(number_of), words, lengths, text[is_word][first])


def _is_content(token: str) -> bool:
    return len(token) > 1 and _WORD.match(token) is not None and token.lower() not in STOP_WORDS


def _factorized(values: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the distinct texts in the order in which they come, and which of these each is."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in values]
    return list(numbers), np.array(codes, dtype=np.int64)


def _commonest(surfaces: list[str], weight: np.ndarray, key_of: np.ndarray, keys: Sequence[int]) -> list[str]:
    """Return the weightiest wording of some keys, of equal ones the first in the alphabet."""
    best: dict[int, int] = {}
    wanted = np.zeros(int(key_of.max(initial=-1)) + 1, dtype=bool)
    wanted[list(keys)] = True
    for number in np.flatnonzero(wanted[key_of]).tolist():
        key = int(key_of[number])
        other = best.get(key)
        if other is None or (-weight[number], surfaces[number]) < (-weight[other], surfaces[other]):
            best[key] = number
    return [surfaces[best[key]] for key in keys]


def _fragments(papers: Mapping[str, int]) -> set[str]:
    """Return words that nearly always stand in one longer phrase, such as "answering" in "question answering".

    ``papers`` says how many papers hold each phrase.
    """
    found = set()
    for key, count in papers.items():
        # a phrase of one paper is no reason: a word of two papers or more stands in it too seldom
        if count > 1 and key.count(" ") == 1:
            for word in key.split(" "):
                if count >= _FRAGMENT * papers.get(word, np.inf) > _FRAGMENT:
                    found.add(word)
    return found
