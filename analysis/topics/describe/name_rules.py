"""What speaks against a phrase as a topic's name, whatever papers it stands in."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.corpus.places import is_place
from analysis.topics.describe.phrases import Phrases, phrase_key

# how papers were made, not what they are about
_KINDS_OF_PAPERS = frozenset(
    phrase_key(kind)
    for kind in (
        "case report, case reports, case presentation, clinical case, case series, case study, systematic review, review, "
        "literature review, scoping review, narrative review, meta-analysis, survey, letter, editorial, comment, commentary, "
        "original article, short communication, pilot study, cohort study, cross-sectional study, case-control study, "
        "retrospective study, prospective study, observational study, clinical trial, randomized controlled trial, "
        "position paper, "
        "shared task, tutorial, workshop, proceedings, technical report, white paper, protocol, reporte de caso, caso clinico, "
        "revision sistematica"
    ).split(", ")
)
_KIND_OR_PLACE = 0.35
# unless it stands in half of a topic's papers and hardly elsewhere
_APART_PRECISION, _APART_RECALL = 0.7, 0.5
# a phrase of which papers' titles hold less than this part is how the field writes, not what it writes about
_TITLED, _TITLED_WORD = 0.03, 0.05
_LEAST = 0.3
# so many papers' worth of doubt about that part
_PRIOR = 30.0
_NO_KEYWORD = 0.3


def rule_factors(phrases: Phrases) -> np.ndarray:
    """Return a factor of at most 1 for each phrase, shape (phrases,).

    Words that a field's abstracts share and its titles do not ("prove", "construct") are its grammar: learnt from the corpus,
    not listed.
    """
    papers = np.array([len(rows) for rows in phrases.papers], dtype=float)
    titled = np.array([len(rows) for rows in phrases.in_title], dtype=float)
    if not titled.sum():
        return np.ones(len(papers))
    wanted = np.array([_TITLED if " " in key else _TITLED_WORD for key in phrases.keys])
    share = (titled + _PRIOR * wanted) / (papers + _PRIOR)
    return np.asarray(np.clip(share / wanted, _LEAST, 1.0))


def kinds_or_places(phrases: Phrases) -> np.ndarray:
    """Return which phrases are kinds of papers or places, bool (phrases,)."""
    return np.array([_is_kind_or_place(phrases, position) for position in range(len(phrases.keys))], dtype=bool)


def kind_factors(told: np.ndarray, precision: np.ndarray, recall: np.ndarray) -> np.ndarray:
    """Return a malus for kinds of papers and for places, 1 for all else and where they are what sets a topic apart.

    Parameters
    ----------
    told : ndarray of bool, shape (phrases,)
        From `kinds_or_places`.
    precision, recall : ndarray, shape (K, phrases)
        Which share of a phrase's papers is the topic's, and in which share of the topic's it stands.
    """
    apart = (precision >= _APART_PRECISION) & (recall >= _APART_RECALL)
    return np.where(told[None, :] & ~apart, _KIND_OR_PLACE, 1.0)


def keyword_factors(phrases: Phrases, keywords: Sequence[Sequence[str]]) -> np.ndarray:
    """Return 1 where a phrase holds all words of one of a topic's keywords, else the malus, shape (K, phrases)."""
    factors = np.full((len(keywords), len(phrases.keys)), _NO_KEYWORD)
    none = np.zeros(0, dtype=np.int64)
    for topic, topic_keywords in enumerate(keywords):
        for keyword in topic_keywords:
            words = set(_written_out(keyword, phrases.acronyms).split())
            holding = [phrases.with_word.get(word, none) for word in words]
            if holding:
                positions = functools.reduce(functools.partial(np.intersect1d, assume_unique=True), holding)
                factors[topic, positions] = 1.0
            else:
                # a keyword without a word is in every phrase
                factors[topic] = 1.0
    return factors


def _written_out(keyword: str, acronyms: Mapping[str, tuple[str, ...]]) -> str:
    key = phrase_key(keyword)
    return phrase_key(" ".join(acronyms[key])) if key in acronyms else key


def _is_kind_or_place(phrases: Phrases, position: int) -> bool:
    if phrases.keys[position] in _KINDS_OF_PAPERS:
        return True
    surface = phrases.surfaces[position]
    # a place, or one with what is written large beside it: "Lima Metropolitana"
    return (
        surface[:1].isupper()
        and all(word[:1].isupper() for word in surface.split())
        and (is_place(surface) or any(is_place(word) for word in surface.split()))
    )
